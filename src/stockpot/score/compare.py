"""All figures of one synthetic table, fast: what a cook asks a hundred times.

Quality and fidelity in [0, 100], higher is better; copy rate, verbatim and nearer_train are shares in [0, 1],
read beside ``reference``'s. A figure that cannot be told is None.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from math import isfinite

import numpy as np
import pandas as pd

from stockpot.score.align import Kinds, align, kinds_of
from stockpot.score.fidelity import FidelityTo
from stockpot.score.privacy import Seen, Unique, copy_rate, nearer_train, verbatim
from stockpot.score.quality import QualityTo

RELATIVE = ("quality", "fidelity")
"""The figures whose name says which real rows they were measured against."""


@dataclass(frozen=True)
class RowScores:
    """The figures of one table's rows."""

    quality: float | None
    fidelity: float | None
    copy_rate: float | None
    verbatim: float | None
    nearer_train: float | None

    def named(self, against: str) -> dict[str, float]:
        """Name, as in ``stockpot.figures.NAMES`` -> value, of what is known; ``against`` is held_out, all or
        holdout.
        """
        known = self.known(*asdict(self))
        return {f"{name}_{against}" if name in RELATIVE else name: value for name, value in known.items()}

    def known(self, *names: str) -> dict[str, float]:
        """Those of these figures that can be told."""
        return {name: value for name in names if (value := getattr(self, name)) is not None}


@dataclass(frozen=True)
class Yardstick:
    """The real rows that tables are scored against, prepared once.

    ``real`` judges quality and fidelity; ``learn`` are the rows that the model saw, ``unseen`` those that it
    did not. A number is verbatim if one learning row holds it and no row of the first half of the unseen ones
    (the other half says what real rows reach, see ``reference``). Learning and unseen rows are shuffled once,
    because tables come sorted.
    """

    kinds: Kinds
    quality: QualityTo
    fidelity: FidelityTo
    seen: Seen
    unique: Unique
    learn: pd.DataFrame
    unseen: pd.DataFrame | None

    @staticmethod
    def of(
        real: pd.DataFrame, unseen: pd.DataFrame | None, learn: pd.DataFrame, kinds: Kinds | None = None
    ) -> Yardstick:
        kinds = kinds_of(learn) if kinds is None else kinds
        ours = _shuffled(align(learn, kinds))
        theirs = None if unseen is None else _shuffled(align(unseen, kinds))
        unique = Unique.of(ours, ours[:0] if theirs is None else _first(theirs), kinds)
        return Yardstick(
            kinds,
            QualityTo.of(real, kinds),
            FidelityTo.of(real, kinds),
            Seen.of(ours, kinds),
            unique,
            ours,
            theirs,
        )

    def score(self, synthetic: pd.DataFrame) -> RowScores:
        rows = align(synthetic, self.kinds)
        return RowScores(
            quality=_known(self.quality.score(rows).value),
            fidelity=_known(self.fidelity.score(rows).value),
            copy_rate=_known(self.seen.share(rows)),
            verbatim=_known(self.unique.share(rows)),
            nearer_train=None
            if self.unseen is None
            else _known(nearer_train(self.learn, self.unseen, rows, self.kinds)),
        )


def score_rows(
    real: pd.DataFrame,
    unseen: pd.DataFrame | None,
    synthetic: pd.DataFrame,
    learn: pd.DataFrame,
    kinds: Kinds | None = None,
) -> RowScores:
    """The figures of one table; make a ``Yardstick`` to score several against the same rows."""
    return Yardstick.of(real, unseen, learn, kinds).score(synthetic)


def reference(learn: pd.DataFrame, unseen: pd.DataFrame, kinds: Kinds | None = None) -> RowScores:
    """The rail: quality and fidelity of the learning rows against the unseen ones, and how often unseen rows
    repeat learning rows and their numbers by chance. Nearer to the learning rows they are never: None.
    """
    kinds = kinds_of(learn) if kinds is None else kinds
    ours, theirs = align(learn, kinds), _shuffled(align(unseen, kinds))
    return RowScores(
        quality=_known(QualityTo.of(theirs, kinds).score(ours).value),
        fidelity=_known(FidelityTo.of(theirs, kinds).score(ours).value),
        copy_rate=_known(copy_rate(ours, theirs, kinds)),
        verbatim=_known(verbatim(ours, _first(theirs), theirs[len(theirs) // 2 :], kinds)),
        nearer_train=None,
    )


def _first(unseen: pd.DataFrame) -> pd.DataFrame:
    return unseen[: len(unseen) // 2]


def _shuffled(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.iloc[np.random.RandomState(0).permutation(len(frame))].reset_index(drop=True)


def _known(value: float) -> float | None:
    return float(value) if isfinite(value) else None
