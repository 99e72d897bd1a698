import itertools
import warnings

import numpy as np
import pandas as pd
import pytest
from sdmetrics.column_pairs import ContingencySimilarity, CorrelationSimilarity
from sdmetrics.errors import ConstantInputError
from sdmetrics.single_column import KSComplement, TVComplement

from stockpot.score.align import align, kinds_of
from stockpot.score.fidelity import FidelityTo, fidelity


def binned(frame, real, kinds):
    out = frame.copy()
    for name, kind in kinds.items():
        if kind == "numerical":
            edges = np.unique(np.nanquantile(real[name], np.linspace(0.1, 0.9, 9)))
            out[name] = pd.Series(np.searchsorted(edges, frame[name], side="left")).astype(object)
        out[name] = out[name].where(frame[name].notna(), "missing").astype(str)
    return out


def slow_trend(real, other, a, b):
    """None where the real rows have no trend."""
    truth = real[a].corr(real[b], method="spearman")
    if np.isnan(truth):
        return None
    try:
        found = CorrelationSimilarity.compute(real[[a, b]], other[[a, b]], coefficient="Spearman")
    except ConstantInputError:
        return 1 - abs(truth) / 2
    return 0.0 if np.isnan(found) else found


def slow_fidelity(real, other):
    """The plain way: one of SDMetrics' metrics after the other."""
    kinds = kinds_of(real)
    real, other = align(real, kinds), align(other, kinds)
    kinds = {name: kind for name, kind in kinds.items() if real[name].notna().any()}
    real_bins, other_bins = (binned(frame[list(kinds)], real, kinds) for frame in (real, other))
    shapes, trends = [], []
    for name, kind in kinds.items():
        if real[name].isna().any() or other[name].isna().any():
            shapes.append(1 - abs(real[name].isna().mean() - other[name].isna().mean()))
        metric = KSComplement if kind == "numerical" else TVComplement
        empty = other[name].isna().all()
        shapes.append(0.0 if empty else metric.compute(real[name].dropna(), other[name].dropna()))
    for a, b in itertools.combinations(kinds, 2):
        if kinds[a] == kinds[b] == "numerical":
            trends.append(slow_trend(real, other, a, b))
        else:
            trends.append(ContingencySimilarity.compute(real_bins[[a, b]], other_bins[[a, b]]))
    return 100 * np.mean([np.mean(shapes), np.mean([trend for trend in trends if trend is not None])])


def mixed(rows, seed):
    """Two numbers, a constant, two categories, a boolean; with missing values and ties."""
    draw = np.random.RandomState(seed)
    frame = pd.DataFrame(
        {
            "n": draw.normal(size=rows).round(1),
            "m": draw.randint(0, 5, rows).astype(float),
            "one": np.ones(rows),
            "c": draw.choice(["a", "b", "c", "d"], rows, p=[0.5, 0.3, 0.19, 0.01]),
            "d": draw.choice(["x", "y"], rows),
            "b": draw.rand(rows) < 0.5,
        }
    )
    frame["m"] += frame["n"].round()
    frame.loc[draw.rand(rows) < 0.1, "m"] = np.nan
    frame.loc[draw.rand(rows) < 0.1, "d"] = None
    return frame


@pytest.mark.parametrize("seed", range(4))
def test_fidelity_is_what_sdmetrics_metrics_say_one_by_one(seed):
    real, other = mixed(40, seed), mixed(300, 100 + seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        truth = slow_fidelity(real, other)
    assert fidelity(real, other) == pytest.approx(truth, abs=1e-4)


def test_an_empty_and_a_constant_column_score_as_the_slow_way_does():
    real, other = mixed(40, 0), mixed(80, 1)
    other["m"], other["n"], other["d"] = np.nan, 1.0, None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        truth = slow_fidelity(real, other)
    assert fidelity(real, other) == pytest.approx(truth, abs=1e-4)


def test_fidelity_of_a_hand_made_table():
    real = pd.DataFrame({"n": [1, 2, 3, 4], "c": ["a", "a", "b", "b"]})
    other = pd.DataFrame({"n": [1, 2, 3, 3], "c": ["a", "a", "a", "b"]})
    # shapes: n differs by a quarter below 4, and so does c: both 0.75
    # cells: (3, b) and (4, b) against (3, a) and (3, b), so one quarter of the rows moved: 0.75
    assert fidelity(real, other) == pytest.approx(75)


def test_a_table_is_wholly_faithful_to_itself():
    real = mixed(30, 5)
    assert fidelity(real, real) == pytest.approx(100)


def test_a_missing_rate_is_a_shape():
    real = pd.DataFrame({"n": [1.0, 2.0, 1.0, 2.0]})
    other = pd.DataFrame({"n": [1.0, 2.0, np.nan, np.nan]})
    shapes = FidelityTo.of(real).score(other).shapes
    assert [(s.metric, s.score) for s in shapes] == [("MissingRate", 0.5), ("KSComplement", 1.0)]


def test_a_column_that_came_out_empty_scores_nothing():
    shapes = FidelityTo.of(pd.DataFrame({"c": ["a", "b"]})).score(pd.DataFrame({"c": [None, None]})).shapes
    assert [s.score for s in shapes] == [0.0, 0.0]


def test_an_empty_real_column_has_no_say():
    real = pd.DataFrame({"n": [1.0, 2.0], "empty": [np.nan, np.nan]})
    assert fidelity(real, pd.DataFrame({"n": [1.0, 2.0], "empty": [3.0, 4.0]})) == 100


def test_one_outlier_moves_no_other_cell():
    real = pd.DataFrame({"n": range(100), "c": ["a", "b"] * 50})
    other = real.copy()
    other.loc[0, "n"] = 10_000
    assert fidelity(real, other) > 98


def test_nothing_to_compare_is_nan():
    assert np.isnan(fidelity(pd.DataFrame({"n": [np.nan]}), pd.DataFrame({"n": [1.0]})))


def test_one_preparation_scores_many_tables():
    real = mixed(30, 6)
    to = FidelityTo.of(real)
    for seed in range(3):
        assert to.score(mixed(50, seed)).value == fidelity(real, mixed(50, seed))
