"""What did not work is read off the figures."""

import math
from dataclasses import replace

from stockpot.figures import Model, Shipped
from stockpot.report.lessons import what_did_not_work
from tests.report.sample import full_figures, less_best, models, rails, scores


def told(**changes):
    return " ".join(what_did_not_work(full_figures(**changes)))


def test_a_soup_that_loses_is_worse_and_one_within_noise_cannot_be_told():
    text = told(
        differences=(less_best("uniform of 8", 0.03, 0.01, -1), less_best("greedy of 24", 0.0, 0.01, 0))
    )
    assert "'uniform of 8' is worse than 'best single': held-out loss +0.030 ± 0.010 nats a field." in text
    assert "'greedy of 24' cannot be told from 'best single'" in text


def test_a_soup_that_wins_is_not_told():
    assert told(differences=(less_best("greedy of 24", -0.03, 0.01, 1),)) == ""


def test_models_below_the_floor_are_named():
    poor = Model("poor", "soup", scores(1.4, 0.4, 70.0, 70.0, 0.0))
    assert "Below the floor in fidelity all (84.1), which needs no model: poor." in told(
        models=(*models(), poor)
    )


def test_rows_that_repeat_more_than_unseen_rows_are_told():
    shipped = Shipped("best", {"0": 1.0}, "s", "best single")
    assert "more often (0.012) than unseen real rows do (0.002)" in told(shipped=shipped)
    assert "more often" not in told(shipped=shipped, rails={"floor": rails()["floor"]})


def test_ingredients_without_a_loss_are_counted_and_named():
    menagerie = full_figures().menagerie
    broken = tuple(replace(each, held_out_loss=math.nan) if each.number < 2 else each for each in menagerie)
    assert "No held-out loss came from 2 of 24 ingredients: 0, 1." in told(menagerie=broken)
    assert "No held-out" not in told(menagerie=broken, folds=0)
