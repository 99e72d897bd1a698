"""The char family behind the interface that all families share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, cast

import pandas as pd
import torch
from torch import Tensor

from stockpot.families.base import Completed, Drawn, Given, Symmetry, Weights
from stockpot.families.char import given as given_rows
from stockpot.families.char.codec import CharCodec
from stockpot.families.char.net import BoundChar
from stockpot.families.char.sampler import draw_rows
from stockpot.families.char.tensors import CharTensors, Sizes
from stockpot.schema import Schema

LAYERS = 2


@dataclass(frozen=True)
class CharProgram:
    """Codecs of all menageries, and the net over them."""

    tensors: CharTensors

    @property
    def shapes(self) -> Mapping[str, tuple[int, ...]]:
        return self.tensors.shapes

    @property
    def symmetry(self) -> Symmetry:
        return self.tensors.symmetry

    def start(self, seed: int) -> Weights:
        return self.tensors.start(seed)

    def bind(self, frame: pd.DataFrame, member: Sequence[int]) -> BoundChar:
        tokens, lengths = self.tensors.tokens(frame), self.tensors.lengths(frame)
        return BoundChar(self.tensors, tokens, lengths, torch.tensor(list(member)))

    def draw(
        self,
        weights: Weights,
        menagerie: int,
        count: int,
        generator: torch.Generator,
        scale: float,
        mix: Tensor | None = None,
    ) -> Drawn:
        return draw_rows(self.tensors, weights, menagerie, count, generator, scale, mix)

    def refuse(self, menagerie: int, given: Given) -> None:
        given_rows.refuse(self.tensors.codecs[menagerie], given)

    def complete(
        self,
        weights: Weights,
        menagerie: int,
        given: Given,
        generator: torch.Generator,
        scale: float,
        mix: Tensor | None = None,
    ) -> Completed:
        return given_rows.complete(self.tensors, weights, menagerie, given, generator, scale, mix)

    def only(self, menagerie: int) -> CharProgram:
        return CharProgram(CharTensors((self.tensors.codecs[menagerie],), self.tensors.sizes))

    def unseen(self, frame: pd.DataFrame, menagerie: int) -> int:
        return self.tensors.codecs[menagerie].unseen(frame)

    def to_json(self) -> Mapping[str, object]:
        return {"sizes": asdict(self.tensors.sizes), "codecs": [one.to_json() for one in self.tensors.codecs]}


class CharFamily:
    """The seed experiment's family: whatever can be written as text can be learned."""

    name = "char"
    learns = frozenset({"numerical", "categorical", "boolean", "datetime", "timedelta", "text"})

    def refuse(self, schema: Schema) -> None:
        """Every sdtype can be written as text."""
        del schema

    def fit(self, frames: Sequence[pd.DataFrame], schema: Schema, net: Mapping[str, int]) -> CharProgram:
        """``net``: width of the layers, embedding of a character, and layers (2 if it says nothing)."""
        codecs = [CharCodec.fit(frame, schema) for frame in frames]
        layers = net.get("layers", LAYERS)
        return CharProgram(CharTensors.of(codecs, net["width"], net["embedding"], layers))

    def from_json(self, data: Mapping[str, object]) -> CharProgram:
        read = cast("Mapping[str, Any]", data)
        codecs = tuple(CharCodec.from_json(one) for one in read["codecs"])
        return CharProgram(CharTensors(codecs, Sizes(**read["sizes"])))
