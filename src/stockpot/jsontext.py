"""JSON Lines, or an array of objects: what can be wrong with the text.

`datasets` turns an array into lines with 15 digits a number (0.30000000000000004 becomes 0.3), so it is
done here.
"""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from stockpot.csvtext import reject_doubles
from stockpot.errors import TableError


def lines_of(path: Path, text: str) -> str:
    """The file's text as one object a line; TableError if it is empty or two columns share a name."""
    text = text.strip()
    if not text:
        raise TableError(f"{path.name} is empty: give a file with rows.")
    if text.startswith("["):
        return "\n".join(json.dumps(row, ensure_ascii=False) for row in _array(path, text)) + "\n"
    with suppress(ValueError):  # an object over many lines, or a broken one: the reader will tell
        json.loads(text.split("\n", 1)[0], object_pairs_hook=lambda pairs: _row(path, pairs))
    return text + "\n"


def find_broken_line(path: Path, lines: str) -> None:
    """TableError for the first line that is no JSON object."""
    for number, line in enumerate(lines.split("\n"), start=1):
        try:
            if line.strip():
                _check_object(line)
        except ValueError as error:
            why = f"Line {number} of {path.name} is no JSON object ({error}): mend that line."
            raise TableError(why) from None


def _array(path: Path, text: str) -> list[Any]:
    try:
        rows: list[Any] = json.loads(
            text, object_pairs_hook=lambda pairs: _row(path, pairs), parse_constant=_no_constant
        )
    except ValueError as error:
        raise TableError(f"{path.name} is no JSON ({error}): mend it.") from None
    if not rows:
        raise TableError(f"{path.name} has no rows: add rows.")
    if not all(isinstance(row, dict) for row in rows):
        raise TableError(f"{path.name} is no list of objects: write each row as {{column: value}}.")
    return rows


def _row(path: Path, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    reject_doubles([name for name, _ in pairs], path.name)
    return dict(pairs)


def _check_object(line: str) -> None:
    if not line.strip().startswith("{"):
        raise ValueError("it has no braces")
    json.loads(line, parse_constant=_no_constant)


def _no_constant(word: str) -> None:
    raise ValueError(f"JSON has no {word}, write null")
