"""Detection: can a forest tell the rows from unseen real rows? Cross-validated AUC: 0.5 it cannot, 1 it
always can.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedGroupKFold, cross_val_predict

from stockpot.score.align import Kinds, kinds_of
from stockpot.score.forests import TREES, coded, levels_of

MANY = 500
"""With so many rows of each sort, one draw of them is enough; else three."""
FOLDS = 5


def detection(
    learn: pd.DataFrame, unseen: pd.DataFrame, rows: pd.DataFrame, kinds: Kinds | None = None
) -> float:
    """Of as many rows as there are unseen ones, mean over draws. NaN where there are fewer than 5 of each."""
    known = pd.concat([learn, unseen])
    kinds = kinds_of(known) if kinds is None else kinds
    levels = levels_of(known, kinds)
    n = min(len(unseen), len(rows))
    if n < FOLDS:
        return float("nan")
    truth, judged = coded(unseen, kinds, levels), coded(rows, kinds, levels)
    return float(np.mean([_auc(truth, judged, n, seed) for seed in range(3 if n < MANY else 1)]))


def _auc(truth: pd.DataFrame, judged: pd.DataFrame, n: int, seed: int) -> float:
    """Equal rows share a fold, so that a row that was seen twice does not give itself away."""
    sample = pd.concat([truth.sample(n, random_state=seed), judged.sample(n, random_state=seed)])
    label: npt.NDArray[np.intp] = np.repeat([0, 1], n)
    groups = sample.astype(str).agg("|".join, axis=1).to_numpy()
    forest = RandomForestClassifier(TREES, min_samples_leaf=3, random_state=seed, n_jobs=1)
    folds = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=seed)
    guess = cross_val_predict(forest, sample, label, cv=folds, groups=groups, method="predict_proba")
    return float(roc_auc_score(label, guess[:, 1]))
