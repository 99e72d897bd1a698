"""From a mixture and ingredients to the soup: what every recipe has in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from stockpot.blend import blend
from stockpot.errors import BlendError
from stockpot.families.base import Symmetry
from stockpot.recipes import RECIPES
from stockpot.recipes.mix import Mix, Tensors, average
from stockpot.recipes.mixture import Mixture, Proportions
from stockpot.recipes.pot import Choice, Pot
from stockpot.recipes.recipe import Need, Recipe


def same_soup(mixture: Mixture) -> tuple[object, ...]:
    """Equal for mixtures that make the same soup: who chose the shares of a plain average is all one."""
    return mixture.key[1:] if RECIPES[mixture.recipe].blend is average else mixture.key


@dataclass(frozen=True)
class Aids:
    """What a recipe may need beside the ingredients; None where it cannot be had. See ``Mix``."""

    base: Tensors | None = None
    fisher: Callable[[], Tensors] | None = None
    trajectory: Callable[[], Tensors] | None = None
    symmetry: Symmetry | None = None


NOTHING = Aids()


def decide(recipe: Recipe, pot: Pot, knobs: Mapping[str, float]) -> Mixture:
    """What the recipe chooses of a pot."""
    _refuse_lacking(recipe, ("judge", "slope", "losses"), pot)
    found = recipe.find(replace(pot, knobs=knobs))
    if not isinstance(found, Choice):
        return Mixture(recipe.name, _sorted(found), knobs=dict(knobs))
    layers = {layer: _sorted(own) for layer, own in found.layers.items()}
    numbers = sorted({number for own in layers.values() for number in own})
    mean = {n: sum(own.get(n, 0.0) for own in layers.values()) / len(layers) for n in numbers}
    return Mixture(recipe.name, mean, layers, dict(knobs))


def _sorted(proportions: Proportions) -> dict[int, float]:
    return {number: share for number, share in sorted(proportions.items()) if share}


def make(
    mixture: Mixture, states: Mapping[int, Tensors], aids: Aids = NOTHING, names: Sequence[str] = ()
) -> dict[str, Tensor]:
    """The soup of a mixture: ``states`` are the ingredients by their numbers, all of the mixture's.

    The states are left alone; the soup has their names, shapes and dtypes. Ingredients that are all the same
    come back as they are: there is nothing to blend (and TIES or DARE would thin even one). BlendError says
    what does not fit, or what the recipe needs and has not got.
    """
    recipe, numbers = RECIPES[mixture.recipe], list(mixture.proportions)
    chosen, shares = [states[n] for n in numbers], list(mixture.proportions.values())
    _refuse_lacking(recipe, ("base", "fisher", "trajectory", "symmetry"), aids)
    if recipe.blend is average and not mixture.layers:
        return blend(chosen, shares, names)

    def rule(stack: Tensors) -> Tensors:
        _refuse_complex(recipe, stack)
        if "trajectory" not in recipe.needs and _all_the_same(stack):
            return {name: value[0] for name, value in stack.items()}
        return recipe.blend(_mix(mixture, stack, aids))

    return blend(chosen, shares, names, rule)


def _refuse_lacking(recipe: Recipe, what: Sequence[Need], where: Pot | Aids) -> None:
    for need in what:
        if need in recipe.needs and not getattr(where, need):
            raise BlendError(f"Recipe '{recipe.name}' needs {WORDS[need]}.")


WORDS: Mapping[Need, str] = {
    "judge": "rows to judge soups by, and there are none: use another recipe",
    "slope": "rows to judge soups by, and there are none: use another recipe",
    "losses": "to know how good each ingredient is, and nothing tells: use another recipe",
    "base": "the base that all ingredients started from, and none was given: give it (--base)",
    "fisher": "each ingredient's Fisher information, and there is no data to tell it: use another recipe",
    "trajectory": "each ingredient's snapshots while it trained, and there are none: use another recipe",
    "symmetry": "to know which hidden units may change places, and that was not said: say it (--symmetry)",
}


def _refuse_complex(recipe: Recipe, stack: Tensors) -> None:
    for name, value in stack.items():
        if value.is_complex() and recipe.blend is not average:
            raise BlendError(
                f"Cannot blend '{name}' by '{recipe.name}': it holds complex numbers, which can only be "
                "averaged (--recipe uniform)."
            )


def _mix(mixture: Mixture, stack: Tensors, aids: Aids) -> Mix:
    numbers = list(mixture.proportions)
    base = aids.base and {name: _of_base(aids.base, name, value[0]) for name, value in stack.items()}
    layers = {
        layer: torch.tensor([own.get(n, 0.0) for n in numbers], dtype=torch.float64)
        for layer, own in mixture.layers.items()
    }
    return Mix(
        stack=stack,
        shares=torch.tensor(list(mixture.proportions.values()), dtype=torch.float64),
        numbers=numbers,
        layers=layers,
        knobs=mixture.knobs,
        base=base,
        fisher=aids.fisher,
        trajectory=aids.trajectory,
        symmetry=aids.symmetry,
    )


def _of_base(base: Tensors, name: str, like: Tensor) -> Tensor:
    """The base's tensor, in wide precision."""
    if name not in base:
        raise BlendError(f"Cannot blend from the base: it lacks '{name}', which all ingredients have.")
    if base[name].shape != like.shape:
        raise BlendError(
            f"Cannot blend from the base: its '{name}' is {list(base[name].shape)}, and {list(like.shape)} "
            "in all ingredients."
        )
    return base[name].to(like.dtype)


def _all_the_same(stack: Tensors) -> bool:
    return all(torch.equal(value, value[:1].expand_as(value)) for value in stack.values())
