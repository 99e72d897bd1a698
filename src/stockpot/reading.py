"""Reading a table through `datasets`: CSV, TSV, JSON Lines, Parquet, Arrow, or a folder of ``save_to_disk``.

Nothing is fetched, nothing is printed, and nothing stays in the user's cache: `datasets` copies every file
that it reads to its cache (by path and time, so a touched file is copied again), so it is given a temporary
one. It also takes a path for a pattern ('a[1].csv' finds nothing) and skips hidden folders, so it is shown a
link with a plain name.
"""

from __future__ import annotations

import importlib
import re
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from stockpot import csvtext, jsontext
from stockpot.csvtext import reject_doubles
from stockpot.errors import TableError

KINDS = {
    ".csv": "csv",
    ".tsv": "csv",
    ".jsonl": "json",
    ".ndjson": "json",
    ".json": "json",
    ".parquet": "parquet",
    ".arrow": "arrow",
}
Dataset: TypeAlias = Any
"""A `datasets.Dataset`; the package ships no types."""

_QUIET = threading.Lock()
_PANDAS_INDEX = re.compile(r"__index_level_\d+__")


def read_frame(path: Path) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """The file's rows, and sentences about what was left out. TableError if it cannot be read."""
    if not path.exists():
        raise TableError(f"There is no file {path}: check the path.")
    if path.is_dir():
        return _plain(_saved(path)), ()
    kind = KINDS.get(path.suffix.lower())
    if kind is None:
        raise TableError(
            f"{path.name} is of no known kind: give one of {', '.join(KINDS)}, or a saved dataset."
        )
    if path.stat().st_size == 0:
        raise TableError(f"{path.name} is empty: give a file with a header and rows.")
    if kind == "csv":
        return _read_csv(path)
    if kind == "json":
        return _read_json(path), ()
    return _read_arrow(path, kind), ()


def _datasets() -> Any:
    """The package, which takes most of a second to import: only who reads a file waits for it."""
    return importlib.import_module("datasets")


def _faults() -> tuple[type[Exception], ...]:
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


def _read_csv(path: Path) -> tuple[pd.DataFrame, tuple[str, ...]]:
    separator = "\t" if path.suffix.lower() == ".tsv" else ","
    names, rows = csvtext.header(path, separator)
    reject_doubles(names, path.name)
    if not rows:
        raise TableError(f"{path.name} has a header but no rows: add rows.")
    datasets = _datasets()
    words = datasets.Features({name: datasets.Value("string") for name in names})
    form: dict[str, Any] = {
        "sep": separator,
        "column_names": names,
        "header": 0,
        "na_filter": False,
        "encoding": "utf-8-sig",
    }
    data = _load(path, "csv", features=words, **form)
    table = data.data.table
    frame = pd.concat({name: csvtext.typed(table.column(name).to_pylist()) for name in names}, axis=1)
    return _without_row_numbers(frame, path)


def _without_row_numbers(frame: pd.DataFrame, path: Path) -> tuple[pd.DataFrame, tuple[str, ...]]:
    first = str(frame.columns[0])
    if first.strip():
        return frame, ()
    numbers = frame.iloc[:, 0]
    if not any(numbers.equals(pd.Series(np.arange(len(frame)) + start)) for start in (0, 1)):
        raise TableError(f"Column 1 of {path.name} has no name: give it one in the first line.")
    return frame.iloc[:, 1:], ("The first column has no name and only counts the rows: it is left out.",)


def _read_json(path: Path) -> pd.DataFrame:
    lines = jsontext.lines_of(path)
    try:
        data = _load(path, "json", lines, **_json_options(len(lines.encode())))
    except TableError:
        jsontext.find_broken_line(path, lines)
        raise
    return _plain(data)


def _json_options(size: int) -> dict[str, int]:
    """One chunk: a column that turns from whole to decimal in a later one is an error.
    And `datasets` 5 would take columns called 'type' and 'message' for the log of a chat.
    """
    config: Any = importlib.import_module("datasets.packaged_modules.json.json").JsonConfig
    chats = {"parse_agent_traces": False} if hasattr(config, "parse_agent_traces") else {}
    return {"chunksize": size, **chats}


