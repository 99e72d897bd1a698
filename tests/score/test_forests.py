import numpy as np
import pandas as pd
import pytest

from stockpot.score.detection import detection
from stockpot.score.forests import coded, levels_of
from stockpot.score.rails import floor
from stockpot.score.utility import utility


def table(rows, seed):
    """A number that a letter tells, but for a little noise."""
    draw = np.random.RandomState(seed)
    level = draw.randint(0, 2, rows)
    return pd.DataFrame({"n": 10.0 * level + draw.normal(size=rows), "c": np.array(["a", "b"])[level]})


def test_an_unknown_category_is_coded_as_missing():
    kinds = {"c": "categorical"}
    levels = levels_of(pd.DataFrame({"c": ["b", "a"]}), kinds)
    found = coded(pd.DataFrame({"c": ["a", "b", "z", None]}), kinds, levels)["c"]
    assert found.tolist()[:2] == [0, 1]
    assert found.isna().tolist() == [False, False, True, True]


def test_rows_of_one_source_are_hard_to_detect_and_shuffled_columns_easy():
    learn, unseen = table(60, 0), table(60, 1)
    assert abs(detection(learn, unseen, table(60, 2)) - 0.5) < 0.15
    assert detection(learn, unseen, floor(learn, 60)) > 0.7


def test_four_rows_cannot_be_told_apart():
    assert np.isnan(detection(table(9, 0), table(4, 1), table(9, 2)))


def test_rows_of_the_same_source_are_useful_and_shuffled_columns_are_not():
    learn, unseen = table(60, 0), table(60, 1)
    assert utility(learn, unseen, table(60, 2)) > 80
    assert utility(learn, unseen, floor(learn, 60)) < 10


def test_an_empty_source_column_scores_no_more_than_the_constant():
    learn, unseen = table(60, 0), table(60, 1)
    source = table(60, 2).assign(n=np.nan)
    assert utility(learn, unseen, source) <= 0


def test_a_constant_column_is_not_judged():
    learn, unseen = (table(60, seed).assign(one=1) for seed in (0, 1))
    assert utility(learn, unseen, learn) == pytest.approx(utility(learn, unseen, learn.assign(one=2)), abs=5)


def test_one_column_has_nothing_to_learn_from():
    one = table(20, 0)[["n"]]
    assert np.isnan(utility(one, one, one))
