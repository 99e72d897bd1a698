"""The codecs of all menageries as tensors, padded to the widest, and the shapes and first weights of a net
over them.

Padding changes nothing: a padded token has probability 0, a padded input is 0, and a weight's first value
depends on its column and slot alone.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from stockpot import noise
from stockpot.bins import Floats
from stockpot.families.base import Symmetry, Weights
from stockpot.families.field.codec import FieldCodec, Layout, layout, padded
from stockpot.families.field.columns import SMOOTHING

NEVER = -1e9
"""The logit of padding."""
SLOTS = 4096
"""Numbers set apart for the inputs or outputs of one column, so that first weights do not depend on padding.
"""


@dataclass(frozen=True)
class FieldTensors:
    """The tensors of all menageries' codecs, padded to the widest, and the net over them."""

    codecs: tuple[FieldCodec, ...]
    width: int
    sizes: Layout

    @classmethod
    def of(cls, codecs: Sequence[FieldCodec], width: int, sizes: Layout | None = None) -> FieldTensors:
        return cls(tuple(codecs), width, sizes or layout(codecs))

    @property
    def fields(self) -> int:
        return len(self.codecs[0].fields)

    @property
    def inputs(self) -> int:
        """Features and a visibility bit a field."""
        return sum(self.sizes.features) + self.fields

    @property
    def outputs(self) -> int:
        return sum(self.sizes.outputs)

    @property
    def shapes(self) -> Mapping[str, tuple[int, int]]:
        """Name -> shape of one ingredient's tensors."""
        i, h, o = self.inputs, self.width, self.outputs
        return {
            "enter.weight": (i, h),
            "enter.bias": (1, h),
            "inner.weight": (h, h),
            "inner.bias": (1, h),
            "leave.weight": (h, o),
            "leave.bias": (1, o),
            "skip.weight": (i, o),
        }

    @property
    def symmetry(self) -> Symmetry:
        """One group: the second hidden layer is added to the first, unit by unit."""
        unit = "hidden"
        return {
            "enter.weight": (None, unit),
            "enter.bias": (None, unit),
            "inner.weight": (unit, unit),
            "inner.bias": (None, unit),
            "leave.weight": (unit, None),
        }

    @cached_property
    def owner(self) -> Tensor:
        """(features,) the field that each feature tells of."""
        return torch.tensor(np.repeat(np.arange(self.fields), self.sizes.features))

    @cached_property
    def features(self) -> tuple[Tensor, ...]:
        """A field: (menageries, K, features)."""
        return tuple(
            self._padded([c.fields[j].features() for c in self.codecs], j) for j in range(self.fields)
        )

    def _padded(self, blocks: list[Floats], j: int) -> Tensor:
        rows, columns = self.sizes.tokens[j], self.sizes.features[j]
        return torch.tensor(np.stack([padded(b, rows, columns) for b in blocks]), dtype=torch.float32)

    @cached_property
    def basis(self) -> Tensor:
        """(menageries, outputs, D * K): each field's outputs touch its own tokens."""
        most = max(self.sizes.tokens)
        out = np.zeros((len(self.codecs), self.outputs, self.fields, most))
        starts = np.cumsum([0, *self.sizes.outputs])
        for m, codec in enumerate(self.codecs):
            for j, field in enumerate(codec.fields):
                block = field.outputs()
                out[m, starts[j] : starts[j] + len(block), j, : block.shape[1]] = block
        return torch.tensor(out.reshape(len(self.codecs), self.outputs, -1), dtype=torch.float32)

    @cached_property
    def marginal(self) -> Tensor:
        """(menageries, D, K) log probability of each token among the learning rows, smoothed."""
        out = np.full((len(self.codecs), self.fields, max(self.sizes.tokens)), NEVER)
        for m, codec in enumerate(self.codecs):
            for j, field in enumerate(codec.fields):
                counts = field.counts + SMOOTHING
                out[m, j, : len(counts)] = np.log(counts / counts.sum())
        return torch.tensor(out, dtype=torch.float32)

    @cached_property
    def drawable(self) -> Tensor:
        """(menageries, D, K) 0 where a token may be drawn, else minus infinity."""
        out = np.full((len(self.codecs), self.fields, max(self.sizes.tokens)), -np.inf)
        for m, codec in enumerate(self.codecs):
            for j, field in enumerate(codec.fields):
                out[m, j, : len(field.counts)][field.drawable] = 0.0
        return torch.tensor(out, dtype=torch.float32)

    @cached_property
    def neighbours(self) -> Tensor:
        """(menageries, D, K, K) where label smoothing moves a token's share to."""
        most = max(self.sizes.tokens)
        out = np.zeros((len(self.codecs), self.fields, most, most))
        for m, codec in enumerate(self.codecs):
            for j, field in enumerate(codec.fields):
                block = field.neighbours()
                out[m, j, : len(block), : len(block)] = block
        return torch.tensor(out, dtype=torch.float32)

    def start(self, seed: int) -> Weights:
        """(menageries, ...) first weights: the same for all, but for the scale of their number of inputs."""
        own = [sum(f.features().shape[1] for f in c.fields) + self.fields for c in self.codecs]
        scale = torch.tensor([1 / math.sqrt(n) for n in own])[:, None, None]
        into, out = _slots(self.sizes.features, bits=True), _slots(self.sizes.outputs, bits=False)
        hidden, wide = range(self.width), 1 / math.sqrt(self.width)
        first = {
            "enter.weight": noise.normal((seed, "enter"), into, self.width) * 1.4 * scale,
            "inner.weight": noise.normal((seed, "inner"), hidden, self.width) * 1.4 * wide,
            "leave.weight": noise.normal((seed, "leave"), out, self.width).T * 0.1 * wide,
        }
        count = len(self.codecs)
        return {n: first.get(n, torch.zeros(1)).expand(count, *s).clone() for n, s in self.shapes.items()}

    def tokens(self, frame: pd.DataFrame) -> Tensor:
        """(menageries, rows, D)"""
        return torch.tensor(np.stack([codec.tokens(frame) for codec in self.codecs]))


def _slots(sizes: Sequence[int], *, bits: bool) -> list[int]:
    numbers = [j * SLOTS + k for j, size in enumerate(sizes) for k in range(size)]
    return numbers + ([j * SLOTS + SLOTS - 1 for j in range(len(sizes))] if bits else [])
