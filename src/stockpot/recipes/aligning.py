"""A blend of ingredients whose hidden units are numbered differently."""

from __future__ import annotations

from dataclasses import replace

import torch

from stockpot.recipes.mix import Mix, Tensors, average


def aligned(mix: Mix) -> Tensors:
    """Renumber each ingredient's hidden units so that they lie where the first one's do (Git Re-Basin's
    weight matching), then average.

    It needs the symmetry: which axes of which tensors run over the same hidden units. No data, no knobs. For
    ingredients of different first weights; those of one base lie right already, and it changes nothing.
    """
    from stockpot.alignment import aligned as renumbered

    assert mix.symmetry is not None
    states = [{name: value[i] for name, value in mix.stack.items()} for i in range(len(mix.numbers))]
    moved = [states[0], *(renumbered(state, states[0], mix.symmetry) for state in states[1:])]
    return average(
        replace(mix, stack={name: torch.stack([one[name] for one in moved]) for name in mix.stack})
    )
