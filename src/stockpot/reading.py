"""The door to ``stockpot.sources``: a table's rows from any place, and sentences on how they were read.

A file is read as its name says, or as ``Source.kind`` does; what is packed is unpacked first, what lies
behind a URL is fetched. Rows of every kind have the dtypes that the same rows have in every other.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd

from stockpot.errors import ConfigError, TableError
from stockpot.sources.asked import FOUND_OUT, Kind, Source
from stockpot.sources.place import KINDS, STDIN, check_secrets, file_name, kind_of, shown, where
from stockpot.sources.unpack import BOOK, is_book, unpack
from stockpot.sources.warnings import warnings

Read = tuple[pd.DataFrame, tuple[str, ...]]
"""Rows, and sentences."""
FITS: dict[str, frozenset[str]] = {
    "delimiter": frozenset({"csv", "tsv"}),
    "decimal": frozenset({"csv", "tsv"}),
    "encoding": frozenset({"csv", "tsv", "jsonl"}),
    "sheet": frozenset({"xlsx"}),
    "query": frozenset({"a database"}),
    "split": frozenset({"a saved dataset", "a dataset of the Hub"}),
    "subset": frozenset({"a dataset of the Hub"}),
    "kind": frozenset({"csv", "tsv", "jsonl", "xlsx", "parquet", "arrow"}),
}
"""What each option is of."""
HEADS: dict[bytes, Kind] = {b"PAR1": "parquet", b"ARROW1": "arrow", b'{"': "jsonl", b"[{": "jsonl"}
"""First bytes of what comes from standard input, if it is no CSV."""


def read_frame(place: str | Path, source: Source = FOUND_OUT) -> Read:
    """The place's rows, and sentences on what was found out and left out. TableError if it cannot be read."""
    place = str(place)
    frame, notes = _from(place, source)
    return frame, (*notes, *warnings(frame))


def _from(place: str, source: Source) -> Read:
    kind = where(place)
    if kind == "database":
        from stockpot.sources.database import read_rows

        _check_options(source, "a database", place)
        return read_rows(place, source.query), ()
    if kind == "hub":
        from stockpot.sources.hub import read_hub

        _check_options(source, "a dataset of the Hub", place)
        return read_hub(place, source), ()
    with _here(place, source) as path:
        return _of_path(path, place, source)


@contextmanager
def _here(place: str, source: Source) -> Iterator[Path]:
    """The place as a file or folder here."""
    kind = where(place)
    if kind == "file":
        yield Path(place)
        return
    from stockpot.sources.fetch import fetched, piped

    check_secrets(place)
    with tempfile.TemporaryDirectory(prefix="stockpot-") as scratch:
        folder = Path(scratch)
        yield (
            piped(source.most_bytes, folder) if kind == "pipe" else fetched(place, source.most_bytes, folder)
        )


def _of_path(path: Path, place: str, source: Source) -> Read:
    if not path.exists():
        raise TableError(f"There is no file {path}: check the path.")
    if path.is_dir():
        from stockpot.sources.hub import read_saved

        _check_options(source, "a saved dataset", place)
        return read_saved(path, source.split), ()
    with tempfile.TemporaryDirectory(prefix="stockpot-") as scratch:
        name = file_name(place) or path.name
        inner = unpack(path, name, source.most_bytes, Path(scratch))
        return _of_file(inner, _kind(inner, place, source), source)


def _kind(path: Path, place: str, source: Source) -> Kind:
    found = source.asked("kind") or kind_of(path.name)
    if found is None and path.name == STDIN:
        found = _by_content(path)
    if found is None:
        raise TableError(
            f"{path.name} is of no known kind: give one of {', '.join(KINDS)}, or a saved dataset; or say "
            "what it is (--source.kind)."
        )
    _check_options(source, found, place)
    return found


def _by_content(path: Path) -> Kind:
    with path.open("rb") as file:
        head = file.read(8)
    if head.startswith(b"PK") and is_book(path):
        return "xlsx"
    return next((kind for magic, kind in HEADS.items() if head.startswith(magic)), "csv")


def _of_file(path: Path, kind: Kind, source: Source) -> Read:
    """What a file says; libraries are loaded when they are needed."""
    if path.stat().st_size == 0:
        raise TableError(f"{path.name} is empty: give a file with a header and rows.")
    if kind == "xlsx":
        from stockpot.sources.excel import read_sheet

        if not is_book(path):
            raise TableError(f"{path.name} is no Excel file: it holds no {BOOK}.")
        return read_sheet(path, path.name, source.sheet, source.most_bytes)
    if kind in ("parquet", "arrow"):
        from stockpot.sources.arrow import read_arrow

        return read_arrow(path, kind), ()
    from stockpot.sources import text

    if kind == "jsonl":
        return text.read_json(path, source), ()
    return text.read_csv(path, "\t" if kind == "tsv" else ",", source)


def _check_options(source: Source, kind: str, place: str) -> None:
    """ConfigError for an option of something else."""
    for name, kinds in FITS.items():
        value = source.asked(name)
        if value is not None and kind not in kinds:
            raise ConfigError(
                f"Option 'source.{name}' is {value!r}, and {shown(place)} is {_article(kind)}: leave it out."
            )


def _article(kind: str) -> str:
    return kind if kind.startswith("a ") else f"a file of {kind}"
