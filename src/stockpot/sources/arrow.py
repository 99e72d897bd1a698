"""Parquet and Arrow files, with the dtypes that pandas wrote them from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from stockpot.csvtext import reject_doubles
from stockpot.errors import TableError
from stockpot.sources.loading import brief, load, plain

OWN = ("boolean", "string")
_PANDAS_INDEX = re.compile(r"__index_level_\d+__")


def read_arrow(path: Path, kind: Literal["parquet", "arrow"]) -> pd.DataFrame:
    """The file's rows; TableError if it is broken."""
    try:
        schema = pq.read_schema(path) if kind == "parquet" else _arrow_table(path).schema
    except (pa.ArrowException, OSError) as error:
        raise TableError(f"{path.name} cannot be read as {kind} ({brief(error)}): make it again.") from None
    reject_doubles(schema.names, path.name)
    frame = plain(load(path, kind))
    for name, dtype in _pandas_dtypes(path, kind, schema).items():
        frame[name] = frame[name].astype(dtype)
    return frame.drop(columns=[c for c in frame.columns if _PANDAS_INDEX.fullmatch(str(c))])


def _pandas_dtypes(path: Path, kind: str, schema: pa.Schema) -> Mapping[str, Any]:
    """Columns that pandas wrote from its own dtypes (category, Int64, string): `datasets` forgets them."""
    said = {c["name"]: str(c["numpy_type"]) for c in (schema.pandas_metadata or {}).get("columns", [])}
    own = [
        field.name
        for field in schema
        if pa.types.is_dictionary(field.type)
        or said.get(field.name, "")[:1].isupper()
        or said.get(field.name) in OWN
    ]
    if not own:
        return {}
    table = pq.read_table(path, columns=own) if kind == "parquet" else _arrow_table(path).select(own)
    frame = table.to_pandas()
    return {name: frame[name].dtype for name in own}


def _arrow_table(path: Path) -> pa.Table:
    with pa.OSFile(str(path), "rb") as source:
        try:
            return pa.ipc.open_file(source).read_all()
        except pa.ArrowInvalid:
            source.seek(0)
            return pa.ipc.open_stream(source).read_all()
