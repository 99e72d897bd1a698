"""CSV, TSV and JSON Lines.

A cell of a CSV that begins with = + - @ (or a tab) is taken for a formula by spreadsheet programs. It is
written as it is, unless ``escape`` puts an apostrophe before it, as OWASP advises: that changes the data.
"""

from __future__ import annotations

import io
import json
from typing import IO

import pandas as pd

from stockpot.schema import Schema
from stockpot.sinks.writer import Writer, printed
from stockpot.sources.warnings import is_formula


class TextWriter(Writer):
    """Over a file of bytes, in UTF-8."""

    def __init__(self, file: IO[bytes], schema: Schema) -> None:
        super().__init__(schema)
        self._file = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=False)

    def close(self) -> None:
        self._file.flush()
        self._file.detach()


class CsvWriter(TextWriter):
    """``formula``: the first cell that a spreadsheet program would run."""

    formula = ""

    def __init__(
        self, file: IO[bytes], schema: Schema, separator: str = ",", *, escape: bool = False
    ) -> None:
        super().__init__(file, schema)
        self._separator, self._escape = separator, escape
        self._print(pd.DataFrame(columns=list(schema.names)), header=True)

    def _append(self, block: pd.DataFrame) -> None:
        plain = printed(block, self.schema)
        for column in self.schema.columns:
            if column.sdtype != "numerical":
                plain[column.name] = self._harmless(plain[column.name])
        self._print(plain, header=False)

    def _harmless(self, series: pd.Series) -> pd.Series:
        words = [word for word in series.unique() if isinstance(word, str) and is_formula(word)]
        if not words:
            return series
        if self._escape:
            return series.astype(object).replace({word: f"'{word}" for word in words})
        self.formula = self.formula or words[0]
        return series

    def _print(self, frame: pd.DataFrame, *, header: bool) -> None:
        frame.to_csv(self._file, sep=self._separator, index=False, header=header, lineterminator="\n")


class JsonLinesWriter(TextWriter):
    """An object a line, null for missing."""

    def _append(self, block: pd.DataFrame) -> None:
        plain = printed(block, self.schema).astype(object)
        plain = plain.where(plain.notna(), None)
        for row in plain.to_dict("records"):
            self._file.write(json.dumps(row, ensure_ascii=False, allow_nan=False) + "\n")
