"""Missing cells of a table filled by what a soup knows; all else stays as it is."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from stockpot.errors import SchemaError, TableError
from tests.small import quick
from tests.wishes.odd import odd, pair

LEARNED = [name for name in odd() if name not in ("key", "email")]


def holed(rows: int = 12, seed: int = 7) -> pd.DataFrame:
    """With cells missing in every column that can be without."""
    table, rng = odd(rows, seed), np.random.default_rng(seed)
    table["count"] = table["count"].astype("float64")
    table["healthy"] = table["healthy"].astype(object)
    for name in table:
        table.loc[rng.random(rows) < 0.4, name] = None
    return table.set_index(pd.Index(np.arange(rows) // 2))


def same_where_known(filled: pd.DataFrame, table: pd.DataFrame) -> None:
    for name in table:
        known = table[name].notna().to_numpy()
        assert filled[name].to_numpy()[known].tolist() == table[name].to_numpy()[known].tolist()


def test_what_is_there_stays_with_index_dtypes_and_columns(soup):
    table = holed().assign(other=None)[["other", *list(odd().columns)[::-1]]]
    before = table.copy(deep=True)
    filled = soup.impute(table)
    pd.testing.assert_frame_equal(table, before)
    assert filled.index.equals(table.index)
    assert (filled.dtypes == table.dtypes).all()
    assert list(filled.columns) == list(table.columns)
    same_where_known(filled, table)
    assert filled[LEARNED].notna().all(axis=None)
    for name in ("key", "email", "other"):
        assert filled[name].equals(table[name])
    pd.testing.assert_frame_equal(filled, soup.impute(table))


def test_levels_of_a_category_stay_and_gain_what_they_lack(soup):
    table = odd(3).assign(grade=pd.Categorical(["top", None, None], categories=["top", "tip"]))
    filled = soup.impute(table)["grade"]
    assert list(filled.cat.categories)[:2] == ["top", "tip"]
    assert filled[0] == "top"
    assert set(filled[1:]) <= {"low", "mid", "high"}


@pytest.mark.parametrize("name", LEARNED)
@pytest.mark.parametrize("dtype", ["float64", "object"])
def test_a_column_without_any_value_is_filled_whatever_a_reader_made_of_it(soup, name, dtype):
    table = odd(6).assign(**{name: pd.Series([None] * 6, dtype=dtype)})
    filled = soup.impute(table)[name]
    assert filled.notna().all()
    kind = odd()[name].dtype.kind if not isinstance(odd()[name].dtype, pd.CategoricalDtype) else "O"
    assert filled.dtype == ("float64" if dtype == "float64" and kind in "if" else "object")


@pytest.mark.parametrize(
    ("name", "values", "dtype", "kind"),
    [
        ("size", ["40.1", None], object, str),
        ("size", ["40.1", None], "string", str),
        ("count", [3, None], "Int8", np.integer),
        ("count", [3, None], "float32", np.floating),
        ("price", [3.5, None], "float64", float),
        ("healthy", [1.0, None], "float64", float),
        ("healthy", [True, None], "boolean", (bool, np.bool_)),
        ("grade", ["low", None], object, str),
        ("kind", ["oak", None], "string", str),
        ("code", [2.0, None], "float64", float),
        ("seen", ["2020-01-01 10:00:00+01:00", None], object, str),
        ("stay", ["3 days", None], object, str),
        ("day", [pd.Timestamp("2020-01-01"), None], "datetime64[ns]", pd.Timestamp),
        ("seen", [pd.Timestamp("2020-01-01", tz="UTC"), None], "datetime64[ns, UTC]", pd.Timestamp),
    ],
)
def test_filled_cells_are_as_the_others_of_the_column(soup, name, values, dtype, kind):
    column = pd.Series(values, dtype=dtype)
    filled = soup.impute(odd(2).assign(**{name: column}))[name]
    assert filled.dtype == column.dtype
    assert filled[0] == column[0]
    assert isinstance(filled[1], kind)


def test_a_table_with_nothing_missing_or_no_rows_stays(soup):
    table = odd(9).dropna()
    pd.testing.assert_frame_equal(soup.impute(table), table)
    pd.testing.assert_frame_equal(soup.impute(table.iloc[:0]), table.iloc[:0])


@pytest.mark.filterwarnings("error")
def test_a_column_that_never_had_a_value_stays_empty_in_silence():
    table = odd()[["kind", "count"]].assign(void=np.nan, empty=None)
    filled = quick(table, folds=0).impute(table.assign(kind=None))
    assert filled["kind"].notna().all()
    pd.testing.assert_frame_equal(filled[["void", "empty"]], table[["void", "empty"]])


def test_a_category_is_the_most_likely_one_given_the_others(coupled):
    filled = coupled.impute(pd.DataFrame({"a": ["x", "y", "z"], "b": ["x", "y", "z"], "c": [None] * 3}))
    assert filled["c"].tolist() == ["x", "y", "z"]
    alone = coupled.impute(pd.DataFrame({"a": [None] * 2, "b": ["x", "z"], "c": ["x", None]}))
    assert alone["a"].tolist() == ["x", "z"]
    assert alone["c"].tolist() == ["x", "z"]


def test_a_number_is_the_median_given_the_others():
    """Of 0 and 1 where a is x, of 7, 8 and 9 where it is y."""
    table = pd.DataFrame({"a": ["x", "y"] * 90, "n": [0, 7, 1, 8, 0, 8, 1, 9, 0, 8, 1, 8] * 15})
    made = quick(table, folds=0, grid={"steps": [80], "learning_rate": [0.02]}, subsets={"count": 1})
    filled = made.impute(pd.DataFrame({"a": ["x", "y"], "n": [np.nan] * 2}))
    assert filled["n"][0] in (0, 1)
    assert filled["n"][1] == 8


def test_what_an_equation_gives_is_reckoned():
    rng = np.random.default_rng(0)
    a, b = rng.integers(0, 5, 60), rng.integers(0, 5, 60)
    made = quick(pd.DataFrame({"a": a, "b": b, "total": a + b}), folds=0, constraints=["a + b == total"])
    filled = made.impute(pd.DataFrame({"a": [1, 4, None], "b": [2, 4, 1], "total": [None, None, None]}))
    assert filled["total"].tolist()[:2] == [3, 8]
    assert filled["total"][2] == filled["a"][2] + 1


@pytest.mark.parametrize(
    ("table", "kind", "sentence"),
    [
        (odd(5).drop(columns="size"), SchemaError, "The table lacks column 'size'"),
        (odd(5).assign(size="big"), SchemaError, "Column 'size' is numerical, but not here"),
        (
            odd(5).assign(day="2020-02-01"),
            SchemaError,
            "Row 0, counted from 0, says '2020-02-01' in column 'd",
        ),
        (
            odd(5).assign(stay=[None, "x"] * 2 + [None]),
            SchemaError,
            "Row 1, counted from 0, says 'x' in colum",
        ),
        (
            odd(5).assign(seen=pd.Timestamp("2020-02-01")),
            SchemaError,
            "in column 'seen', which holds datetim",
        ),
        (pd.concat([odd(5), pair(5)["a"], pair(5)["a"]], axis=1), TableError, "has two columns 'a': rename"),
        ([1], TableError, "The table to impute is a list: give a DataFrame."),
    ],
)
def test_a_table_that_is_not_the_soup_s_is_told_in_one_sentence(soup, table, kind, sentence):
    with pytest.raises(kind) as error:
        soup.impute(table)
    assert sentence in str(error.value)
    assert "\n" not in str(error.value)
