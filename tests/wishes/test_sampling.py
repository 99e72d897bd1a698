"""Rows drawn as wished: conditions hold in each, and what they do not speak of is as it was."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from stockpot.errors import ConditionError, ConfigError, DrawError, SchemaError, UserError
from tests.small import frame, quick
from tests.wishes.odd import odd, pair

HOLDS = {
    "size>40.2": lambda rows: rows["size"] > 40.2,
    "size=40.1": lambda rows: rows["size"] == 40.1,
    "size is missing": lambda rows: rows["size"].isna(),
    "size not in (40.1, 40.2)": lambda rows: rows["size"].notna() & ~rows["size"].isin([40.1, 40.2]),
    "count in (1, 8)": lambda rows: rows["count"].isin([1, 8]),
    "count<=2": lambda rows: rows["count"] <= 2,
    "price>=$1,000.00": lambda rows: rows["price"].str.replace("[$,]", "", regex=True).astype(float) >= 1000,
    "kind!=oak": lambda rows: rows["kind"].isin(["elm", "ash"]),
    "kind in (, elm)": lambda rows: rows["kind"].isna() | (rows["kind"] == "elm"),
    "healthy=no": lambda rows: ~rows["healthy"],
    "sick is not missing": lambda rows: rows["sick"].notna(),
    "grade>low": lambda rows: rows["grade"] > "low",
    "code>=2": lambda rows: rows["code"] >= 2,
    "seen>=2020-05-01": lambda rows: rows["seen"] >= pd.Timestamp("2020-05-01", tz="Europe/Berlin"),
    "day<2020-05-01": lambda rows: pd.to_datetime(rows["day"], format="%d/%m/%Y") < "2020-05-01",
    "month=2020-03": lambda rows: rows["month"] == "2020-03",
    "stay>2.5 days": lambda rows: rows["stay"] >= pd.Timedelta("3 days"),
}


@pytest.mark.parametrize("text", HOLDS)
def test_a_condition_on_any_kind_of_column_holds_in_every_row(soup, text):
    rows = soup.sample(12, where=text)
    assert HOLDS[text](rows).all()
    assert (rows.dtypes == odd().dtypes).all()
    assert rows["key"].is_unique


def test_conditions_hold_in_all_blocks_and_the_same_seed_gives_the_same_rows(soup, monkeypatch):
    monkeypatch.setattr("stockpot.draw.BLOCK", 20)
    asked = ["kind=oak", "size>38", "size<=45", "grade>low"]
    rows = soup.sample(50, seed=3, where=asked)
    assert rows["size"].between(38.1, 45).all()
    assert set(rows["kind"]) == {"oak"}
    assert not rows.iloc[:20].reset_index(drop=True).equals(rows.iloc[20:40].reset_index(drop=True))
    pd.testing.assert_frame_equal(rows, soup.sample(50, seed=3, where=asked))
    assert not rows.equals(soup.sample(50, seed=4, where=asked))


def test_no_wish_changes_no_row(soup):
    rows = soup.sample(20, seed=5)
    pd.testing.assert_frame_equal(rows, soup.sample(20, seed=5, where=[], emphasis={}, distinct=False))


def test_a_narrow_condition_finds_its_numbers_in_a_wide_range():
    table = pd.DataFrame({"x": np.arange(400) * 2500 + 7, "y": ["p", "q"] * 200})
    made = quick(table, folds=0)
    rows = made.sample(8, where=["x>500000", "x<500100"])
    assert rows["x"].between(500001, 500099).all()


CANNOT = {
    "size>99": "No drawn row meets 'size>99': column 'size' lies between",
    "count is missing": "column 'count' lies between 0 and 8 and is never missing",
    "kind=pine": "No drawn row meets 'kind=pine': column 'kind' is one of 'ash', 'elm', 'oak'.",
    "grade>high": "No drawn row meets 'grade>high'",
    "code=7": "No drawn row meets 'code=7'",
    "day=2031-02-01": "No drawn row meets 'day=2031-02-01': column 'day' lies between",
    "stay=99 days": "column 'stay' lies between 2 days 00:00:00 and 19 days 00:00:00",
    "key=T001": "'key=T001' is about column 'key', which is made afresh and not learned: leave it out.",
    "email is missing": "is about column 'email', which is made afresh",
}


@pytest.mark.parametrize("text", CANNOT)
def test_what_no_row_can_meet_is_told_before_any_is_drawn(soup, text):
    with pytest.raises(ConditionError) as error:
        soup.wishing(where=text)
    assert CANNOT[text] in str(error.value)


@pytest.mark.parametrize(
    "texts", [["size>40", "size<40"], ["count=1", "count=2"], ["kind=oak", "kind is missing"]]
)
def test_conditions_against_each_other_are_told_together(soup, texts):
    with pytest.raises(ConditionError, match=f"No drawn row meets '{texts[0]}' and '{texts[1]}'"):
        soup.sample(5, where=texts)


def test_free_text_that_is_not_learned_is_lacking():
    note = [f"a tall old tree, with the number {i} and {i * 7 % 13} leaves or more" for i in range(40)]
    made = quick(frame().assign(note=note), folds=0)
    with pytest.raises(ConditionError, match="names column 'note', which the rows lack"):
        made.sample(5, where="note=tall")


def test_one_condition_gives_what_filtering_gives(coupled):
    plain = coupled.sample(6000, seed=1)
    rows = coupled.sample(1500, seed=2, where="a=x")
    for name in "bc":
        assert close(rows[name], plain[plain["a"] == "x"][name])


def test_several_conditions_give_what_filtering_gives(coupled):
    """Drawn in turn, a would be x as often as y, though nine of ten with b=y are y."""
    plain = coupled.sample(6000, seed=1)
    rows = coupled.sample(1500, seed=2, where=["a in (x, y)", "b=y"])
    among = plain[plain["a"].isin(["x", "y"]) & (plain["b"] == "y")]
    assert (among["a"] == "y").mean() > 0.75
    for name in "ac":
        assert close(rows[name], among[name])


def close(drawn: pd.Series, wanted: pd.Series) -> bool:
    """Shares within four standard errors."""
    share, other = (values.value_counts(normalize=True) for values in (drawn, wanted))
    error = np.sqrt(other * (1 - other) * (1 / len(drawn) + 1 / len(wanted)))
    return bool(((share.reindex(other.index).fillna(0) - other).abs() <= 4 * error + 0.01).all())


@pytest.mark.parametrize("name", ["kind", "healthy", "sick", "grade", "code"])
def test_a_balanced_column_has_every_level_as_often_but_for_one(soup, name):
    counts = soup.sample(17, balance=name)[name].value_counts()
    assert counts.sum() == 17
    assert counts.max() - counts.min() <= 1


def test_balance_goes_on_from_block_to_block(soup, monkeypatch):
    monkeypatch.setattr("stockpot.draw.BLOCK", 20)
    rows = soup.sample(47, seed=2, balance="kind", where="count>3")
    assert sorted(rows["kind"].value_counts()) == [15, 16, 16]
    assert (rows["count"] > 3).all()
    assert rows["key"].is_unique
    pd.testing.assert_frame_equal(rows, soup.sample(47, seed=2, balance="kind", where="count>3"))


def test_balance_is_of_the_levels_that_conditions_leave(soup):
    assert soup.sample(9, balance="kind", where="kind!=oak")["kind"].value_counts().to_dict() in (
        {"elm": 5, "ash": 4},
        {"elm": 4, "ash": 5},
    )
    assert set(soup.sample(6, balance="grade", where="grade>low")["grade"]) == {"mid", "high"}


@pytest.mark.parametrize(
    ("wishes", "kind", "sentence"),
    [
        ({"balance": "size"}, ConditionError, "Column 'size' is numerical: rows are balanced by a column of"),
        ({"balance": "key"}, ConditionError, "Column 'key' is id"),
        (
            {"balance": ["kind", "sick"]},
            ConfigError,
            "A balance of ['kind', 'sick'] was asked for: give the name",
        ),
        ({"balance": "nosuch"}, SchemaError, "There is no column 'nosuch'"),
        ({"balance": "kind", "where": "kind is missing"}, ConditionError, "has no level left to balance by"),
        ({"wehre": "kind=oak"}, ConfigError, "There is no wish 'wehre': it is one of constraints, where"),
        ({"temperature": 0}, ConfigError, "A temperature of 0 was asked for: give one above 0, at most 10."),
        ({"temperature": "hot"}, ConfigError, "A temperature of 'hot'"),
        ({"temperature": float("nan")}, ConfigError, "A temperature of nan"),
        ({"temperature": 11}, ConfigError, "A temperature of 11"),
        ({"emphasis": {"kind": -1}}, ConfigError, "An emphasis of -1 on column 'kind': give a number from 0"),
        ({"emphasis": {"kind": 11}}, ConfigError, "An emphasis of 11"),
        ({"emphasis": {"nosuch": 1}}, SchemaError, "There is no column 'nosuch'"),
        ({"emphasis": {5: 1}}, SchemaError, "There is no column '5'"),
        ({"emphasis": {"key": 1}}, ConfigError, "Column 'key' is made afresh and not learned"),
        ({"emphasis": ["kind"]}, ConfigError, "An emphasis of ['kind'] was asked for: give {column: factor}"),
        ({"apart": 0.1}, ConfigError, "a soup holds none: give the table as well (apart_from, --apart-from)"),
        ({"apart_from": odd()}, ConfigError, "and no distance: say how far (apart, --apart)"),
        ({"apart": 1, "apart_from": odd()}, ConfigError, "A distance of 1 to real rows"),
        ({"apart": 0.1, "apart_from": odd()[["kind"]]}, SchemaError, "The table lacks column 'key'"),
        ({"apart": 0.1, "apart_from": odd().iloc[:0]}, ConfigError, "has no rows: give the real ones"),
        ({"apart": 0.1, "apart_from": [1]}, UserError, "is a list: give a DataFrame"),
        ({"apart": 0.1, "apart_from": odd().assign(day="x")}, SchemaError, "Row 0, counted from 0, says 'x'"),
        ({"apart": 0.1, "apart_from": odd().assign(healthy="maybe")}, ConfigError, "does not fit the soup"),
    ],
)
def test_a_wish_that_cannot_be_is_told_in_one_sentence(soup, wishes, kind, sentence):
    with pytest.raises(kind) as error:
        soup.sample(5, **wishes)
    assert sentence in str(error.value)
    assert "\n" not in str(error.value)


def test_distinct_rows_differ_missing_values_and_all(monkeypatch):
    made = quick(pd.DataFrame({"a": ["x", "y", None, "x"] * 10, "b": [True, False] * 20}), folds=0)
    monkeypatch.setattr("stockpot.draw.BLOCK", 4)
    rows = made.sample(6, distinct=True)
    assert not rows.duplicated().any()
    assert rows["a"].isna().sum() == 2
    balanced = made.sample(6, distinct=True, balance="b")
    assert not balanced.duplicated().any()
    with pytest.raises(DrawError, match=r"beside 4 rows before them.*ask for fewer rows"):
        made.sample(7, distinct=True)


def test_rows_keep_their_distance_from_real_ones():
    """Three of four columns are the same in some real row, or the other one is half its range away."""
    table = pair(40).assign(n=np.arange(40) % 9)
    made = quick(table, folds=0)
    real = table.drop_duplicates()
    assert nearest(made.sample(30), real).min() == 0
    assert nearest(made.sample(30, apart=0.1, apart_from=real), real).min() >= 0.1
    balanced = made.sample(30, apart=0.1, apart_from=real, balance="a", where="n>2")
    assert nearest(balanced, real).min() >= 0.1


def nearest(rows: pd.DataFrame, real: pd.DataFrame) -> np.ndarray:
    """Gower's distance of each row to the nearest real one, by hand."""
    gaps = [np.not_equal.outer(rows[name].to_numpy(), real[name].to_numpy()) for name in "abc"]
    gaps.append(np.abs(np.subtract.outer(rows["n"].to_numpy(), real["n"].to_numpy())) / 8)
    return np.mean(gaps, axis=0).min(axis=1)


