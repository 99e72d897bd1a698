"""A fold's judge: one by one or side by side it says the same, and its slope is the loss's."""

from __future__ import annotations

import pytest
import torch

from stockpot.recipes.mixture import Mixture
from stockpot.season import season
from stockpot.stock import train_all
from stockpot.tongue import Tongue
from tests.small import frame, kitchen


@pytest.fixture(scope="module", params=["field", "char"])
def tongue(request):
    grid = {"steps": [9], "learning_rate": [0.02]}
    net = {"width": 8} if request.param == "field" else {"width": 8, "embedding": 4}
    made = kitchen(frame(40), model=request.param, folds=2, subsets={"count": 3}, grid=grid, net=net)
    stock = train_all(made)
    return Tongue(stock, 0, season(made, stock.ingredients, 0))


def test_averages_side_by_side_are_judged_as_one_by_one(tongue):
    some = [{0: 0.5, 1: 0.5}, {0: 0.2, 1: 0.3, 2: 0.5}]
    alone = [tongue.judge(Mixture("uniform", one))[0] for one in some]
    assert tongue.averages(some) == pytest.approx(alone, rel=1e-5)


def test_who_chose_the_shares_makes_no_difference(tongue):
    shares = {0: 0.5, 2: 0.5}
    assert tongue.judge(Mixture("greedy", shares)) is tongue.judge(Mixture("uniform", shares))


@pytest.mark.parametrize("layers", [False, True])
def test_the_slope_is_what_a_small_step_finds(tongue, layers):
    count = len(tongue.layers) if layers else 1
    shares = torch.full((count, 3), 1 / 3, dtype=torch.float64)
    loss, slope = tongue.slope([2, 0, 1], shares)
    assert loss == pytest.approx(tongue.averages([{0: 1 / 3, 1: 1 / 3, 2: 1 / 3}])[0], rel=1e-5)
    step = torch.zeros_like(shares)
    step[-1, 0], step[-1, 1] = 0.02, -0.02
    up, down = (tongue.slope([2, 0, 1], shares + sign * step)[0] for sign in (1, -1))
    assert (up - down) / 2 == pytest.approx(float((slope * step).sum()), abs=2e-6, rel=0.05)
