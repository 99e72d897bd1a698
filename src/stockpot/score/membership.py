"""Membership inference: can a model's losses tell the rows that it learned from from those that it did not?

Losses are nats a token. Scores: the higher, the more a row looks learned. AUC: 0.5 is a coin, 1 tells all.
"""

from __future__ import annotations

import numpy as np
from scipy.stats import rankdata

from stockpot.score.align import FloatArray

ALARM = 0.1
"""So many of the rows that were not learned from may be called learned."""
LEAST = 1e-12
"""A spread of no more is rounding."""


def auc(members: FloatArray, others: FloatArray) -> float:
    """The chance that a member's score lies above another row's; a tie counts half. NaN of none."""
    pairs = len(members) * len(others)
    if not pairs:
        return float("nan")
    ranks = rankdata(np.concatenate([members, others]))[: len(members)]
    return float((ranks.sum() - len(members) * (len(members) + 1) / 2) / pairs)


def caught(members: FloatArray, others: FloatArray, alarm: float = ALARM) -> float:
    """Share of the members whose score lies above all but ``alarm`` of the others'; ``alarm`` is chance."""
    if not len(members) or not len(others):
        return float("nan")
    return float(np.mean(members > np.quantile(others, 1 - alarm)))


def likelihood_ratio(losses: FloatArray, outs: FloatArray, centre: FloatArray | None = None) -> FloatArray:
    """(R,) how far a model's losses (R,) lie below those of models that never saw the rows, ``outs`` (E, R),
    in standard deviations of these.

    ``centre`` (R,), where one model of the target's own kind tells better than the mean of ``outs`` what it
    would lose on rows that it never saw. The offline attack of Carlini et al., 'Membership Inference Attacks
    From First Principles' (IEEE S&P 2022), which orders rows by the likelihood of their loss under a normal
    distribution of the out-models'.
    """
    middle = outs.mean(axis=0) if centre is None else centre
    return np.asarray((middle - losses) / np.maximum(outs.std(axis=0, ddof=1), LEAST))
