"""Rows of a soup, streamed to wherever a person wants them."""

from __future__ import annotations

import os
import sys

from rich.console import Console

from stockpot import writing
from stockpot.sinks.text import CsvWriter
from stockpot.sources.asked import Form
from stockpot.sources.place import shown, where
from stockpot.threads import single_threaded


def sample_to(
    soup: str, out: str, console: Console, *, rows: int, seed: int, form: Form | None, escape: bool
) -> None:
    """Draw, write, and say what was written; to standard output go the rows alone."""
    from stockpot.soup import Soup

    writing.check_target(out, form, rows=rows, escape=escape)
    pot, rejected = Soup.load(soup), 0
    try:
        with single_threaded(), writing.open_writer(out, pot.schema, form, escape=escape) as writer:
            for block, invalid in pot.blocks(rows, seed=seed):
                writer.write(block)
                rejected += invalid
    except BrokenPipeError:  # whoever read them has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return
    piped = where(out) == "pipe"
    told = Console(stderr=True) if piped else console
    invalid_rows = f" ({rejected} invalid rows were rejected)" if rejected else ""
    place = "standard output" if piped else shown(out)
    told.print(f"{rows} rows in {place}{invalid_rows}", highlight=False, markup=False)
    if isinstance(writer, CsvWriter) and writer.formula:
        told.print(_warning(writer.formula), highlight=False, markup=False)


def _warning(formula: str) -> str:
    return (
        f"Note: a spreadsheet program takes cells such as {formula[:40]!r} for formulas. They are "
        "values of the real table; --escape writes an apostrophe before them, and .xlsx keeps them text."
    )
