"""Dealing rows into folds and subsets."""

from __future__ import annotations

import numpy as np
import pytest

from stockpot.deal import deal, default_folds


def test_every_row_is_held_out_by_one_fold():
    dealt = deal(23, 5, 8, None, seed=0)
    assert sorted(np.concatenate(dealt.folds)) == list(range(23))
    assert {len(fold) for fold in dealt.folds} == {4, 5}


def test_no_row_of_a_fold_is_among_its_learning_rows_or_subsets():
    dealt = deal(40, 5, 8, None, seed=1)
    for f, held in enumerate(dealt.folds):
        assert not np.intersect1d(dealt.learning(f), held).size
        for s in range(8):
            assert not np.intersect1d(dealt.subset(f, s), held).size
            assert not np.intersect1d(dealt.left_out(f, s), held).size


def test_the_main_menagerie_is_the_last_and_sees_all_rows():
    dealt = deal(40, 5, 8, None, seed=1)
    assert dealt.menageries == 6
    assert dealt.learning(5).tolist() == list(range(40))


def test_each_row_is_left_out_by_one_subset_in_turn():
    dealt = deal(40, 0, 8, None, seed=0)
    left = np.concatenate([dealt.left_out(0, s) for s in range(8)])
    assert sorted(left) == list(range(40))


def test_a_share_draws_subsets_of_that_size_that_differ():
    dealt = deal(50, 0, 4, 0.8, seed=0)
    assert [len(subset) for subset in dealt.subsets] == [40] * 4
    assert len({tuple(subset) for subset in dealt.subsets}) == 4


def test_one_subset_is_all_rows():
    assert deal(12, 0, 1, None, seed=0).subsets[0].tolist() == list(range(12))


def test_subsets_do_not_depend_on_the_folds():
    with_folds, without = deal(40, 5, 8, None, seed=3), deal(40, 0, 8, None, seed=3)
    assert all(np.array_equal(a, b) for a, b in zip(with_folds.subsets, without.subsets, strict=True))


def test_same_seed_same_deal():
    one, same, other = (deal(40, 5, 8, None, seed=seed) for seed in (1, 1, 2))
    assert all(np.array_equal(a, b) for a, b in zip(one.folds, same.folds, strict=True))
    assert not all(np.array_equal(a, b) for a, b in zip(one.folds, other.folds, strict=True))


def test_an_ingredient_always_has_rows_to_learn_from():
    for seed in range(300):
        dealt = deal(8, 2, 2, None, seed=seed)
        assert all(len(dealt.subset(f, s)) for f in range(3) for s in range(2))


@pytest.mark.parametrize(("rows", "folds"), [(8, 5), (199, 5), (200, 3), (5000, 3)])
def test_small_tables_have_more_folds(rows, folds):
    assert default_folds(rows) == folds
