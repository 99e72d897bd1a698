"""What a model family is to the rest: a codec, a net over a stack of ingredients, a judge and a sampler.

The soup's code knows no family: it sees names, tensors and these few calls.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt
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


Say = Callable[[str, object], str]
"""(learned column, a canonical value of it) -> what a person calls the value."""


def plainly(name: str, value: object) -> str:
    """Of a column that is learned as it is."""
    del name
    gone = value is None or (isinstance(value, float) and math.isnan(value))
    return "nothing" if gone else f"{value:.15g}" if isinstance(value, float) else repr(value)


@dataclass(frozen=True)
class Test:
    """What the values of a learned column must be. ``among``: the only numbers that hold, where they are few;
    ``only``: the one canonical value that does, where it is one and not missing.

    ``holds``: canonical values of the column -> (rows,) True where they do.
    """

    text: str
    holds: Callable[[pd.Series], npt.NDArray[np.bool_]]
    among: tuple[float, ...] | None = None
    only: float | str | None = None


@dataclass(frozen=True)
class Given:
    """What is known of ``rows`` lines before they are drawn, in learned columns.

    ``cells``: canonical values of some columns, and ``known``, of the same shape, which of them are to be
    kept; a known value may be missing. ``tests`` of other columns hold in every line. ``emphasis``: column ->
    factor on what the net adds to its log marginals. ``say`` speaks of values in a fault.
    """

    rows: int
    cells: pd.DataFrame
    known: pd.DataFrame
    tests: Mapping[str, Test] = field(default_factory=dict)
    emphasis: Mapping[str, float] = field(default_factory=dict)
    say: Say = plainly

    @classmethod
    def nothing(cls, rows: int) -> Given:
        empty = pd.DataFrame(index=pd.RangeIndex(rows))
        return cls(rows, empty, empty)

    def take(self, lines: npt.NDArray[np.int64]) -> Given:
        """Of these lines, in this order."""
        parts = [frame.iloc[lines].reset_index(drop=True) for frame in (self.cells, self.known)]
        return replace(self, rows=len(lines), cells=parts[0], known=parts[1])


@dataclass(frozen=True)
class Completed:
    """A line each, in order, canonical, and which of them are ``valid`` rows."""

    frame: pd.DataFrame
    valid: npt.NDArray[np.bool_]


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


@runtime_checkable
class Conditional(Protocol):
    """A program that draws rows of which something is known. Others are refused conditions in a sentence."""

    def refuse(self, menagerie: int, given: Given) -> None:
        """Raise ConditionError for what this menagerie's rows can never be."""
        ...

    def complete(
        self,
        weights: Weights,
        menagerie: int,
        given: Given,
        generator: torch.Generator,
        scale: float,
        mix: Tensor | None = None,
    ) -> Completed:
        """A row for each line, drawn given what is known."""
        ...


@runtime_checkable
class Central(Protocol):
    """A program that knows the distribution of each cell given any others, without drawing."""

    def centres(
        self, weights: Weights, menagerie: int, frame: pd.DataFrame, scale: float, mix: Tensor | None = None
    ) -> pd.DataFrame:
        """Canonical rows with every missing cell filled: the median of a number, the most likely category,
        each given the cells of its row that are there.
        """
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
