"""Recipes that choose, by hand: what each puts into the bowl."""

from __future__ import annotations

import math

import pytest
import torch

from stockpot.recipes.choosing import RESTARTS, best, equal, gate, greedy, restarts, uniform, weighted
from stockpot.recipes.learning import EVALUATIONS, learned, learned_layers, searched
from stockpot.recipes.pot import Pot
from tests.recipes.pots import SHAPES, far_from, pot_of


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


def test_restarts_find_the_bowl_that_the_best_is_not_in():
    def judge(proportions):
        return {frozenset({1, 2}): 1.0, frozenset({0}): 2.0}.get(
            frozenset(proportions), 3.0 + len(proportions)
        )

    assert greedy(Pot([0, 1, 2], judge=judge)) == {0: 1.0}
    assert any(restarts(Pot([0, 1, 2], judge=judge, seed=seed)) == {1: 0.5, 2: 0.5} for seed in range(3))


def test_restarts_try_so_many_orders_more():
    judged = []
    restarts(Pot([0, 1, 2], judge=lambda p: judged.append(p) or 1.0))
    assert len(judged) == 3 * (1 + RESTARTS)


def test_weighted_gives_the_better_one_more():
    """Losses 1 and 3 have a standard deviation of 1: at this temperature a share falls to a third in two."""
    pot = Pot([7, 2], losses={7: 1.0, 2: 3.0}, knobs={"temperature": 2 / math.log(3)})
    assert weighted(pot) == pytest.approx({7: 0.75, 2: 0.25})


def test_weighted_does_not_mind_the_unit_of_losses():
    knobs = {"temperature": 0.5}
    ours = weighted(Pot([0, 1, 2], losses={0: 1.0, 1: 2.0, 2: 4.0}, knobs=knobs))
    assert ours == pytest.approx(weighted(Pot([0, 1, 2], losses={0: 10.0, 1: 20.0, 2: 40.0}, knobs=knobs)))


@pytest.mark.parametrize("losses", [(2.0, 2.0, 2.0), (math.nan, math.nan, math.nan), (math.inf,) * 3])
def test_weighted_is_uniform_where_losses_say_nothing(losses):
    pot = Pot([0, 1, 2], losses=dict(enumerate(losses)), knobs={"temperature": 1.0})
    assert weighted(pot) == pytest.approx(equal([0, 1, 2]))


def test_weighted_leaves_out_what_has_no_loss():
    pot = Pot([0, 1, 2], losses={0: 1.0, 1: 1.0, 2: math.nan}, knobs={"temperature": 1.0})
    assert weighted(pot) == {0: 0.5, 1: 0.5}


def halves(values):
    """A judge that knows single ingredients, their midpoints, and means of the rest."""
    return lambda p: values.get(frozenset(p), sum(values[frozenset({n})] * share for n, share in p.items()))


def test_the_gate_keeps_out_what_lies_behind_a_barrier():
    values = {frozenset({0}): 1.0, frozenset({1}): 2.0, frozenset({2}): 2.0, frozenset({0, 1}): 5.0}
    assert gate(Pot([0, 1, 2], judge=halves(values))) == {0: 0.5, 2: 0.5}


def test_the_gate_lets_in_a_bad_one_that_can_be_averaged():
    assert gate(Pot([0, 1], judge=halves({frozenset({0}): 1.0, frozenset({1}): 9.0}))) == {0: 0.5, 1: 0.5}


def test_the_gate_tries_the_point_halfway_between_soup_and_ingredient():
    judged = []
    gate(Pot([0, 1, 2], judge=lambda p: judged.append(dict(p)) or 1.0))
    assert {0: 0.25, 1: 0.25, 2: 0.5} in judged


def of(*values):
    """Each value everywhere: one ingredient each."""
    return {i: {n: torch.full(shape, v) for n, shape in SHAPES.items()} for i, v in enumerate(values)}


def test_learned_finds_the_shares_that_hit_the_target():
    pot = pot_of(of(0.0, 4.0), far_from(of(1.0)[0]))
    assert learned(pot) == pytest.approx({0: 0.75, 1: 0.25}, abs=1e-3)


def test_learned_drops_crumbs():
    pot = pot_of(of(1.0, 4.0, 8.0), far_from(of(0.0)[0]))
    assert {n: share for n, share in learned(pot).items() if share} == {0: 1.0}


def test_learned_layers_finds_each_layers_own():
    target = {n: torch.full(shape, 1.0 if n.startswith("enter") else 3.0) for n, shape in SHAPES.items()}
    found = learned_layers(pot_of(of(0.0, 4.0), far_from(target))).layers
    assert found["enter"] == pytest.approx({0: 0.75, 1: 0.25}, abs=1e-3)
    assert found["leave"] == pytest.approx({0: 0.25, 1: 0.75}, abs=1e-3)


def test_learned_stays_at_equal_shares_where_the_slope_leads_astray():
    pot = pot_of(of(0.0, 4.0), far_from(of(2.0)[0]))
    lying = Pot(pot.order, slope=lambda shares: (pot.slope(shares)[0], torch.tensor([[-1.0, 1.0]]).double()))
    assert learned(lying) == {0: 0.5, 1: 0.5}


def test_searched_comes_near_the_target():
    found = searched(pot_of(of(0.0, 4.0, 8.0), far_from(of(1.0)[0])))
    assert sum(share * (0, 4, 8)[n] for n, share in found.items()) == pytest.approx(1.0, abs=0.05)


def test_searched_judges_so_many_at_most_and_bears_what_is_no_number():
    judged = []

    def judge_all(some):
        judged.extend(some)
        return [math.nan if one[0] > 0.5 else one[0] for one in some]

    found = searched(Pot([0, 1, 2], judge_all=judge_all, judge=lambda _: 0.0))
    assert len(judged) <= EVALUATIONS + 1
    assert found[0] < 1 / 3


def test_another_seed_searches_elsewhere():
    pots = [pot_of(of(0.0, 4.0, 8.0), far_from(of(1.0)[0]), seed=seed) for seed in (0, 0, 1)]
    one, same, other = map(searched, pots)
    assert one == same != other