def test_a_distance_that_no_row_has_is_told(coupled):
    with pytest.raises(DrawError, match=r"hold 'at least 0.9 from every real row'"):
        coupled.sample(5, apart=0.9, apart_from=pair())


def test_no_emphasis_leaves_columns_independent_and_more_ties_them_closer(coupled):
    same = [
        (rows["a"] == rows["b"]).mean()
        for factor in (0, 1, 3)
        for rows in [coupled.sample(1500, emphasis={"a": factor, "b": factor})]
    ]
    assert same[0] == pytest.approx(1 / 3, abs=0.06)
    assert same[0] + 0.2 < same[1] < same[2] - 0.03


def test_numpy_s_numbers_are_numbers(coupled):
    rows = coupled.sample(50, seed=1, temperature=np.float32(0.5), emphasis={"a": np.int64(1)})
    pd.testing.assert_frame_equal(rows, coupled.sample(50, seed=1, temperature=0.5, emphasis={"a": 1}))


def test_temperature_is_of_this_drawing_alone(coupled):
    before = coupled.sample(20, seed=1)
    sharp, wild = (coupled.sample(1500, temperature=t) for t in (0.3, 5))
    assert (sharp["a"] == sharp["b"]).mean() > (wild["a"] == wild["b"]).mean() + 0.3
    pd.testing.assert_frame_equal(before, coupled.sample(20, seed=1))


@pytest.fixture(scope="module")
def sums():
    rng = np.random.default_rng(0)
    a, b = rng.integers(0, 5, 60), rng.integers(0, 5, 60)
    table = pd.DataFrame({"a": a, "b": b, "total": a + b, "kind": rng.choice(["p", "q"], 60)})
    return quick(table, folds=0, constraints=["a + b == total"])


def test_a_condition_holds_of_a_column_that_an_equation_mends(sums):
    rows = sums.sample(20, where=["total=4", "kind=p"])
    assert set(rows["total"]) == {4}
    assert (rows["a"] + rows["b"] == 4).all()
    assert set(rows["kind"]) == {"p"}


def test_conditions_stand_beside_constraints_and_keys(sums, monkeypatch):
    monkeypatch.setattr("stockpot.draw.BLOCK", 5)
    rows = sums.sample(12, where="a>=1", constraints=["unique(a, b)", "b < 4"])
    assert (rows["a"] >= 1).all()
    assert (rows["b"] < 4).all()
    assert not rows.duplicated(["a", "b"]).any()
    with pytest.raises(DrawError, match=r"drawn rows 0 hold .*'a > 3', 'a=1'"):
        sums.sample(5, where="a=1", constraints="a > 3")
