"""Bins of a number: what they place, draw and give away."""

from __future__ import annotations

import json
from dataclasses import asdict

import numpy as np
import pytest

from stockpot import bins


def of(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float64)


def stored(made: bins.Bins) -> list[float]:
    return [*made.edges, *made.inner, *(value for value, _, _ in made.atoms)]


def drawn(made: bins.Bins, rows: int = 4000) -> np.ndarray:
    """Values drawn by the bins' own counts."""
    rng = np.random.default_rng(0)
    chances = np.array(made.counts) / sum(made.counts)
    return made.draw(rng.choice(len(made), rows, p=chances), rng)


def test_a_value_falls_between_the_edges_of_its_bin():
    values = np.round(np.random.default_rng(0).normal(40, 5, 80), 1)
    made = bins.fit(values, 1, 32)
    edges, tokens = np.array(made.edges), made.place(values)
    assert (edges[tokens] < values).all()
    assert (values < edges[tokens + 1]).all()
    assert np.bincount(tokens, minlength=len(made)).tolist() == list(made.counts)


def test_what_is_out_of_range_falls_into_the_outer_bin():
    made = bins.fit(of(1, 1, 2, 2, 3, 3), 0, 32)
    assert made.place(of(-1e9, 1, 2, 3, 1e9)).tolist() == [0, 0, 1, 2, 2]


def test_there_are_no_more_bins_than_asked_for_and_they_weigh_about_the_same():
    made = bins.fit(np.arange(80.0), 0, 8)
    assert made.counts == (10,) * 8


def test_no_bin_is_one_rows_alone():
    for seed in range(20):
        rng = np.random.default_rng(seed)
        for values in (
            rng.integers(0, 12, 30).astype(float),
            np.round(rng.exponential(9, 50), 1),
            np.arange(10.0),
        ):
            assert min(bins.fit(values, 1, 32).counts) >= 2


def test_no_stored_number_is_a_value_of_one_row():
    for seed in range(30):
        rng = np.random.default_rng(seed)
        for values in (
            rng.integers(0, 40, 30).astype(float),
            np.round(rng.normal(0, 5, 80), 1),
            np.round(rng.lognormal(3, 1, 25), 2),
        ):
            known, counts = np.unique(values, return_counts=True)
            own = known[counts == 1]
            gap = np.abs(np.array(stored(bins.fit(values, 2, 32)))[:, None] - own[None])
            assert gap.min() > 1e-4


def test_an_extreme_of_one_row_is_rounded_outward_and_not_written():
    ordinary = np.round(np.random.default_rng(0).normal(40, 5, 60), 1)
    for values in (np.r_[ordinary, 987654.321], of(*[1.0] * 30, 987654.321)):
        made = bins.fit(values, 3, 32)
        assert "987654.3" not in json.dumps(asdict(made))
        assert 987654.321 < made.edges[-1] < 1.03 * 987654.321


def test_an_extreme_is_not_rounded_across_zero():
    made = bins.fit(of(0.1, 0.2, 3, 4, 5, 6, 7, 50.5), 1, 32)
    assert made.edges[0] == pytest.approx(-0.05)  # half a step below 0: nothing below 0 is drawn
    assert drawn(made).min() >= 0


def test_draws_stay_in_range_and_on_the_columns_decimals():
    values = np.round(np.random.default_rng(1).normal(40, 5, 80), 1)
    made = bins.fit(values, 1, 32)
    some = drawn(made)
    assert made.edges[0] < some.min()
    assert some.max() < made.edges[-1]
    assert np.allclose(some, np.round(some, 1))


def test_draws_have_the_learning_rows_distribution():
    values = np.round(np.random.default_rng(2).normal(40, 5, 80), 1)
    some = drawn(bins.fit(values, 1, 32))
    assert some.mean() == pytest.approx(values.mean(), abs=0.5)
    assert some.std() == pytest.approx(values.std(), rel=0.15)


def test_a_column_of_fives_draws_fives():
    values = of(*range(5, 55, 5))
    made = bins.fit(values, 0, 32)
    assert (made.step, made.offset) == (5.0, 0.0)
    assert set(drawn(made) % 5) == {0.0}


def test_a_value_that_many_rows_share_keeps_its_share():
    values = np.r_[np.zeros(50), np.round(np.random.default_rng(3).uniform(1, 9, 50), 2)]
    assert np.mean(drawn(bins.fit(values, 2, 32)) == 0) == pytest.approx(0.5, abs=0.05)


def test_a_rare_value_of_a_discrete_column_shares_a_bin_and_keeps_its_neighbours_share():
    values = of(*[1] * 10, *[2] * 9, 3)
    made = bins.fit(values, 0, 32)
    assert made.counts == (10, 10)
    assert np.mean(drawn(made) == 1) == pytest.approx(0.5, abs=0.05)
    assert np.mean(drawn(made) >= 3) == pytest.approx(0.05, abs=0.05)


def test_a_constant_column_draws_its_constant():
    made = bins.fit(of(*[7.5] * 9), 1, 32)
    assert len(made) == 1
    assert set(drawn(made, 50)) == {7.5}


def test_tiny_numbers_keep_their_digits():
    values = np.random.default_rng(4).uniform(1, 9, 40) * 1e-15
    some = drawn(bins.fit(values, 12, 32))
    assert some.mean() == pytest.approx(values.mean(), rel=0.1)
    assert len(np.unique(some)) > 100


def test_huge_numbers_are_no_overflow():
    values = np.random.default_rng(5).uniform(1, 9, 40) * 1e30
    some = drawn(bins.fit(values, 0, 32))
    assert some.mean() == pytest.approx(values.mean(), rel=0.1)


def test_grouping_cuts_by_weight():
    counts = np.array([1, 1, 1, 1, 4, 4])
    assert bins.grouped(counts, 3) == [range(4), range(4, 5), range(5, 6)]
    assert bins.grouped(counts, 6) == [range(i, i + 1) for i in range(6)]


def test_the_value_at_a_share_of_a_bin_is_one_that_is_drawn():
    made = bins.fit(np.array([0.0] * 4 + [2.0] * 5), decimals=0, most=8)
    found = made.ranked(np.array([0, 0, 1, 1, 1]), np.array([0.0, 1.0, 0.0, 0.5, 1.0]))
    assert found.tolist() == [0, 0, 2, 2, 2]


def test_an_atom_takes_its_share_of_the_ranks_of_its_bin():
    made = bins.Bins((0.5, 9.5), (5.0,), (8,), ((9.0, 0, 0.5),), 1.0, 0.0, 0)
    found = made.ranked(np.zeros(4, dtype=int), np.array([0.0, 0.25, 0.6, 1.0]))
    assert found.tolist() == [1, 5, 9, 9]
