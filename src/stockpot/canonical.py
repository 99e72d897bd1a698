"""Between a table's own dtypes and the canonical frame that families encode.

Canonical: numerical columns as float64 (NaN missing), everything else as object of str (None missing).
``restore(canonical(frame, schema), schema)`` has the frame's columns, order and dtypes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from stockpot.errors import SchemaError
from stockpot.schema import Column, Schema, nearest
from stockpot.sdtypes import MOST_DECIMALS
from stockpot.values import Floats, as_numbers, as_text


def canonical(frame: pd.DataFrame, schema: Schema) -> pd.DataFrame:
    """The frame's columns of the schema, in its order, as canonical values."""
    for name in schema.names:
        if name not in frame.columns:
            raise SchemaError(f"The table lacks column {name!r}{nearest(name, frame.columns)}.")
    columns = {c.name: canonical_column(frame[c.name], c) for c in schema.columns}
    return pd.DataFrame(columns, index=pd.RangeIndex(len(frame)), columns=list(schema.names))


def restore(frame: pd.DataFrame, schema: Schema) -> pd.DataFrame:
    """A canonical frame back in the table's columns, order, dtypes and precision."""
    columns = {c.name: restore_column(frame[c.name].to_numpy(), c) for c in schema.columns}
    return pd.DataFrame(columns, columns=list(schema.names))


def restore_column(values: npt.NDArray[Any], column: Column) -> pd.Series:
    """Canonical values of one column in its dtype; ValueError for a missing value that it cannot hold."""
    if column.sdtype == "numerical":
        return _restore_numbers(np.asarray(values, dtype=np.float64), column)
    return _in_dtype([None if pd.isna(v) else _read(v, column) for v in values], column)


def canonical_column(series: pd.Series, column: Column) -> pd.Series:
    """One column's values, canonical."""
    if column.sdtype == "numerical":
        try:
            return pd.Series(_numbers(series, column), dtype="float64")
        except (TypeError, ValueError) as error:
            why = f"Column {column.name!r} is numerical, but not here ({error}): mend the value."
            raise SchemaError(why) from None
    return pd.Series(as_text(series, column.format), dtype=object)


def _numbers(series: pd.Series, column: Column) -> Floats:
    if column.written is None or pd.api.types.is_numeric_dtype(series.dtype):
        return as_numbers(series)
    texts = as_text(series)
    return np.array([np.nan if t is None else column.written.read(t) for t in texts], dtype=np.float64)


def rounded(numbers: Floats, column: Column) -> Floats:
    """The numbers with no more digits after the point than the column has."""
    if column.decimals is None or column.decimals >= MOST_DECIMALS:
        return numbers
    return np.round(numbers, column.decimals) + 0.0  # no minus zero


def _restore_numbers(numbers: Floats, column: Column) -> pd.Series:
    numbers = rounded(numbers, column)
    if column.dtype.lower().startswith(("int", "uint")):
        return _restore_integers(numbers, column)
    if column.dtype.lower().startswith(("float", "double")):
        return _cast(pd.Series(numbers), column.dtype)
    whole = column.decimals == 0
    plain: list[Any] = [None if np.isnan(v) else int(v) if whole else float(v) for v in numbers]
    if column.written is not None:
        digits, form = column.decimals or 0, column.written
        plain = [None if v is None else form.write(v, digits) for v in plain]
    elif column.holds in ("text", "mixed"):
        plain = [None if v is None else plain_number(v) for v in plain]
    elif column.holds == "number":
        plain = [None if v is None else float(v) for v in plain]
    return _in_dtype(plain, column)


def _restore_integers(numbers: Floats, column: Column) -> pd.Series:
    bits = np.iinfo(column.dtype.lower().removesuffix("[pyarrow]"))
    missing = np.isnan(numbers)
    clipped = np.clip(np.where(missing, 0, numbers), float(bits.min), float(bits.max))
    whole = [None if gone else min(int(v), bits.max) for v, gone in zip(clipped, missing, strict=True)]
    return _series(whole, column)


def plain_number(value: float) -> str:
    """Shortest text of a number, without an exponent where it has digits after the point."""
    text = repr(value)
    return np.format_float_positional(value, trim="0") if "e" in text else text


def _read(text: str, column: Column) -> Any:
    readers: dict[str, Callable[[str], Any]] = {
        "boolean": lambda t: {"True": True, "False": False}[t],
        "integer": int,
        "number": float,
        "date": dt.date.fromisoformat,
    }
    return readers.get(column.holds, str)(text)


def _in_dtype(values: list[Any], column: Column) -> pd.Series:
    """Python values, None for missing, in the column's dtype; NaN in an object column, as pandas reads it."""
    if column.holds == "datetime":
        stamps = pd.to_datetime(
            pd.Series(values, dtype=object), format=column.format, utc="%z" in column.format
        )
        return _categories(stamps, column) if column.dtype == "category" else _cast(stamps, column.dtype)
    if column.holds == "timedelta":
        spans = pd.to_timedelta(pd.Series(values, dtype=object))
        return _categories(spans, column) if column.dtype == "category" else _cast(spans, column.dtype)
    if column.dtype == "category":
        return _categories(pd.Series(values, dtype=object), column)
    if column.dtype == "object":
        return pd.Series([np.nan if v is None else v for v in values], dtype=object)
    if column.dtype.startswith(("float", "Float", "double")):  # numbers that were called categories
        return _cast(pd.Series([np.nan if v is None else v for v in values], dtype="float64"), column.dtype)
    return _series(values, column)


def _series(values: list[Any], column: Column) -> pd.Series:
    dtype: Any = column.dtype
    if None in values and _is_plain(column.dtype):
        raise ValueError(f"Column {column.name!r} is {column.dtype}, which cannot hold a missing value.")
    series: pd.Series = pd.Series(values, dtype=dtype)
    return series


def _is_plain(dtype: str) -> bool:
    """Integers and bool of numpy: they have no missing value, as those of pandas (Int64) and Arrow do."""
    return dtype.startswith(("int", "uint", "bool")) and dtype != "boolean" and "[" not in dtype


def _cast(series: pd.Series, dtype: Any) -> pd.Series:
    untyped: Any = series
    cast: pd.Series = untyped.astype(dtype)
    return cast


def _categories(values: pd.Series, column: Column) -> pd.Series:
    """As pandas category: the schema's levels in order, then those that it keeps quiet about (of one row)."""
    known = list(_in_dtype([_read(v, column) for v in column.levels], _plain(column)))
    new = sorted(set(values.dropna()) - set(known))
    return _cast(values, pd.CategoricalDtype([*known, *new], ordered=column.ordered))


def _plain(column: Column) -> Column:
    """The column as if its levels stood in an ordinary column."""
    dtype = "object"
    if column.holds == "datetime":
        dtype = "datetime64[ns, UTC]" if "%z" in column.format else "datetime64[ns]"
    if column.holds == "timedelta":
        dtype = "timedelta64[ns]"
    return Column(column.name, column.sdtype, dtype, None, format=column.format, holds=column.holds)
