"""Constraints over canonical rows: what holds, what is mended, what is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from stockpot.constraints.rule import rule_of
from stockpot.constraints.rules import Rules, drawn
from stockpot.errors import ConstraintError
from stockpot.schema import Column, Schema
from stockpot.table import of_frame
from stockpot.transform import Transform


@pytest.fixture(scope="module")
def table():
    return of_frame(
        pd.DataFrame(
            {
                "a": [1, 2, 3, 4, 5, 6, 7, 8],
                "b": [2, 2, 2, 5, 5, 5, 9, 9],
                "c": [0.5, 1.0, np.nan, 2.5, 3.0, 0.1, 0.2, 0.3],
                "kind": ["oak", "oak", "elm", "elm", None, "ash", "ash", "oak"],
                "ok": [True, False] * 4,
                "grade": pd.Categorical(["low", "high"] * 4, categories=["low", "high"], ordered=True),
                "more": [3, 1, 2, 1, 1, 1, 1, 1],
                "start": pd.date_range("2024-01-01", periods=8),
                "end": pd.date_range("2024-01-03", periods=8),
            }
        )
    )


HOLDS = {
    "a <= b": "11011011",  # a > b in the third and the sixth row
    "a < b": "10010011",
    "a <= b <= 5": "11011000",
    "3 <= a < 7": "00111100",
    "c > 1": "00111000",  # a missing value leaves it open
    "c > 1 and a > 9": "00000000",
    "c > 1 or a <= 3": "11111000",
    "not c > 1": "11100111",
    "c.notna()": "11011111",
    "kind == 'oak'": "11001001",
    "kind in ['oak', 'elm']": "11111001",
    "kind not in ('oak', 'elm')": "00001110",
    "kind.str.startswith('o') | a == 3": "11101001",
    "ok": "10101010",
    "~ok & a > 1": "01010101",
    "grade >= 'high'": "01010101",
    "end > start": "11111111",
    "end - start >= '2 days'": "11111111",
    "end >= start + '3 days'": "00000000",
    "start < '2024-01-04'": "11100000",
    "start.dt.day == 2": "01000000",
    "abs(a - 4) <= 1": "00111000",
    "sqrt(a) == 2": "00010000",
    "a / 0 > 1": "11111111",  # no number: open
    "a % 2 == 0": "01010101",
    "a.between(2, 3)": "01100000",
    "c * 2 == a": "11100000",
    "one_hot(a, b)": "00000000",
    "unique(kind)": "10101100",
    "unique(b, kind)": "10111111",
}


@pytest.mark.parametrize(("text", "rows"), HOLDS.items())
def test_rows_hold_as_sql_would_say(table, text, rows):
    held = rule_of(text, table.schema).holds(table.canonical)
    assert "".join(str(int(row)) for row in held) == rows


def test_tenths_add_up():
    frame = pd.DataFrame({"x": [0.1] * 8, "y": [0.2] * 8, "z": [0.3] * 8})
    table = of_frame(frame)
    assert rule_of("x + y == z", table.schema).holds(table.canonical).all()
    assert rule_of("x + y <= z", table.schema).holds(table.canonical).all()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a <= bb", "names column 'bb', which the table lacks (did you mean 'b'?)"),
        ("a + b", "it gives numbers, and true or false belong there"),
        ("kind > 3", "compares text with numbers"),
        ("kind > 'oak'", "only numbers, datetimes and ordered categories"),
        ("kind + a == 3", "cannot reckon with text and numbers"),
        ("start > 3", "compares datetimes with numbers"),
        ("start > 'soon'", "'soon', which is no datetime"),
        ("1 < 2", "names no column"),
        ("one_hot(a)", "is about one column"),
        ("one_hot(kind, a)", "takes columns of 0 and 1"),
        ("a in 3", "looks into no list"),
        ("a.between(1)", "gives 'between' 1 values"),
        ("kind == None", "has None"),
    ],
)
def test_what_does_not_fit_the_columns_is_a_sentence(table, text, told):
    with pytest.raises(ConstraintError) as error:
        rule_of(text, table.schema)
    assert told in str(error.value)
    assert "_column_" not in str(error.value)
    assert str(error.value).endswith(".")


def mended(table, *texts):
    return Rules.read(texts, table.schema).mend(table.canonical)


def test_a_sum_is_reckoned_and_not_drawn(table):
    assert mended(table, "b + a == c")["c"].tolist()[:2] == [3.0, 4.0]
    assert np.isnan(mended(table, "b + a == c")["c"][2])  # a missing total stays missing
    assert mended(table, "a - b == 1")["b"].tolist() == [0, 1, 2, 3, 4, 5, 6, 7]
    assert mended(table, "a + 1 + b == 10")["b"].tolist() == [8, 7, 6, 5, 4, 3, 2, 1]
    assert mended(table, "b + more == c - 1")["c"].tolist()[:2] == [6.0, 4.0]


def test_definitions_follow_one_another_in_whatever_order(table):
    both = mended(table, "c == b + 1", "b == a + 1")
    assert both["c"].tolist()[:2] == [3.0, 4.0]


def test_text_truth_datetimes_and_multiples_are_mended_too(table):
    assert mended(table, "ok == (a > 4)")["ok"].tolist() == ["False"] * 4 + ["True"] * 4
    assert mended(table, "end == start + '1 day'")["end"][0] == "2024-01-02"
    assert mended(table, "b % 4 == 0")["b"].tolist() == [0, 0, 0, 4, 4, 4, 8, 8]


def test_two_columns_that_each_need_the_other_are_refused(table):
    with pytest.raises(ConstraintError, match="each give what the other needs"):
        Rules.read(["more == b + 1", "b == more * 2"], table.schema)


def test_combinations_are_those_that_several_rows_share(table):
    rules = Rules.read(["combinations(b, kind)"], table.schema).fitted(table.canonical)
    assert rules.keep(table.canonical).tolist() == [True, True] + [False] * 6
    again = Rules.from_json(rules.to_json(), table.schema)
    assert again.keep(table.canonical).tolist() == rules.keep(table.canonical).tolist()
    assert "elm" not in str(rules.to_json())
    with pytest.raises(ConstraintError, match="allows nothing"):
        Rules.read(["combinations(a, b)"], table.schema).fitted(table.canonical)


def test_broken_rows_are_counted_from_nought(table):
    (one,) = Rules.read(["a <= b", "a > 0"], table.schema).broken(table.canonical)
    assert (one.text, one.rows, one.first) == ("a <= b", 2, 2)


def test_combinations_cannot_be_added_without_a_table(table):
    with pytest.raises(ConstraintError, match="give it to the cook"):
        Rules().plus(["combinations(a, kind)"], table.schema)


def test_columns_that_are_made_afresh_have_keys_and_no_other_constraints(table):
    kept = [column for column in table.schema.columns if column.name != "a"]  # a is an id
    learned = drawn(Transform(table.schema, Schema((*kept, Column("a", "categorical", "object", None)))))
    assert learned == drawn(Transform(table.schema, Schema(tuple(kept))))
    assert Rules.read(["unique(a)", "b > 0"], table.schema).of_learned(learned).texts == ("b > 0",)
    with pytest.raises(ConstraintError, match="column 'a', which is made afresh"):
        Rules.read(["a > 3"], table.schema).of_learned(learned)


def test_an_end_is_reckoned_from_a_start_and_a_span():
    start = pd.Series(pd.date_range("2024-01-01", periods=8))
    stay = pd.Series(pd.to_timedelta([1, 2, 3, 4, 1, 2, 3, 4], unit="D"))
    table = of_frame(pd.DataFrame({"start": start, "stay": stay, "end": start + stay}))
    rules = Rules.read(["end == start + stay", "stay <= '4 days'"], table.schema)
    assert rules.keep(table.canonical).all()
    later = table.canonical.assign(end="2030-01-01")
    assert not rules.keep(later).any()
    assert rules.mend(later)["end"].tolist() == table.canonical["end"].tolist()


def test_hours_and_minutes_alone_are_durations_too():
    table = pd.DataFrame({"clock": [f"{hour}:30" for hour in range(20, 30)], "n": [1, 2] * 5})
    clock = of_frame(table, {"clock": "timedelta"})
    assert rule_of("clock > '25:30'", clock.schema).holds(clock.canonical).sum() == 4
    assert rule_of("clock <= '1 days'", clock.schema).holds(clock.canonical).sum() == 4
