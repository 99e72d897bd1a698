"""Utility: what a forest learns from the rows about real rows. Percent of skill over a constant guess: 0 is
the constant (median or mode of the learning rows), 100 is perfect, -100 the worst that is counted.

Each column is predicted from the others, and the skills are averaged. Leaves grow with the rows (2 of 80, 25
of 1,000), so that more rows of one distribution are no handicap. A column that the source left empty scores
-100. Columns that the unseen rows cannot judge (a constant, fewer than 5 rows away from the mode) are left
out, for every source alike.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor

from stockpot.score.align import FloatArray, Kinds, kinds_of
from stockpot.score.forests import TREES, coded, levels_of

FEW = 5
"""Rows below which nothing is learned or judged."""


@dataclass(frozen=True)
class Judge:
    """How one column's guesses are judged: the truth of the unseen rows, and the constant to beat."""

    column: str
    category: bool
    asked: pd.DataFrame
    truth: FloatArray
    constant: float

    def error(self, guess: npt.ArrayLike) -> float:
        """Share of wrong categories, or mean absolute error."""
        wrong = np.asarray(guess) != self.truth if self.category else np.abs(np.asarray(guess) - self.truth)
        return float(np.mean(wrong))

    def skill(self, source: pd.DataFrame, leaf: int) -> float:
        """In [-1, 1], of a forest that learned from the source's rows."""
        seen = source[source[self.column].notna()]
        if len(seen) < FEW:
            return -1.0
        leaf = min(leaf, max(1, len(seen) // 4))
        guess = _guess(seen, self.asked, self.column, category=self.category, leaf=leaf)
        return float(np.clip(1 - self.error(guess) / self.error(self.constant), -1, 1))


def utility(
    learn: pd.DataFrame, unseen: pd.DataFrame, source: pd.DataFrame, kinds: Kinds | None = None
) -> float:
    """Of the source's rows, for the unseen rows. NaN where no column can be judged."""
    known = pd.concat([learn, unseen])
    kinds = kinds_of(known) if kinds is None else kinds
    levels = levels_of(known, kinds)
    base, test, rows = (coded(frame, kinds, levels) for frame in (learn, unseen, source))
    leaf = max(2, round(len(source) / 40))
    judges = [_judge(name, base, test, category=name in levels) for name in kinds] if len(kinds) > 1 else []
    skills = [judge.skill(rows, leaf) for judge in judges if judge is not None]
    return 100 * float(np.mean(skills)) if skills else float("nan")


def _judge(name: str, base: pd.DataFrame, test: pd.DataFrame, *, category: bool) -> Judge | None:
    asked, values = test[test[name].notna()], base[name].dropna()
    if values.nunique() < 2 or len(asked) < FEW:
        return None
    constant = float(values.mode().iloc[0] if category else values.median())
    judge = Judge(name, category, asked.drop(columns=name), asked[name].to_numpy(), constant)
    if category and (judge.truth != constant).sum() < FEW:
        return None
    return judge if judge.error(constant) > 0 else None


def _guess(seen: pd.DataFrame, asked: pd.DataFrame, name: str, *, category: bool, leaf: int) -> FloatArray:
    kind = RandomForestClassifier if category else RandomForestRegressor
    forest = kind(TREES, min_samples_leaf=leaf, random_state=0, n_jobs=1)
    fitted = forest.fit(seen.drop(columns=name), seen[name])
    return np.asarray(fitted.predict(asked))
