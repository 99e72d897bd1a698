"""What a place is by its name alone: a file, a URL, a database, a dataset of the Hub, or a pipe.

table.csv.gz  folder/  -                            here
s3://bucket/table.parquet  https://host/table.csv   behind a URL that fsspec knows
sqlite:///shop.db?table=orders                      a database's URL, as SQLAlchemy spells it
hf://owner/name  hf://datasets/owner/name/file.csv  the Hub
"""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import Literal, get_args
from urllib.parse import parse_qs, urlsplit

from stockpot.errors import ConfigError
from stockpot.sources.asked import Kind

Where = Literal["pipe", "file", "url", "database", "hub"]
Packing = Literal["gz", "bz2", "xz", "zst", "zip"]
KINDS: dict[str, Kind] = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
    ".parquet": "parquet",
    ".arrow": "arrow",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
}
PACKINGS: tuple[Packing, ...] = get_args(Packing)
PIPE, PIPES = "-", ("-", "/dev/stdin", "/dev/stdout")
STDIN = "standard input"
DATABASES = frozenset(
    {"sqlite", "postgresql", "postgres", "mysql", "mariadb", "oracle", "mssql", "duckdb", "snowflake"}
    | {"redshift", "cockroachdb", "trino", "bigquery", "clickhouse", "databricks", "db2", "hana", "vertica"}
)
"""Dialects of SQLAlchemy, its own and others'; any may name a driver: postgresql+psycopg."""


def where(place: str) -> Where:
    """What kind of place it is."""
    scheme, sign, _ = place.partition("://")
    if place in PIPES:
        return "pipe"
    if not sign or "/" in scheme:
        return "file"
    if scheme == "hf":
        return "hub"
    return "database" if scheme.partition("+")[0].lower() in DATABASES else "url"


def file_name(place: str) -> str:
    """The last part of a path or URL."""
    kind = where(place)
    if kind == "pipe":
        return STDIN
    if kind == "file":
        return Path(place).name
    parts = urlsplit(place.partition("::")[0])
    return PurePosixPath(parts.path).name or parts.netloc


def packing_of(name: str) -> Packing | None:
    """What a file's name says of how it is compressed."""
    suffix = PurePosixPath(name).suffix.lower().removeprefix(".")
    return next((packing for packing in PACKINGS if packing == suffix), None)


def unpacked(name: str) -> str:
    """The name less what says how it is compressed."""
    packing = packing_of(name)
    return name[: -len(packing) - 1] if packing else name


def kind_of(name: str) -> Kind | None:
    """What a file's name says of what is in it."""
    return KINDS.get(PurePosixPath(unpacked(name)).suffix.lower())


def table_of(place: str) -> str | None:
    """The table that a database's URL names by ``?table=``."""
    return next(iter(parse_qs(urlsplit(place).query).get("table", [])), None)


def called(place: str) -> str:
    """What people call the table."""
    kind = where(place)
    if kind == "pipe":
        return "stdin"
    if kind == "database":
        parts = urlsplit(place)
        return table_of(place) or PurePosixPath(parts.path).stem or parts.scheme.partition("+")[0]
    name = file_name(place)
    bare = unpacked(name)
    if bare != name and kind_of(bare) is None:
        return bare
    return PurePosixPath(bare).stem or urlsplit(place).netloc


def shown(place: str) -> str:
    """The place without what may be secret in it: a person's name, a password, a signature."""
    if where(place) in ("pipe", "file"):
        return STDIN if where(place) == "pipe" else place
    parts = urlsplit(place)
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}"


def check_secrets(place: str, option: str = "table") -> None:
    """ConfigError for a URL with a password: it would be kept with the results, and shown in the UI."""
    if where(place) not in ("url", "database", "hub"):
        return
    login, sign, _ = place.partition("://")[2].partition("/")[0].rpartition("@")
    if sign and ":" in login:
        mend = "set STOCKPOT_SQL_PASSWORD" if where(place) == "database" else "give credentials"
        raise ConfigError(
            f"Option '{option}' holds a password: leave it out of the URL, and {mend} in the environment."
        )
