"""Two files compared: what ``stockpot score real.csv synthetic.csv --holdout unseen.csv`` prints.

Each line has the figure of the synthetic rows, and beside it what stands for comparison: unseen real rows in
their place (where a holdout is given), the floor, the copy, and the reference (one half of the real rows
against the other). Lines that end in ``_holdout`` are measured against the holdout, all others against the
real rows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import isfinite
from typing import Literal

import numpy as np
import pandas as pd

from stockpot.errors import TableError
from stockpot.score import rails
from stockpot.score.align import Kinds, align, kinds_of
from stockpot.score.fidelity import FidelityScore, FidelityTo
from stockpot.score.privacy import Seen, Unique, copy_rate, nearer_train, nearest
from stockpot.score.quality import QualityScore, QualityTo
from stockpot.score.reports import DiagnosticScore, diagnostic_report, new_rows, quality_report

Better = Literal["higher", "as unseen", "0.5"]


@dataclass(frozen=True)
class Line:
    """One figure: of the synthetic rows, and of what stands beside them. None where it cannot be told."""

    name: str
    unit: str
    against: str
    better: Better
    synthetic: float | None
    unseen: float | None = None
    floor: float | None = None
    copy: float | None = None
    reference: float | None = None


@dataclass(frozen=True)
class TableScores:
    """The lines, the details of the first three of them, and what a person should know."""

    lines: tuple[Line, ...]
    quality: QualityScore
    fidelity: FidelityScore
    diagnostic: DiagnosticScore
    notes: tuple[str, ...]

    def line(self, name: str) -> Line:
        return next(line for line in self.lines if line.name == name)


@dataclass(frozen=True)
class Sides:
    """The tables, aligned. The halves stand for learning and unseen rows of the reference."""

    kinds: Kinds
    real: pd.DataFrame
    holdout: pd.DataFrame | None
    synthetic: pd.DataFrame
    floor: pd.DataFrame
    copy: pd.DataFrame
    halves: tuple[pd.DataFrame, pd.DataFrame]


def score_tables(
    real: pd.DataFrame,
    synthetic: pd.DataFrame,
    holdout: pd.DataFrame | None = None,
    *,
    kinds: Kinds | None = None,
    seed: int = 0,
) -> TableScores:
    """Score synthetic rows against the real ones that they came from, and against unseen ones."""
    kinds = kinds_of(real) if kinds is None else kinds
    _check(real, synthetic, holdout, kinds)
    sides = _sides(real, synthetic, holdout, kinds, seed)
    lines = _alike(sides) + _alike_holdout(sides) + _valid(sides) + _private(sides)
    return TableScores(
        lines=tuple(lines),
        quality=quality_report(sides.real, sides.synthetic, kinds),
        fidelity=FidelityTo.of(sides.real, kinds).score(sides.synthetic),
        diagnostic=diagnostic_report(sides.real, sides.synthetic, kinds),
        notes=_notes(real, synthetic, kinds),
    )


def _check(real: pd.DataFrame, synthetic: pd.DataFrame, holdout: pd.DataFrame | None, kinds: Kinds) -> None:
    named = {"real": real, "synthetic": synthetic} | ({} if holdout is None else {"holdout": holdout})
    for which, frame in named.items():
        if len(frame) < 2:
            raise TableError(f"The {which} table has {len(frame)} rows: give at least 2 to score.")
        absent = [name for name in kinds if name not in frame]
        if absent:
            raise TableError(
                f"The {which} table lacks column '{absent[0]}': give it the real table's columns."
            )
    if not kinds:
        raise TableError("The real table has no column that can be scored: give it a number or a category.")


def _sides(
    real: pd.DataFrame, synthetic: pd.DataFrame, holdout: pd.DataFrame | None, kinds: Kinds, seed: int
) -> Sides:
    """Real and unseen rows are shuffled, because files come sorted."""
    ours = _shuffled(align(real, kinds), seed)
    theirs = None if holdout is None else _shuffled(align(holdout, kinds), seed)
    rows = len(synthetic)
    return Sides(
        kinds=kinds,
        real=ours,
        holdout=theirs,
        synthetic=align(synthetic, kinds),
        floor=rails.floor(ours, rows, seed=seed),
        copy=rails.copy(ours, rows, seed=seed),
        halves=rails.halves(ours, seed=seed),
    )


def _alike(sides: Sides) -> list[Line]:
    mine, theirs = sides.halves
    quality, fidelity = QualityTo.of(sides.real, sides.kinds), FidelityTo.of(sides.real, sides.kinds)
    half_quality = QualityTo.of(theirs, sides.kinds).score(mine).value
    half_fidelity = FidelityTo.of(theirs, sides.kinds).score(mine).value
    return [
        _line(sides, "quality", "of 100", "higher", lambda t: quality.score(t).value, half_quality),
        _line(sides, "fidelity", "of 100", "higher", lambda t: fidelity.score(t).value, half_fidelity),
    ]


def _alike_holdout(sides: Sides) -> list[Line]:
    """The reference is the real rows themselves; unseen rows have nothing else to be held against."""
    if sides.holdout is None:
        return []
    quality, fidelity = QualityTo.of(sides.holdout, sides.kinds), FidelityTo.of(sides.holdout, sides.kinds)
    alone = replace(sides, holdout=None)
    reached = quality.score(sides.real).value, fidelity.score(sides.real).value
    lines = [
        _line(alone, "quality_holdout", "of 100", "higher", lambda t: quality.score(t).value, reached[0]),
        _line(alone, "fidelity_holdout", "of 100", "higher", lambda t: fidelity.score(t).value, reached[1]),
    ]
    return [replace(line, against="holdout") for line in lines]


def _valid(sides: Sides) -> list[Line]:
    real, kinds = sides.real, sides.kinds
    mine, theirs = sides.halves
    valid, new = diagnostic_report(mine, theirs, kinds).value, new_rows(mine, theirs, kinds)
    return [
        _line(sides, "diagnostic", "%", "higher", lambda t: diagnostic_report(real, t, kinds).value, valid),
        _line(sides, "new_rows", "share", "as unseen", lambda t: new_rows(real, t, kinds), new),
    ]


def _private(sides: Sides) -> list[Line]:
    real, kinds = sides.real, sides.kinds
    mine, theirs = sides.halves
    seen, copied = Seen.of(real, kinds), copy_rate(mine, theirs, kinds)
    return [
        _line(sides, "copy_rate", "share", "as unseen", seen.share, copied),
        _verbatim(sides),
        _line(
            sides,
            "nearest",
            "distance",
            "as unseen",
            lambda t: _median(real, t, kinds),
            _median(mine, theirs, kinds),
        ),
        *_nearer(sides),
    ]


def _verbatim(sides: Sides) -> Line:
    """The first half of the unseen rows says which numbers are common; the second half what real rows
    reach.
    """
    (mine, theirs), unseen = sides.halves, sides.holdout
    reached = Unique.of(mine, _first(theirs), sides.kinds).share(_second(theirs))
    unique = Unique.of(sides.real, sides.real[:0] if unseen is None else _first(unseen), sides.kinds)
    judged = replace(sides, holdout=None if unseen is None else _second(unseen))
    return _line(judged, "verbatim", "share", "as unseen", unique.share, reached)


def _nearer(sides: Sides) -> list[Line]:
    real, unseen, kinds = sides.real, sides.holdout, sides.kinds
    if unseen is None:
        return []
    alone = replace(sides, holdout=None)
    return [
        _line(alone, "nearer_train", "share", "0.5", lambda t: nearer_train(real, unseen, t, kinds), None)
    ]


def _line(
    sides: Sides,
    name: str,
    unit: str,
    better: Better,
    figure: Callable[[pd.DataFrame], float],
    reference: float | None,
) -> Line:
    """One figure of each table that there is."""
    tables = (sides.synthetic, sides.holdout, sides.floor, sides.copy)
    values = [None if table is None else figure(table) for table in tables]
    known = [None if value is None or not isfinite(value) else float(value) for value in [*values, reference]]
    return Line(name, unit, "real", better, *known)


def _median(real: pd.DataFrame, rows: pd.DataFrame, kinds: Kinds) -> float:
    """The median distance to the nearest real row."""
    return float(np.median(nearest(real, rows, kinds)))


def _first(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[: len(rows) // 2]


def _second(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[len(rows) // 2 :]


def _notes(real: pd.DataFrame, synthetic: pd.DataFrame, kinds: Kinds) -> tuple[str, ...]:
    odd = [name for name in real if name not in kinds]
    extra = [name for name in synthetic if name not in real]
    return (
        *(
            f"Column '{name}' of the real table is neither a number nor a category: not scored."
            for name in odd
        ),
        *(f"Column '{name}' of the synthetic table is not in the real one: not scored." for name in extra),
    )


def _shuffled(frame: pd.DataFrame, seed: int) -> pd.DataFrame:
    return frame.iloc[np.random.RandomState(seed).permutation(len(frame))].reset_index(drop=True)
