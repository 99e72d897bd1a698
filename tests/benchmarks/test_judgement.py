import pandas as pd
import pytest

from stockpot.benchmarks.judgement import bootstrap, holm, judge, nemenyi, ranks, wilcoxon

GRID = pd.DataFrame({"a": [9, 8, 9], "b": [5, 9, 5], "c": [1, 1, 1]})


def test_ranks_are_means_over_tables_and_the_highest_figure_is_first():
    # a: 1, 2, 1; b: 2, 1, 2; c: 3, 3, 3
    assert ranks(GRID).to_dict() == pytest.approx({"a": 4 / 3, "b": 5 / 3, "c": 3})


def test_six_tables_that_all_agree_have_p_one_in_thirty_two():
    assert wilcoxon([1, 2, 3, 4, 5, 6]) == pytest.approx(2 / 2**6)


def test_where_nothing_differs_p_is_one():
    assert wilcoxon([0, 0, 0]) == 1


def test_holm_multiplies_the_smallest_by_the_number_of_tests():
    assert holm({"a": 0.04, "b": 0.01, "c": 0.5}) == pytest.approx({"a": 0.08, "b": 0.03, "c": 0.5})
    assert holm({}) == {}


def test_the_bootstrap_stays_inside_the_tables_and_around_their_mean():
    found = bootstrap([1, 2, 3, 4, 5])
    assert found.value == 3
    assert 1 < found.low < 2.5
    assert 3.5 < found.high < 5


def test_a_judgement_says_of_how_many_tables():
    found = judge({"a": [1, 2, 3, 4, 5, 6], "b": [1, -1, 2, -2, 3, -3]})
    assert found["a"].tables == 6
    assert found["a"].holm == pytest.approx(2 * found["a"].p)
    assert found["a"].student.apart
    assert not found["b"].student.apart


def test_nemenyi_tells_what_always_wins_from_what_always_loses():
    many = pd.concat([GRID] * 6, ignore_index=True)
    found = nemenyi(many)
    assert found.loc["a", "c"] < 0.01
    assert found.loc["a", "b"] > 0.05
