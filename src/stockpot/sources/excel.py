"""A sheet of an Excel file (.xlsx), read as the CSV that it would be saved as.

The header is the first row that is not empty. Cells' stored values are read: a formula has the one that was
last calculated. openpyxl tells what others hide: merged cells, formulas without a value, errors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from stockpot.csvtext import reject_doubles, typed
from stockpot.errors import TableError
from stockpot.sources.cells import column_of, word_of
from stockpot.sources.unpack import check_book

ERRORS = ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!")


@dataclass(frozen=True)
class _Sheet:
    """A sheet's cells, and where messages say they are. Rows and columns count from 0."""

    label: str
    cells: list[tuple[Any, ...]]
    formulas: Any
    merged: list[Any]

    def at(self, row: int, column: int) -> str:
        return f"cell {get_column_letter(column + 1)}{row + 1} of {self.label}"


def read_sheet(path: Path, name: str, wanted: str | None, most: int) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """The rows of a sheet, and what a person should know of it. ``wanted``: its name, or number from 1."""
    check_book(path, name, most)
    values, formulas = _workbook(path, name, data_only=True), _workbook(path, name, data_only=False)
    title = _title(values.sheetnames, wanted, name)
    sheet = _Sheet(
        f"sheet {title!r} of {name}",
        list(values[title].iter_rows(values_only=True)),
        formulas[title],
        list(values[title].merged_cells.ranges),
    )
    others = len(values.sheetnames) - 1
    note = () if wanted or not others else (_first_of(values.sheetnames, name),)
    frame, errors = _frame(sheet)
    return frame, (*note, *errors)


def _workbook(path: Path, name: str, *, data_only: bool) -> Any:
    try:
        with path.open("rb") as file:  # it looks at a path's suffix, and not at a file's
            return load_workbook(file, data_only=data_only)
    except Exception as error:  # noqa: BLE001 - of a damaged one openpyxl raises what it stumbles over
        why = " ".join(str(error).split()).rstrip(".")[:160] or type(error).__name__
        raise TableError(f"{name} cannot be read as xlsx ({why}): save it again.") from None


def _title(titles: Sequence[str], wanted: str | None, name: str) -> str:
    if wanted is None:
        return titles[0]
    if wanted in titles:
        return wanted
    if wanted.isdigit() and 1 <= int(wanted) <= len(titles):
        return titles[int(wanted) - 1]
    raise TableError(
        f"{name} has no sheet {wanted!r}: it has {', '.join(map(repr, titles))} (--source.sheet)."
    )


def _first_of(titles: Sequence[str], name: str) -> str:
    return f"{name} has sheets {', '.join(map(repr, titles))}: {titles[0]!r} is read (--source.sheet)."


def _frame(sheet: _Sheet) -> tuple[pd.DataFrame, tuple[str, ...]]:
    used = [number for number, row in enumerate(sheet.cells) if any(map(_is_filled, row))]
    if not used:
        raise TableError(f"S{sheet.label[1:]} is empty: give one with a header and rows.")
    head, body = used[0], used[1:]
    if not body:
        raise TableError(f"S{sheet.label[1:]} has a header but no rows: add rows.")
    width = range(max(map(len, sheet.cells)))
    columns = [c for c in width if any(_is_filled(sheet.cells[row][c]) for row in used)]
    names = _header(sheet, head, columns)
    found: dict[str, pd.Series] = {}
    errors: list[str] = []
    for column, name in zip(columns, names, strict=True):
        values = [_value(sheet, row, column, errors) for row in body]
        found[name] = _typed(values)
    return pd.concat(found, axis=1), _told(errors)


def _header(sheet: _Sheet, row: int, columns: Sequence[int]) -> list[str]:
    merged = next((m for m in sheet.merged if m.min_row <= row + 1 <= m.max_row), None)
    if merged is not None:
        raise TableError(
            f"Row {row + 1} of {sheet.label} has merged cells ({merged.coord}), and its header is there: "
            "unmerge them, and give each column a name in one row."
        )
    empty = next((c for c in columns if not _is_filled(sheet.cells[row][c])), None)
    if empty is not None:
        letter = get_column_letter(empty + 1)
        raise TableError(f"Column {letter} of {sheet.label} has no name: give it one in row {row + 1}.")
    names = [word_of(sheet.cells[row][c]) for c in columns]
    reject_doubles(names, sheet.label)
    return names


def _is_filled(value: Any) -> bool:
    return value is not None and not (isinstance(value, str) and not value.strip())


def _value(sheet: _Sheet, row: int, column: int, errors: list[str]) -> Any:
    """A cell's stored value. An error is missing, and noted."""
    value = sheet.cells[row][column]
    if value is None:
        formula = sheet.formulas.cell(row + 1, column + 1)
        if formula.data_type == "f":
            raise TableError(
                f"C{sheet.at(row, column)[1:]} is a formula that was never calculated: open the file in a "
                "spreadsheet program, and save it."
            )
    elif isinstance(value, str) and value in ERRORS:
        errors.append(f"{value} in {sheet.at(row, column)}")
        return None
    return value


def _typed(values: list[Any]) -> pd.Series:
    if any(isinstance(value, str) for value in values):
        return typed([word_of(value) for value in values])
    return column_of(values)


def _told(errors: list[str]) -> tuple[str, ...]:
    if not errors:
        return ()
    count = "One cell holds an error" if len(errors) == 1 else f"{len(errors)} cells hold errors"
    return (f"{count} (first: {errors[0]}): read as missing.",)
