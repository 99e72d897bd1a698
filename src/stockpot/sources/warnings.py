"""What a person should know of a table's cells before cooking it."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from stockpot.values import is_number

FORMULAS = ("=", "+", "-", "@", "\t", "\r")
"""OWASP's: what begins so, a spreadsheet program takes for a formula."""
MOSTLY, FEWEST = 0.8, 5
"""A column is mostly numbers, if so great a share, and so many at least, of its different words are."""


def warnings(frame: pd.DataFrame) -> tuple[str, ...]:
    """Sentences: columns that a stray word makes text, and cells that a spreadsheet may run."""
    found: list[str] = []
    for name, words in _words(frame):
        found += [*_stray(name, words), *_formula(name, words)]
    return tuple(found)


def _words(frame: pd.DataFrame) -> Iterator[tuple[str, pd.Series]]:
    """Columns of text: their different words, under the number of the row that has each first."""
    for name in frame.columns:
        column = frame[name]
        if pd.api.types.is_string_dtype(column.dtype) or column.dtype == object:
            words = column[column.map(lambda value: isinstance(value, str))].drop_duplicates()
            if len(words):
                yield str(name), words


def _stray(name: str, words: pd.Series) -> Iterator[str]:
    numbers = words.map(is_number)
    share = float(numbers.mean())
    if MOSTLY <= share < 1 and int(numbers.sum()) >= FEWEST:
        row, word = next(iter(words[~numbers].items()))
        yield (
            f"Column {name!r} is mostly numbers, but {word[:40]!r} in row {int(str(row)) + 1} is none, so it "
            "is read as text: mend such cells, or leave them empty."
        )


def _formula(name: str, words: pd.Series) -> Iterator[str]:
    for row, word in words.items():
        if is_formula(word):
            yield (
                f"Column {name!r} holds text that a spreadsheet program takes for a formula ({word[:40]!r} "
                f"in row {int(str(row)) + 1}): it is text here, and synthetic rows may hold it where several "
                "rows do; `stockpot sample --escape` makes it harmless, and .xlsx keeps it text."
            )
            return


def is_formula(word: str) -> bool:
    """Whether a spreadsheet program takes the text for a formula. A number is none, nor is a lone sign."""
    return len(word) > 1 and word.startswith(FORMULAS) and not is_number(word)
