"""Rows of a database: a query's, or all of a table's, through SQLAlchemy.

Nothing is changed: what a query does is rolled back. Passwords come from the environment
(STOCKPOT_SQL_PASSWORD, or what the driver itself reads, as PGPASSWORD and ~/.pgpass of PostgreSQL's).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pandas as pd
import sqlalchemy as sql
from sqlalchemy import exc

from stockpot.csvtext import reject_doubles
from stockpot.errors import TableError
from stockpot.sources.cells import column_of
from stockpot.sources.place import check_secrets, shown, table_of

PASSWORD = "STOCKPOT_SQL_PASSWORD"  # noqa: S105 - the name of a variable
DRIVERS = {"postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}
EXTRAS = {
    "psycopg": "stockpot[postgres]",
    "MySQLdb": "mysqlclient",
    "pyodbc": "pyodbc",
    "oracledb": "oracledb",
}


def read_rows(place: str, query: str | None) -> pd.DataFrame:
    """The rows of a query, or of the table that the URL names by ``?table=``."""
    table = table_of(place)
    if (query is None) == (table is None):
        raise TableError(
            f"{shown(place)} is a database: say which rows, by a query (--source.query 'select ...') or by "
            "?table=name at the end of the URL."
            if query is None
            else f"{shown(place)} names table {table!r}, and a query is given too: leave one of them out."
        )
    engine = engine_of(place)
    with faults(place), engine.connect() as connection:
        asked = sql.text(query) if query else sql.select(_reflected(connection, str(table), place))
        frame = _rows(connection.execute(asked), "The query" if query else f"Table {table!r}")
        connection.rollback()
    engine.dispose()
    return frame


def _rows(result: Any, what: str) -> pd.DataFrame:
    if not result.returns_rows:
        raise TableError(f"{what} gives no rows: write one that does (select ...).")
    names, rows = list(result.keys()), result.fetchall()
    reject_doubles(names, what.lower())
    if not rows:
        raise TableError(f"{what} gives no rows: ask for others.")
    return pd.concat({str(n): column_of([row[i] for row in rows]) for i, n in enumerate(names)}, axis=1)


def _reflected(connection: Any, name: str, place: str) -> Any:
    schema, _, bare = name.rpartition(".")
    try:
        return sql.Table(bare, sql.MetaData(), schema=schema or None, autoload_with=connection)
    except exc.NoSuchTableError:
        known = sql.inspect(connection).get_table_names(schema=schema or None)
        told = f"it has {', '.join(known[:8])}" if known else "it has none"
        raise TableError(f"{shown(place)} has no table {name!r}: {told}.") from None


def engine_of(place: str, option: str = "table") -> sql.Engine:
    """An engine for a URL less its ``table``; TableError if its driver is missing."""
    check_secrets(place, option)
    dialect, rest = place.split("://", 1)
    try:
        url = sql.make_url(f"{DRIVERS.get(dialect, dialect)}://{rest}").difference_update_query(["table"])
        secret = os.environ.get(PASSWORD)
        whole = url.set(password=secret) if secret and url.username else url
        engine = sql.create_engine(whole, poolclass=sql.NullPool)
    except exc.NoSuchModuleError:
        raise TableError(
            f"'{dialect}' is no database that SQLAlchemy knows here: install its dialect, or check the URL."
        ) from None
    except ImportError as error:
        wanted = EXTRAS.get(str(error.name), str(error.name))
        raise TableError(f"The driver of {dialect}:// is not installed: pip install '{wanted}'.") from None
    except (exc.ArgumentError, ValueError) as error:
        raise TableError(f"{shown(place)} is no database's URL ({_brief(error)}): mend it.") from None
    return engine


@contextmanager
def faults(place: str) -> Iterator[None]:
    """What a database complains of is one sentence."""
    try:
        yield
    except exc.OperationalError as error:
        if error.statement:
            raise TableError(f"{shown(place)} refuses the query ({_brief(error)}): mend it.") from None
        raise TableError(
            f"{shown(place)} cannot be opened ({_brief(error)}): check the URL, the password (in {PASSWORD}) "
            "and that the database runs."
        ) from None
    except exc.SQLAlchemyError as error:
        raise TableError(f"{shown(place)} refuses the query ({_brief(error)}): mend it.") from None


def _brief(error: Exception) -> str:
    """The first line of what the database says itself."""
    inner = getattr(error, "orig", None) or error
    lines = str(inner).strip().splitlines() or [type(inner).__name__]
    return lines[0].strip().rstrip(".:")[:200]
