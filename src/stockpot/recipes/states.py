"""Blending weights of anybody's nets by a recipe that needs no data."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from torch import Tensor

from stockpot.errors import BlendError, PluginError
from stockpot.families.base import Symmetry
from stockpot.kinship import refuse_strangers
from stockpot.recipes import RECIPES
from stockpot.recipes.choosing import equal
from stockpot.recipes.making import Aids, make
from stockpot.recipes.mix import Tensors
from stockpot.recipes.mixture import Mixture
from stockpot.recipes.recipe import Recipe


def _without_data(name: str) -> bool:
    """Whether the recipe needs no data. A broken plugin's is offered: whoever asks for it is told."""
    try:
        return RECIPES[name].needs_no_data
    except PluginError:
        return True


WITHOUT_DATA = tuple(filter(_without_data, RECIPES))


def blend_states(
    states: Sequence[Tensors],
    recipe: str = "uniform",
    *,
    names: Sequence[str] = (),
    base: Tensors | None = None,
    symmetry: Symmetry | None = None,
    knobs: Mapping[str, float] | None = None,
    bases: Sequence[str | None] = (),
    unrelated: bool = False,
) -> dict[str, Tensor]:
    """The soup of equal shares of some states (tensor name -> tensor) by a recipe; the states are left alone.

    ``names`` are for messages. ``base``: where all of them started; ``symmetry``: see ``stockpot.alignment``;
    ``bases``: what each one's base is called, where that is known. BlendError says what does not fit, and
    refuses states of different first weights, unless the recipe aligns them or they are said to be
    ``unrelated``.
    """
    if recipe not in WITHOUT_DATA:
        raise BlendError(
            f"Cannot blend by '{recipe}': without data there are the recipes {', '.join(WITHOUT_DATA)}."
        )
    called = list(names) or [f"ingredient {i}" for i in range(len(states))]
    chosen = RECIPES[recipe]
    if not unrelated and "symmetry" not in chosen.needs:
        refuse_strangers(states, called, bases)
    mixture = Mixture(recipe, dict(equal(range(len(states)))), knobs=_checked(chosen, knobs or {}))
    return make(mixture, dict(enumerate(states)), Aids(base=base, symmetry=symmetry), called)


def _checked(recipe: Recipe, knobs: Mapping[str, float]) -> dict[str, float]:
    """The usual settings and those that were given."""
    for knob, value in knobs.items():
        if knob not in recipe.knobs:
            told = f"it has {', '.join(recipe.knobs)}" if recipe.knobs else "it has none"
            raise BlendError(f"Recipe '{recipe.name}' has no knob '{knob}': {told}.")
        above, most = recipe.ranges.get(knob, (-math.inf, math.inf))
        if not above < value <= most or not math.isfinite(value):
            told = f"above {above:g} and at most {most:g}" if math.isfinite(most) else "a finite number"
            raise BlendError(f"Knob '{knob}' of recipe '{recipe.name}' is {value:g}: it should be {told}.")
    return recipe.usual | dict(knobs)
