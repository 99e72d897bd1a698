"""Blends of task vectors: an ingredient less the base is what it learned, and can be scaled or thinned."""

from __future__ import annotations

import torch
from torch import Tensor

from stockpot import noise
from stockpot.recipes.mix import Mix, Tensors


def task_arithmetic(mix: Mix) -> Tensors:
    """The base and ``scale`` times the mean of what the ingredients learned. At scale 1 it is their average.

    It needs the base, no data. Knob: ``scale``; below 1 goes back towards the base, above 1 beyond the
    average. (The paper adds the vectors up: its coefficient is our scale over their number.) Where all
    ingredients were trained too long, or too short.
    """
    return _from_base(mix, {name: _mean(mix, name, value) for name, value in _vectors(mix).items()})


def ties(mix: Mix) -> Tensors:
    """Of each ingredient's task vector only the largest entries; for each entry the sign that weighs more;
    and the mean of those that have it, added to the base.

    It needs the base, no data. Knobs: ``density``, the share of entries that are kept, and ``scale`` of what
    is added. For ingredients that learned different tasks and contradict each other.
    """
    vectors = _trimmed(_vectors(mix), mix.knobs["density"])
    return _from_base(mix, {name: _elected(mix.shares_of(name), value) for name, value in vectors.items()})


def _trimmed(vectors: Tensors, density: float) -> dict[str, Tensor]:
    """With 0 for all but the largest entries of each ingredient, over all tensors."""
    sizes = torch.cat([value.flatten(1).abs() for value in vectors.values()], dim=1)
    count = max(1, round(density * sizes.shape[1]))
    least = sizes.kthvalue(sizes.shape[1] - count + 1, dim=1).values
    return {
        name: value * (value.abs() >= least.view(-1, *[1] * (value.dim() - 1)))
        for name, value in vectors.items()
    }


def _elected(shares: Tensor, value: Tensor) -> Tensor:
    """The mean of those of (n, ...) entries whose sign the weighed sum has."""
    sign = torch.tensordot(shares, value, 1).sign()
    agree = ((value.sign() == sign) & (value != 0)).to(value.dtype)
    total, weight = torch.tensordot(shares, value * agree, 1), torch.tensordot(shares, agree, 1)
    return torch.where(weight > 0, total / weight.clamp_min(1e-300), 0.0)


def dare(mix: Mix) -> Tensors:
    """Of each ingredient's task vector a random share of the entries, enlarged by as much as was dropped;
    their mean, added to the base.

    It needs the base, no data. Knob: ``density``, the share that is kept. Which entries those are depends on
    the ingredient's number and the tensor's name alone. For large nets, whose vectors are redundant; in a
    small one it is noise, the less the more ingredients there are.
    """
    vectors = {
        name: value * torch.stack([_lucky(mix, name, n, value[0]) for n in mix.numbers])
        for name, value in _vectors(mix).items()
    }
    return _from_base(mix, {name: _mean(mix, name, value) for name, value in vectors.items()})


def _lucky(mix: Mix, name: str, number: int, like: Tensor) -> Tensor:
    """0, or one over the density."""
    drop = torch.tensor([1 - mix.knobs["density"]], dtype=torch.float64)
    key = noise.key("dare", number, name)
    kept = noise.kept([key], 0, noise.DROPOUT, like.numel(), drop)
    return kept.to(like.dtype).view(like.shape)


def _vectors(mix: Mix) -> dict[str, Tensor]:
    """Name -> (n, ...)"""
    assert mix.base is not None
    return {name: value - mix.base[name] for name, value in mix.stack.items()}


def _mean(mix: Mix, name: str, value: Tensor) -> Tensor:
    mean: Tensor = torch.tensordot(mix.shares_of(name), value, 1)
    return mean


def _from_base(mix: Mix, added: Tensors) -> Tensors:
    assert mix.base is not None
    scale = mix.knobs.get("scale", 1.0)
    return {name: mix.base[name] + scale * value for name, value in added.items()}
