"""Tasting: what a fold reports was chosen by the others, and the best single ingredient is a candidate."""

from __future__ import annotations

from statistics import fmean

import pytest

from stockpot import taste as tasting_module
from stockpot.recipes.mixture import Mixture
from stockpot.stock import train_all
from stockpot.taste import ENSEMBLE, Candidate, candidates, doublings, taste
from tests.small import frame, kitchen, settings


def cook(**options):
    made = kitchen(frame(40), **options)
    return made, train_all(made)


@pytest.fixture(scope="module")
def cooked():
    made, stock = cook(folds=3, subsets={"count": 4}, grid={"steps": [9], "learning_rate": [0.003]})
    return made, stock, taste(stock)


@pytest.fixture
def tasters(cooked):
    """Tasters of three folds whose ingredients' losses and accuracies are given by hand."""
    made, stock, tasting = cooked
    found = tasting_module.Tasters(stock, tasting.seasons, range(len(made.plan.ingredients)))
    losses = [[1, 2, 3, 4], [2, 1, 3, 4], [9, 8, 1, 2]]
    found.singles = [[(float(loss), 1 - loss / 10) for loss in fold] for fold in losses]
    for fold, tongue in enumerate(found.tongues):
        tongue.judge = lambda mixture, own=losses[fold]: (
            sum(share * own[i] for i, share in mixture.proportions.items()),
            0.5,
        )
    return found


def test_a_fold_reports_what_the_other_folds_chose(tasters):
    best = tasters.taste(Candidate("loss", 1, "best"))
    # sums over the other folds: of 1 and 2 [11, 9, 4, 6], of 0 and 2 [10, 10, 4, 6], of 0 and 1 [3, 3, 6, 8]
    assert [own.proportions for own in best.of_folds] == [{2: 1.0}, {2: 1.0}, {0: 1.0}]
    assert best.losses == (3, 3, 9)
    assert best.proportions == {2: 1.0}  # of all three folds: [12, 11, 7, 10]


def test_a_folds_own_losses_change_nothing_of_what_it_is_judged_by(tasters):
    candidate = Candidate("loss", 4, "greedy")
    before = tasters.taste(candidate).of_folds[2]
    tasters.singles[2] = [(0.0, 1.0), (9.0, 0.0), (9.0, 0.0), (9.0, 0.0)]
    assert tasters.taste(candidate).of_folds[2] == before


def test_criteria_order_by_loss_up_and_by_accuracy_down(tasters):
    tasters.singles = [[(1.0, 0.2), (2.0, 0.9), (3.0, 0.5), (4.0, 0.5)]]
    assert tasters.order("loss", [0]) == [0, 1, 2, 3]
    assert tasters.order("accuracy", [0]) == [1, 2, 3, 0]


def test_an_ingredient_that_diverged_comes_last(tasters):
    tasters.singles = [[(float("nan"), float("nan")), (2.0, 0.9), (1.0, 0.5), (4.0, 0.6)]]
    assert tasters.order("loss", [0]) == [2, 1, 3, 0]
    assert tasters.order("accuracy", [0]) == [1, 3, 2, 0]


def test_the_best_single_is_always_a_candidate():
    for recipes in (("uniform",), ("greedy",), ("best", "uniform", "greedy")):
        found = candidates(settings(40, tasting={"recipes": recipes}))
        assert found[0] == Candidate("loss", 1, "best")
        assert len({candidate.name for candidate in found}) == len(found)


def test_every_recipe_is_tasted_by_every_criterion(cooked):
    made, _, tasting = cooked
    assert {t.recipe for t in tasting.tastes} == {*made.plan.recipes, "ensemble"}
    assert {c.criterion for c in candidates(made.plan)} == {"loss", "accuracy"}


def test_the_candidate_with_the_lowest_mean_held_out_loss_is_shipped_and_never_the_ensemble(cooked):
    _, _, tasting = cooked
    lowest = min((t for t in tasting.tastes if t.kind != "ensemble"), key=lambda t: fmean(t.losses))
    assert tasting.shipped == lowest.name
    assert tasting.taste(ENSEMBLE).kind == "ensemble"


def test_every_taste_has_a_figure_a_fold_and_shares_that_sum_to_1(cooked):
    made, _, tasting = cooked
    for one in tasting.tastes:
        assert len(one.losses) == len(one.accuracies) == len(one.of_folds) == made.plan.folds
        for mixture in (one.mixture, *one.of_folds):
            assert sum(mixture.proportions.values()) == pytest.approx(1)


def test_a_soup_of_one_ingredient_is_judged_as_that_ingredient(cooked):
    made, stock, tasting = cooked
    tasters = tasting_module.Tasters(stock, tasting.seasons, range(len(made.plan.ingredients)))
    for fold in range(3):
        for i, single in enumerate(tasters.singles[fold]):
            assert tasters.tongues[fold].judge(Mixture("best", {i: 1.0})) == pytest.approx(single, rel=1e-5)


def test_an_ensemble_of_one_is_that_ingredient():
    _, stock = cook(subsets={"count": 1}, grid={"steps": [9], "learning_rate": [0.003]})
    tasting = taste(stock)
    single, whole = (tasting.taste(name) for name in ("best by loss", ENSEMBLE))
    assert whole.losses == pytest.approx(single.losses, rel=1e-5)
    assert tasting.shipped == "best by loss"  # a soup of one is no soup


def test_merits_are_means_over_folds_and_sizes_doublings(cooked):
    made, _, tasting = cooked
    assert len(tasting.merits) == len(made.plan.ingredients)
    assert [size for size, _ in tasting.size_losses] == [1, 2, 4]
    assert doublings(24) == [1, 2, 4, 8, 16, 24]
    assert doublings(1) == [1]


def test_judging_again_gives_the_same(cooked):
    _, stock, tasting = cooked
    assert taste(stock) == tasting


def test_without_folds_everything_goes_into_the_soup():
    _, stock = cook(folds=0)
    tasting = taste(stock)
    (one,) = tasting.tastes
    assert one.proportions == dict.fromkeys(range(6), pytest.approx(1 / 6))
    assert (one.losses, tasting.merits, tasting.shipped) == ((), (), "all")


def test_unseen_values_of_the_folds_are_counted():
    plain = frame(40)
    plain["kind"] = ["oak", "elm"] * 20  # no category is rare
    row = int(kitchen(plain).deal.folds[0][0])
    odd = plain.copy()
    odd.loc[row, "kind"] = "yew"

    def counted(table):
        made = kitchen(table)
        return made.program.unseen(made.held_out(0), 0)

    assert counted(odd) == counted(plain) + 1
