"""Attacks by hand: what remembers is found, what does not is a coin."""

import numpy as np
import pytest

from stockpot.score.membership import auc, caught, likelihood_ratio


def test_auc_is_the_share_of_pairs_in_which_the_member_scores_higher():
    # 3 beats 2 and 1, 1 beats none and ties with one: (2 + 0.5) / 4
    assert auc(np.array([3.0, 1.0]), np.array([2.0, 1.0])) == 2.5 / 4
    assert auc(np.array([2.0]), np.array([1.0])) == 1
    assert auc(np.array([1.0]), np.array([2.0])) == 0
    assert np.isnan(auc(np.array([]), np.array([1.0])))


def test_caught_are_the_members_above_all_but_a_tenth_of_the_others():
    others = np.arange(11.0)  # a tenth of them lies above 9
    assert caught(np.array([9.5, 9.2, 8.0, 1.0]), others) == 0.5
    assert np.isnan(caught(np.array([]), others))


def test_the_ratio_is_the_gap_to_the_out_models_in_their_own_spread():
    outs = np.array([[1.0, 2.0], [3.0, 2.2]])  # means 2 and 2.1; spreads 1.414 and 0.141
    score = likelihood_ratio(np.array([1.0, 2.0]), outs)
    assert score.tolist() == pytest.approx([1 / np.sqrt(2), 0.1 / np.sqrt(0.02)])
    centred = likelihood_ratio(np.array([1.0, 2.0]), outs, np.array([1.0, 2.2]))
    assert centred.tolist() == pytest.approx([0, 0.2 / np.sqrt(0.02)])


def test_a_model_that_remembers_its_rows_is_found_out_where_its_loss_alone_hides_them():
    rng = np.random.default_rng(0)
    hard = rng.normal(5, 2, 200)  # rows differ far more than models do
    outs = hard + rng.normal(0, 0.1, (8, 200))
    remembered = hard - np.where(np.arange(200) < 100, 1.0, 0.0)
    score = likelihood_ratio(remembered, outs)
    assert auc(score[:100], score[100:]) == 1
    assert caught(score[:100], score[100:]) == 1
    assert auc(-remembered[:100], -remembered[100:]) < 0.8


def test_a_model_that_saw_neither_is_a_coin():
    rng = np.random.default_rng(1)
    hard = rng.normal(5, 2, 2000)
    score = likelihood_ratio(hard + rng.normal(0, 0.1, 2000), hard + rng.normal(0, 0.1, (8, 2000)))
    assert auc(score[:1000], score[1000:]) == pytest.approx(0.5, abs=0.03)
    assert caught(score[:1000], score[1000:]) == pytest.approx(0.1, abs=0.03)


def test_out_models_that_agree_to_the_last_bit_give_no_infinite_score():
    assert np.isfinite(likelihood_ratio(np.array([1.0]), np.array([[2.0], [2.0]]))).all()
