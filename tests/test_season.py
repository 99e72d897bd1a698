"""Seasoning: scales, judged on left-out rows alone."""

from __future__ import annotations

import pytest

from stockpot import season as seasoning
from stockpot.season import Season, season
from stockpot.stock import train_all
from tests.small import frame, kitchen


@pytest.fixture(scope="module")
def cooked():
    made = kitchen(frame(40), subsets={"count": 4}, grid={"steps": [9], "learning_rate": [0.003]})
    return made, train_all(made).ingredients


def test_an_overconfident_menagerie_is_scaled_down(cooked):
    made, weights = cooked
    loud = {n: v * 4 if n.startswith(("leave", "skip")) else v for n, v in weights.items()}
    found = season(made, loud, made.main)
    assert found.soup < 1
    assert found.single <= found.soup
    assert found.scale(1) == found.single
    assert found.scale(2) == found.soup


def test_scales_are_among_the_plans(cooked):
    made, weights = cooked
    found = season(made, weights, 1)
    assert {found.single, found.soup, found.ensemble} <= set(made.plan.scales)
    assert found.loss > 0


def test_a_menagerie_is_judged_on_rows_that_its_small_soups_left_out(cooked, monkeypatch):
    made, weights = cooked
    judged: list[tuple[set[int], int]] = []
    found = seasoning._left_out

    def spy(kitchen, number, subsets):
        rows, share = found(kitchen, number, subsets)
        judged.extend(
            (set(r[s > 0].tolist()), subset) for r, s, subset in zip(rows, share, subsets, strict=True)
        )
        return rows, share

    monkeypatch.setattr(seasoning, "_left_out", spy)
    season(made, weights, 0)
    assert judged
    for rows, subset in judged:
        assert not rows & set(made.deal.subset(0, subset).tolist())
        assert not rows & set(made.deal.folds[0].tolist())


def test_where_nothing_is_left_out_the_net_keeps_its_own_scale(cooked):
    made = kitchen(frame(40), subsets={"count": 1})
    found = season(made, {}, 0)
    assert found.soup == made.plan.scales[0]
    assert isinstance(found, Season)
