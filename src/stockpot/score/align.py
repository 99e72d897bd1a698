"""Two tables made comparable: numbers as float64, everything else as text, NaN where a value is missing.

Every figure starts here, so that a table scores the same whatever its dtypes: a boolean is a category of two,
and 1.0 in a category is the text "1" (a missing value turns whole numbers into floats). Columns keep their
order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from stockpot.canonical import canonical_column
from stockpot.errors import TableError
from stockpot.units import counted

if TYPE_CHECKING:
    from stockpot.column import Column
    from stockpot.schema import Schema

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.intp]
BoolArray = npt.NDArray[np.bool_]
Kind = Literal["numerical", "categorical"]
Kinds = Mapping[str, Kind]


def kinds_of(frame: pd.DataFrame) -> dict[str, Kind]:
    """Column -> kind, from the frame's own dtypes."""
    return {str(name): _kind(frame[name]) for name in frame}


class SchemaKinds(dict[str, Kind]):
    """Kinds of a schema's columns. ``forms``: of numbers that are told in a form (dates, money)."""

    def __init__(self, kinds: Kinds, forms: Mapping[str, Column]) -> None:
        super().__init__(kinds)
        self.forms = dict(forms)


def kinds_of_schema(schema: Schema) -> SchemaKinds:
    """Column -> kind, from the table's schema. Datetimes and durations are numbers. Ids, personal data and
    free text have no figures: they are left out.
    """
    kinds: dict[str, Kind] = {}
    forms: dict[str, Column] = {}
    for column in schema.columns:
        if column.unit or column.written is not None:
            forms[column.name] = column
        if column.sdtype in ("numerical", "datetime", "timedelta"):
            kinds[column.name] = "numerical"
        elif column.sdtype in ("categorical", "boolean"):
            kinds[column.name] = "categorical"
    return SchemaKinds(kinds, forms)


def align(frame: pd.DataFrame, kinds: Kinds) -> pd.DataFrame:
    """The columns of ``kinds``, comparable. Aligning twice changes nothing."""
    absent = [name for name in kinds if name not in frame]
    if absent:
        raise TableError(f"Column '{absent[0]}' is missing: these rows cannot be compared with the table's.")
    columns = {
        name: _numbers(_read(frame[name], kinds)) if kind == "numerical" else _texts(frame[name])
        for name, kind in kinds.items()
    }
    return pd.DataFrame(columns, index=pd.RangeIndex(len(frame)))


@dataclass(frozen=True)
class Levels:
    """The categories that some rows hold, numbered from 0 in alphabetical order; then a number for a missing
    value and one for every category that they do not hold.
    """

    known: pd.Index

    @staticmethod
    def of(values: pd.Series) -> Levels:
        return Levels(pd.Index(sorted(values.dropna().unique()), dtype=object))

    @property
    def size(self) -> int:
        return len(self.known) + 2

    def codes(self, values: pd.Series) -> IntArray:
        codes = self.known.get_indexer(pd.Index(values, dtype=object))
        codes = np.where(codes < 0, len(self.known) + 1, codes)
        return np.where(values.isna().to_numpy(), len(self.known), codes).astype(np.intp)


def _kind(values: pd.Series) -> Kind:
    number = pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values.dropna())
    return "numerical" if number else "categorical"


def _read(values: pd.Series, kinds: Kinds) -> pd.Series:
    """Dates and money as numbers."""
    column = kinds.forms.get(str(values.name)) if isinstance(kinds, SchemaKinds) else None
    if column is None or pd.api.types.is_float_dtype(values.dtype):
        return values
    plain = canonical_column(values, column)
    return pd.Series(counted(plain, column) if column.unit else plain, name=str(values.name))


def _numbers(values: pd.Series) -> FloatArray:
    if values.dtype == np.float64:
        return values.to_numpy()
    plain = values.astype(object) if isinstance(values.dtype, pd.CategoricalDtype) else values
    try:
        numbers = pd.to_numeric(plain)
    except (ValueError, TypeError) as error:
        raise TableError(f"Column '{values.name}' should hold numbers, and does not: {error}.") from None
    return np.asarray(numbers.to_numpy(dtype=np.float64, na_value=np.nan))


def _texts(values: pd.Series) -> npt.NDArray[np.object_]:
    present = values.notna().to_numpy()
    texts = np.full(len(values), np.nan, dtype=object)
    texts[present] = [_text(value) for value in values[present]]
    return texts


def _text(value: Any) -> str:
    if isinstance(value, float | np.floating) and value.is_integer():
        return str(int(value))
    return str(value)
