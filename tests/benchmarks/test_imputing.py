"""The benchmark of imputation: what is hidden, how the rivals fill it, and what a figure says."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from stockpot.benchmarks import imputing
from stockpot.benchmarks.imputing import Figures


def table(rows=40):
    """``n`` and ``c`` tell each other; ``gone`` lacks every fourth value."""
    number = np.arange(rows) % 4
    frame = pd.DataFrame({"n": 2 * number, "c": np.array(["a", "b", "c", "d"])[number], "gone": 1.0 * number})
    frame.loc[::4, "gone"] = np.nan
    return frame


def test_15_percent_of_the_known_cells_are_hidden_and_the_others_stay():
    asked, gone = imputing.hide(table(), np.random.default_rng(0))
    assert gone.sum() == round(0.15 * (40 + 40 + 30))
    assert asked.isna().to_numpy()[gone].all()
    assert table().notna().to_numpy()[gone].all()
    imputing.settled({"n": "numerical", "c": "categorical", "gone": "numerical"}, asked, table())


def test_the_simple_method_gives_median_and_mode():
    train = pd.DataFrame({"n": [1, 2, 9], "c": ["a", "b", "b"]})
    filled = imputing.simple(train, pd.DataFrame({"n": [np.nan, 5], "c": ["a", None]}))
    assert filled["n"].tolist() == [2, 5]
    assert filled["c"].tolist() == ["a", "b"]


def test_forests_fill_numbers_and_categories_and_keep_what_is_there(monkeypatch):
    monkeypatch.setattr(imputing, "ROUNDS", 2)
    monkeypatch.setattr(imputing, "TREES", 9)
    rows = pd.DataFrame({"n": [np.nan, 4, 6], "c": ["b", None, "never learned"], "gone": [1, np.nan, np.nan]})
    filled = imputing.forests(table(), rows)
    assert filled["n"].tolist() == pytest.approx([2, 4, 6], abs=0.5)
    assert filled["c"].tolist() == ["b", "c", "never learned"]
    assert filled["gone"].tolist() == pytest.approx([1, 2, 3], abs=0.9)


def test_figures_by_hand():
    truth = pd.DataFrame({"x": [0.0, 0, 9], "y": [0.0, 0, 9], "c": ["a", "b", "a"]})
    base = pd.DataFrame({"x": [4.0, 4, 9], "y": [1.0, 7, 9], "c": ["a", "a", "a"]})
    filled = pd.DataFrame({"x": [1.0, 1, 9], "y": [np.nan, 7, 9], "c": ["a", "b", "a"]})
    gone = np.array([[True] * 3, [True] * 3, [False] * 3])
    found = imputing.figures(truth, base, filled, gone)
    assert found == Figures(pytest.approx(0.5), pytest.approx(0.5), 1.0)  # of 1/4 and 1
    assert imputing.figures(truth, base, base, gone) == Figures(pytest.approx(1), pytest.approx(1), 0.5)


def test_the_squared_error_weighs_the_far_cell():
    assert imputing._ratios(np.array([0.0, 4]), np.array([2.0, 2])) == pytest.approx((1, math.sqrt(2)))


def test_the_summary_leaves_out_tables_without_such_a_column():
    def one(error, accuracy):
        return {
            "simple": Figures(1, 1, accuracy),
            "forests": Figures(0.5, 0.5, accuracy),
            "soup": Figures(error, error, accuracy),
        }

    told = imputing.summary([one(0.2, 0.6), one(0.4, math.nan), one(0.6, 0.8)])
    assert told[4] == "| soup | 0.40 | 0.40 | 70.0 % |"
    assert "-0.100 [-0.597, +0.397], better on 2 of 3" in told[6]
    assert told[6].endswith("+0.0 [+0.0, +0.0], better on 0 of 2 |")
