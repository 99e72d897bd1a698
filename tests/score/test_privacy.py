import numpy as np
import pandas as pd
import pytest

from stockpot.score import privacy
from stockpot.score.privacy import copy_rate, nearer_train, nearest, verbatim


def numbers(*values):
    return pd.DataFrame({"n": list(values)}, dtype=float)


def test_a_copy_agrees_in_every_field():
    learn = pd.DataFrame({"n": [1, 2], "c": ["a", None]})
    rows = pd.DataFrame({"n": [1.0, 1.0, 2.0, 2.0], "c": ["a", "b", None, "a"]})
    assert copy_rate(learn, rows) == 0.5


def test_learning_rows_drawn_again_are_all_copies():
    learn = pd.DataFrame({"n": [1.5, np.nan, 3.0], "b": [True, False, True]})
    assert copy_rate(learn, learn.sample(9, replace=True, random_state=0)) == 1


def test_a_number_that_many_hold_is_not_verbatim():
    # 1 is held once, but by an unseen row too; 2 is held twice; 3 is held once
    assert verbatim(numbers(1, 2, 2, 3), numbers(1, 9), numbers(1, 2, 3, 8)) == 0.25


def test_missing_numbers_are_not_counted():
    assert verbatim(numbers(3, np.nan), numbers(), numbers(3, np.nan, 4)) == 0.5


def test_a_table_without_numbers_repeats_none():
    letters = pd.DataFrame({"c": ["a", "b"]})
    assert verbatim(letters, letters, letters) == 0


def test_rows_on_the_learning_rows_are_nearer_to_them():
    assert nearer_train(numbers(0, 10), numbers(4, 6), numbers(0, 10, 10)) == 1
    assert nearer_train(numbers(0, 10), numbers(4, 6), numbers(4, 6)) == 0
    assert nearer_train(numbers(0, 10), numbers(4, 6), numbers(2, 8)) == 0.5  # ties


def test_only_as_many_learning_rows_as_unseen_ones_are_asked():
    assert nearer_train(numbers(0, 10, 5), numbers(4, 6), numbers(5)) == 0


def test_nearest_is_gowers_distance():
    learn = pd.DataFrame({"n": [0.0, 10.0], "c": ["a", "b"]})
    rows = pd.DataFrame({"n": [0.0, 2.0, np.nan, 99.0], "c": ["a", "b", "b", "b"]})
    # the same row; 0.2 of the range and another letter, or 0.8 and the same: 0.8 / 2 is less than 1.2 / 2;
    # missing against a number and the same letter; a gap of 89 counts as one range
    assert nearest(learn, rows).tolist() == [0.0, 0.4, 0.5, 0.5]


def test_blocks_do_not_change_distances(monkeypatch):
    draw = np.random.RandomState(0)
    learn, rows = (pd.DataFrame(draw.rand(n, 3), columns=list("abc")) for n in (20, 33))
    whole = nearest(learn, rows)
    monkeypatch.setattr(privacy, "BLOCK", 100)
    assert nearest(learn, rows).tolist() == whole.tolist()


def test_a_missing_value_is_at_home_with_a_missing_one():
    learn = pd.DataFrame({"n": [np.nan, 1.0], "c": [None, "a"]})
    assert nearest(learn, pd.DataFrame({"n": [np.nan], "c": [None]})).tolist() == [0.0]


@pytest.mark.parametrize("figure", [copy_rate, nearest])
def test_no_rows_are_no_error(figure):
    assert np.all(np.isnan(figure(numbers(1, 2), numbers())))
