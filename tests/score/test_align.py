import numpy as np
import pandas as pd
import pytest

from stockpot.errors import TableError
from stockpot.score.align import Levels, align, kinds_of


def test_a_boolean_is_a_category_and_an_integer_is_a_number():
    frame = pd.DataFrame({"n": [1, 2], "b": [True, False], "t": ["x", None], "o": [True, None]})
    assert kinds_of(frame) == {
        "n": "numerical",
        "b": "categorical",
        "t": "categorical",
        "o": "categorical",
    }


@pytest.mark.parametrize("dtype", ["int64", "Int64", "float32", "Float64", "object", "category"])
def test_numbers_are_alike_whatever_their_dtype(dtype):
    aligned = align(pd.DataFrame({"n": pd.Series([3, 1]).astype(dtype)}), {"n": "numerical"})
    assert aligned["n"].dtype == np.float64
    assert aligned["n"].tolist() == [3.0, 1.0]


@pytest.mark.parametrize("values", [[True, None], pd.array([True, None], dtype="boolean"), ["True", np.nan]])
def test_categories_are_alike_whatever_their_dtype(values):
    aligned = align(pd.DataFrame({"c": values}), {"c": "categorical"})
    assert aligned["c"][0] == "True"
    assert aligned["c"].isna().tolist() == [False, True]


def test_a_missing_value_does_not_change_the_category_of_a_whole_number():
    whole, with_missing = pd.DataFrame({"c": [1, 2]}), pd.DataFrame({"c": [1, np.nan]})
    assert (
        align(whole, {"c": "categorical"})["c"][0] == align(with_missing, {"c": "categorical"})["c"][0] == "1"
    )


def test_nullable_missing_numbers_are_nan():
    aligned = align(pd.DataFrame({"n": pd.array([1, None], dtype="Int64")}), {"n": "numerical"})
    assert np.isnan(aligned["n"][1])


def test_aligning_twice_changes_nothing():
    frame = pd.DataFrame({"n": [1, 2], "c": pd.Categorical(["a", None])}, index=[7, 3])
    once = align(frame, kinds_of(frame))
    pd.testing.assert_frame_equal(align(once, kinds_of(frame)), once)


def test_text_where_numbers_should_be_names_the_column():
    with pytest.raises(TableError, match="Column 'n' should hold numbers"):
        align(pd.DataFrame({"n": ["much"]}), {"n": "numerical"})


def test_an_absent_column_is_named():
    with pytest.raises(TableError, match="Column 'n' is missing"):
        align(pd.DataFrame({"m": [1]}), {"n": "numerical"})


def test_missing_and_unknown_categories_have_numbers_of_their_own():
    levels = Levels.of(pd.Series(["b", "a", np.nan], dtype=object))
    assert levels.codes(pd.Series(["a", "b", np.nan, "z"], dtype=object)).tolist() == [0, 1, 2, 3]
    assert levels.size == 4
