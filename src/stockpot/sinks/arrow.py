"""Parquet, and Arrow's own files and streams.

Blocks are gathered before they are written: a group of rows for each block would cost memory that grows with
the rows (a file keeps what it says of its groups until it is closed), and readers time.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import IO, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from stockpot.canonical import restore
from stockpot.schema import Column, Schema
from stockpot.sinks.writer import Writer

GROUP = 100_000
"""Rows of a group: some megabytes."""


class _ArrowWriter(Writer):
    def __init__(self, file: IO[bytes], schema: Schema) -> None:
        super().__init__(schema)
        self._target = file
        self._file: Any = None
        self._waiting: list[pa.Table] = []
        self._count = 0
        self._fields = pa.schema(
            [(c.name, _arrow_type(c)) for c in schema.columns if _arrow_type(c) is not None]
        )

    def _append(self, block: pd.DataFrame) -> None:
        table = pa.Table.from_pandas(block, preserve_index=False)
        for i, field in enumerate(table.schema):
            if field.name in self._fields.names:
                wanted = self._fields.field(field.name)
                table = table.set_column(i, wanted, table.column(i).cast(wanted.type))
        if self._file is None:
            self._file = self._opened(table.schema)
            self._schema = table.schema
        self._waiting.append(table.cast(self._schema))
        self._count += len(block)
        if self._count >= GROUP:
            self._flush()

    def _flush(self) -> None:
        if self._waiting:
            self._file.write_table(pa.concat_tables(self._waiting).combine_chunks())
        self._waiting, self._count = [], 0

    def close(self) -> None:
        if self._file is None:
            empty = pd.DataFrame({c.name: np.array([]) for c in self.schema.columns})
            self._append(restore(empty, self.schema))
        self._flush()
        self._file.close()

    @abstractmethod
    def _opened(self, schema: pa.Schema) -> Any: ...


class ParquetWriter(_ArrowWriter):
    """Parquet, compressed by snappy."""

    def _opened(self, schema: pa.Schema) -> Any:
        return pq.ParquetWriter(self._target, schema)


class ArrowWriter(_ArrowWriter):
    """Arrow's IPC file."""

    def _opened(self, schema: pa.Schema) -> Any:
        return pa.ipc.new_file(self._target, schema)


class ArrowStreamWriter(_ArrowWriter):
    """Arrow's IPC stream, as `datasets` keeps it."""

    def _opened(self, schema: pa.Schema) -> Any:
        return pa.ipc.new_stream(self._target, schema)


def _arrow_type(column: Column) -> pa.DataType | None:
    """Arrow's type of an object column: a block may lack any value, and then pandas cannot tell."""
    kinds = {"text": pa.string(), "mixed": pa.string(), "boolean": pa.bool_(), "date": pa.date32()}
    kinds |= {"integer": pa.int64(), "number": pa.float64(), "empty": pa.null()}
    return kinds.get(column.holds) if column.dtype == "object" else None
