"""Rows as symbols: one a character of the fields' texts, one between two fields, one at the end of the row.

The delimiter is no character but a symbol of its own, so that no value can hold it. A character that fewer
than two learning rows hold is the symbol UNKNOWN (digits and signs of numbers tell of nobody and are kept):
it is scored alike by all models, and never drawn.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import pandas as pd

from stockpot.bins import Ints
from stockpot.families.char import columns
from stockpot.families.char.columns import SHARED, TextColumn
from stockpot.schema import Schema

BEGIN, END, UNKNOWN, FIELD = range(4)
RESERVED = 4
PUBLIC = frozenset("0123456789.-+e")
"""Characters of numbers."""
SMOOTHING = 0.5
"""Rows added to every symbol's count."""
MARGIN = 1.5
"""A drawn row may be so many times as long as the longest learning row."""
GRAIN = 8
"""The longest row's length is rounded up to a multiple of this: it is one row's alone."""


@dataclass(frozen=True)
class CharCodec:
    """The columns and characters of one menagerie, fitted on its learning rows alone.

    ``unseen_chance``: the smoothed share of a symbol that was never seen. ``longest``: most symbols of a
    drawn row.
    """

    columns: tuple[TextColumn, ...]
    alphabet: str
    unseen_chance: float
    longest: int

    @classmethod
    def fit(cls, frame: pd.DataFrame, schema: Schema) -> CharCodec:
        """``frame`` is canonical: numbers as float64, all else text or None."""
        fitted = tuple(columns.fit(frame[c.name], c) for c in schema.columns)
        rows = written_rows(fitted, frame)
        held = Counter(char for row in rows for char in set("".join(row)))
        alphabet = "".join(sorted(char for char, n in held.items() if n >= SHARED or char in PUBLIC))
        lengths = [len("".join(row)) + len(row) for row in rows]
        seen = sum(lengths) + SMOOTHING * (len(alphabet) + RESERVED)
        limit = GRAIN * math.ceil(MARGIN * max(lengths) / GRAIN)
        return cls(fitted, alphabet, SMOOTHING / seen, limit)

    @property
    def symbols(self) -> int:
        return RESERVED + len(self.alphabet)

    def tokens(self, frame: pd.DataFrame) -> list[list[int]]:
        """Each row's symbols, the last one END."""
        place = {char: RESERVED + i for i, char in enumerate(self.alphabet)}
        return [_symbols(row, place) for row in written_rows(self.columns, frame)]

    def unseen(self, frame: pd.DataFrame) -> int:
        """How many values of the frame the learning rows never told of."""
        return sum(column.unseen(frame[column.name]) for column in self.columns)

    def decode(self, tokens: Ints) -> tuple[pd.DataFrame, Counter[str]]:
        """The valid ones of drawn rows (rows, time), as canonical rows, and why the others are not valid."""
        valid: list[list[str]] = []
        faults: Counter[str] = Counter()
        for row in tokens.tolist():
            texts = self.texts(row)
            fault = self._fault(texts)
            if fault:
                faults[fault] += 1
            else:
                valid.append(texts)
        return self.frame(valid), faults

    def frame(self, rows: Sequence[Sequence[str]]) -> pd.DataFrame:
        """Canonical rows from their fields' texts."""
        return pd.DataFrame({c.name: c.read([row[j] for row in rows]) for j, c in enumerate(self.columns)})

    def texts(self, row: Sequence[int]) -> list[str]:
        """The row's fields; none if it has no end."""
        if END not in row:
            return []
        fields = [""]
        for symbol in row[: row.index(END)]:
            if symbol == FIELD:
                fields.append("")
            else:
                fields[-1] += self.alphabet[symbol - RESERVED]
        return fields

    def _fault(self, texts: Sequence[str]) -> str:
        """Why this is no row, or ''."""
        if not texts:
            return "the row does not end"
        if len(texts) != len(self.columns):
            return "the row has too many or too few fields"
        faults = ((c.name, c.fault(text)) for c, text in zip(self.columns, texts, strict=True))
        return next((f"'{name}' {fault}" for name, fault in faults if fault), "")

    def to_json(self) -> Mapping[str, object]:
        return {
            "columns": [column.to_json() for column in self.columns],
            "alphabet": self.alphabet,
            "unseen_chance": self.unseen_chance,
            "longest": self.longest,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, object]) -> CharCodec:
        read = cast("Mapping[str, Any]", data)
        fitted = tuple(columns.from_json(one) for one in read["columns"])
        return cls(fitted, str(read["alphabet"]), float(read["unseen_chance"]), int(read["longest"]))


def written_rows(fitted: Sequence[TextColumn], frame: pd.DataFrame) -> list[tuple[str, ...]]:
    """Each row's fields as text."""
    return list(zip(*(column.write(frame[column.name]) for column in fitted), strict=True))


def _symbols(row: Sequence[str], place: Mapping[str, int]) -> list[int]:
    found: list[int] = []
    for text in row:
        found += [place.get(char, UNKNOWN) for char in text]
        found.append(FIELD)
    return [*found[:-1], END]


def block(rows: Sequence[Sequence[int]]) -> Ints:
    """(rows, time), with END behind each row's own."""
    out = np.full((len(rows), max(map(len, rows), default=1)), END, dtype=np.int64)
    for i, row in enumerate(rows):
        out[i, : len(row)] = row
    return out
