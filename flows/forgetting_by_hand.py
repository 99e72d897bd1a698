"""Forgetting rows at a terminal."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from rich.console import Console

from stockpot.forgetting import check_out, folder_of, forgetting

SHOWN = 4
"""So many values of a row are shown, so that a person sees which one it is."""


def forget_by_hand(run: Path, rows: Sequence[int], out: Path | None, console: Console) -> None:
    """Say which rows are forgotten, write the folder, and say what that covers and costs."""
    start = time.perf_counter()

    def say(sentence: str) -> None:
        console.print(sentence, highlight=False, markup=False)

    target = out or folder_of(run, rows)
    check_out(target)
    found = forgetting(run, rows, say)
    for number, place in zip(found.what.rows, found.what.places, strict=True):
        said = spelt(found.what.tally.kitchen.table.frame.iloc[place])
        say(f"Row {number}, counted from 0: {said}")
    folder = found.deliver(target)
    for sentence in found.sentences:
        say(sentence)
    took = f"({time.perf_counter() - start:.0f} s)"
    say(f"The soup, {found.config.rows} rows and forget.json are in {folder} {took}")


def spelt(row: pd.Series) -> str:
    """``species Adelie, island Torgersen, ...``"""
    told = [f"{name} {'missing' if pd.isna(value) else value}" for name, value in row.iloc[:SHOWN].items()]
    return ", ".join(told) + (", ..." if len(row) > SHOWN else "")
