"""A table's schema: column name -> sdtype, with what it takes to give drawn values the column's form again.

A schema holds no value that one row alone has: ``levels`` lists only levels that two or more rows share, or
none.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias, cast

import pandas as pd

from stockpot import sdv
from stockpot.afresh.people import LOCALE, METHODS
from stockpot.column import Column
from stockpot.describe import described
from stockpot.errors import SchemaError
from stockpot.sdtypes import SDTYPES, Sdtype, sdtype_of
from stockpot.values import holds

__all__ = ["SDTYPES", "Column", "Given", "Schema", "Sdtype", "detect", "from_sdv", "resolve"]


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
        columns = {c.name: c.to_sdv() for c in self.columns}
        key = {} if self.key is None else {"primary_key": self.key}
        return {"METADATA_SPEC_VERSION": sdv.VERSION, "columns": columns, **key}

    def to_json(self) -> dict[str, Any]:
        """All fields, as a dict for a JSON file."""
        return {"key": self.key, "columns": [c.to_json() for c in self.columns]}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Schema:
        return cls(tuple(Column.from_json(c) for c in data["columns"]), data["key"])


Given: TypeAlias = Schema | Mapping[str, Any] | str | Path
"""What a person may give: a Schema, SDV metadata, a plain {column: sdtype}, or a JSON file of these two."""


def detect(
    frame: pd.DataFrame,
    given: Mapping[str, str] | None = None,
    formats: Mapping[str, str] | None = None,
    locale: str = LOCALE,
) -> Schema:
    """The schema of a frame. ``given`` types hold (or are a SchemaError); the others are detected.

    ``formats`` are the strftime formats of datetimes that are stored as text or numbers, where known.
    ``locale``: of personal data.
    """
    forms = formats or {}
    types = dict(given or {})
    for name in types:
        if name not in frame.columns:
            raise SchemaError(_unknown(name, frame))
    columns = tuple(
        described(str(name), frame[name], types.get(str(name)), forms.get(str(name), ""), locale)
        for name in frame.columns
    )
    keys = (c.name for c in columns if c.sdtype == "id" and not c.missing and frame[c.name].is_unique)
    return Schema(columns, next(keys, None))


def from_sdv(
    metadata: Mapping[str, Any],
    frame: pd.DataFrame,
    over: Mapping[str, str] | None = None,
    locale: str = LOCALE,
) -> Schema:
    """Types as SDV metadata gives them, or ``over`` it; the rest (dtype, decimals) is read off the frame."""
    said = sdv.parse(metadata)
    types = {name: _ours(name, said.sdtypes[name], frame) for name in said.sdtypes} | dict(over or {})
    _complete(types, frame)
    schema = detect(frame, types, said.formats, locale)
    columns = tuple(_as_said(c, said) for c in schema.columns)
    return Schema(columns, said.key if said.key in schema.names else schema.key)


def resolve(
    given: Given | None,
    frame: pd.DataFrame,
    dropped: Iterable[str] = (),
    sdtypes: Mapping[str, str] | None = None,
    locale: str = LOCALE,
) -> Schema:
    """The schema of the frame, by whatever a person gave. It may still describe columns that were dropped.

    ``sdtypes`` of some columns go over it, and over what is detected; ``locale`` is that of personal data.
    """
    over = {name: _checked(name, sdtype) for name, sdtype in (sdtypes or {}).items()}
    if given is None:
        return detect(frame, over, locale=locale)
    if isinstance(given, Schema):
        return _again(given, frame, over)
    if isinstance(given, str | Path):
        given = _load(Path(given))
    if hasattr(given, "to_dict"):  # SDV's own metadata object
        given = cast("Mapping[str, Any]", given.to_dict())
    if not isinstance(given, Mapping):
        raise SchemaError(f"A {type(given).__name__} is no schema: {_FORMS}.")
    if sdv.is_metadata(given):
        return from_sdv(_undropped(given, set(dropped)), frame, over, locale)
    types = {name: _checked(name, sdtype) for name, sdtype in given.items() if name not in set(dropped)}
    return detect(frame, types | over, locale=locale)


def _again(schema: Schema, frame: pd.DataFrame, over: Mapping[str, str]) -> Schema:
    """Of other rows of the same columns."""
    known = [c for c in schema.columns if c.name in frame.columns]
    types = {c.name: c.afresh.what if c.afresh and c.afresh.what else c.sdtype for c in known}
    _complete(types, frame)
    forms = {c.name: c.format for c in known if c.format and c.sdtype == "datetime"}
    locale = next((c.afresh.locale for c in known if c.afresh and c.afresh.locale), LOCALE)
    return detect(frame, types | dict(over), forms, locale)


def nearest(name: str, names: Iterable[object]) -> str:
    """A hint after a name that is not there: the nearest one, or what there is."""
    known = [str(n) for n in names]
    close = difflib.get_close_matches(name, known, n=1) or [n for n in known if n.lower() == name.lower()]
    if close:
        return f" (did you mean {close[0]!r}?)"
    return f" (it has {', '.join(known[:12])}{' ...' if len(known) > 12 else ''})"


def _ours(name: str, sdtype: str, frame: pd.DataFrame) -> str:
    """SDV's many sdtypes of personal data are made afresh; those that we do not know are ids where they tell
    rows apart, else text. Numbers speak for themselves.
    """
    if sdv.is_known(sdtype) or name not in frame.columns:
        return sdtype
    if holds(frame[name]) in ("integer", "number"):
        return sdtype_of(name, frame[name])
    if sdtype in METHODS:
        return sdtype
    return "id" if frame[name].is_unique and not bool(frame[name].isna().any()) else "text"


def _as_said(column: Column, said: sdv.Metadata) -> Column:
    """The column, with a note where its sdtype is not one of ours."""
    sdtype = said.sdtypes[column.name]
    if sdv.is_known(sdtype) or column.sdtype == "pii":
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


def _checked(name: str, sdtype: object) -> str:
    if not isinstance(sdtype, str) or (sdtype not in SDTYPES and sdtype not in METHODS):
        raise SchemaError(
            f"Column {name!r} cannot be of sdtype {sdtype!r}: it is one of {', '.join(SDTYPES)}, or of "
            "personal data (email, name, phone_number ...)."
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
