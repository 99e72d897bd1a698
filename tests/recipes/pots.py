"""Small nets, and judges whose loss and slope are known exactly."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import torch
from torch import Tensor

from stockpot.recipes import RECIPES
from stockpot.recipes.making import Aids, decide, make
from stockpot.recipes.mixture import Mixture, Proportions, layer_of
from stockpot.recipes.pot import Pot

torch.set_num_threads(1)

State = dict[str, Tensor]
SHAPES = {"enter.weight": (3, 4), "enter.bias": (4,), "leave.weight": (4, 2), "leave.bias": (2,)}
SYMMETRY = {"enter.weight": (None, "unit"), "enter.bias": ("unit",), "leave.weight": ("unit", None)}
SNAPSHOTS = 6


def drawn(seed: int, size: float = 1.0, dtype: torch.dtype = torch.float32) -> State:
    own = torch.Generator().manual_seed(seed)
    return {name: (size * torch.randn(shape, generator=own)).to(dtype) for name, shape in SHAPES.items()}


def added(one: State, other: State) -> State:
    return {name: value + other[name] for name, value in one.items()}


def menagerie(count: int, dtype: torch.dtype = torch.float32) -> tuple[State, dict[int, State]]:
    """A base and ingredients around it, numbered with gaps; each has an integer buffer."""
    base = drawn(0, dtype=dtype)
    states = {2 * i + 1: added(base, drawn(i + 1, 0.3, dtype)) for i in range(count)}
    return base, {n: state | {"leave.seen": torch.tensor([7, 9])} for n, state in states.items()}


def floating(state: Mapping[str, Tensor]) -> State:
    return {name: value for name, value in state.items() if value.is_floating_point()}


def aids(base: State, states: Mapping[int, State], numbers: Sequence[int], *, still: bool = False) -> Aids:
    """All that a recipe may ask for; ``still``: trajectories that never leave their end."""
    chosen = [floating(states[n]) for n in sorted(numbers)]
    parts = [1.0] * SNAPSHOTS if still else [(i + 1) / SNAPSHOTS for i in range(SNAPSHOTS)]

    def way(name: str) -> Tensor:
        ends = [torch.stack([torch.lerp(base[name], one[name], part) for part in parts]) for one in chosen]
        return torch.stack(ends)

    def fisher() -> State:
        found = [drawn(100 + n) for n in sorted(numbers)]
        return {name: torch.stack([one[name] for one in found]).square() for name in SHAPES}

    return Aids(base, fisher, lambda: {name: way(name) for name in SHAPES}, SYMMETRY)


Loss = Callable[[State], Tensor]


def far_from(target: State) -> Loss:
    """The squared distance: convex."""
    return lambda soup: sum((soup[name] - target[name].double()).square().sum() for name in SHAPES)


def bumpy(target: State) -> Loss:
    """With hills on the way."""
    return lambda soup: (
        far_from(target)(soup) + 3 * torch.sin(4 * torch.cat([soup[n].flatten() for n in SHAPES])).sum()
    )


def pot_of(states: Mapping[int, State], loss: Loss, order: Sequence[int] = (), seed: int = 0) -> Pot:
    """In order of merit, if no other is given."""
    layers = list(dict.fromkeys(map(layer_of, SHAPES)))

    def average(shares: Mapping[str, Tensor], numbers: Sequence[int]) -> State:
        stack = {name: torch.stack([states[n][name].double() for n in numbers]) for name in SHAPES}
        return {name: torch.tensordot(shares[layer_of(name)], value, 1) for name, value in stack.items()}

    def judge(proportions: Proportions) -> float:
        shares = torch.tensor(list(proportions.values()), dtype=torch.float64)
        return float(loss(average(dict.fromkeys(layers, shares), list(proportions))))

    losses = {n: judge({n: 1.0}) for n in states}
    ranked = list(order) or sorted(states, key=losses.__getitem__)

    def slope(shares: Tensor) -> tuple[float, Tensor]:
        leaf = shares.detach().clone().requires_grad_()
        own = {layer: leaf[i % len(leaf)] for i, layer in enumerate(layers)}
        found = loss(average(own, ranked))
        return float(found.detach()), torch.autograd.grad(found, leaf)[0]

    return Pot(ranked, losses, judge, lambda some: [judge(one) for one in some], slope, layers, seed)


def mixture_of(name: str, pot: Pot) -> Mixture:
    return decide(RECIPES[name], pot, RECIPES[name].usual)


def soup_of(name: str, pot: Pot, base: State, states: Mapping[int, State], *, still: bool = False) -> State:
    mixture = mixture_of(name, pot)
    return make(mixture, states, aids(base, states, list(mixture.proportions), still=still))
