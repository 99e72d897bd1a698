"""Averages of one ingredient's own snapshots: what a sceptic would try before training a menagerie.

They need the way of each ingredient from the base to its end: it is trained once more, and looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from stockpot.recipes.mix import Mix, Tensors


def swa(mix: Mix) -> Tensors:
    """The plain average of the second half of one ingredient's training.

    It needs the snapshots of the best ingredient, which is trained once more, and has no knobs. The cheap
    alternative to a soup; it wants a learning rate that is still high in that half.
    """
    return _averaged(mix, lambda count: [0.0] * (count // 2) + [1.0] * (count - count // 2))


def ema(mix: Mix) -> Tensors:
    """The average of one ingredient's training in which each snapshot counts ``decay`` times as much as the
    next; the first one stands for all before it.

    It needs the snapshots of the best ingredient, which is trained once more. Knob: ``decay``, from one
    snapshot to the next: 0.8 remembers about five of them. As swa, and it forgets the beginning gradually.
    """
    decay = mix.knobs["decay"]

    def counts(count: int) -> list[float]:
        recent = [(1 - decay) * decay**age for age in range(count - 1)]
        return [decay ** (count - 1), *reversed(recent)]

    return _averaged(mix, counts)


def _averaged(mix: Mix, counts: Callable[[int], Sequence[float]]) -> Tensors:
    """Each ingredient's snapshots by how much they count, then the ingredients by their shares."""
    assert mix.trajectory is not None
    way, soup = mix.trajectory(), {}
    for name, value in mix.stack.items():
        snapshots = way[name].to(value.dtype)
        parts = torch.tensor(counts(snapshots.shape[1]), dtype=value.dtype)
        each: Tensor = torch.tensordot(snapshots.movedim(1, 0), parts / parts.sum(), ([0], [0]))
        soup[name] = torch.tensordot(mix.shares_of(name), each, 1)
    return soup
