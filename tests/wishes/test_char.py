"""Wishes of rows that are drawn character by character."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from stockpot.errors import ConditionError, DrawError
from tests.wishes.odd import odd

TABLE = odd(30)[["kind", "count", "day", "healthy"]]


@pytest.mark.parametrize(
    ("where", "holds"),
    [
        ("kind=oak", lambda rows: rows["kind"] == "oak"),
        ("kind is missing", lambda rows: rows["kind"].isna()),
        ("count>=4", lambda rows: rows["count"] >= 4),
        ("count in (1, 2, 3)", lambda rows: rows["count"].isin([1, 2, 3])),
        ("day is not missing", lambda rows: rows["day"].notna()),
        ("day<2020-05-01", lambda rows: pd.to_datetime(rows["day"], format="%d/%m/%Y") < "2020-05-01"),
        ("healthy=yes", lambda rows: rows["healthy"]),
    ],
)
def test_a_condition_on_any_column_holds_in_every_row(spelt, where, holds):
    rows = spelt.sample(15, seed=1, where=where)
    assert holds(rows).all()
    assert (rows.dtypes == TABLE.dtypes).all()
    pd.testing.assert_frame_equal(rows, spelt.sample(15, seed=1, where=where))


def test_conditions_hold_in_all_blocks(spelt, monkeypatch):
    monkeypatch.setattr("stockpot.draw.BLOCK", 10)
    rows = spelt.sample(25, where=["count>2", "healthy=True"], constraints="unique(count, kind, day)")
    assert (rows["count"] > 2).all()
    assert rows["healthy"].all()
    assert not rows.dropna().duplicated(["count", "kind", "day"]).any()


@pytest.mark.parametrize(
    "partial",
    [
        {"kind": ["elm", None]},
        {"count": [7.0, np.nan]},
        {"day": ["01/03/2020", None]},
        {"healthy": [False, True]},
        {"healthy": [False, None], "kind": ["oak", "ash"]},
        TABLE.head(2).to_dict("list"),
    ],
)
def test_what_is_there_is_kept_wherever_it_stands_in_a_row(spelt, partial):
    rows = spelt.complete(pd.DataFrame(partial), 3, seed=1)
    assert (rows.dtypes == TABLE.dtypes).all()
    for name, cells in partial.items():
        drawn = rows[name].to_numpy().reshape(2, 3)
        assert all(set(own) == {cell} for own, cell in zip(drawn, cells, strict=True) if not pd.isna(cell))
    pd.testing.assert_frame_equal(rows, spelt.complete(pd.DataFrame(partial), 3, seed=1))


def test_what_stands_before_a_known_cell_is_drawn_as_if_it_were_known(spelt):
    """The share of counts above 4 among rows that are not healthy is that of rows drawn without knowing."""
    plain = spelt.sample(1500, seed=1)
    wanted = (plain["count"][~plain["healthy"]] > 4).mean()
    rows = spelt.complete(pd.DataFrame({"healthy": [False]}), 500, seed=2)
    assert (rows["count"] > 4).mean() == pytest.approx(wanted, abs=0.12)


def test_balance_and_temperature_and_distinct(spelt):
    rows = spelt.sample(10, balance="kind", temperature=0.8, distinct=True)
    assert sorted(rows["kind"].value_counts()) == [3, 3, 4]
    assert not rows.duplicated().any()


def test_missing_cells_are_filled_from_completions(spelt):
    table = TABLE.head(6).assign(count=[1, None, 3, None, 5, 6], kind=[None] * 5 + ["pine"])
    filled = spelt.impute(table)
    assert filled.notna().all(axis=None) or filled["day"].isna().any()
    assert filled["kind"].tolist()[5] == "pine"
    assert set(filled["kind"][:5]) <= {"oak", "elm", "ash"}
    assert filled["count"].tolist()[::2] == [1, 3, 5]
    assert filled["count"].isin(range(9)).all()
    pd.testing.assert_frame_equal(filled, spelt.impute(table))


@pytest.mark.parametrize(
    ("partial", "sentence"),
    [
        ({"kind": ["oak", "pine"]}, "Row 1, counted from 0, says 'pine' in column 'kind', which is no known"),
        ({"count": [1000]}, "says '1000' in column 'count', which is out of range"),
        ({"kind": ["é" * 9]}, "which is no known level"),
    ],
)
def test_a_cell_that_no_row_can_have_is_told(spelt, partial, sentence):
    with pytest.raises(ConditionError) as error:
        spelt.complete(pd.DataFrame(partial), 2)
    assert sentence in str(error.value)


def test_emphasis_is_for_another_family(spelt):
    with pytest.raises(ConditionError, match=r"Emphasis is not for char, .* use --model field"):
        spelt.sample(5, emphasis={"kind": 2})


def test_what_no_row_holds_ends_in_a_sentence(spelt, monkeypatch):
    monkeypatch.setattr("stockpot.constraints.sieve.LEAST_TRIED", 500)
    monkeypatch.setattr("stockpot.constraints.drawing.MOST_TRIES", 100)
    monkeypatch.setattr("stockpot.constraints.drawing.AT_ONCE", 100)
    with pytest.raises(DrawError, match=r"drawn rows 0 hold 'kind in \(fir, pine\)'"):
        spelt.sample(5, where="kind in (fir, pine)")
    with pytest.raises(DrawError, match=r"row 0, counted from 0, none .* holds 'kind in \(fir, pine\)'"):
        spelt.complete(pd.DataFrame({"count": [1, 2]}), 10, where="kind in (fir, pine)")


def test_a_level_that_is_not_known_is_refused_before_anything_is_drawn(spelt):
    with pytest.raises(ConditionError, match="No drawn row meets 'kind=pine': in column 'kind' 'pine' is no"):
        spelt.sample(5, where="kind=pine")
