"""A new table of a database, filled in one transaction: it is there whole, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pandas as pd
import sqlalchemy as sql

from stockpot.errors import FolderError
from stockpot.schema import Column, Schema
from stockpot.sinks.writer import Writer, is_datetime, plain_rows
from stockpot.sources.database import engine_of, faults
from stockpot.sources.place import shown, table_of


class TableWriter(Writer):
    """Inserts block by block."""

    def __init__(self, connection: sql.Connection, table: sql.Table, schema: Schema) -> None:
        super().__init__(schema)
        self._connection, self._table = connection, table

    def _append(self, block: pd.DataFrame) -> None:
        rows = [dict(zip(self.schema.names, row, strict=True)) for row in plain_rows(block, self.schema)]
        if rows:
            self._connection.execute(self._table.insert(), rows)

    def close(self) -> None:
        """The transaction is its opener's to end."""


@contextmanager
def table_writer(place: str, schema: Schema) -> Iterator[TableWriter]:
    """A writer for the table that the URL names. FolderError if it is there."""
    named = _named(place)
    engine, (within, name) = engine_of(place, "out"), named
    table = sql.Table(name, sql.MetaData(), *map(_column, schema.columns), schema=within)
    with faults(place):
        check_new(engine, place, named)
        with engine.connect() as connection:
            try:
                with connection.begin():
                    table.create(connection)
                    yield TableWriter(connection, table, schema)
            except BaseException:  # some databases keep a table whose transaction was rolled back
                table.drop(connection, checkfirst=True)
                connection.commit()
                raise
    engine.dispose()


def check_new(engine: sql.Engine, place: str, named: tuple[str | None, str]) -> None:
    """FolderError if the table is there."""
    within, name = named
    if sql.inspect(engine).has_table(name, schema=within):
        raise FolderError(f"{shown(place)} has a table {name!r}: name another (?table=), or drop that one.")


def _named(place: str) -> tuple[str | None, str]:
    table = table_of(place)
    if not table:
        raise FolderError(
            f"{shown(place)} is a database: name a new table by ?table=name at the end of the URL."
        )
    within, _, name = table.rpartition(".")
    return within or None, name


def check_table(place: str) -> None:
    """FolderError or TableError if no new table can be made there."""
    named, engine = _named(place), engine_of(place, "out")
    with faults(place):
        check_new(engine, place, named)
    engine.dispose()


def _column(column: Column) -> Any:
    return sql.Column(column.name, _type(column))


def _type(column: Column) -> Any:
    if is_datetime(column):
        return sql.DateTime(timezone="%z" in column.format)
    if column.holds == "date":
        return sql.Date()
    if column.sdtype == "numerical" and column.holds in ("integer", "number"):
        whole = column.holds == "integer" or (column.decimals == 0 and column.missing)
        return sql.BigInteger() if whole else sql.Double()
    return sql.Boolean() if column.holds == "boolean" else sql.Text()
