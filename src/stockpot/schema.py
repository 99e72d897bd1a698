"""A table's schema: column name -> sdtype, with what it takes to give drawn values the column's form again.

A schema holds no value that one row alone has: ``levels`` lists only levels that two or more rows share, or
none.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias, cast

import pandas as pd

from stockpot import sdv
from stockpot.errors import SchemaError
from stockpot.sdtypes import SDTYPES, Sdtype, check, datetime_form, decimals_of, sdtype_of
from stockpot.values import Holds, as_numbers, as_text, datetime_format, holds

__all__ = ["SDTYPES", "Column", "Given", "Schema", "Sdtype", "detect", "from_sdv", "resolve"]


@dataclass(frozen=True)
class Column:
    """One column.

    dtype: the pandas dtype of the real column ("int64", "object", "category").
    decimals: numerical: digits after the point seen (0 for integers, 12: do not round); else None.
    note: one sentence that a person should read (constant, all missing ...), or "".
    format: datetime: the strftime format of its text; else "".
    holds: what the values are inside an object or category column.
    missing: whether any value of the real column is missing.
    levels, ordered: of a pandas category dtype; levels that one row alone has are left out.
    """

    name: str
    sdtype: Sdtype
    dtype: str
    decimals: int | None
    note: str = ""
    format: str = ""
    holds: Holds = "text"
    missing: bool = False
    levels: tuple[str, ...] = ()
    ordered: bool = False


@dataclass(frozen=True)
class Schema:
    """The columns in the table's order, and the name of the primary key, if any."""

    columns: tuple[Column, ...]
    key: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(c.name for c in self.columns)

    @property
    def notes(self) -> tuple[str, ...]:
        return tuple(c.note for c in self.columns if c.note)

    @cached_property
    def _by_name(self) -> dict[str, Column]:
        return {c.name: c for c in self.columns}

    def column(self, name: str) -> Column:
        if name not in self._by_name:
            raise SchemaError(f"There is no column {name!r}{nearest(name, self.names)}.")
        return self._by_name[name]

    def of(self, *sdtypes: Sdtype) -> tuple[str, ...]:
        """Names of the columns of these sdtypes, in order."""
        return tuple(c.name for c in self.columns if c.sdtype in sdtypes)

    def without(self, *names: str) -> Schema:
        kept = tuple(c for c in self.columns if c.name not in names)
        return Schema(kept, None if self.key in names else self.key)

    def to_sdv(self) -> dict[str, Any]:
        """SDV single-table metadata, as a dict for a JSON file."""
        columns = {c.name: _sdv_column(c) for c in self.columns}
        key = {} if self.key is None else {"primary_key": self.key}
        return {"METADATA_SPEC_VERSION": sdv.VERSION, "columns": columns, **key}

    def to_json(self) -> dict[str, Any]:
        """All fields, as a dict for a JSON file."""
        return {"key": self.key, "columns": [{**asdict(c), "levels": list(c.levels)} for c in self.columns]}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Schema:
        columns = tuple(Column(**{**c, "levels": tuple(c["levels"])}) for c in data["columns"])
        return cls(columns, data["key"])


Given: TypeAlias = Schema | Mapping[str, Any] | str | Path
"""What a person may give: a Schema, SDV metadata, a plain {column: sdtype}, or a JSON file of these two."""


def detect(
    frame: pd.DataFrame,
    given: Mapping[str, Sdtype] | None = None,
    formats: Mapping[str, str] | None = None,
) -> Schema:
    """The schema of a frame. ``given`` types hold (or are a SchemaError); the others are detected.

    ``formats`` are the strftime formats of datetimes that are stored as text or numbers, where known.
    """
    forms = formats or {}
    types = dict(given or {})
    for name in types:
        if name not in frame.columns:
            raise SchemaError(_unknown(name, frame))
    columns = tuple(
        _column(str(name), frame[name], types.get(str(name)), forms.get(str(name), ""))
        for name in frame.columns
    )
    keys = (c.name for c in columns if c.sdtype == "id" and not c.missing and frame[c.name].is_unique)
    return Schema(columns, next(keys, None))


def from_sdv(metadata: Mapping[str, Any], frame: pd.DataFrame) -> Schema:
    """Types as SDV metadata gives them; the rest (dtype, decimals) is read off the frame."""
    said = sdv.parse(metadata)
    types = {name: _ours(name, said.sdtypes[name], frame) for name in said.sdtypes}
    _complete(types, frame)
    schema = detect(frame, types, said.formats)
    columns = tuple(_as_said(c, said) for c in schema.columns)
    return Schema(columns, said.key if said.key in schema.names else schema.key)


def resolve(given: Given | None, frame: pd.DataFrame, dropped: Iterable[str] = ()) -> Schema:
    """The schema of the frame, by whatever a person gave. It may still describe columns that were dropped."""
    if given is None:
        return detect(frame)
    if isinstance(given, Schema):
        given = {c.name: c.sdtype for c in given.columns}
    if isinstance(given, str | Path):
        given = _load(Path(given))
    if hasattr(given, "to_dict"):  # SDV's own metadata object
        given = cast("Mapping[str, Any]", given.to_dict())
    if not isinstance(given, Mapping):
        raise SchemaError(f"A {type(given).__name__} is no schema: {_FORMS}.")
    if sdv.is_metadata(given):
        return from_sdv(_undropped(given, set(dropped)), frame)
    types = {name: _checked(name, sdtype) for name, sdtype in given.items() if name not in set(dropped)}
    _complete(types, frame)
    return detect(frame, types)


