"""Seasoning: steps and scales, judged on left-out rows alone."""

from __future__ import annotations

import pytest
import torch

from stockpot import season as seasoning
from stockpot.kitchen import gather, train_base, train_batch
from stockpot.season import Season, season
from tests.small import frame, kitchen


@pytest.fixture(scope="module")
def cooked():
    made = kitchen(frame(40), subsets={"count": 4}, grid={"steps": [9], "learning_rate": [0.003]})
    base = train_base(made)
    batches = [train_batch(made, base, numbers) for numbers in made.plan.batches]
    return made, [gather(parts) for parts in zip(*batches, strict=True)]


def test_equal_losses_choose_the_fewer_steps(cooked):
    made, fractions = cooked
    assert season(made, [fractions[-1]] * 3, 0).fraction == 0


def test_worse_steps_are_not_chosen(cooked):
    made, fractions = cooked
    wild = {name: value + 3 * torch.ones_like(value) for name, value in fractions[-1].items()}
    assert season(made, [wild, fractions[-1]], 0).fraction == 1


def test_steps_that_diverged_are_not_chosen(cooked):
    made, fractions = cooked
    broken = {name: value * float("nan") for name, value in fractions[-1].items()}
    assert season(made, [broken, fractions[-1]], 0).fraction == 1
    assert season(made, [fractions[-1], broken], 0).fraction == 0


def test_an_overconfident_menagerie_is_scaled_down(cooked):
    made, fractions = cooked
    loud = {n: v * 4 if n.startswith(("leave", "skip")) else v for n, v in fractions[-1].items()}
    found = season(made, [loud], made.main)
    assert found.soup < 1
    assert found.single <= found.soup
    assert found.scale(1) == found.single
    assert found.scale(2) == found.soup


def test_scales_are_among_the_plans(cooked):
    made, fractions = cooked
    found = season(made, fractions, 1)
    assert {found.single, found.soup, found.ensemble} <= set(made.plan.scales)
    assert found.loss > 0


def test_a_menagerie_is_judged_on_rows_that_its_small_soups_left_out(cooked, monkeypatch):
    made, fractions = cooked
    judged: list[tuple[set[int], int]] = []
    found = seasoning._left_out

    def spy(kitchen, number, subsets):
        rows, share = found(kitchen, number, subsets)
        judged.extend(
            (set(r[s > 0].tolist()), subset) for r, s, subset in zip(rows, share, subsets, strict=True)
        )
        return rows, share

    monkeypatch.setattr(seasoning, "_left_out", spy)
    season(made, fractions, 0)
    assert judged
    for rows, subset in judged:
        assert not rows & set(made.deal.subset(0, subset).tolist())
        assert not rows & set(made.deal.folds[0].tolist())


def test_where_nothing_is_left_out_the_net_keeps_its_own_scale(cooked):
    made = kitchen(frame(40), subsets={"count": 1})
    found = season(made, [{}, {}], 0)
    assert (found.fraction, found.soup) == (1, made.plan.scales[0])
    assert isinstance(found, Season)
