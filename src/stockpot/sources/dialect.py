"""What separates the fields of a line, and which sign is the decimal point.

What a file's name says (commas of .csv, tabs of .tsv) holds where it fits: a header of two names or more, and
as many fields in every line. Otherwise it is what fits better. Decimal commas are looked for only where
commas do not separate fields, and believed only where they cannot be thousands.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from stockpot.csvtext import MISSING
from stockpot.values import is_number

SIGNS = (",", ";", "\t", "|")
PLURALS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars", " ": "spaces"}
SAMPLE = 1 << 16
"""So many letters are looked at."""

_COMMA = re.compile(r"\s*[+-]?(\d+|\d{1,3}(\.\d{3})+),\d+\s*")
_WHOLE = re.compile(r"\s*[+-]?(\d+|\d{1,3}(\.\d{3})+)\s*")
_THOUSANDS = re.compile(r"\s*[+-]?[1-9]\d{0,2}(,\d{3})+\s*")
_GROUPED = re.compile(r"\s*[+-]?[1-9]\d{0,2}(\.\d{3})+\s*")


@dataclass(frozen=True)
class _Split:
    """How a sample falls apart: fields of the header, whether all lines have as many, columns of numbers."""

    names: int
    even: bool
    numbers: float

    @property
    def fits(self) -> bool:
        return self.even and self.names > 1


def separator_of(text: str, usual: str) -> str:
    """The sign between fields; ``usual`` unless another fits better."""
    sample = text if len(text) <= SAMPLE else text[: text.rindex("\n", 0, SAMPLE) + 1 or SAMPLE]
    splits = {sign: _split(sample, sign) for sign in dict.fromkeys((usual, *SIGNS))}
    fitting = [sign for sign, split in splits.items() if split.fits]
    if splits[usual].fits:
        return max(fitting, key=lambda sign: splits[sign].numbers)  # the usual one comes first
    if fitting:
        return max(fitting, key=lambda sign: splits[sign].names)
    if splits[usual].names > 1:
        return usual
    return max(splits, key=lambda sign: splits[sign].names)


def _split(sample: str, sign: str) -> _Split:
    try:
        rows = [row for row in csv.reader(io.StringIO(sample, newline=""), delimiter=sign) if any(row)]
    except csv.Error:
        return _Split(0, even=False, numbers=0.0)
    if not rows:
        return _Split(0, even=False, numbers=0.0)
    even = all(len(row) == len(rows[0]) for row in rows)
    columns = list(zip(*rows[1:], strict=False))
    numbers = sum(all(_numeric(field) for field in column) for column in columns)
    return _Split(len(rows[0]), even, numbers / max(1, len(columns)))


def _numeric(field: str) -> bool:
    return not field.strip() or is_number(field) or _COMMA.fullmatch(field) is not None


def has_decimal_commas(columns: Iterable[Sequence[str]]) -> bool:
    """Whether some column's commas can only be decimal, and no column has decimal points."""
    words = [_present(column) for column in columns]
    if any(_has_points(column) for column in words):
        return False
    return any(
        _is_comma_column(column) and not all(_THOUSANDS.fullmatch(w) for w in column if "," in w)
        for column in words
    )


def pointed(texts: Sequence[str]) -> Sequence[str]:
    """A column with its decimal commas as points, if all of it is numbers then: 1.234,5 as 1234.5."""
    words = _present(texts)
    if not _is_comma_column(words):
        return texts
    return [text.replace(".", "").replace(",", ".") if text in words else text for text in texts]


def _present(texts: Sequence[str]) -> set[str]:
    return {text for text in texts if text.strip() not in MISSING}


def _has_points(words: set[str]) -> bool:
    marked = [word for word in words if "." in word]
    numbers = bool(marked) and all(map(is_number, words))
    return numbers and not all(_GROUPED.fullmatch(word) for word in marked)


def _is_comma_column(words: set[str]) -> bool:
    """Whether all words are numbers if commas are decimal, and some have one, or points between thousands."""
    marked = any("," in word or _GROUPED.fullmatch(word) for word in words)
    return marked and all(_COMMA.fullmatch(word) or _WHOLE.fullmatch(word) for word in words)
