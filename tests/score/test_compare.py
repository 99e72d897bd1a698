import numpy as np
import pandas as pd
import pytest

from stockpot.figures import NAMES
from stockpot.score import rails
from stockpot.score.compare import Yardstick, reference, score_rows
from stockpot.score.fidelity import fidelity
from stockpot.score.privacy import copy_rate
from stockpot.score.quality import quality


def table(rows, seed=0):
    draw = np.random.RandomState(seed)
    return pd.DataFrame({"n": draw.normal(size=rows).round(2), "c": draw.choice(["a", "b"], rows)})


def test_scores_are_those_of_the_single_figures():
    learn, unseen, drawn = table(40, 1), table(10, 2), table(100, 3)
    found = score_rows(unseen, unseen, drawn, learn)
    assert found.quality == quality(unseen, drawn)
    assert found.fidelity == fidelity(unseen, drawn)
    assert found.copy_rate == copy_rate(learn, drawn)


def test_names_are_those_of_the_figures():
    learn, unseen = table(40, 1), table(10, 2)
    found = score_rows(unseen, unseen, learn, learn)
    names = set(found.named("held_out")) | set(found.named("all"))
    assert names <= set(NAMES)
    assert set(found.named("held_out")) == {
        "quality_held_out",
        "fidelity_held_out",
        "copy_rate",
        "verbatim",
        "nearer_train",
    }


def test_without_unseen_rows_nothing_can_be_nearer_to_them():
    learn = table(40)
    found = score_rows(learn, None, learn, learn)
    assert found.nearer_train is None
    assert found.copy_rate == 1


def test_a_sorted_table_is_shuffled_before_records_are_compared():
    learn = pd.DataFrame({"n": np.arange(40.0)})
    unseen = pd.DataFrame({"n": np.arange(40.0)[::4] + 0.5})
    drawn = pd.DataFrame({"n": np.arange(40.0)[::4] + 0.25})
    found = score_rows(unseen, unseen, drawn, learn)
    assert found.nearer_train is not None
    assert 0.05 < found.nearer_train < 0.6  # the first ten learning rows alone would lie far from most


def test_the_copy_rail_leaks_and_the_reference_does_not():
    learn, unseen = table(40, 1), table(30, 2)
    stick = Yardstick.of(unseen, unseen, learn)
    assert stick.score(rails.copy(learn, 100)).copy_rate == 1
    found = reference(learn, unseen)
    assert found.copy_rate is not None
    assert found.copy_rate < 0.2
    assert found.nearer_train is None


ODD = {
    "constant": {"n": [1.0] * 6, "c": ["a"] * 6},
    "all missing": {"n": [np.nan] * 6, "c": pd.Series([None] * 6, dtype=object)},
    "some missing": {"n": [1.0, np.nan, 2.0, 2.0, np.nan, 3.0], "c": ["a", None, "b", "a", None, "c"]},
    "booleans": {"b": [True, False] * 3, "o": [True, None, False] * 2},
    "categories": {"c": pd.Categorical(["a", "b", None] * 2), "n": range(6)},
    "nullable": {
        "i": pd.array([1, 2, None] * 2, dtype="Int64"),
        "b": pd.array([True, None, False] * 2, dtype="boolean"),
        "s": pd.array(["x", None, "y"] * 2, dtype="string"),
        "f": pd.array([1.5, None, 2.5] * 2, dtype="Float64"),
    },
    "one number": {"n": [1, 2, 3, 4, 5, 6]},
    "one category": {"c": list("abcabc")},
    "every value its own": {"c": list("abcdef"), "d": list("ghijkl")},
    "odd names": {"a`b": [1, 2, 3, 4, 5, 6], "x.y\n'": list("aabbcc")},
    "narrow": {"n": [1e15, 1e15 + 0.125] * 3, "c": list("aabbcc")},
}


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("rows", [2, 4])
def test_odd_tables_neither_crash_nor_warn(name, rows):
    frame = pd.DataFrame(ODD[name])
    learn, unseen = frame.iloc[rows:], frame.iloc[:rows]
    for real, apart in ((unseen, unseen), (frame, None)):
        stick = Yardstick.of(real, apart, learn)
        for drawn in (frame, rails.floor(learn, 9), rails.copy(learn, 9), frame.iloc[:1]):
            figures = stick.score(drawn).named("all")
            assert all(np.isfinite(value) for value in figures.values())
    assert all(np.isfinite(value) for value in reference(learn, unseen).named("held_out").values())


def test_a_category_unseen_on_one_side_counts_against_the_rows():
    real, other = pd.DataFrame({"c": ["a", "b"] * 5}), pd.DataFrame({"c": ["a", "z"] * 5})
    assert score_rows(real, None, other, real).fidelity == pytest.approx(50)


def test_kinds_can_be_given():
    codes = pd.DataFrame({"code": [1, 2, 1, 2], "n": [1, 2, 3, 4]})
    other = pd.DataFrame({"code": [1.0, 1.0, np.nan, 2.0], "n": [1, 2, 3, 4]})
    found = score_rows(codes, None, other, codes, {"code": "categorical", "n": "numerical"})
    assert found.copy_rate == 0.5
