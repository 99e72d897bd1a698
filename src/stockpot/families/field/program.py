"""The field family behind the interface that all families share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, cast

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from stockpot.families.base import Completed, Drawn, Given, Symmetry, Weights
from stockpot.families.field import codec
from stockpot.families.field import given as given_rows
from stockpot.families.field.codec import FieldCodec, Layout
from stockpot.families.field.net import BoundField
from stockpot.families.field.sampler import draw_tokens
from stockpot.families.field.tensors import FieldTensors
from stockpot.schema import Schema


@dataclass(frozen=True)
class FieldProgram:
    """Codecs of all menageries, and the net over them."""

    tensors: FieldTensors
    _read: dict[int, tuple[pd.DataFrame, Tensor]] = field(default_factory=dict, compare=False, repr=False)

    @property
    def shapes(self) -> Mapping[str, tuple[int, ...]]:
        return self.tensors.shapes

    @property
    def symmetry(self) -> Symmetry:
        return self.tensors.symmetry

    def start(self, seed: int) -> Weights:
        return self.tensors.start(seed)

    def bind(self, frame: pd.DataFrame, member: Sequence[int]) -> BoundField:
        return BoundField(self.tensors, self._tokens(frame), torch.tensor(list(member)))

    def _tokens(self, frame: pd.DataFrame) -> Tensor:
        """The tokens of the frame read last are kept: a kitchen binds one frame a hundred times."""
        known = self._read.get(id(frame))
        if known is None:
            self._read.clear()
            known = (frame, self.tensors.tokens(frame))
            self._read[id(frame)] = known
        return known[1]

    def draw(
        self,
        weights: Weights,
        menagerie: int,
        count: int,
        generator: torch.Generator,
        scale: float,
        mix: Tensor | None = None,
    ) -> Drawn:
        tokens = draw_tokens(self.tensors, weights, menagerie, count, generator, scale, mix)
        inside = np.random.default_rng(int(torch.randint(2**62, (1,), generator=generator)))
        return Drawn(self.tensors.codecs[menagerie].decode(tokens, inside))

    def refuse(self, menagerie: int, given: Given) -> None:
        given_rows.refuse(self.tensors, menagerie, given)

    def complete(
        self,
        weights: Weights,
        menagerie: int,
        given: Given,
        generator: torch.Generator,
        scale: float,
        mix: Tensor | None = None,
    ) -> Completed:
        found = given_rows.draw_given(self.tensors, weights, menagerie, given, generator, scale, mix)
        return Completed(found, np.ones(given.rows, dtype=bool))

    def centres(
        self, weights: Weights, menagerie: int, frame: pd.DataFrame, scale: float, mix: Tensor | None = None
    ) -> pd.DataFrame:
        return given_rows.centres(self.tensors, weights, menagerie, frame, scale, mix)

    def only(self, menagerie: int) -> FieldProgram:
        one = (self.tensors.codecs[menagerie],)
        return FieldProgram(FieldTensors(one, self.tensors.width, self.tensors.sizes))

    def unseen(self, frame: pd.DataFrame, menagerie: int) -> int:
        return self.tensors.codecs[menagerie].unseen(frame)

    def to_json(self) -> Mapping[str, object]:
        codecs = [one.to_json() for one in self.tensors.codecs]
        return {"width": self.tensors.width, "sizes": asdict(self.tensors.sizes), "codecs": codecs}


class FieldFamily:
    """The default family."""

    name = "field"
    learns = frozenset(codec.LEARNT)

    def refuse(self, schema: Schema) -> None:
        codec.refuse(schema)

    def fit(self, frames: Sequence[pd.DataFrame], schema: Schema, net: Mapping[str, int]) -> FieldProgram:
        """``net``: width of the hidden layers, most bins a number, smooth functions a number."""
        codecs = [FieldCodec.fit(frame, schema, net["bins"], net["basis"]) for frame in frames]
        return FieldProgram(FieldTensors.of(codecs, net["width"]))

    def from_json(self, data: Mapping[str, object]) -> FieldProgram:
        read = cast("Mapping[str, Any]", data)
        sizes = Layout(**{k: tuple(v) for k, v in read["sizes"].items()})
        codecs = [FieldCodec.from_json(one) for one in read["codecs"]]
        return FieldProgram(FieldTensors(tuple(codecs), int(read["width"]), sizes))
