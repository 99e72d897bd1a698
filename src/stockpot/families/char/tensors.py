"""The codecs of all menageries, padded to the widest alphabet, and the shapes and first weights of their net.

Padding changes nothing: a padded symbol has probability 0 and is never an input, and a character's first
weights depend on the character alone.
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
from stockpot.families.base import Symmetry, Weights
from stockpot.families.char.codec import BEGIN, RESERVED, UNKNOWN, CharCodec, block

NEVER = -1e9
"""What is added to the logit of a symbol that cannot come."""
BEYOND = 0x110000
"""The first number that is no character: symbols that are none are numbered from here."""


@dataclass(frozen=True)
class Sizes:
    """Hidden units a layer, embedding of a character, layers, and symbols of the widest menagerie."""

    width: int
    embedding: int
    layers: int
    symbols: int


@dataclass(frozen=True)
class CharTensors:
    """The tensors of all menageries' codecs, and the net over them."""

    codecs: tuple[CharCodec, ...]
    sizes: Sizes

    @classmethod
    def of(cls, codecs: Sequence[CharCodec], width: int, embedding: int, layers: int) -> CharTensors:
        return cls(tuple(codecs), Sizes(width, embedding, layers, max(codec.symbols for codec in codecs)))

    @property
    def shapes(self) -> Mapping[str, tuple[int, int]]:
        """Name -> shape of one ingredient's tensors. Gates are in the order input, forget, output, cell."""
        h, v = self.sizes.width, self.sizes.symbols
        shapes = {"embed.weight": (v, self.sizes.embedding)}
        for layer in range(self.sizes.layers):
            into = h if layer else self.sizes.embedding
            shapes[f"layer{layer}.input.weight"] = (into, 4 * h)
            shapes[f"layer{layer}.hidden.weight"] = (h, 4 * h)
            shapes[f"layer{layer}.bias"] = (1, 4 * h)
        return shapes | {"leave.weight": (h, v), "leave.bias": (1, v)}

    @property
    def symmetry(self) -> Symmetry:
        """A group a layer, whose units each have four gates; and the numbers of a character's embedding."""
        groups: dict[str, tuple[str | None, ...]] = {"embed.weight": (None, "embed")}
        into = "embed"
        for layer in (f"layer{number}" for number in range(self.sizes.layers)):
            groups[f"{layer}.input.weight"] = (into, f"{layer}*4")
            groups[f"{layer}.hidden.weight"] = (layer, f"{layer}*4")
            groups[f"{layer}.bias"] = (None, f"{layer}*4")
            into = layer
        return groups | {"leave.weight": (into, None)}

    def start(self, seed: int) -> Weights:
        """(menageries, ...) first weights: uniform within 1 / sqrt(width), the embedding normal."""
        first = {n: self._uniform(seed, n, s).expand(len(self.codecs), *s) for n, s in self.shapes.items()}
        wide = 1 / math.sqrt(3 * self.sizes.width)
        first["embed.weight"] = self._rows((seed, "embed"), self.sizes.embedding)
        first["leave.weight"] = self._rows((seed, "leave"), self.sizes.width).mT * wide
        first["leave.bias"] = torch.zeros(len(self.codecs), *self.shapes["leave.bias"])
        return {name: value.clone() for name, value in first.items()}

    def _uniform(self, seed: int, name: str, shape: tuple[int, int]) -> Tensor:
        drawn = noise.uniform([noise.key(seed, name)], 0, noise.WEIGHTS, math.prod(shape))
        return (2 * drawn.view(shape) - 1) / math.sqrt(self.sizes.width)

    def _rows(self, name: object, width: int) -> Tensor:
        """(menageries, symbols, width) standard normal, a row a symbol, with zeros for the padding."""
        drawn = [noise.normal(name, numbers(codec), width) for codec in self.codecs]
        pad = torch.nn.functional.pad
        return torch.stack([pad(rows, (0, 0, 0, self.sizes.symbols - len(rows))) for rows in drawn])

    @cached_property
    def drawable(self) -> Tensor:
        """(menageries, symbols) 0 where a symbol can come, else NEVER."""
        out = np.full((len(self.codecs), self.sizes.symbols), NEVER, dtype=np.float32)
        for m, codec in enumerate(self.codecs):
            out[m, : codec.symbols] = 0.0
            out[m, [BEGIN, UNKNOWN]] = NEVER
        return torch.tensor(out)

    @cached_property
    def unseen(self) -> Tensor:
        """(menageries,) log probability of UNKNOWN."""
        return torch.tensor([math.log(codec.unseen_chance) for codec in self.codecs])

    def tokens(self, frame: pd.DataFrame) -> Tensor:
        """(menageries, rows, time)"""
        return torch.tensor(np.stack([block(codec.tokens(frame)) for codec in self.codecs]))

    def lengths(self, frame: pd.DataFrame) -> Tensor:
        """(rows,) symbols of each row, END with it: the same in all menageries."""
        return torch.tensor([len(row) for row in self.codecs[0].tokens(frame)], dtype=torch.int64)


def numbers(codec: CharCodec) -> list[int]:
    """A number for each symbol, that is the character's own in every menagerie."""
    return [BEYOND + i for i in range(RESERVED)] + [ord(char) for char in codec.alphabet]
