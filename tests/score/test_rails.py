import pandas as pd

from stockpot.score.rails import copy, floor, halves

TABLE = pd.DataFrame({"n": [1, 2, 3, 4], "c": pd.Categorical(["a", "b", "c", "d"]), "b": [True, False] * 2})


def test_floor_draws_each_column_from_its_own_values():
    drawn = floor(TABLE, 200)
    assert all(set(drawn[name]) == set(TABLE[name]) for name in TABLE)
    assert len(set(zip(drawn["n"], drawn["c"], strict=True))) == 16  # and every pair comes up


def test_copy_draws_whole_rows():
    drawn = copy(TABLE, 50)
    assert len(drawn) == 50
    assert len(drawn.merge(TABLE, on=list(TABLE))) == 50


def test_rails_keep_columns_order_and_dtypes():
    for drawn in (floor(TABLE, 3), copy(TABLE, 3)):
        assert drawn.dtypes.equals(TABLE.dtypes)


def test_rails_are_seeded():
    assert floor(TABLE, 20, seed=1).equals(floor(TABLE, 20, seed=1))
    assert not floor(TABLE, 20, seed=1).equals(floor(TABLE, 20, seed=2))
    assert copy(TABLE, 20, seed=1).equals(copy(TABLE, 20, seed=1))


def test_halves_part_the_rows():
    one, other = halves(TABLE.iloc[:3])
    assert (len(one), len(other)) == (2, 1)
    assert sorted([*one["n"], *other["n"]]) == [1, 2, 3]
