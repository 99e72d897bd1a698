"""A folder as ``datasets.Dataset.save_to_disk`` makes it."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from stockpot.errors import FolderError
from stockpot.schema import Schema
from stockpot.sinks.arrow import ArrowStreamWriter
from stockpot.sources.loading import datasets, quiet


def check_folder(path: Path) -> None:
    """FolderError unless it is new, or empty."""
    if path.exists() and not path.is_dir():
        raise FolderError(f"{path} is a file: give a folder for the dataset.")
    if path.is_dir() and any(path.iterdir()):
        raise FolderError(f"{path} holds something: give a new folder for the dataset.")


@contextmanager
def dataset_writer(path: Path, schema: Schema) -> Iterator[ArrowStreamWriter]:
    """Rows are streamed to a file, which `datasets` then saves as its own: from disk to disk."""
    check_folder(path)
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    part.mkdir(parents=True)
    try:
        stream = part / "rows.arrow"
        with stream.open("wb") as file:
            writer = ArrowStreamWriter(file, schema)
            try:
                yield writer
            finally:
                writer.close()
        with quiet():
            datasets().Dataset.from_file(str(stream)).save_to_disk(str(part / "saved"))
        if path.exists():
            path.rmdir()
        (part / "saved").replace(path)
    finally:
        shutil.rmtree(part, ignore_errors=True)
