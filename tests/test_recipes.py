"""Recipes, by hand: what each puts into the bowl."""

from __future__ import annotations

import pytest

from stockpot.recipes import RECIPES
from stockpot.recipes.choosing import best, greedy, uniform
from stockpot.recipes.pot import Pot


def judge_of(merit):
    """The loss of a blend is the mean of its ingredients' merits."""
    return lambda proportions: sum(share * merit[number] for number, share in proportions.items())


def test_best_is_the_first_alone():
    assert best(Pot([4, 2, 7])) == {4: 1.0}


def test_uniform_shares_alike():
    assert uniform(Pot([4, 2, 7, 9])) == {4: 0.25, 2: 0.25, 7: 0.25, 9: 0.25}


def test_greedy_leaves_out_what_makes_the_blend_worse():
    losses = {(0,): 5, (0, 1): 6, (0, 2): 3, (0, 2, 3): 4}
    assert greedy(Pot([0, 1, 2, 3], judge=lambda p: losses[tuple(p)])) == {0: 0.5, 2: 0.5}


def test_greedy_leaves_out_what_makes_the_blend_no_better():
    assert greedy(Pot([0, 1, 2], judge=lambda _: 1.0)) == {0: 1.0}


def test_greedy_keeps_all_that_help():
    assert set(greedy(Pot([3, 1, 2], judge=lambda p: 1 / len(p)))) == {1, 2, 3}


def test_greedy_needs_a_judge():
    with pytest.raises(ValueError, match="judge"):
        greedy(Pot([0, 1]))


@pytest.mark.parametrize("name", RECIPES)
def test_shares_of_every_recipe_sum_to_1(name):
    for order in ([3], [3, 1], [2, 0, 5, 1, 4, 6, 7]):
        found = RECIPES[name].find(Pot(order, judge=judge_of({i: (i * 7) % 5 for i in range(8)})))
        assert sum(found.values()) == pytest.approx(1)
        assert set(found) <= set(order)
        assert min(found.values()) > 0


@pytest.mark.parametrize("name", RECIPES)
def test_of_one_ingredient_every_recipe_is_that_ingredient(name):
    assert RECIPES[name].find(Pot([6], judge=judge_of({6: 1.0}))) == {6: 1.0}
