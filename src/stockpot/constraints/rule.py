"""A constraint, bound to a table's columns: what mends a row, and which rows hold.

All of them read canonical rows of the table. Those that ask for several rows at once (``unique``) say what
their key is; whoever draws remembers the keys.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from stockpot.canonical import rounded
from stockpot.constraints import linear
from stockpot.constraints.cells import Truths, of_column, to_canonical
from stockpot.constraints.evaluate import CLOSE, Evaluator
from stockpot.constraints.spelling import Sentence, read, shape, spelt
from stockpot.errors import ConstraintError
from stockpot.schema import Column, Schema, nearest
from stockpot.sdtypes import MOST_DECIMALS

SHARED = 2
"""So many real rows must share a combination before a soup may hold it."""
Key: TypeAlias = tuple[object, ...]


@dataclass(frozen=True)
class Rule:
    """One constraint. This one is a condition: rows that break it are rejected."""

    sentence: Sentence
    schema: Schema
    even: ClassVar[bool] = False
    """Whether it leaves the marginals as they are, or nearly."""

    @property
    def text(self) -> str:
        return self.sentence.text

    @property
    def names(self) -> tuple[str, ...]:
        """The columns that it is about."""
        return self.sentence.names

    def check(self) -> None:
        """ConstraintError if it is no condition, or does not fit the columns."""
        self.holds(pd.DataFrame({name: pd.Series([], dtype=object) for name in self.schema.names}))

    def mend(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The rows with what can be reckoned put right."""
        return frame

    def holds(self, frame: pd.DataFrame) -> Truths:
        """(rows,) False where the constraint is broken."""
        found = Evaluator(self.sentence, frame, self.schema).truth(self.sentence.tree)
        return np.broadcast_to(~found.known | found.values.astype(bool), len(frame))


