"""The benchmark of pooled intervals: its population, its estimates, and what it prints."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from stockpot.benchmarks import sets


def test_estimates_of_many_rows_are_the_populations():
    rows = sets.sample(np.random.default_rng(0), 200_000)
    found, variances = sets.estimated(rows)
    assert found == pytest.approx(sets.TRUTH, rel=0.02)
    assert (variances < 0.002).all()


def test_a_line_s_slope_by_hand():
    frame = pd.DataFrame({"group": ["a", "b", "a", "b"], "x": [0.0, 1, 2, 3], "y": [1.0, 3, 5, 7]})
    found, variances = sets.estimated(frame)
    assert found.tolist() == [4.0, 0.5, 2.0]
    assert variances == pytest.approx([20 / 3 / 4, 0.25 / 4, 0])


def test_an_account_counts_what_held_and_how_wide_it_was():
    account = sets.Account()
    one = np.ones(3)
    account.add(sets.TRUTH - one, sets.TRUTH + one, one)
    account.add(sets.TRUTH + one, sets.TRUTH + 2 * one, one)
    assert account.cells() == ["50", "50", "50", "1.50"]


def test_each_way_is_told_at_each_size():
    made = sets.measured("posterior", 2)
    assert len(made) == 1 + 5 * len(sets.SIZES)
