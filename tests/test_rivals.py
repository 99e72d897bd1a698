"""What stands beside the soup is made from one cook, and judged and drawn as the soup is."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from stockpot import rivals
from stockpot.configuration import configured
from stockpot.cook import Clock, tasted
from stockpot.kitchen import menagerie
from stockpot.rivals import Losses, Rival
from stockpot.table import of_frame
from tests.small import QUICK, frame

TREES = of_frame(frame(60))
JUDGE = of_frame(frame(41, seed=1))


@pytest.fixture(scope="module")
def tally():
    return tasted(TREES, configured(QUICK), Clock())


@pytest.fixture(scope="module")
def field(tally):
    return {one.name: one for one in rivals.rivals(tally, JUDGE)}


def test_all_rivals_are_there_the_soup_first(field):
    names = [rivals.SHIPPED, rivals.ALL, rivals.ENSEMBLE, rivals.BEST, rivals.HINDSIGHT, rivals.RANDOM]
    assert list(field) == [*names, rivals.ONE_NET, rivals.LONG_RUN, rivals.SWA, rivals.EMA]


def test_without_folds_there_is_no_single_by_tasting():
    tally = tasted(TREES, configured(QUICK | {"folds": 0}), Clock())
    names = [one.name for one in rivals.rivals(tally, JUDGE)]
    assert rivals.BEST not in names
    assert rivals.HINDSIGHT in names


def test_hindsight_is_the_single_of_the_lowest_loss_on_the_judging_rows(tally, field):
    stack = menagerie(tally.weights, tally.kitchen.main)
    scale = tally.tasting.seasons[tally.kitchen.main].single
    singles = [
        Rival("one", "single", {name: value[i : i + 1] for name, value in stack.items()}, scale, 0)
        for i in range(len(tally.kitchen.plan.ingredients))
    ]
    lowest = min(rivals.loss(tally, single, JUDGE) for single in singles)
    assert rivals.loss(tally, field[rivals.HINDSIGHT], JUDGE) == pytest.approx(lowest)


def test_the_soups_loss_is_what_a_holdout_would_say(tally, field):
    alone = tasted(TREES, configured(QUICK | {"folds": 0}), Clock())
    soup = next(one for one in rivals.rivals(alone, JUDGE) if one.name == rivals.ALL)
    told = replace(alone, holdout=JUDGE).model(alone.tasting.tastes[0])
    assert rivals.loss(alone, soup, JUDGE) == pytest.approx(told.holdout_loss, abs=1e-6)


def test_steps_are_the_base_s_and_of_all_that_was_trained(field):
    assert field[rivals.SHIPPED].steps == field[rivals.SWA].steps == 100 + 6 * 5
    assert field[rivals.RANDOM].steps == field[rivals.ONE_NET].steps == 100 + 5


def test_averages_of_the_run_are_not_its_last_weights(field):
    last, swa, ema = (
        field[name].weights["inner.weight"] for name in (rivals.LONG_RUN, rivals.SWA, rivals.EMA)
    )
    assert not torch.equal(last, swa)
    assert not torch.equal(last, ema)
    assert not torch.equal(swa, ema)


def test_the_refitted_scale_is_chosen_on_the_other_half(tally, field):
    """On rows that are there twice, one of each half, it is the best scale of all."""
    twice = JUDGE.take(np.repeat(np.arange(20), 2))
    found = rivals.losses(tally, field[rivals.SHIPPED], twice)
    assert isinstance(found, Losses)
    assert found.refitted <= found.plain + 0.02
    assert found.own == pytest.approx(rivals.loss(tally, field[rivals.SHIPPED], twice), abs=0.1)


def test_rows_are_the_table_s_and_the_same_for_the_same_seed(tally, field):
    for one in field.values():
        rows = rivals.rows(tally, one, 20, seed=3)
        assert list(rows.columns) == list(TREES.frame.columns)
        assert len(rows) == 20
        assert rows.equals(rivals.rows(tally, one, 20, seed=3))


def test_the_shipped_rows_are_those_of_the_cook(tally, field):
    rows = rivals.rows(tally, field[rivals.SHIPPED], 1000, seed=tally.kitchen.plan.seed)
    taste = tally.tasting.taste(tally.tasting.shipped)
    assert rows.equals(tally.rows(tally.kitchen.main, taste.proportions))


def test_char_has_the_same_rivals():
    options = QUICK | {
        "model": "char",
        "folds": 0,
        "net": {"width": 8, "embedding": 4},
        "grid": {"steps": [2]},
    }
    tally = tasted(TREES, configured(options), Clock())
    for one in rivals.rivals(tally, JUDGE):
        assert rivals.losses(tally, one, JUDGE).own > 0
