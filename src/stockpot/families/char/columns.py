"""One column as text: how its values are written, and which texts are values of it.

A missing value is written as nothing. What is drawn is checked here: a text that no value of the column could
be written as makes its row invalid.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import ClassVar

import numpy as np
import pandas as pd

from stockpot import bins, units
from stockpot.bins import Floats
from stockpot.schema import Column
from stockpot.sdtypes import MOST_DECIMALS
from stockpot.values import Texts, is_integer, is_number

SHARED = 2
"""So many learning rows must say a level before it is listed."""
TRUTHS = ("False", "True")
LISTED = 0.5
"""A categorical column of which a smaller share of rows say listed levels is open: any text will do."""
LARGE = 1e15
"""From here on a number is written with an exponent."""
MOST_DIGITS = 18
EARLIEST, LATEST = 1678, 2261
"""Years that a datetime of nanoseconds can hold."""

Json = Mapping[str, object]


@dataclass(frozen=True)
class Number:
    """A numerical column. ``low`` and ``high`` are the learning rows' range, rounded outward."""

    name: str
    decimals: int
    low: float
    high: float
    missing: bool
    kind: ClassVar[str] = "number"

    @classmethod
    def fit(cls, values: pd.Series, column: Column) -> Number:
        known = values.dropna().to_numpy(dtype=np.float64)
        decimals = column.decimals or 0
        edges = bins.fit(known, decimals, 2).edges if len(known) else (0.0, -1.0)
        return cls(column.name, decimals, edges[0], edges[-1], bool(values.isna().any()))

    def write(self, values: pd.Series) -> list[str]:
        numbers = values.to_numpy(dtype=np.float64)
        return ["" if np.isnan(v) else written(float(v), self.decimals) for v in numbers]

    def fault(self, text: str) -> str:
        """Why the text is no value of the column, or ''."""
        if not text:
            return "" if self.missing else "is missing"
        if not is_number(text) or written(float(text), self.decimals) != text:
            return "is no number of its form"
        return "" if self.low <= float(text) <= self.high else "is out of range"

    def unseen(self, values: pd.Series) -> int:
        """How many of the values no learning row told of: out of range, or missing where nothing was."""
        known = values.dropna().to_numpy(dtype=np.float64)
        outside = int(((known < self.low) | (known > self.high)).sum())
        return outside + (0 if self.missing else int(values.isna().sum()))

    def read(self, texts: Sequence[str]) -> Floats:
        return np.array([float(t) if t else np.nan for t in texts], dtype=np.float64)

    def to_json(self) -> Json:
        return {"kind": self.kind} | asdict(self)


@dataclass(frozen=True)
class Words:
    """Any other column. ``levels`` are what two or more learning rows say; ``rare`` rows say something else.

    An ``open`` column (id, text, datetime, or one where hardly a level comes twice) takes any text that
    ``holds`` and ``form`` (strftime, of datetimes) allow.
    """

    name: str
    levels: tuple[str, ...]
    rare: int
    open: bool
    missing: bool
    holds: str
    form: str
    kind: ClassVar[str] = "words"

    @classmethod
    def fit(cls, values: pd.Series, column: Column) -> Words:
        counts = Counter(str(v) for v in values.dropna())
        public = TRUTHS if column.sdtype == "boolean" else ()
        levels = sorted(level for level, n in counts.items() if n >= SHARED or level in public)
        listed = sum(counts[level] for level in levels)
        missing = bool(values.isna().any()) or "" in counts
        free = column.sdtype in ("id", "text", "datetime") or listed < LISTED * counts.total()
        kept = () if free else tuple(levels)
        return cls(column.name, kept, counts.total() - listed, free, missing, column.holds, column.format)

    def write(self, values: pd.Series) -> list[str]:
        return ["" if gone else str(v) for v, gone in zip(values, values.isna(), strict=True)]

    def fault(self, text: str) -> str:
        """Why the text is no value of the column, or ''."""
        if not text:
            return "" if self.missing else "is missing"
        if not self.open:
            return "" if text in self.levels else "is no known level"
        return "" if readable(text, self.holds, self.form) else "is not of its form"

    def unseen(self, values: pd.Series) -> int:
        """How many of the values no learning row told of, as far as the codec can tell."""
        known = values.dropna()
        told_all = self.open or self.rare > 0
        foreign = 0 if told_all else int((~known.isin(self.levels)).sum())
        return foreign + (0 if self.missing else int(values.isna().sum()))

    def read(self, texts: Sequence[str]) -> Texts:
        return np.array([t or None for t in texts], dtype=object)

    def to_json(self) -> Json:
        return {"kind": self.kind} | asdict(self)


TextColumn = Number | Words


def fit(values: pd.Series, column: Column) -> TextColumn:
    """The column from its learning rows (canonical)."""
    return Number.fit(values, column) if column.sdtype == "numerical" else Words.fit(values, column)


def from_json(data: Mapping[str, object]) -> TextColumn:
    """What ``to_json`` gave."""
    read = {k: tuple(v) if isinstance(v, list) else v for k, v in data.items() if k != "kind"}
    made: TextColumn = Number(**read) if data["kind"] == Number.kind else Words(**read)  # type: ignore[arg-type]
    return made


def written(value: float, decimals: int) -> str:
    """A number with the column's digits after the point; as short as can be where they are not certain."""
    if decimals >= MOST_DECIMALS or abs(value) >= LARGE:
        return repr(value + 0.0)
    rounded = round(value, decimals) + 0.0  # no minus zero
    return f"{rounded:.{decimals}f}"


def readable(text: str, holds: str, form: str) -> bool:
    """Whether the text can be put back as what the real column holds."""
    if holds == "timedelta" or form == "days" or form.startswith("[h]"):
        return _is_duration(text, form)
    if form:
        return _is_datetime(text, form)
    if holds == "integer":
        return is_integer(text) and len(text) <= MOST_DIGITS
    if holds == "number":
        return is_number(text)
    return _is_datetime(text, "%Y-%m-%d") if holds == "date" else True


def _is_datetime(text: str, form: str) -> bool:
    try:
        when = dt.datetime.strptime(text, form)  # noqa: DTZ007 (the form says whether there is a zone)
    except ValueError:
        return False
    return EARLIEST <= when.year <= LATEST


def _is_duration(text: str, form: str) -> bool:
    """Of the form (``units.spans``), or as pandas writes one where there is none."""
    told = units.spans([text]).replace("%H", "[h]")
    if not told or told != (form or "days"):
        return False
    try:
        span = pd.Timedelta(units.nanoseconds([text])[0])
    except (ValueError, OverflowError):
        return False
    return bool(form) or str(span) == text
