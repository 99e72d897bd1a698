"""Partial rows with what they lack drawn: what is there is kept, and what cannot be kept is told."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from stockpot.errors import ConditionError, DrawError
from tests.small import quick
from tests.wishes.odd import odd, pair


def test_what_is_there_is_kept_and_what_lacks_is_drawn_each_so_many_times(soup):
    partial = pd.DataFrame({"kind": ["oak", None], "count": [np.nan, 3.0], "code": [2.0, np.nan]})
    rows = soup.complete(partial, 3, seed=1)
    assert list(rows.columns) == list(odd().columns)
    assert (rows.dtypes == odd().dtypes).all()
    assert rows["kind"].tolist()[:3] == ["oak"] * 3
    assert rows["code"].tolist()[:3] == [2] * 3
    assert rows["count"].tolist()[3:] == [3] * 3
    assert rows["key"].is_unique
    assert not rows.drop(columns="key").duplicated().any()
    pd.testing.assert_frame_equal(rows, soup.complete(partial, 3, seed=1))
    assert not rows.equals(soup.complete(partial, 3, seed=2))


GIVEN = {
    "size": [40.1, None],
    "price": ["$1,000.00", None],
    "healthy": [True, None],
    "sick": [False, None],
    "grade": ["mid", None],
    "code": ["30", None],
    "seen": [pd.Timestamp("2020-05-01 12:00", tz="Europe/Berlin"), None],
    "day": ["01/03/2020", None],
    "month": ["2020-03", None],
    "stay": [pd.Timedelta("3 days"), None],
    "email": ["me@example.org", None],
    "key": ["mine", None],
}


@pytest.mark.parametrize("name", GIVEN)
def test_a_cell_of_any_kind_is_kept_as_it_is(soup, name):
    rows = soup.complete(pd.DataFrame({name: pd.Series(GIVEN[name], dtype=object)}), seed=2)
    wanted = int(GIVEN[name][0]) if name == "code" else GIVEN[name][0]
    assert rows[name][0] == wanted
    assert rows[name].dtype == odd()[name].dtype
    assert rows["key"].is_unique


def test_a_whole_real_row_is_itself_whatever_the_order_of_its_columns(soup):
    real = odd().iloc[[5, 9]]
    rows = soup.complete(real[list(real.columns)[::-1]].set_index(pd.Index([7, 7])))
    pd.testing.assert_frame_equal(rows, real.reset_index(drop=True), check_categorical=False)


def test_rows_of_text_as_a_csv_has_them_are_read(soup):
    partial = pd.DataFrame(
        {"seen": ["2020-05-01 12:00:00+02:00"], "stay": ["3 days"], "healthy": ["True"], "kind": [np.nan]}
    )
    row = soup.complete(partial).iloc[0]
    assert row["seen"] == pd.Timestamp("2020-05-01 10:00", tz="UTC")
    assert row["stay"] == pd.Timedelta("3 days")
    assert bool(row["healthy"])


def test_completions_go_on_from_block_to_block_and_no_further(soup, monkeypatch):
    monkeypatch.setattr("stockpot.draw.BLOCK", 5)
    partial = pd.DataFrame({"count": range(8)})
    rows = soup.complete(partial, 3, where="size>35")
    assert rows["count"].tolist() == [i // 3 for i in range(24)]
    assert (rows["size"] > 35).all()
    assert rows["key"].is_unique
    with pytest.raises(ConditionError, match="More than the 24 rows were asked for"):
        soup.completing(partial, 3).sample(25)


def test_numbers_for_column_names_are_their_text():
    made = quick(pair(20).set_axis([0, 1, 2], axis=1).rename(columns=str), folds=0)
    assert set(made.complete(pd.DataFrame({0: ["x", "x"]}))["0"]) == {"x"}


def test_what_is_completed_depends_on_what_is_there(coupled):
    rows = coupled.complete(pd.DataFrame({"a": ["x", "y"]}), 500)
    plain = coupled.sample(4000)
    for number, a in enumerate("xy"):
        drawn = rows["b"].iloc[number * 500 : number * 500 + 500]
        wanted = plain["b"][plain["a"] == a]
        assert (drawn == a).mean() == pytest.approx((wanted == a).mean(), abs=0.08)


WRONG = [
    ({"count": [1], "sise": [40.0]}, {}, "column 'sise', which the soup lacks (did you mean 'size'?): leave"),
    (
        {"count": ["abc"]},
        {},
        "The rows to complete cannot be read: Column 'count' is numerical, but not here",
    ),
    ({"count": [3, 2.5]}, {}, "Row 1 to complete, counted from 0, says 2.5 in column 'count', which holds"),
    ({"size": [1.23]}, {}, "says 1.23 in column 'size', which has 1 digit after the point"),
    ({"count": [3, 99]}, {"each": 3}, "Row 1, counted from 0, says 99 in column 'count', which lies between"),
    ({"kind": ["oak", "pine"]}, {"each": 3}, "Row 1, counted from 0, says 'pine' in column 'kind', which is"),
    ({"healthy": ["maybe"]}, {}, "says 'maybe' in column 'healthy', which is true or false"),
    ({"day": ["2020-02-01"]}, {}, "in column 'day', which holds datetimes of the form %d/%m/%Y"),
    ({"seen": ["3000-01-01 00:00:00+0000"]}, {}, "in column 'seen', which holds datetimes"),
    ({"stay": ["soon"]}, {}, "says 'soon' in column 'stay', which holds durations"),
    (
        {"count": [3, 4]},
        {"each": 2, "where": "count=3"},
        "Row 1 to complete, counted from 0, says 4 in colum",
    ),
    ({"count": [3]}, {"where": "kind=pine"}, "No drawn row meets 'kind=pine'"),
    ({"count": [3]}, {"balance": "kind"}, "Rows cannot be completed and balanced at once"),
    ({"count": [3]}, {"each": 0}, "Asked for 0 completions of each row: give a whole number above 0."),
    ({"count": [3]}, {"each": 1.5}, "Asked for 1.5 completions of each row"),
    ({"count": []}, {}, "There are no rows to complete"),
]


@pytest.mark.parametrize(("partial", "wishes", "sentence"), WRONG)
def test_rows_that_cannot_be_completed_are_told_by_their_number(soup, partial, wishes, sentence):
    with pytest.raises(ConditionError) as error:
        soup.complete(pd.DataFrame(partial), **wishes)
    assert sentence in str(error.value)
    assert "\n" not in str(error.value)


def test_what_is_no_table_of_rows_is_told(soup):
    for rows in ([1, 2], None, {"count": [1]}, pd.DataFrame(index=[0, 1])):
        with pytest.raises(ConditionError, match="There are no rows to complete: give a table"):
            soup.complete(rows)
    with pytest.raises(ConditionError, match="have two columns 'count': leave one out"):
        soup.complete(pd.DataFrame([[1, 2]], columns=["count", "count"]))


@pytest.fixture(scope="module")
def sums():
    rng = np.random.default_rng(0)
    a, b = rng.integers(0, 5, 60), rng.integers(0, 5, 60)
    return quick(pd.DataFrame({"a": a, "b": b, "total": a + b}), folds=0, constraints=["a + b == total"])


def test_an_equation_holds_around_the_cells_that_are_there(sums):
    rows = sums.complete(pd.DataFrame({"total": [4, None, 8], "a": [None, 3, None]}), 4)
    assert (rows["a"] + rows["b"] == rows["total"]).all()
    assert rows["total"].tolist()[:4] == [4] * 4
    assert rows["a"].tolist()[4:8] == [3] * 4
    assert rows["b"].tolist()[8:] == [4] * 4


def test_cells_that_break_a_constraint_are_told_by_the_row_s_number(sums):
    with pytest.raises(DrawError, match=r"rows drawn for row 1, counted from 0, none .* holds 'a \+ b == t"):
        sums.complete(pd.DataFrame({"a": [1, 4], "total": [3, 2]}), 2)


def test_lines_of_one_key_are_completed_to_different_rows(sums):
    rows = sums.complete(pd.DataFrame({"a": [1, 2]}), 4, constraints="unique(a, b)")
    assert not rows.duplicated(["a", "b"]).any()
    assert not sums.complete(pd.DataFrame({"a": [1]}), 4, distinct=True).duplicated().any()
    with pytest.raises(DrawError, match=r"row 1, counted from 0, .*'unique\(a\)'"):
        sums.complete(pd.DataFrame({"a": [1, 1]}), constraints="unique(a)")


def test_an_id_is_not_made_afresh_if_another_row_has_it(soup):
    rows = soup.complete(pd.DataFrame({"key": ["mine", None, "yours", None]}))
    assert rows["key"].is_unique
    assert rows["key"].tolist()[::2] == ["mine", "yours"]
    made = rows["key"][1]
    with pytest.raises(DrawError, match=f"says '{made}', which is also the id made for a row without one"):
        soup.complete(pd.DataFrame({"key": [made, None]}))
