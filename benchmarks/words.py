"""Markdown: tables and numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from stockpot.benchmarks.board import Board
from stockpot.score.intervals import Interval


def table(head: Sequence[str], rows: Iterable[list[str]], rule: str = "---") -> str:
    """Of Markdown; a rule of ``---:`` sets columns to the right."""
    lines = [head, [rule] * len(head), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def cells(board: Board, method: str, names: Mapping[str, str], shown: Iterable[str]) -> list[str]:
    """Means of a method, '-' where it has no such figure on every table."""
    found = [names.get(name) for name in shown]
    return [number(board.mean(method, n)) if n and board.has(method, n) else "-" for n in found]


def number(value: float) -> str:
    """Three digits that count."""
    return f"{value:.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def interval(found: Interval, digits: int = 2) -> str:
    """A difference with half its interval."""
    half = "" if found.half is None else f" ± {found.half:.{digits}f}"
    return f"{found.value:+.{digits}f}{half}"
