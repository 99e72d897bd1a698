"""Tables that other libraries hold, in and out: ``datasets.Dataset``, Arrow tables, and what turns into one.

A label (ClassLabel, or a dictionary of Arrow's) is a pandas category; whole numbers and booleans stay what
they are where some are missing.
"""

from __future__ import annotations

import importlib
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa

from stockpot.errors import TableError
from stockpot.schema import Column, Schema

Dataset: TypeAlias = Any
"""A `datasets.Dataset`; the package ships no types."""
NULLABLE: dict[pa.DataType, Any] = {
    pa.bool_(): pd.BooleanDtype(),
    pa.int8(): pd.Int8Dtype(),
    pa.int16(): pd.Int16Dtype(),
    pa.int32(): pd.Int32Dtype(),
    pa.int64(): pd.Int64Dtype(),
    pa.uint8(): pd.UInt8Dtype(),
    pa.uint16(): pd.UInt16Dtype(),
    pa.uint32(): pd.UInt32Dtype(),
    pa.uint64(): pd.UInt64Dtype(),
}
"""What holds them in pandas where some are missing."""
OBJECTS = {
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "integer": pa.int64(),
    "number": pa.float64(),
}
"""Arrow's type of an object column; all else is text."""


def frame_of(table: Any) -> pd.DataFrame:
    """The rows as pandas; what is no table is left to whoever checks frames. TableError for several tables,
    and for a stream.
    """
    if isinstance(table, dict) and hasattr(table, "column_names"):
        return frame_of(_only(table))
    if hasattr(table, "features") and hasattr(table, "with_format"):
        if not hasattr(table, "num_rows"):
            raise TableError(
                "The dataset is a stream: load it without streaming=True, for its rows are read often."
            )
        return _of_arrow(table.with_format("arrow")[:], table.features)
    if not isinstance(table, pd.DataFrame | pa.Table) and hasattr(table, "to_arrow"):
        table = table.to_arrow()
    return _of_arrow(table, {}) if isinstance(table, pa.Table) else table


def dataset_of(frame: pd.DataFrame, schema: Schema) -> Dataset:
    """Rows of this schema as a ``datasets.Dataset``: categories of text are a ClassLabel."""
    datasets = importlib.import_module("datasets")
    labels = [c.name for c in schema.columns if _is_label(frame[c.name], c)]
    columns = {c.name: _to_arrow(frame[c.name], c, label=c.name in labels) for c in schema.columns}
    table = pa.table(columns)
    features = datasets.Features.from_arrow_schema(table.schema)
    for name in labels:
        features[name] = datasets.ClassLabel(names=list(frame[name].cat.categories))
    return datasets.Dataset(table, info=datasets.DatasetInfo(features=features))


def _only(splits: dict[str, Any]) -> Any:
    if len(splits) != 1:
        names = ", ".join(map(repr, splits)) or "none"
        raise TableError(
            f"The dataset has {len(splits)} splits ({names}): give one of them, as data['train']."
        )
    return next(iter(splits.values()))


def _of_arrow(table: pa.Table, features: Any) -> pd.DataFrame:
    columns = [_to_pandas(table.column(i), features.get(name)) for i, name in enumerate(table.column_names)]
    frame = pd.concat(columns, axis=1) if columns else pd.DataFrame()
    frame.columns = pd.Index(table.column_names)
    return frame


def _to_pandas(column: pa.ChunkedArray, feature: Any) -> pd.Series:
    if hasattr(feature, "int2str"):
        codes = np.array([-1 if code is None else code for code in column.to_pylist()], dtype=np.int64)
        return pd.Series(pd.Categorical.from_codes(np.maximum(codes, -1), categories=feature.names))
    if pa.types.is_null(column.type) or pa.types.is_decimal(column.type):
        return pd.Series(column.to_pylist(), dtype="float64")
    series: pd.Series = column.to_pandas(types_mapper=NULLABLE.get if column.null_count else None)
    return series.where(series.notna(), np.nan) if series.dtype == object else series


def _is_label(series: pd.Series, column: Column) -> bool:
    return isinstance(series.dtype, pd.CategoricalDtype) and column.holds == "text"


def _to_arrow(series: pd.Series, column: Column, *, label: bool) -> pa.Array:
    if label:
        codes = series.cat.codes.to_numpy(dtype=np.int64)
        return pa.array(codes, mask=codes < 0)
    if isinstance(series.dtype, pd.CategoricalDtype):
        series = series.astype(series.cat.categories.dtype)
    kind = OBJECTS.get(column.holds, pa.string()) if series.dtype == object else None
    found = pa.array(series, type=kind, from_pandas=True)
    return found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found