def nearest(name: str, names: Iterable[object]) -> str:
    """A hint after a name that is not there: the nearest one, or what there is."""
    known = [str(n) for n in names]
    close = difflib.get_close_matches(name, known, n=1) or [n for n in known if n.lower() == name.lower()]
    if close:
        return f" (did you mean {close[0]!r}?)"
    return f" (it has {', '.join(known[:12])}{' ...' if len(known) > 12 else ''})"


def _column(name: str, series: pd.Series, given: Sdtype | None, form: str) -> Column:
    if given is not None:
        check(name, series, given, form)
    sdtype = given or sdtype_of(name, series)
    return Column(
        name=name,
        sdtype=sdtype,
        dtype=str(series.dtype),
        decimals=decimals_of(as_numbers(series)) if sdtype == "numerical" else None,
        note=_note(name, series),
        format=_format(series, form) if sdtype == "datetime" or holds(series) == "datetime" else "",
        holds=holds(series),
        missing=bool(series.isna().any()),
        levels=_levels(series),
        ordered=isinstance(series.dtype, pd.CategoricalDtype) and bool(series.dtype.ordered),
    )


def _note(name: str, series: pd.Series) -> str:
    if bool(series.isna().all()):
        return f"Column {name!r} has no value in any row: it stays empty."
    if holds(series) == "mixed":
        return f"Column {name!r} is taken as text: its values are of several kinds, or of a rare one."
    if not bool(series.isna().any()) and series.nunique() == 1:
        return f"Column {name!r} has the same value in every row, and will in every drawn row."
    return ""


def _format(series: pd.Series, form: str) -> str:
    if holds(series) == "datetime":
        return datetime_format(series)
    return form or datetime_form(list(dict.fromkeys(t for t in as_text(series) if t is not None)))


def _levels(series: pd.Series) -> tuple[str, ...]:
    if not isinstance(series.dtype, pd.CategoricalDtype):
        return ()
    words = as_text(pd.Series(series.dtype.categories))
    counts = series.cat.codes.value_counts()
    return tuple(str(word) for code, word in enumerate(words) if int(counts.get(code, 0)) != 1)


def _sdv_column(column: Column) -> dict[str, str]:
    if column.sdtype == "numerical":
        whole = column.decimals == 0 and column.dtype.lower().startswith(("int", "uint"))
        return {"sdtype": "numerical", "computer_representation": "Int64" if whole else "Float"}
    if column.sdtype == "datetime" and column.format:
        return {"sdtype": "datetime", "datetime_format": column.format}
    return {"sdtype": column.sdtype}


def _ours(name: str, sdtype: str, frame: pd.DataFrame) -> Sdtype:
    """SDV's many sdtypes of personal data are ids where they tell rows apart, else text."""
    if sdv.is_known(sdtype) or name not in frame.columns:
        return cast("Sdtype", sdtype)
    if holds(frame[name]) in ("integer", "number"):
        return sdtype_of(name, frame[name])
    return "id" if frame[name].is_unique and not bool(frame[name].isna().any()) else "text"


def _as_said(column: Column, said: sdv.Metadata) -> Column:
    """The column, with a note where its sdtype is not one of ours."""
    sdtype = said.sdtypes[column.name]
    if sdv.is_known(sdtype):
        return column
    note = f"SDV's sdtype {sdtype!r} of column {column.name!r} is taken as {column.sdtype}."
    return replace(column, note=" ".join(filter(None, (column.note, note))))


def _complete(types: Mapping[str, object], frame: pd.DataFrame) -> None:
    lacking = next((str(n) for n in frame.columns if n not in types), None)
    unknown = next((n for n in types if n not in frame.columns), None)
    if unknown is not None:
        raise SchemaError(_unknown(unknown, frame))
    if lacking is not None:
        raise SchemaError(
            f"The schema says nothing of column {lacking!r}: add its sdtype, or drop the column."
        )


def _unknown(name: str, frame: pd.DataFrame) -> str:
    return f"The schema names column {name!r}, which the table lacks{nearest(name, frame.columns)}."


def _checked(name: str, sdtype: object) -> Sdtype:
    if sdtype not in SDTYPES:
        raise SchemaError(
            f"Column {name!r} cannot be of sdtype {sdtype!r}: it is one of {', '.join(SDTYPES)}."
        )
    return sdtype


def _undropped(metadata: Mapping[str, Any], dropped: set[str]) -> Mapping[str, Any]:
    tables = metadata.get("tables")
    if isinstance(tables, Mapping):
        return {**metadata, "tables": {k: _undropped(v, dropped) for k, v in tables.items()}}
    columns = metadata.get("columns")
    if not dropped or not isinstance(columns, Mapping):
        return metadata
    kept = {**metadata, "columns": {k: v for k, v in columns.items() if k not in dropped}}
    return {k: v for k, v in kept.items() if k != "primary_key" or v not in dropped}


_FORMS = "give SDV metadata, or a plain {column: sdtype}"


def _load(path: Path) -> Mapping[str, Any]:
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise SchemaError(f"There is no schema file {path}: check the path.") from None
    except (OSError, ValueError) as error:
        raise SchemaError(f"The schema file {path} is no JSON ({error}): {_FORMS}.") from None
    if not isinstance(data, dict):
        raise SchemaError(f"The schema file {path} holds a {type(data).__name__}: {_FORMS}.")
    return data
