import numpy as np
import pandas as pd
import pytest
from sdmetrics.column_pairs import ContingencySimilarity, CorrelationSimilarity
from sdmetrics.single_column import KSComplement, TVComplement

from stockpot.score.align import Levels
from stockpot.score.columns import (
    Categories,
    Numbers,
    closeness,
    contingency,
    correlation,
    overlap,
    rank_correlation,
    shape,
)

DRAW = np.random.RandomState(0)


def test_overlap_of_halves_that_share_a_quarter():
    # shares 1/2, 1/2, 0 against 1/2, 1/4, 1/4: they differ by 1/4 twice, a distance of 1/4
    assert overlap(np.array([0, 1]), np.array([0, 0, 1, 2]), 3) == 0.75


def test_overlap_of_many_cells_is_that_of_few():
    ours, theirs = DRAW.randint(0, 9, 50), DRAW.randint(0, 9, 80)
    assert overlap(ours * 100_000, theirs * 100_000, 900_001) == pytest.approx(overlap(ours, theirs, 9))


def test_closeness_is_one_less_the_largest_gap():
    # below 2: all of ours, a third of theirs
    assert closeness(np.array([1.0, 1.0]), np.array([1.0, 2.0, 3.0])) == pytest.approx(1 / 3)


@pytest.mark.parametrize("decimals", [0, 1, 5])
def test_shape_of_numbers_is_kscomplement(decimals):
    real, other = DRAW.normal(size=30).round(decimals), DRAW.normal(size=90).round(decimals)
    real[3] = np.nan
    found = shape("n", Numbers(real), Numbers(other)).score
    assert found == pytest.approx(KSComplement.compute(pd.Series(real), pd.Series(other)))


def test_shape_of_categories_is_tvcomplement():
    real = pd.Series(["a", "b", "b", np.nan], dtype=object)
    other = pd.Series(["a", "c", "c", "d", np.nan, "b"], dtype=object)
    levels = Levels.of(real)
    found = shape("c", Categories.of(real, levels), Categories.of(other, levels)).score
    assert found == pytest.approx(TVComplement.compute(real, other), abs=1e-6)


def test_contingency_is_contingencysimilarity():
    real, other = DRAW.randint(0, 3, (20, 2)), DRAW.randint(0, 3, (70, 2))
    truth = ContingencySimilarity.compute(pd.DataFrame(real), pd.DataFrame(other))
    assert contingency((real[:, 0], real[:, 1]), (other[:, 0], other[:, 1]), (3, 3)) == pytest.approx(truth)


@pytest.mark.parametrize(("name", "ours"), [("Pearson", correlation), ("Spearman", rank_correlation)])
def test_correlations_are_those_of_correlationsimilarity(name, ours):
    frame = pd.DataFrame(DRAW.normal(size=(40, 2)).round(1), columns=["a", "b"])
    frame.loc[:3, "a"] = np.nan
    truth = CorrelationSimilarity.compute_breakdown(frame, frame, coefficient=name)["real"]
    assert ours(Numbers(frame["a"].to_numpy()), Numbers(frame["b"].to_numpy())) == pytest.approx(truth)


def test_a_constant_has_no_correlation():
    assert np.isnan(correlation(Numbers(np.array([1.0, 1.0])), Numbers(np.array([1.0, 2.0]))))
    assert np.isnan(rank_correlation(Numbers(np.array([1.0, np.nan])), Numbers(np.array([1.0, 2.0]))))


def test_a_column_of_two_kinds_is_refused():
    with pytest.raises(TypeError, match="Column 'c' is a number on one side"):
        shape("c", Numbers(np.array([1.0])), Categories(np.array([0]), 3))
