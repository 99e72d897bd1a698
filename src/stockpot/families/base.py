"""What a model family is to the rest: a codec, a net over a stack of ingredients, a judge and a sampler.

The soup's code knows no family: it sees names, tensors and these few calls.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import pandas as pd
import torch
from torch import Tensor

from stockpot.schema import Schema

Weights = Mapping[str, Tensor]
"""Name -> tensor; in a stack each has a leading axis of E ingredients."""
Symmetry = Mapping[str, tuple[str | None, ...]]
"""Name -> for each axis (the stack's not counted) the group of hidden units that it runs over, or None.

Units of one group may be renumbered together, and the net computes what it did. ``group*4``: four blocks.
"""


@dataclass(frozen=True)
class Noise:
    """What one step of training is randomised by: keys and settings of the E ingredients."""

    keys: Sequence[int]
    step: int
    dropout: Tensor
    smoothing: Tensor


@dataclass(frozen=True)
class Judged:
    """Loss (E, S) in nats a token at S scales, accuracy (E,) as a share of tokens, at the first scale."""

    loss: Tensor
    accuracy: Tensor


@dataclass(frozen=True)
class Drawn:
    """A block of canonical rows, and how many were drawn and rejected on the way."""

    frame: pd.DataFrame
    rejected: int = 0


class Bound(Protocol):
    """A stack of E ingredients over the rows of one table."""

    def loss(self, weights: Weights, rows: Tensor, share: Tensor, by: Noise) -> Tensor:
        """(E,) training loss of rows (E, R), weighed by share (E, R)."""
        ...

    def judge(
        self,
        weights: Weights,
        rows: Tensor,
        share: Tensor,
        masks: int,
        scales: Tensor,
        mix: Tensor | None = None,
    ) -> Judged:
        """Loss and accuracy without noise; with ``mix`` those of the ensemble."""
        ...

    def losses(
        self, weights: Weights, rows: Tensor, masks: int, scale: float = 1.0, mix: Tensor | None = None
    ) -> Tensor:
        """(E, R) loss of each of the rows (E, R) by itself, as ``judge`` counts it; with ``mix`` the
        ensemble's, (1, R).
        """
        ...


class Program(Protocol):
    """One family's codecs of all menageries, and its net."""

    @property
    def shapes(self) -> Mapping[str, tuple[int, ...]]: ...

    @property
    def symmetry(self) -> Symmetry:
        """Of every tensor with hidden units."""
        ...

    def start(self, seed: int) -> Weights:
        """(menageries, ...) first weights."""
        ...

    def bind(self, frame: pd.DataFrame, member: Sequence[int]) -> Bound:
        """A stack of ingredients, ingredient e of menagerie ``member[e]``, over a canonical frame."""
        ...

    def draw(
        self,
        weights: Weights,
        menagerie: int,
        count: int,
        generator: torch.Generator,
        scale: float,
        mix: Tensor | None = None,
    ) -> Drawn:
        """``count`` canonical rows from a stack (with ``mix``: from the ensemble)."""
        ...

    def only(self, menagerie: int) -> Program:
        """The program of one menagerie, with the shapes of all."""
        ...

    def unseen(self, frame: pd.DataFrame, menagerie: int) -> int:
        """How many values of a canonical frame the menagerie's learning rows never told of."""
        ...

    def to_json(self) -> Mapping[str, object]:
        """Codecs and sizes: with the weights, all that is needed to draw."""
        ...


class Family(Protocol):
    """How a program is made."""

    name: str
    learns: frozenset[str]
    """Sdtypes that it learns as they are. Datetimes and durations may be numbers to it (``transform``)."""

    def refuse(self, schema: Schema) -> None:
        """Raise SchemaError for a column that cannot be learned yet."""
        ...

    def fit(self, frames: Sequence[pd.DataFrame], schema: Schema, net: Mapping[str, int]) -> Program:
        """Codecs from the learning rows of each menagerie (canonical), and the net over them."""
        ...

    def from_json(self, data: Mapping[str, object]) -> Program: ...
