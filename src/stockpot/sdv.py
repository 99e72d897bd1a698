"""SDV's single-table metadata: its sdtypes and ours.

A metadata JSON is {"METADATA_SPEC_VERSION": "SINGLE_TABLE_V1", "columns": {name: {"sdtype": ...}},
"primary_key": name}, or the same inside {"tables": {name: ...}} with one table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stockpot.errors import SchemaError
from stockpot.sdtypes import SDTYPES

VERSION = "SINGLE_TABLE_V1"
VERSIONS = (VERSION, "MULTI_TABLE_V1", "V1", "SINGLE_TABLE_V2", "V2")


@dataclass(frozen=True)
class Metadata:
    """What SDV metadata says: column -> sdtype in SDV's words, column -> datetime format, the key."""

    sdtypes: Mapping[str, str]
    formats: Mapping[str, str]
    key: str | None


def is_metadata(mapping: Mapping[str, Any]) -> bool:
    """Whether this is SDV's form, not a plain {column: sdtype} (a column may be called 'columns')."""
    return "METADATA_SPEC_VERSION" in mapping or any(
        isinstance(mapping.get(k), Mapping) for k in ("columns", "tables")
    )


def parse(metadata: Mapping[str, Any]) -> Metadata:
    """Read single-table metadata, or multi-table metadata of exactly one table."""
    version = metadata.get("METADATA_SPEC_VERSION", VERSION)
    if version not in VERSIONS:
        raise SchemaError(f"SDV metadata of version {version!r} is not known: save it as {VERSION}.")
    table = _only_table(metadata)
    columns = table.get("columns")
    if not isinstance(columns, Mapping) or not columns:
        raise SchemaError('SDV metadata needs "columns": {name: {"sdtype": ...}}, and this has none.')
    for name, column in columns.items():
        if not isinstance(column, Mapping) or not isinstance(column.get("sdtype"), str):
            raise SchemaError(
                f'The SDV metadata of column {name!r} has no sdtype: write {{"sdtype": "categorical"}}.'
            )
    key = table.get("primary_key")
    key = key[0] if isinstance(key, list) and len(key) == 1 else key
    if isinstance(key, str) and key not in columns:
        raise SchemaError(
            f"The SDV metadata has primary key {key!r}, but describes no such column: add or drop it."
        )
    return Metadata(
        {name: column["sdtype"] for name, column in columns.items()},
        {
            name: str(column["datetime_format"])
            for name, column in columns.items()
            if column.get("datetime_format")
        },
        key if isinstance(key, str) else None,
    )


def is_known(sdtype: str) -> bool:
    """Whether the sdtype is one of ours; SDV has many more (email, phone_number, address ...)."""
    return sdtype in SDTYPES


def _only_table(metadata: Mapping[str, Any]) -> Mapping[str, Any]:
    tables = metadata.get("tables")
    if not isinstance(tables, Mapping):
        return metadata
    if len(tables) != 1:
        names = ", ".join(map(repr, tables)) or "none"
        raise SchemaError(
            f"The SDV metadata describes {len(tables)} tables ({names}): give the metadata of one table."
        )
    only = next(iter(tables.values()))
    return only if isinstance(only, Mapping) else {}
