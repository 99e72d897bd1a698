"""Drawing rows from the field net: each row's fields are filled in a random order, each given those before
it.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from stockpot.bins import Ints
from stockpot.families.base import Weights
from stockpot.families.field.net import forward
from stockpot.families.field.tensors import FieldTensors

ORDERS = 24
"""So many random orders share the rows of a drawn block."""


@torch.no_grad()
def draw_tokens(
    tensors: FieldTensors,
    weights: Weights,
    menagerie: int,
    count: int,
    generator: torch.Generator,
    scale: float,
    mix: Tensor | None = None,
) -> Ints:
    """(count, D) tokens. ``scale`` multiplies what the net adds to the log marginals; ``mix`` (E,): the
    ensemble.
    """
    orders = torch.rand(ORDERS, tensors.fields, generator=generator).argsort(1)
    parts = [len(part) for part in torch.arange(count).chunk(ORDERS)]
    walk = Walk(tensors, weights, menagerie, scale, torch.ones(1) if mix is None else mix)
    return np.concatenate([walk(n, o.tolist(), generator) for n, o in zip(parts, orders, strict=False)])


class Walk:
    """Fills the fields of many rows, each given those that are visible in it."""

    def __init__(self, tensors: FieldTensors, weights: Weights, m: int, scale: float, mix: Tensor) -> None:
        self.tensors, self.weights, self.m, self.scale = tensors, weights, m, scale
        self.log_mix = mix.log()[:, None, None]
        self.ends = np.cumsum([0, *tensors.sizes.features])
        self.outs = np.cumsum([0, *tensors.sizes.outputs])

    def __call__(self, count: int, order: list[int], generator: torch.Generator) -> Ints:
        x = torch.zeros(count, self.tensors.inputs)
        tokens = np.zeros((count, self.tensors.fields), dtype=np.int64)
        for j in order:
            told = pick(self.chances(x, j), generator)
            self.show(x, j, told)
            tokens[:, j] = told.numpy()
        return tokens

    def show(self, x: Tensor, j: int, told: Tensor) -> None:
        """Make field ``j`` of the inputs visible."""
        x[:, self.ends[j] : self.ends[j + 1]] = self.tensors.features[j][self.m, told]
        x[:, self.ends[-1] + j] = 1

    def chances(self, x: Tensor, j: int, factor: float = 1.0) -> Tensor:
        """(count, K) probabilities of field ``j`` given the visible ones. ``factor``: on the scale."""
        most = max(self.tensors.sizes.tokens)
        out = forward(self.weights, x.expand(len(self.log_mix), -1, -1))[..., self.outs[j] : self.outs[j + 1]]
        added = out @ self.tensors.basis[self.m, self.outs[j] : self.outs[j + 1], j * most : (j + 1) * most]
        logp = torch.log_softmax(added * (self.scale * factor) + self.tensors.marginal[self.m, j], dim=-1)
        mixed = logp[0] if len(logp) == 1 else torch.logsumexp(logp + self.log_mix, dim=0)
        chances = torch.softmax(mixed + self.tensors.drawable[self.m, j], dim=-1)
        steady = self.tensors.codecs[self.m].fields[j].steady
        return chances if steady is None else _with(chances, steady, mixed[:, steady].exp())


def _with(chances: Tensor, token: int, share: Tensor) -> Tensor:
    """The chances (count, K), with this one for a token, and the others scaled to what is left."""
    rest = (1 - share) / (1 - chances[:, token]).clamp_min(1e-9)
    scaled = chances * rest[:, None]
    scaled[:, token] = share
    return scaled


def pick(chances: Tensor, generator: torch.Generator) -> Tensor:
    """(count,) one token of each row's chances (count, K), by inverting their sum: one random number a row,
    where torch.multinomial draws one a token.
    """
    heights = chances.cumsum(-1)
    level = (1 - torch.rand(len(chances), 1, generator=generator)) * heights[:, -1:]
    return (heights < level).sum(-1)
