"""Measured figures as lines of JSON: one a (model, table, seed), appended as they come, never rewritten."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from math import isfinite
from pathlib import Path

from stockpot.benchmarks.protocol import TableSet


@dataclass(frozen=True)
class Cell:
    """What was measured. ``rows``: learning rows that a large table was cut to; None of a small table."""

    method: str
    set: TableSet
    rows: int | None
    package: str
    item: str
    seed: int


@dataclass(frozen=True)
class Line:
    """A cell with its figures, or with the error that came instead of them, or of most of them."""

    cell: Cell
    figures: Mapping[str, float] = field(default_factory=dict)
    error: str | None = None

    def text(self) -> str:
        finite = {name: round(value, 4) for name, value in self.figures.items() if isfinite(value)}
        return json.dumps(asdict(self.cell) | finite | ({} if self.error is None else {"error": self.error}))

    @staticmethod
    def read(text: str) -> Line:
        row = json.loads(text)
        cell = Cell(**{name: row.pop(name) for name in Cell.__dataclass_fields__})
        error = row.pop("error", None)
        return Line(cell, {name: float(value) for name, value in row.items()}, error)


def read(folder: Path) -> list[Line]:
    """All lines of all .jsonl files of a folder; none of a folder that is not there."""
    return [line for path in sorted(folder.glob("*.jsonl")) for line in _read(path)]


def _read(path: Path) -> Iterator[Line]:
    """What is left of a line whose writer was killed is no line."""
    for text in path.read_text(encoding="utf-8").splitlines():
        with suppress(json.JSONDecodeError):
            yield Line.read(text)


def append(path: Path, lines: Iterable[Line]) -> None:
    """Add lines, and the folder if it is not there. One write a call, so that two writers do not mix."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(line.text() + "\n" for line in lines)
    torn = path.exists() and path.read_bytes()[-1:] not in (b"", b"\n")
    with path.open("a", encoding="utf-8") as file:
        file.write("\n" * torn + text)
