"""Membership inference on a tiny cook: who is held against whom, and what is found."""

import numpy as np
import pandas as pd
import pytest

from stockpot.ablation import memory as m
from stockpot.ablation.arms import Arm, Found
from stockpot.ablation.membership import Held, Suspects
from stockpot.ablation.telling import tell
from stockpot.configuration import configured
from stockpot.cook import Clock, tasted
from stockpot.recipes.choosing import equal
from stockpot.rivals import ALL, ENSEMBLE, SHIPPED
from stockpot.table import of_frame
from tests.ablation.test_questions import TINY
from tests.small import QUICK, frame

CHAR = {"model": "char", "net": {"width": 8, "embedding": 4}, "grid": {"steps": [2]}}


def cooked(**options):
    return tasted(of_frame(frame(60)), configured(QUICK | {"holdout": 0.5} | options), Clock())


@pytest.fixture(scope="module", params=["field", "char"])
def tally(request):
    return cooked(**CHAR) if request.param == "char" else cooked()


@pytest.fixture(scope="module")
def suspects(tally):
    return Suspects(tally, tally.holdout.canonical, range(len(tally.kitchen.plan.ingredients)))


def test_every_row_is_held_against_one_menagerie_and_none_against_one_that_learned_from_it(tally, suspects):
    deal = tally.kitchen.deal
    together = np.sort(np.concatenate(suspects.asked))
    assert together.tolist() == list(range(60))
    for fold, rows in enumerate(suspects.asked):
        ours = rows[rows < 30]
        assert not set(ours) & set(deal.learning(fold))
        assert len(rows) - len(ours) == 15  # of both sorts as many


def test_the_other_rows_are_drawn_from_all_judging_rows_of_a_table_that_comes_sorted(tally):
    judges = pd.concat([tally.holdout.canonical] * 8, ignore_index=True)  # twice as many as are taken
    judges["size"] = np.arange(240.0)
    taken = Suspects(tally, judges, [0]).frame["size"][30:]
    assert len(taken) == len(set(taken)) == 120
    assert np.mean(taken) == pytest.approx(120, abs=20)


def test_a_rows_loss_is_that_which_its_menagerie_gives_it_alone(suspects):
    fold, row = 1, suspects.asked[1][0]
    stack = {name: value[fold] for name, value in suspects.tally.weights.items()}
    alone = suspects.judged(fold, stack, np.array([row]))
    assert suspects.outs[:, row] == pytest.approx(alone[:, 0], rel=1e-4)


def test_the_soup_of_one_is_attacked_as_that_ingredient(suspects):
    held = suspects.soup({1: 1.0})
    assert held.losses == pytest.approx(suspects.singles[1].losses, rel=1e-4)
    assert held.out == pytest.approx(suspects.outs[1], rel=1e-4)


def test_an_ensemble_lies_at_or_below_its_members_mean(suspects):
    held = suspects.ensemble(equal(range(len(suspects.sound))))
    assert (held.losses <= np.mean([one.losses for one in suspects.singles], axis=0) + 1e-5).all()


def test_what_remembers_its_learning_rows_is_found_out_and_what_repeats_an_out_model_is_not(suspects):
    likely = suspects.outs.mean(axis=0)
    told = likely - np.where(np.arange(60) < 30, 9.0 * suspects.outs.std(axis=0, ddof=1) + 1, 0)
    assert suspects.attacked(Held(told, likely))["auc_ratio"] == 1
    assert suspects.attacked(Held(likely, likely))["auc_ratio"] == 0.5


def test_the_answer_has_both_ways_to_look_and_says_them():
    tally = cooked()  # char's rows are hardly valid after two steps, and take long to reject
    arms = {arm.name: arm.figures for arm in m.memory(tally, TINY)}
    assert {m.REAL, m.SINGLE, SHIPPED, ALL, ENSEMBLE, m.NOBODY, m.UNSEEN, m.LEFT_OUT} <= set(arms)
    assert all(0 <= value <= 1 for figures in arms.values() for value in figures.values())
    assert {"auc_loss", "auc_ratio", "caught"} <= set(arms[SHIPPED])
    assert "auc_ratio" not in arms[m.REAL]
    assert tell("memory", Found([[Arm(name, figures) for name, figures in arms.items()]]))


def arms(gap):
    """A single's AUC on its own rows, and on those that its base saw."""
    figures = {
        m.UNSEEN: {"auc_ratio": 0.8},
        m.LEFT_OUT: {"auc_ratio": 0.8 - gap},
        m.BY_BASE: {"auc_ratio": 0.5 + gap},
        m.NOBODY: {"auc_ratio": 0.5 + gap, "auc_loss": 0.5},
    }
    return [Arm(name, own) for name, own in figures.items()]


def test_what_the_base_hides_is_told_with_its_interval():
    told = " ".join(tell("memory", Found([arms(0.1), arms(0.102)])))
    assert "calling these unseen hides +0.101" in told
    told = " ".join(tell("memory", Found([arms(0.1), arms(-0.1)])))
    assert "cannot be told from noise" in told


def test_an_attack_that_finds_what_nobody_saw_is_told():
    assert "so much of it is not membership" in " ".join(tell("memory", Found([arms(0.1), arms(0.101)])))
    assert "as is due" in " ".join(tell("memory", Found([arms(0.1), arms(-0.1)])))
