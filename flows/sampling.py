"""Rows of a soup, streamed to wherever a person wants them; and a table with its missing cells filled."""

from __future__ import annotations

import os
import sys
from pathlib import PurePosixPath

import pandas as pd
from rich.console import Console

from stockpot import writing
from stockpot.constraints.settle import kept_sentence
from stockpot.constraints.sieve import Sieve
from stockpot.errors import FolderError
from stockpot.schema import Schema, detect
from stockpot.sinks.text import CsvWriter
from stockpot.soup import Soup
from stockpot.sources.asked import Form
from stockpot.sources.place import shown, where
from stockpot.threads import single_threaded
from stockpot.wishes.condition import Condition


def sample_to(
    pot: Soup, out: str, console: Console, *, rows: int, seed: int, form: Form | None, escape: bool
) -> None:
    """Draw, write, and say what was written; to standard output go the rows alone."""
    writing.check_target(out, form, rows=rows, escape=escape)
    sieve, rejected = Sieve(pot.ladle.rules), 0
    try:
        with single_threaded(), writing.open_writer(out, pot.schema, form, escape=escape) as writer:
            for block, invalid in pot.blocks(rows, seed=seed, sieve=sieve):
                writer.write(block)
                rejected += invalid
    except BrokenPipeError:  # whoever read them has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return
    told, place = _telling(out, console)
    invalid_rows = f" ({rejected} invalid rows were rejected)" if rejected else ""
    told.print(
        f"{rows} row{'s' * (rows != 1)} in {place}{invalid_rows}{_held(pot, sieve)}",
        highlight=False,
        markup=False,
    )
    if isinstance(writer, CsvWriter) and writer.formula:
        told.print(_warning(writer.formula), highlight=False, markup=False)


def _telling(out: str, console: Console) -> tuple[Console, str]:
    """Where to tell of what was written, and what its place is called: standard output is for rows alone."""
    return (Console(stderr=True), "standard output") if where(out) == "pipe" else (console, shown(out))


def impute_to(pot: Soup, table: pd.DataFrame, out: str, console: Console) -> None:
    """Fill, write, and say how many cells were filled, and how many a soup knows nothing of."""
    filled = pot.impute(table)
    rows = _whole(filled, pot.schema)
    writing.write([rows], out, detect(rows))
    before, after = int(table.isna().sum().sum()), int(filled.isna().sum().sum())
    told, place = _telling(out, console)
    left = f"; {after} left, of columns that the soup has not learned" if after else ""
    told.print(
        f"{before - after} of {before} missing cells filled in {place}{left}", highlight=False, markup=False
    )


def _whole(rows: pd.DataFrame, schema: Schema) -> pd.DataFrame:
    """Whole numbers that a reader made floats, as cells were missing, are written as whole numbers again."""
    names = [c.name for c in schema.columns if c.decimals == 0 and c.holds == "integer" and c.name in rows]
    floats = [name for name in names if rows[name].dtype == "float64" and bool((rows[name] % 1).eq(0).all())]
    return rows.astype(dict.fromkeys(floats, "Int64"))


def numbered(out: str, sets: int) -> list[str]:
    """Where each of several tables goes: more-1.csv.gz, more-2.csv.gz ..."""
    if sets == 1:
        return [out]
    if where(out) == "pipe" or "?" in out:
        raise FolderError(f"{shown(out)} takes one table, and {sets} sets are asked for: name a file.")
    name = PurePosixPath(out.rstrip("/")).name
    head, tail = out[: out.rindex(name)], out[out.rindex(name) + len(name) :]
    stem, point, suffixes = name.partition(".")
    return [f"{head}{stem}-{number}{point}{suffixes}{tail}" for number in range(1, sets + 1)]


def _held(pot: Soup, sieve: Sieve) -> str:
    count = sum(not isinstance(rule, Condition) for rule in pot.ladle.rules.all)
    return f". {kept_sentence(count, sieve.tried, sieve.kept)}" if count else ""


def _warning(formula: str) -> str:
    return (
        f"Note: a spreadsheet program takes cells such as {formula[:40]!r} for formulas. They are "
        "values of the real table; --escape writes an apostrophe before them, and .xlsx keeps them text."
    )
