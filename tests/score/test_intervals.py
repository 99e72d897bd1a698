from math import sqrt

import pytest

from stockpot.score.intervals import fold_interval, paired_difference, t_interval


def test_t_interval_of_three_values():
    # mean 2, standard deviation 1, t of 2 degrees 4.303
    found = t_interval([1, 2, 3])
    assert found.value == 2
    assert found.half == pytest.approx(4.3027 / sqrt(3), abs=1e-4)
    assert not found.apart


def test_folds_are_corrected_for_their_overlap():
    # 1/5 + 20/80 in the place of 1/5: sqrt(0.45 / 0.2) times as wide
    values = [1.0, 2.0, 3.0, 4.0, 5.0]
    plain, folds = t_interval(values), fold_interval(values, test_rows=20, train_rows=80)
    assert folds.half == pytest.approx(1.5 * plain.half)


def test_a_difference_is_paired():
    found = paired_difference([11, 22, 33], [10, 21, 32], test_rows=1, train_rows=2)
    assert (found.value, found.low, found.high) == (1, 1, 1)
    assert found.apart


def test_one_value_has_no_interval():
    found = t_interval([3.0])
    assert (found.value, found.low, found.high, found.half, found.apart) == (3, None, None, None, False)


def test_no_values_are_refused():
    with pytest.raises(ValueError, match="at least one value"):
        t_interval([])


def test_pairs_must_match():
    with pytest.raises(ValueError, match="shorter"):
        paired_difference([1, 2], [1], test_rows=1, train_rows=4)
