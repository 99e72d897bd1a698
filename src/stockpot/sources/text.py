"""CSV, TSV and JSON Lines: how the text is read, and what of that was found out."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from stockpot import csvtext, jsontext
from stockpot.errors import TableError
from stockpot.sources.asked import Source
from stockpot.sources.dialect import PLURALS, has_decimal_commas, pointed, separator_of
from stockpot.sources.letters import Decoded, decoded
from stockpot.sources.loading import datasets, load, plain

Notes = tuple[str, ...]


def read_csv(path: Path, usual: str, source: Source) -> tuple[pd.DataFrame, Notes]:
    """The rows, and how the file was read where its name does not say it. ``usual``: the kind's separator."""
    found = decoded(path.read_bytes(), path.name, source.encoding)
    separator = source.delimiter or separator_of(found.text, usual)
    names, rows = csvtext.header(found.text, path.name, separator)
    csvtext.reject_doubles(names, path.name)
    if not rows:
        raise TableError(f"{path.name} has a header but no rows: add rows.")
    texts = _texts(path, found, names, separator)
    commas = _has_commas(texts, separator, source)
    frame = pd.concat(
        {name: csvtext.typed(pointed(column) if commas else column) for name, column in texts.items()}, axis=1
    )
    frame, numbers = _without_row_numbers(frame, path)
    told = _told(path.name, separator if separator != usual else "", found, source, commas=commas)
    return frame, (*told, *numbers)


def _texts(path: Path, found: Decoded, names: list[str], separator: str) -> dict[str, list[str]]:
    """Every field as text, by column."""
    package = datasets()
    words = package.Features({name: package.Value("string") for name in names})
    form: dict[str, Any] = {"sep": separator, "column_names": names, "header": 0, "na_filter": False}
    data = load(path, "csv", found.text, features=words, encoding="utf-8", **form)
    table = data.data.table
    return {name: table.column(name).to_pylist() for name in names}


def _has_commas(texts: dict[str, list[str]], separator: str, source: Source) -> bool:
    """Commas that do separate fields are no decimal ones unless a person says so."""
    if source.decimal != "auto":
        return source.decimal == ","
    return separator != "," and has_decimal_commas(texts.values())


def _told(name: str, separator: str, found: Decoded, source: Source, *, commas: bool) -> Notes:
    """What was found out, and the options that say otherwise."""
    parts = {
        "delimiter": f"{PLURALS.get(separator, repr(separator))} between fields" if separator else "",
        "decimal": "decimal commas" if commas else "",
        "encoding": found.told,
    }
    parts = {option: part for option, part in parts.items() if part and source.asked(option) is None}
    if not parts:
        return ()
    options = [f"--source.{option}" for option in parts]
    return (f"{name} is read with {_listed(list(parts.values()))}; {_listed(options)} can say otherwise.",)


def _listed(words: list[str]) -> str:
    return " and ".join([*([", ".join(words[:-1])] if words[1:] else []), words[-1]])


def _without_row_numbers(frame: pd.DataFrame, path: Path) -> tuple[pd.DataFrame, Notes]:
    first = str(frame.columns[0])
    if first.strip():
        return frame, ()
    numbers = frame.iloc[:, 0]
    if not any(numbers.equals(pd.Series(np.arange(len(frame)) + start)) for start in (0, 1)):
        raise TableError(f"Column 1 of {path.name} has no name: give it one in the first line.")
    return frame.iloc[:, 1:], ("The first column has no name and only counts the rows: it is left out.",)


def read_json(path: Path, source: Source) -> pd.DataFrame:
    """Objects, one a line, or an array of them."""
    text = decoded(path.read_bytes(), path.name, source.encoding, guess=False).text
    lines = jsontext.lines_of(path, text)
    try:
        data = load(path, "json", lines, **_json_options(len(lines.encode())))
    except TableError:
        jsontext.find_broken_line(path, lines)
        raise
    return plain(data)


def _json_options(size: int) -> dict[str, int]:
    """One chunk: a column that turns from whole to decimal in a later one is an error.
    And `datasets` 5 would take columns called 'type' and 'message' for the log of a chat.
    """
    config: Any = importlib.import_module("datasets.packaged_modules.json.json").JsonConfig
    chats = {"parse_agent_traces": False} if hasattr(config, "parse_agent_traces") else {}
    return {"chunksize": size, **chats}