def _read_arrow(path: Path, kind: str) -> pd.DataFrame:
    try:
        schema = pq.read_schema(path) if kind == "parquet" else _arrow_table(path).schema
    except (pa.ArrowException, OSError) as error:
        raise TableError(f"{path.name} cannot be read as {kind} ({_brief(error)}): make it again.") from None
    reject_doubles(schema.names, path.name)
    frame = _plain(_load(path, kind))
    for name, dtype in _pandas_dtypes(path, kind, schema).items():
        frame[name] = frame[name].astype(dtype)
    return frame.drop(columns=[c for c in frame.columns if _PANDAS_INDEX.fullmatch(str(c))])


def _pandas_dtypes(path: Path, kind: str, schema: pa.Schema) -> Mapping[str, Any]:
    """Columns that pandas wrote from its own dtypes (category, Int64, string): `datasets` forgets them."""
    said = {c["name"]: str(c["numpy_type"]) for c in (schema.pandas_metadata or {}).get("columns", [])}
    own = [
        field.name
        for field in schema
        if pa.types.is_dictionary(field.type)
        or said.get(field.name, "")[:1].isupper()
        or said.get(field.name) in OWN
    ]
    if not own:
        return {}
    table = pq.read_table(path, columns=own) if kind == "parquet" else _arrow_table(path).select(own)
    frame = table.to_pandas()
    return {name: frame[name].dtype for name in own}


OWN = ("boolean", "string")


def _arrow_table(path: Path) -> pa.Table:
    with pa.OSFile(str(path), "rb") as source:
        try:
            return pa.ipc.open_file(source).read_all()
        except pa.ArrowInvalid:
            source.seek(0)
            return pa.ipc.open_stream(source).read_all()


def _saved(path: Path) -> Dataset:
    try:
        with _quiet():
            data = _datasets().load_from_disk(str(path), keep_in_memory=True)
    except FileNotFoundError:
        why = f"{path} is a folder, but no saved dataset: name the file in it that holds the table."
        raise TableError(why) from None
    except _faults() as error:
        why = f"The saved dataset {path} cannot be read ({_brief(error)}): save it again."
        raise TableError(why) from None
    if isinstance(data, _datasets().DatasetDict):
        if len(data) != 1:
            one = path / next(iter(data))
            raise TableError(f"{path} holds {', '.join(data)}: name the folder of one, such as {one}.")
        data = next(iter(data.values()))
    return data


def _load(path: Path, kind: str, text: str | None = None, /, **options: Any) -> Dataset:
    """The file, or the text in its stead."""
    with tempfile.TemporaryDirectory(prefix="stockpot-") as folder:
        link = Path(folder) / f"table{path.suffix.lower()}"
        if text is None:
            link.symlink_to(path.resolve())
        else:
            link.write_text(text, encoding="utf-8")
        try:
            with _quiet():
                return _datasets().load_dataset(
                    kind,
                    data_files=str(link),
                    split="train",
                    cache_dir=str(Path(folder) / "cache"),
                    keep_in_memory=True,
                    **options,
                )
        except _faults() as error:
            why = f"{path.name} cannot be read as {kind} ({_brief(error)}): mend or make it again."
            raise TableError(why) from None


def _plain(data: Dataset) -> pd.DataFrame:
    """As pandas, without what only Arrow knows: labels by name, decimals and empty columns as float64."""
    frame: pd.DataFrame = data.to_pandas()
    for name, feature in data.features.items():
        if isinstance(feature, _datasets().ClassLabel):
            words = [None if pd.isna(v) or v < 0 else feature.int2str(int(v)) for v in frame[name]]
            frame[name] = pd.Series(words, dtype=object)
        arrow = data.data.table.schema.field(name).type
        if pa.types.is_null(arrow) or pa.types.is_decimal(arrow):
            frame[name] = frame[name].astype("float64")
        elif frame[name].dtype == object:
            frame[name] = frame[name].where(frame[name].notna(), np.nan)
    return frame


@contextmanager
def _quiet() -> Iterator[None]:
    """No progress bars and no log lines of `datasets`: what goes wrong is said by our own errors."""
    datasets = _datasets()
    with _QUIET:
        level, bars = datasets.logging.get_verbosity(), not datasets.are_progress_bars_disabled()
        datasets.logging.set_verbosity(datasets.logging.CRITICAL)
        datasets.disable_progress_bars()
        try:
            yield
        finally:
            datasets.logging.set_verbosity(level)
            if bars:
                datasets.enable_progress_bars()


def _brief(error: BaseException) -> str:
    """First line of the innermost cause."""
    while error.__cause__ is not None:
        error = error.__cause__
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")[:160]
