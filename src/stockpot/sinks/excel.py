"""Excel: one sheet, written row by row. Text stays text, also where it begins as a formula does."""

from __future__ import annotations

import datetime as dt
from typing import IO, Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils.exceptions import IllegalCharacterError

from stockpot.errors import FolderError
from stockpot.schema import Schema
from stockpot.sinks.writer import Writer, plain_rows

MOST_ROWS = 1_048_576
"""Of a sheet, its header included."""


class ExcelWriter(Writer):
    """openpyxl keeps no row in memory."""

    def __init__(self, file: IO[bytes], schema: Schema) -> None:
        super().__init__(schema)
        self._target = file
        self._book = Workbook(write_only=True)
        self._book.properties.created = self._book.properties.modified = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - Excel knows no zones
        self._sheet: Any = self._book.create_sheet("rows")
        self._sheet.append([self._cell(name) for name in schema.names])

    def _append(self, block: pd.DataFrame) -> None:
        check_rows(self.rows + len(block))
        try:
            for row in plain_rows(block, self.schema):
                self._sheet.append([self._cell(value) for value in row])
        except IllegalCharacterError as error:
            raise FolderError(
                f"Excel cannot hold the text {str(error).split(' cannot')[0]!r}: write another format."
            ) from None

    def _cell(self, value: Any) -> Any:
        if isinstance(value, dt.datetime) and value.tzinfo is not None:
            value = value.isoformat(sep=" ")
        if not isinstance(value, str):
            return value
        cell: Any = WriteOnlyCell(self._sheet, value=value)
        cell.data_type = "s"
        return cell

    def close(self) -> None:
        self._book.save(self._target)


def check_rows(rows: int) -> None:
    """FolderError if a sheet cannot hold so many."""
    if rows >= MOST_ROWS:
        raise FolderError(
            f"{rows} rows are more than an Excel sheet holds ({MOST_ROWS - 1} below its header): write "
            ".parquet or .csv, or fewer rows."
        )
