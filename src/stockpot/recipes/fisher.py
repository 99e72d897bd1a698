"""A blend by information: each weight counts by how much the data told the ingredient about it."""

from __future__ import annotations

import torch

from stockpot.recipes.mix import Mix, Tensors


def fisher(mix: Mix) -> Tensors:
    """Average each weight by its Fisher information: an ingredient that is sure of a weight has more say.

    It needs the diagonal of each ingredient's Fisher information, and so its learning rows. Knob: ``floor``,
    in units of the tensor's mean information, added to all; a high one is the plain average, a low one leaves
    weights that no row moves to chance. For ingredients that learned from different rows.
    """
    assert mix.fisher is not None
    found, soup = mix.fisher(), {}
    for name, value in mix.stack.items():
        told = found[name].to(value.dtype)
        mean = told.mean()
        told = told / mean if mean > 0 else torch.zeros_like(told)
        say = (told + mix.knobs["floor"]) * mix.shares_of(name).view(-1, *[1] * (value.dim() - 1))
        soup[name] = (say * value).sum(0) / say.sum(0)
    return soup