@dataclass(frozen=True)
class Definition(Rule):
    """One column follows from others: it is reckoned, not drawn."""

    target: str
    formula: ast.expr

    def mend(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Where all is known; a missing target stays missing."""
        column = self.schema.column(self.target)
        found = Evaluator(self.sentence, frame, self.schema).cells(self.formula)
        values, known = to_canonical(found, column, len(frame))
        if column.sdtype == "numerical":
            values = rounded(values.astype(np.float64), column)
        put = known & frame[self.target].notna().to_numpy()
        return frame.assign(**{self.target: frame[self.target].where(~put, pd.Series(values, frame.index))})

    def holds(self, frame: pd.DataFrame) -> Truths:
        """Numbers are equal when the formula, rounded as the column is, gives the column's value."""
        column = self.schema.column(self.target)
        if column.sdtype != "numerical" or column.decimals is None or column.decimals >= MOST_DECIMALS:
            return super().holds(frame)
        evaluator = Evaluator(self.sentence, frame, self.schema)
        evaluator.truth(self.sentence.tree)
        found, told = evaluator.cells(self.formula), of_column(frame[self.target], column)
        reach = 0.5 * 10.0**-column.decimals + CLOSE * np.maximum(np.abs(told.values), 1.0)
        close = np.abs(found.values - told.values) <= reach
        return np.broadcast_to(~(found.known & told.known) | close, len(frame))


@dataclass(frozen=True)
class Multiple(Rule):
    """A column of multiples of a number: it is rounded to the nearest."""

    target: str
    of: float

    def mend(self, frame: pd.DataFrame) -> pd.DataFrame:
        whole = np.round(frame[self.target].to_numpy(dtype=np.float64) / self.of) * self.of
        return frame.assign(**{self.target: rounded(whole, self.schema.column(self.target))})

    def holds(self, frame: pd.DataFrame) -> Truths:
        Evaluator(self.sentence, frame, self.schema).truth(self.sentence.tree)
        values = frame[self.target].to_numpy(dtype=np.float64)
        off = np.abs(values - np.round(values / self.of) * self.of)
        held: Truths = np.isnan(values) | (off <= CLOSE * np.maximum(np.abs(values), 1.0))
        return held


@dataclass(frozen=True)
class OneHot(Rule):
    """Exactly one of the columns is 1 (or True), the others 0, where none is missing."""

    def holds(self, frame: pd.DataFrame) -> Truths:
        cells = [of_column(frame[name], self.schema.column(name)) for name in self.names]
        if any(one.kind not in ("number", "truth") for one in cells):
            raise ConstraintError(f"{self.text!r} takes columns of 0 and 1, or of True and False.")
        values = np.stack([one.values.astype(np.float64) for one in cells])
        known = np.stack([one.known for one in cells]).all(0)
        held: Truths = ~known | (np.isin(values, (0.0, 1.0)).all(0) & (values.sum(0) == 1))
        return held


@dataclass(frozen=True)
class Combinations(Rule):
    """Only combinations of values that several real rows share; a missing value is one of them."""

    allowed: frozenset[Key] | None = None

    def holds(self, frame: pd.DataFrame) -> Truths:
        if self.allowed is None:
            return np.ones(len(frame), dtype=bool)
        return np.array([key in self.allowed for key in keys(frame, self.names)], dtype=bool)


@dataclass(frozen=True)
class Unique(Rule):
    """No two rows have the same values in these columns; where one is missing, they may."""

    even: ClassVar[bool] = True

    def holds(self, frame: pd.DataFrame) -> Truths:
        """False for each row that repeats an earlier one."""
        return self.fresh(frame, set())

    def fresh(self, frame: pd.DataFrame, seen: set[int]) -> Truths:
        """False for each row whose mark was seen, or is an earlier row's."""
        marks = self.marks(frame)
        first = ~pd.Series(marks).duplicated().to_numpy()
        known = np.array([mark in seen for mark in marks.tolist()], dtype=bool)
        held: Truths = self._open(frame) | (first & ~known)
        return held

    def marks(self, frame: pd.DataFrame) -> npt.NDArray[np.uint64]:
        """64 bits a row that stand for its values: what a long drawing has to remember."""
        columns = frame[list(self.names)]
        return np.asarray(pd.util.hash_pandas_object(columns, index=False), dtype=np.uint64)

    def kept(self, frame: pd.DataFrame) -> list[int]:
        """The marks that no later row may have."""
        return [int(mark) for mark in self.marks(frame)[~self._open(frame)]]

    def _open(self, frame: pd.DataFrame) -> Truths:
        missing: Truths = frame[list(self.names)].isna().any(axis=1).to_numpy()
        return missing


def rule_of(text: str, schema: Schema) -> Rule:
    """The constraint over the schema's columns, or ConstraintError."""
    sentence = read(text)
    for name in sentence.names:
        if name not in schema.names:
            raise ConstraintError(
                f"Constraint {text!r} names column {name!r}, which the table lacks"
                f"{nearest(name, schema.names)}."
            )
    found = _of(sentence, schema)
    found.check()
    return found


def _of(sentence: Sentence, schema: Schema) -> Rule:
    kinds: dict[str, type[Rule]] = {"unique": Unique, "combinations": Combinations, "one_hot": OneHot}
    called = shape(sentence)
    if called:
        if called != "unique" and len(sentence.names) < 2:
            raise ConstraintError(f"{sentence.text!r} is about one column: give two or more.")
        return kinds[called](sentence, schema)
    if not sentence.names:
        raise ConstraintError(f"{sentence.text!r} names no column: a constraint is about columns.")
    times = linear.multiple(sentence)
    if times and schema.column(sentence.columns[times[0]]).sdtype == "numerical":
        return Multiple(sentence, schema, sentence.columns[times[0]], times[1])
    given = linear.defined(sentence)
    if given and _reckoned(schema.column(sentence.columns[given[0]])):
        return Definition(sentence, schema, sentence.columns[given[0]], given[1])
    return Rule(sentence, schema)


def _reckoned(column: Column) -> bool:
    """Whether a value may be put into the column: no id, and no number that is called a category."""
    if column.sdtype == "categorical":
        return column.holds == "text"
    return column.sdtype in ("numerical", "boolean", "datetime")


def keys(frame: pd.DataFrame, names: Sequence[str]) -> list[Key]:
    """Each row's values in these columns, None where missing."""
    parts = [frame[name].astype(object).where(frame[name].notna(), None).tolist() for name in names]
    return list(zip(*parts, strict=True))


def spelling(name: str, columns: Sequence[str]) -> str:
    """``unique(a, b)``."""
    return f"{name}({', '.join(spelt(column) for column in columns)})"
