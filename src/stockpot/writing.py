"""Writing rows as a stream, block by block, to .csv, .tsv, .jsonl or .parquet.

A file is written under another name beside its place and renamed when it is whole. Numbers have the column's
digits; whole numbers of a column that pandas holds as float64 only because values are missing are written 1,
not 1.0.
"""

from __future__ import annotations

import json
import os
import secrets
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from stockpot.canonical import canonical, restore, rounded
from stockpot.errors import FolderError
from stockpot.schema import Column, Schema
from stockpot.values import as_text


class Writer(ABC):
    """Takes blocks of rows in the table's dtypes."""

    rows = 0

    def __init__(self, schema: Schema) -> None:
        self.schema = schema

    def write(self, block: pd.DataFrame) -> None:
        """Append a block's rows."""
        if tuple(block.columns) != self.schema.names:
            raise ValueError(
                f"The block has columns {list(block.columns)}, the schema {list(self.schema.names)}."
            )
        self._append(block.reset_index(drop=True))
        self.rows += len(block)

    @abstractmethod
    def _append(self, block: pd.DataFrame) -> None: ...

    @abstractmethod
    def close(self) -> None: ...


class _TextWriter(Writer):
    def __init__(self, path: Path, schema: Schema) -> None:
        super().__init__(schema)
        self._file: TextIO = path.open("w", encoding="utf-8", newline="")

    def close(self) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()


class _CsvWriter(_TextWriter):
    def __init__(self, path: Path, schema: Schema, separator: str) -> None:
        super().__init__(path, schema)
        self._separator = separator
        pd.DataFrame(columns=list(schema.names)).to_csv(
            self._file, sep=separator, index=False, lineterminator="\n"
        )

    def _append(self, block: pd.DataFrame) -> None:
        plain = _printed(block, self.schema)
        plain.to_csv(self._file, sep=self._separator, index=False, header=False, lineterminator="\n")


class _JsonLinesWriter(_TextWriter):
    def _append(self, block: pd.DataFrame) -> None:
        plain = _printed(block, self.schema).astype(object)
        plain = plain.where(plain.notna(), None)
        for row in plain.to_dict("records"):
            self._file.write(json.dumps(row, ensure_ascii=False, allow_nan=False) + "\n")


class _ParquetWriter(Writer):
    def __init__(self, path: Path, schema: Schema) -> None:
        super().__init__(schema)
        self._fields = pa.schema(
            [(c.name, _arrow_type(c)) for c in schema.columns if _arrow_type(c) is not None]
        )
        self._path = path
        self._file: pq.ParquetWriter | None = None

    def _append(self, block: pd.DataFrame) -> None:
        table = pa.Table.from_pandas(block, preserve_index=False)
        for i, field in enumerate(table.schema):
            if field.name in self._fields.names:
                wanted = self._fields.field(field.name)
                table = table.set_column(i, wanted, table.column(i).cast(wanted.type))
        if self._file is None:
            self._file = pq.ParquetWriter(self._path, table.schema)
        self._file.write_table(table.cast(self._file.schema))

    def close(self) -> None:
        if self._file is None:
            empty = pd.DataFrame({c.name: np.array([]) for c in self.schema.columns})
            self._append(restore(empty, self.schema))
        assert self._file is not None
        self._file.close()


@contextmanager
def open_writer(path: str | Path, schema: Schema) -> Iterator[Writer]:
    """A writer for the path's suffix. The file appears when all went well, or not at all."""
    path = Path(path)
    check_target(path)
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        writer = _writer(part, schema, path.suffix.lower())
    except OSError as error:
        raise FolderError(
            f"{path} cannot be written ({error.strerror or error}): give another path."
        ) from None
    try:
        try:
            yield writer
        finally:
            writer.close()
        part.replace(path)
    finally:
        with suppress(FileNotFoundError):
            part.unlink()


def write(blocks: Iterable[pd.DataFrame], path: str | Path, schema: Schema) -> int:
    """Write all blocks; returns the number of rows."""
    with open_writer(path, schema) as writer:
        for block in blocks:
            writer.write(block)
    return writer.rows


SUFFIXES = (".csv", ".tsv", ".jsonl", ".parquet")


def check_target(path: str | Path) -> None:
    """FolderError if rows cannot be written to the path: before an hour's work, not after it."""
    path = Path(path)
    if path.suffix.lower() not in SUFFIXES:
        raise FolderError(f"{path.name} is of no kind that rows are written in: use {', '.join(SUFFIXES)}.")
    if path.is_dir():
        raise FolderError(f"{path} is a folder: give the name of a file.")


def _writer(path: Path, schema: Schema, suffix: str) -> Writer:
    if suffix == ".parquet":
        return _ParquetWriter(path, schema)
    if suffix == ".jsonl":
        return _JsonLinesWriter(path, schema)
    return _CsvWriter(path, schema, "\t" if suffix == ".tsv" else ",")


def _printed(block: pd.DataFrame, schema: Schema) -> pd.DataFrame:
    """The block with every value as it should be printed."""
    return pd.DataFrame(
        {c.name: _printed_column(block[c.name], c) for c in schema.columns}, columns=list(schema.names)
    )


def _printed_column(series: pd.Series, column: Column) -> pd.Series:
    if column.format and column.holds in ("datetime", "date"):
        return pd.Series(as_text(series, column.format), dtype=object)
    if column.sdtype != "numerical" or column.dtype == "category":
        return series
    if not pd.api.types.is_float_dtype(series.dtype):
        return series
    numbers = rounded(canonical(series.to_frame(), Schema((column,)))[column.name].to_numpy(), column)
    if column.decimals == 0 and column.missing:
        return pd.Series(numbers).astype("Int64")
    return pd.Series(numbers)


def _arrow_type(column: Column) -> pa.DataType | None:
    """Arrow's type of an object column: a block may lack any value, and then pandas cannot tell."""
    kinds = {"text": pa.string(), "mixed": pa.string(), "boolean": pa.bool_(), "date": pa.date32()}
    kinds |= {"integer": pa.int64(), "number": pa.float64(), "empty": pa.null()}
    return kinds.get(column.holds) if column.dtype == "object" else None
