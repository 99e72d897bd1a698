"""CSV and TSV: what can be wrong with the text, and the types of its columns.

pandas (and so `datasets`) renames double columns, fills up short lines, guesses types from one chunk of rows
after the other (a column that is whole for 10,000 rows and then is not is an error), rounds some decimals by
one unit in the last place and reads the word None as missing. So every field is read as text, and typed
here, from all its values:

- empty, NA, N/A, NaN, null (and #N/A, <NA>) are missing. 'None' is a word (a level of many real tables),
  unless everything else in its column is a number or True/False: then a program wrote its missing value so.
- whole numbers are int64, or float64 with missing values; other numbers float64; True/False bool, or object
  with missing values; all else is text. Digits with a leading zero (007) and of more than 18 places are text.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from stockpot.errors import TableError
from stockpot.values import has_leading_zero, is_integer, is_number

MISSING = {"", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "Null", "null", "#N/A", "<NA>"}
TRUTHS = {"True": True, "TRUE": True, "true": True, "False": False, "FALSE": False, "false": False}
MOST_DIGITS = 18
"""Digits of an integer that surely fits int64."""


def header(text: str, where: str, separator: str) -> tuple[list[str], int]:
    """Column names and the number of rows; TableError where the text of the file ``where`` is broken."""
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    names: list[str] = []
    count = line = start = 0
    try:
        for row in rows:
            start = line + 1
            blank = not row or (len(row) == 1 and not row[0].strip() and len(names) != 1)
            if not blank and not names:
                names = row
            elif not blank:
                _check_width(where, row, names, start)
                count += 1
            line = rows.line_num
    except csv.Error as error:
        why = f"Line {line + 1} of {where} is broken ({error}): is a quote not closed?"
        raise TableError(why) from None
    if line > start and text.count('"') % 2:  # the last row runs over many lines, to the end
        raise TableError(f"Line {start} of {where} opens a quote that is never closed: close it.")
    _check_names(where, names, separator)
    return names, count


def reject_doubles(names: Sequence[object], where: str) -> None:
    """TableError if two columns share a name (pandas and `datasets` rename them without a word)."""
    double = next((name for name, count in Counter(names).items() if count > 1), None)
    if double is not None:
        raise TableError(f"Two columns of {where} are called {double!r}: rename one of them.")


def typed(texts: Sequence[str]) -> pd.Series:
    """One column's fields in the dtype that all of them allow. Works on the different ones only."""
    codes, words = pd.factorize(np.array(texts, dtype=object))
    present = [w for w in words if w.strip() not in MISSING]
    rest = [w for w in present if w != "None"]
    if len(rest) < len(present) and rest and _reader(rest) is not str:
        present = rest
    read, known = _reader(present), set(present)
    values: list[Any] = [read(w) if w in known else np.nan for w in words]
    return _column(values, codes, read)


def _column(values: list[Any], codes: npt.NDArray[np.intp], read: Any) -> pd.Series:
    missing = any(isinstance(v, float) and np.isnan(v) for v in values)
    if read is float or (read is int and missing):
        return pd.Series(np.array(values, dtype=np.float64)[codes])
    if read is int:
        return pd.Series(np.array(values, dtype=np.int64)[codes])
    out = np.empty(len(values), dtype=object)
    out[:] = values
    return pd.Series(out[codes].tolist())


def _reader(words: Sequence[str]) -> Any:
    """What turns the words into values: float, int, truth or text."""
    if not words:
        return float
    if all(w in TRUTHS for w in words):
        return TRUTHS.__getitem__
    if not all(map(is_number, words)) or any(map(has_leading_zero, words)):
        return str
    if not all(map(is_integer, words)):
        return float
    return int if max(len(w.strip(" +-")) for w in words) <= MOST_DIGITS else str


def _check_width(where: str, row: list[str], names: list[str], line: int) -> None:
    if len(row) == len(names):
        return
    why = "a comma, tab or line break inside a field needs quotes around the field"
    if any("\n" in field for field in row):
        why = "a quote that is opened there may not be closed"
    counts = f"{len(row)} fields where the header has {len(names)}"
    raise TableError(f"Line {line} of {where} has {counts}: mend that line ({why}).")


def _check_names(where: str, names: list[str], separator: str) -> None:
    if not names:
        raise TableError(f"{where} is empty: give a file with a header and rows.")
    unnamed = next((i for i, name in enumerate(names) if not name.strip()), None)
    if unnamed not in (None, 0):  # a first column without a name is what pandas and R make of row numbers
        raise TableError(f"Column {unnamed + 1} of {where} has no name: give it one in the first line.")
    other = next((s for s in ";\t,|" if s != separator and s in names[0]), None)
    if len(names) == 1 and other is not None:
        spelt = {"\t": "tabs", ";": "semicolons", ",": "commas", "|": "bars"}
        raise TableError(
            f"{where} has one column, and seems to be separated by {spelt[other]}: leave --source.delimiter "
            "out."
        )
