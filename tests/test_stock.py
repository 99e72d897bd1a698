"""A stock makes the soup of any mixture in any menagerie, and finds what else recipes ask for."""

from __future__ import annotations

import pytest
import torch

from stockpot.families.base import Noise
from stockpot.kitchen import menagerie, soup
from stockpot.recipes.mixture import Mixture
from stockpot.stock import SNAPSHOTS, train_all
from tests.small import frame, kitchen


@pytest.fixture(scope="module")
def stock():
    return train_all(
        kitchen(frame(40), folds=2, subsets={"count": 2}, grid={"steps": [24], "learning_rate": [0.01]})
    )


def test_proportions_are_a_plain_average(stock):
    ours, theirs = (
        stock.soup(1, {0: 0.25, 1: 0.75}),
        soup(menagerie(stock.ingredients, 1), {0: 0.25, 1: 0.75}),
    )
    assert all(torch.equal(ours[name], theirs[name]) for name in theirs)


def test_a_layers_own_shares_are_heeded(stock):
    layers = {"enter": {0: 1.0}, "inner": {0: 0.5, 1: 0.5}, "leave": {1: 1.0}, "skip": {1: 1.0}}
    made = stock.soup(0, Mixture("uniform", {0: 0.375, 1: 0.625}, layers))
    own = menagerie(stock.ingredients, 0)
    assert torch.equal(made["enter.weight"][0], own["enter.weight"][0])
    assert torch.equal(made["leave.bias"][0], own["leave.bias"][1])
    torch.testing.assert_close(made["inner.weight"][0], own["inner.weight"][:2].mean(0))


def test_an_ingredients_way_ends_where_it_ended(stock):
    way = stock.trajectory(0, [1])
    for name, value in menagerie(stock.ingredients, 0).items():
        assert way[name].shape == (1, SNAPSHOTS, *value.shape[1:])
        torch.testing.assert_close(way[name][0, -1], value[1], atol=1e-5, rtol=1e-4)
    assert not torch.equal(way["enter.weight"][0, 0], way["enter.weight"][0, -1])


def test_fisher_information_is_the_mean_squared_slope_of_a_row(stock):
    """The slow plain way: a row at a time, an ingredient alone."""
    made = stock.kitchen
    spec, still = made.plan.ingredients[1], torch.zeros(1)
    weights = {n: v[1:2].clone().requires_grad_() for n, v in menagerie(stock.ingredients, 2).items()}
    everything = sorted(set(made.deal.subset(2, 0).tolist()) | set(made.deal.subset(2, 1).tolist()))
    total = torch.zeros_like(weights["leave.weight"])
    for row in made.deal.subset(2, spec.subset).tolist():
        by = Noise([spec.key], row, still, still)
        loss = made.bound(2).loss(weights, torch.tensor([[row]]), torch.ones(1, 1), by)
        total += torch.autograd.grad(loss.sum(), weights["leave.weight"])[0].square()
    found = stock.fisher(2, [0, 1])
    torch.testing.assert_close(found["leave.weight"][1:2], total / len(everything), atol=1e-7, rtol=1e-3)
    assert all(bool((value >= 0).all()) for value in found.values())
