"""The door to ``stockpot.sinks``: rows as a stream, block by block, to a file of any kind, packed or not; to
a URL, a database's new table, a saved dataset, or standard output.

What is written appears when it is whole, or not at all: a file is written under another name beside its place
and renamed, an object is uploaded when it is complete, a table is filled in one transaction. Standard output
alone cannot be taken back.
"""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import pandas as pd

from stockpot.errors import FolderError
from stockpot.schema import Schema
from stockpot.sinks.pack import packed
from stockpot.sinks.writer import Writer
from stockpot.sources.asked import Form
from stockpot.sources.place import (
    check_secrets,
    file_name,
    kind_of,
    packing_of,
    unpacked,
    where,
)

__all__ = ["SUFFIXES", "Form", "Writer", "check_target", "open_writer", "write"]

SUFFIXES = (".csv", ".tsv", ".jsonl", ".parquet", ".arrow", ".xlsx")
TEXT = frozenset({"csv", "tsv", "jsonl"})
"""What may be compressed: the others are."""


@contextmanager
def open_writer(
    target: str | Path, schema: Schema, form: Form | None = None, *, escape: bool = False
) -> Iterator[Writer]:
    """A writer for the target's name, or for ``form``. ``escape``: cells of a CSV that a spreadsheet program
    would run get an apostrophe.
    """
    place = str(target)
    found = check_target(place, form, escape=escape)
    if where(place) == "database":
        from stockpot.sinks.database import table_writer

        with table_writer(place, schema) as table:
            yield table
    elif found == "dataset":
        from stockpot.sinks.saved import dataset_writer

        with dataset_writer(Path(place), schema) as dataset:
            yield dataset
    else:
        with (
            _file(place) as file,
            packed(file, packing_of(file_name(place)), unpacked(file_name(place))) as inner,
        ):
            writer = _writer(inner, schema, found, escape=escape)
            try:
                yield writer
            finally:
                writer.close()


def write(blocks: Iterable[pd.DataFrame], target: str | Path, schema: Schema) -> int:
    """Write all blocks; returns the number of rows."""
    with open_writer(target, schema) as writer:
        for block in blocks:
            writer.write(block)
    return writer.rows


def check_target(
    target: str | Path, form: Form | None = None, *, rows: int = 0, escape: bool = False
) -> Form | None:
    """What would be written there (None: a database's table). FolderError if rows cannot be: before an hour's
    work, not after it.
    """
    place = str(target)
    check_secrets(place, "out")
    if where(place) == "database":
        return None
    found = form or ("dataset" if place.endswith("/") else kind_of(file_name(place)))
    if found is None:
        found = "csv" if where(place) == "pipe" else None
    _check(place, found, rows, escape=escape)
    return found


def _check(place: str, form: Form | None, rows: int, *, escape: bool) -> None:
    name = file_name(place)
    if form is None or where(place) == "hub":
        raise FolderError(
            f"{name} is of no kind that rows are written in: use {', '.join(SUFFIXES)}, or say it (--format)."
        )
    if packing_of(name) and form not in TEXT:
        raise FolderError(
            f"{name} would be compressed twice: leave .{packing_of(name)} out, {form} is compressed."
        )
    if escape and form not in ("csv", "tsv"):
        raise FolderError(f"{form} keeps text as text: leave --escape out.")
    if where(place) == "file" and form != "dataset" and Path(place).is_dir():
        raise FolderError(f"{place} is a folder: give the name of a file.")
    if form == "xlsx":
        from stockpot.sinks.excel import check_rows

        check_rows(rows)


def _writer(file: IO[bytes], schema: Schema, form: Form | None, *, escape: bool) -> Writer:
    from stockpot.sinks import arrow, text

    if form == "parquet":
        return arrow.ParquetWriter(file, schema)
    if form == "arrow":
        return arrow.ArrowWriter(file, schema)
    if form == "jsonl":
        return text.JsonLinesWriter(file, schema)
    if form == "xlsx":
        from stockpot.sinks.excel import ExcelWriter

        return ExcelWriter(file, schema)
    return text.CsvWriter(file, schema, "\t" if form == "tsv" else ",", escape=escape)


@contextmanager
def _file(place: str) -> Iterator[IO[bytes]]:
    """Bytes that get to the place when all went well."""
    kind = where(place)
    if kind == "pipe":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
    elif kind == "url":
        from stockpot.sinks.upload import uploaded

        with uploaded(place) as file:
            yield file
    else:
        with _renamed(Path(place)) as file:
            yield file


@contextmanager
def _renamed(path: Path) -> Iterator[IO[bytes]]:
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    with _writable(str(path)):
        path.parent.mkdir(parents=True, exist_ok=True)
        file = part.open("wb")
    try:
        with file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        with suppress(FileNotFoundError):
            part.unlink()


@contextmanager
def _writable(place: str) -> Iterator[None]:
    """A place that cannot be written is a sentence; what goes wrong later is not the place's fault."""
    try:
        yield
    except OSError as error:
        raise FolderError(
            f"{place} cannot be written ({error.strerror or error}): give another path."
        ) from None
