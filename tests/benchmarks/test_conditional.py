"""The benchmark of conditional draws: which conditions it asks, and what it holds against what."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from stockpot.benchmarks import conditional
from stockpot.benchmarks.conditional import Measured, Part
from stockpot.benchmarks.protocol import Deal


def table():
    return pd.DataFrame({"c": ["a", "b", None, "a"], "n": [1, 2, 3, np.nan]})


def test_a_missing_value_meets_nothing():
    assert Part("c", "=", "a").met(table()).tolist() == [True, False, False, True]
    assert Part("n", ">=", 2).met(table()).tolist() == [False, True, True, False]
    assert len(conditional.met((Part("c", "=", "a"), Part("n", "<=", 1)), table())) == 1


def test_only_what_enough_rows_of_every_deal_meet_is_asked(monkeypatch):
    monkeypatch.setattr(conditional, "LEAST_HELD", 2)
    monkeypatch.setattr(conditional, "LEAST_LEARNED", 1)
    few = table()[:2]
    ranges = [(Part("n", ">=", 2),), (Part("n", ">=", 3),)]
    assert conditional.conditions([Deal(few, table())], ranges) == [(Part("c", "=", "a"),), ranges[0]]
    assert conditional.conditions([Deal(few, table()), Deal(few, few)], ranges) == []


class Pot:
    """Draws what it is told to."""

    def __init__(self, drawn):
        self.drawn = drawn

    def sample(self, rows, *, seed, where):
        assert where == ["c = a"]
        return self.drawn


def test_drawn_and_filtered_rows_are_held_against_the_holdout_rows_that_meet_it():
    real = pd.DataFrame({"c": ["a", "a", "b"], "d": ["u", "u", "v"]})
    drawn = pd.DataFrame({"c": ["a", "b"], "d": ["u", "v"]})
    found = conditional.compared(Pot(drawn), Deal(real, real), real, (Part("c", "=", "a"),), 0)
    assert found.fidelity == {"conditional": 50, "filtered": 100, "learning": 100, "all": 100}
    assert (found.gap, found.broke) == (-50, 1)


def test_the_interval_of_a_table_is_over_seeds():
    def one(gap):
        return Measured({"conditional": gap, "filtered": 0.0}, 0)

    made = conditional.mean_gap({(Part("c", "=", "a"),): [one(1), one(2)], (): [one(3), one(6)]})
    assert made.value == 3  # of 2 and 4
    assert made.high == pytest.approx(3 + 12.706 * 1, abs=0.01)


def test_a_line_counts_the_rows_that_meet():
    one = Measured(dict.fromkeys(conditional.KINDS, 90.0), 1)
    assert (
        conditional._line("x", [one, one])
        == "| x | 998 of 1000 | 90.0 | 90.0 | 90.0 | 90.0 | +0.00 [+0.00, +0.00] |"
    )
