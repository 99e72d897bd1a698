"""Raking: of many drawn rows, those that meet the marginals."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from stockpot.rake import Margin, Margins
from stockpot.table import of_frame
from tests.small import frame

RNG = np.random.default_rng(0)


def margins(table):
    return Margins.fit(table.canonical, table.schema)


def test_kept_rows_meet_every_marginal():
    table = of_frame(frame(60))
    drawn = of_frame(frame(4000, seed=1)).canonical
    drawn.loc[:1500, "kind"] = "oak"  # far too many
    made = margins(table)
    kept = drawn.iloc[made.keep(drawn, 500, np.random.default_rng(0))]
    for one in made.columns:
        now = np.bincount(one.groups(kept[one.name]), minlength=len(one.shares)) / len(kept)
        reachable = np.array(one.shares) * (
            np.bincount(one.groups(drawn[one.name]), minlength=len(one.shares)) > 0
        )
        assert np.abs(now - reachable / reachable.sum()).max() < 0.05  # a draw of 500


def test_as_many_rows_as_asked_for_and_none_twice():
    table = of_frame(frame(60))
    drawn = of_frame(frame(400, seed=1)).canonical
    kept = margins(table).keep(drawn, 50, np.random.default_rng(0))
    assert len(kept) == len(set(kept)) == 50


def test_the_order_is_random():
    table = of_frame(frame(60))
    kept = margins(table).keep(of_frame(frame(400, seed=1)).canonical, 50, np.random.default_rng(0))
    assert not (np.diff(kept) > 0).all()


def test_same_generator_same_rows():
    table = of_frame(frame(60))
    drawn = of_frame(frame(400, seed=1)).canonical
    once, again, other = (
        margins(table).keep(drawn, 50, np.random.default_rng(s)).tolist() for s in (1, 1, 2)
    )
    assert once == again
    assert once != other


def test_a_category_of_one_row_is_not_named():
    table = of_frame(pd.DataFrame({"c": ["a"] * 10 + ["b"] * 9 + ["secret"], "n": range(0, 40, 2)}))
    made = margins(table)
    assert "secret" not in json.dumps(made.to_json())
    assert made.columns[0] == Margin("c", (0.5, 0.45, 0.05, 0.0), levels=("a", "b"))
    assert made.columns[0].groups(pd.Series(["b", "other", None, "a"], dtype=object)).tolist() == [1, 2, 3, 0]


def test_numbers_have_eight_groups_and_one_of_missing():
    table = of_frame(pd.DataFrame({"n": [*np.arange(0, 160, 2.0) / 4, np.nan, np.nan], "c": ["a", "b"] * 41}))
    made = margins(table).columns[0]
    assert len(made.shares) == 9
    assert sum(made.shares) == pytest.approx(1)
    assert made.shares[-1] == pytest.approx(2 / 82)


def test_a_constant_or_all_missing_number_has_nothing_to_rake():
    table = of_frame(pd.DataFrame({"one": [3] * 10, "none": [np.nan] * 10, "c": ["a", "b"] * 5}))
    assert "one" not in [made.name for made in margins(table).columns]
    drawn = table.canonical
    assert len(margins(table).keep(drawn, 5, np.random.default_rng(0))) == 5


def test_margins_in_json_are_the_same_margins():
    made = margins(of_frame(frame(60)))
    assert Margins.from_json(json.loads(json.dumps(made.to_json()))) == made
