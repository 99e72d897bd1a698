"""Files through `datasets`, which is asked for one thing only: rows.

Nothing is fetched, nothing is printed, and nothing stays in the user's cache: `datasets` copies every file
that it reads to its cache (by path and time, so a touched file is copied again), so it is given a temporary
one. It also takes a path for a pattern ('a[1].csv' finds nothing) and skips hidden folders, so it is shown a
link with a plain name.
"""

from __future__ import annotations

import importlib
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa

from stockpot.errors import TableError

Dataset: TypeAlias = Any
"""A `datasets.Dataset`; the package ships no types."""
SUFFIXES = {"csv": ".csv", "json": ".jsonl", "parquet": ".parquet", "arrow": ".arrow"}
_QUIET = threading.Lock()


def load(path: Path, kind: str, text: str | None = None, /, **options: Any) -> Dataset:
    """The file, or the text in its stead."""
    with tempfile.TemporaryDirectory(prefix="stockpot-") as folder:
        link = Path(folder) / f"table{SUFFIXES[kind]}"
        if text is None:
            link.symlink_to(path.resolve())
        else:
            link.write_bytes(text.encode("utf-8"))
        try:
            with quiet():
                return datasets().load_dataset(
                    kind,
                    data_files=str(link),
                    split="train",
                    cache_dir=str(Path(folder) / "cache"),
                    keep_in_memory=True,
                    **options,
                )
        except faults() as error:
            why = f"{path.name} cannot be read as {kind} ({brief(error)}): mend or make it again."
            raise TableError(why) from None


def plain(data: Dataset) -> pd.DataFrame:
    """As pandas, without what only Arrow knows: labels by name, decimals and empty columns as float64."""
    frame: pd.DataFrame = data.to_pandas()
    for name, feature in data.features.items():
        if isinstance(feature, datasets().ClassLabel):
            words = [None if pd.isna(v) or v < 0 else feature.int2str(int(v)) for v in frame[name]]
            frame[name] = pd.Series(words, dtype=object)
        arrow = data.data.table.schema.field(name).type
        if pa.types.is_null(arrow) or pa.types.is_decimal(arrow):
            frame[name] = frame[name].astype("float64")
        elif frame[name].dtype == object:
            frame[name] = frame[name].where(frame[name].notna(), np.nan)
    return frame


def datasets() -> Any:
    """The package, which takes most of a second to import: only who reads a file waits for it."""
    return importlib.import_module("datasets")


def faults() -> tuple[type[Exception], ...]:
    """What a broken file makes `datasets` and Arrow raise."""
    errors: Any = importlib.import_module("datasets.exceptions")
    return (
        errors.DatasetsError,
        pa.ArrowException,
        OSError,
        ValueError,
        TypeError,
        KeyError,
        NotImplementedError,
    )


@contextmanager
def quiet() -> Iterator[None]:
    """No progress bars and no log lines of `datasets`: what goes wrong is said by our own errors."""
    package = datasets()
    with _QUIET:
        level, bars = package.logging.get_verbosity(), not package.are_progress_bars_disabled()
        package.logging.set_verbosity(package.logging.CRITICAL)
        package.disable_progress_bars()
        try:
            yield
        finally:
            package.logging.set_verbosity(level)
            if bars:
                package.enable_progress_bars()


def brief(error: BaseException) -> str:
    """First line of the innermost cause."""
    while error.__cause__ is not None:
        error = error.__cause__
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")[:160]
