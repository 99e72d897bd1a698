"""Permutation alignment: a net's hidden units, renumbered to lie where another net has units like them.

The order of hidden units means nothing, so two nets of different first weights may have learned the same in
another order, and their average is then neither. A *symmetry* says which axes of which tensors run over one
group of units; an axis ``group*4`` holds four blocks of them, one behind the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import torch
from scipy.optimize import linear_sum_assignment
from torch import Tensor

from stockpot.errors import BlendError
from stockpot.families.base import Symmetry

Axes = tuple[str | None, ...]
Numbers = Mapping[str, Tensor]
"""Group -> the old number of each unit, in the new order."""
LEAST = 1e-12
"""A rise of the agreement by a smaller share of it is rounding."""


def aligned(
    state: Mapping[str, Tensor], reference: Mapping[str, Tensor], symmetry: Symmetry
) -> dict[str, Tensor]:
    """The state, which computes what it did, with its hidden units in the order that agrees most with the
    reference's: the sum of products of the two nets' weights is raised group by group until none rises.

    Weight matching: Ainsworth, Hayase & Srinivasa, 'Git Re-Basin: Merging Models modulo Permutation
    Symmetries', ICLR 2023, algorithm 1, but with the groups in the order of the symmetry, not at random, so
    that the same states give the same soup; and a move that does not raise the sum is not made (it could
    where both axes of a tensor run over one group). Neither state is changed. BlendError where the symmetry
    does not fit.
    """
    _check(state, reference, symmetry)
    axes = {name: _plain(kinds) for name, kinds in symmetry.items()}
    ours, theirs = (
        {name: _blocks(one[name], kinds).double() for name, kinds in symmetry.items()}
        for one in (state, reference)
    )
    numbers = _matched(ours, theirs, axes)
    moved = {n: _renumbered(_blocks(state[n], symmetry[n]), axes[n], numbers) for n in symmetry}
    return {n: moved[n].reshape(v.shape) if n in moved else v.clone() for n, v in state.items()}


def _matched(ours: Mapping[str, Tensor], theirs: Mapping[str, Tensor], axes: Mapping[str, Axes]) -> Numbers:
    """Coordinate descent from the order as it is."""
    sizes = {g: ours[n].shape[i] for n, kinds in axes.items() for i, g in enumerate(kinds) if g}
    numbers: Numbers = {group: torch.arange(size) for group, size in sizes.items()}
    highest, rising = _agreement(ours, theirs, axes, numbers), True
    while rising:
        rising = False
        for group in sizes:
            tried = {**numbers, group: _assigned(ours, theirs, axes, numbers, group)}
            found = _agreement(ours, theirs, axes, tried)
            if found - highest > LEAST * abs(highest):
                numbers, highest, rising = tried, found, True
    return numbers


def _agreement(
    ours: Mapping[str, Tensor], theirs: Mapping[str, Tensor], axes: Mapping[str, Axes], numbers: Numbers
) -> float:
    return sum(float((_renumbered(ours[n], kinds, numbers) * theirs[n]).sum()) for n, kinds in axes.items())


def _assigned(
    ours: Mapping[str, Tensor],
    theirs: Mapping[str, Tensor],
    axes: Mapping[str, Axes],
    numbers: Numbers,
    group: str,
) -> Tensor:
    """The best order of one group, while all others, and other axes of its own, stay as they are."""
    alike = torch.zeros(len(numbers[group]), len(numbers[group]), dtype=torch.float64)
    for name, kinds in axes.items():
        for axis in (i for i, kind in enumerate(kinds) if kind == group):
            others = tuple(None if i == axis else kind for i, kind in enumerate(kinds))
            mine = _renumbered(ours[name], others, numbers).movedim(axis, 0).reshape(len(alike), -1)
            alike += theirs[name].movedim(axis, 0).reshape(len(alike), -1) @ mine.T
    return torch.as_tensor(linear_sum_assignment(alike.numpy(), maximize=True)[1])


def _renumbered(tensor: Tensor, kinds: Axes, numbers: Numbers) -> Tensor:
    for axis, group in enumerate(kinds):
        if group:
            tensor = tensor.index_select(axis, numbers[group])
    return tensor


def _blocks(tensor: Tensor, kinds: Axes) -> Tensor:
    """With an axis for the blocks of an axis that has some."""
    shape: list[int] = []
    for kind, length in zip(kinds, tensor.shape, strict=True):
        count = _count(kind)
        shape += [count, length // count] if count > 1 else [length]
    return tensor.reshape(shape)


def _plain(kinds: Axes) -> Axes:
    """The axes of ``_blocks``."""
    return tuple(part for kind in kinds for part in ((None,) * (_count(kind) > 1) + (_group(kind),)))


def _group(kind: str | None) -> str | None:
    return kind and kind.partition("*")[0]


def _count(kind: str | None) -> int:
    return int((kind or "").partition("*")[2] or 1)


def _check(state: Mapping[str, Tensor], reference: Mapping[str, Tensor], symmetry: Symmetry) -> None:
    sizes: dict[str, tuple[int, str]] = {}
    for name, kinds in symmetry.items():
        for whose, one in (("these weights have", state), ("the reference has", reference)):
            if name not in one:
                raise BlendError(f"Cannot align by a symmetry that names '{name}': {whose} no such tensor.")
        if state[name].shape != reference[name].shape:
            raise BlendError(
                f"Cannot align '{name}', {list(state[name].shape)}, with a reference of "
                f"{list(reference[name].shape)}: both must share one architecture."
            )
        if len(kinds) != state[name].dim():
            raise BlendError(
                f"Cannot align '{name}', {list(state[name].shape)}, by a symmetry of {len(kinds)} axes: name "
                "a group, or none, for each axis."
            )
        for group, size in _sizes(name, kinds, state[name]):
            known, where = sizes.setdefault(group, (size, name))
            if size != known:
                raise BlendError(
                    f"Cannot align by group '{group}': it has {known} units in '{where}' and {size} in "
                    f"'{name}'."
                )


def _sizes(name: str, kinds: Axes, tensor: Tensor) -> Iterator[tuple[str, int]]:
    for kind, length in zip(kinds, tensor.shape, strict=True):
        group, count = _group(kind), _count(kind)
        if length % count:
            raise BlendError(
                f"Cannot align '{name}' by '{kind}': its axis of {length} has no {count} equal blocks."
            )
        if group:
            yield group, length // count
