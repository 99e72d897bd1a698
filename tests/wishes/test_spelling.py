"""Conditions as a person writes them: what is read, what meets it, and the sentence for what cannot be."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from stockpot.canonical import canonical_column
from stockpot.errors import ConditionError
from stockpot.schema import detect
from stockpot.wishes.spelling import conditions
from tests.wishes.odd import SDTYPES, odd

TABLE = odd()
SCHEMA = detect(TABLE, SDTYPES)

READ = {
    "size>40": ("size", ">", (40.0,)),
    "size >= 40.5": ("size", ">=", (40.5,)),
    "size<4e1": ("size", "<", (40.0,)),
    "`size` <= -1": ("size", "<=", (-1.0,)),
    "size != 40": ("size", "not in", (40.0,)),
    "count=3": ("count", "in", (3.0,)),
    "count == 3.0": ("count", "in", (3.0,)),
    "count in (1, 2, 1)": ("count", "in", (1.0, 2.0)),
    "count in(1,2)": ("count", "in", (1.0, 2.0)),
    "count in 1, 2": ("count", "in", (1.0, 2.0)),
    "count NOT IN [1]": ("count", "not in", (1.0,)),
    "price>$1,000.50": ("price", ">", (1000.5,)),
    "price = 7": ("price", "in", (7.0,)),
    "kind=oak": ("kind", "in", ("oak",)),
    "kind='oak'": ("kind", "in", ("oak",)),
    "kind in ('oak', 'a, b')": ("kind", "in", ("oak", "a, b")),
    "kind in (oak,)": ("kind", "in", ("oak",)),
    "kind in (, oak)": ("kind", "in", (None, "oak")),
    "kind=a=b": ("kind", "in", ("a=b",)),
    "kind=": ("kind", "in", (None,)),
    "kind is missing": ("kind", "in", (None,)),
    "kind IS NULL": ("kind", "in", (None,)),
    "kind is not missing": ("kind", "not in", (None,)),
    "healthy=yes": ("healthy", "in", ("True",)),
    "sick != 1": ("sick", "not in", ("True",)),
    "grade>=mid": ("grade", ">=", ("mid",)),
    "code=30": ("code", "in", ("30",)),
    "day=2020-02-01": ("day", "in", ("01/02/2020",)),
    "day in (01/02/2020, 02/02/2020)": ("day", "in", ("01/02/2020", "02/02/2020")),
    "month=2020-02": ("month", "in", ("2020-02",)),
    "seen=2020-07-01 12:30": ("seen", "in", ("2020-07-01 12:30:00+0200",)),
    "seen=2020-07-01T10:30Z": ("seen", "in", ("2020-07-01 12:30:00+0200",)),
    "stay=3 days": ("stay", "in", ("3 days 00:00:00",)),
    "stay=72:00:00": ("stay", "in", ("3 days 00:00:00",)),
    "stay>0": ("stay", ">", ("0 days 00:00:00",)),
    "price in ('$7.00', '$1,234.50')": ("price", "in", (7.0, 1234.5)),
    "price in ($7, $8.50)": ("price", "in", (7.0, 8.5)),
    "seen>=13/02/2020": ("seen", ">=", ("2020-02-13 00:00:00+0100",)),
    "seen>=02.02.2020": ("seen", ">=", ("2020-02-02 00:00:00+0100",)),
}


@pytest.mark.parametrize("text", READ)
def test_a_condition_is_read_as_its_column_says_values(text):
    (found,) = conditions(text, SCHEMA)
    assert (found.name, found.op, found.values) == READ[text]


@pytest.mark.parametrize(
    ("name", "value", "read"),
    [
        ("kind", "oak", ("oak",)),
        ("kind", None, (None,)),
        ("kind", ["oak", None], ("oak", None)),
        ("size", np.nan, (None,)),
        ("size", np.array([40.5]), (40.5,)),
        ("count", range(3), (0.0, 1.0, 2.0)),
        ("healthy", np.True_, ("True",)),
        ("code", 2.0, ("2",)),
        ("day", dt.date(2020, 2, 1), ("01/02/2020",)),
        ("seen", pd.Timestamp("2020-07-01 10:30", tz="UTC"), ("2020-07-01 12:30:00+0200",)),
        ("stay", dt.timedelta(days=3), ("3 days 00:00:00",)),
        ("stay", np.timedelta64(3, "D"), ("3 days 00:00:00",)),
    ],
)
def test_python_s_own_values_are_read_too(name, value, read):
    (found,) = conditions({name: value}, SCHEMA)
    assert (found.op, found.values) == ("in", read)


@pytest.mark.parametrize(
    ("text", "values", "met"),
    [
        ("size>40", [39.9, 40.0, 40.1, np.nan], "0010"),
        ("size<=40", [39.9, 40.0, 40.1, np.nan], "1100"),
        ("size!=40", [39.9, 40.0, 40.1, np.nan], "1010"),
        ("size is missing", [39.9, np.nan], "01"),
        ("kind not in (oak, elm)", ["oak", "ash", None], "010"),
        ("kind not in (, oak)", ["oak", "ash", None], "010"),
        ("kind in (, oak)", ["oak", "ash", None], "101"),
        ("kind is not missing", ["oak", None], "10"),
        ("grade>=mid", ["low", "mid", "high", None], "0110"),
        ("grade<mid", ["low", "mid", "high", None], "1000"),
        ("sick=no", [True, False, None], "010"),
        ("code>2", [1, 2, 30, None], "0010"),
        ("code=2.0", [1, 2, 30, None], "0100"),
        ("day>2020-02-01", ["01/02/2020", "02/01/2021", "03/01/2020", None], "0100"),
        ("day>=2020-02-01 12:00", ["01/02/2020", "02/02/2020"], "01"),
        ("month<=2020-02-15", ["2020-01", "2020-02", "2020-03"], "110"),
        ("stay>1.5 days", ["1 days", "2 days", None], "010"),
        ("stay<2 days 12:00:00", ["2 days", "3 days"], "10"),
    ],
)
def test_a_missing_value_meets_nothing_but_is_missing(text, values, met):
    (found,) = conditions(text, SCHEMA)
    dtype = TABLE[found.name].dtype
    series = pd.Series(values, dtype="object" if dtype.kind == "m" else dtype)
    cells = canonical_column(series, SCHEMA.column(found.name))
    assert "".join("01"[int(one)] for one in found.meets(cells)) == met


@pytest.mark.parametrize(
    "text", ["seen>2020-07-01 12:30", "seen > 2020-07-01T10:30:00Z", "seen>2020-07-01 12:30:59"]
)
def test_datetimes_of_a_zone_are_compared_as_moments(text):
    cells = pd.Series(["2020-07-01 12:30:00+0200", "2020-07-01 12:31:00+0200"])
    (found,) = conditions(text, SCHEMA)
    assert found.meets(cells).tolist() == [False, True]


STRANGE = pd.DataFrame(
    {
        "a b": ["New  York", " pad ", "x=y", 'say "hi"'] * 4,
        " led": ["p", "q"] * 8,
        "in": ["yes", "no"] * 8,
        "x=y": [*range(8)] * 2,
        "clock": [f"{hour}:0{hour % 7}" for hour in range(20, 36)],
        "euros": [f"{n}.00{n % 7},50 €" for n in range(1, 17)],
        "crowns": [f"{n}.00{n % 7},50 kr." for n in range(1, 17)],
    }
)


@pytest.mark.parametrize(
    ("text", "name", "values"),
    [
        ("a b=New  York", "a b", ("New  York",)),
        ("a b=' pad '", "a b", (" pad ",)),
        ("a b=x=y", "a b", ("x=y",)),
        ('a b=say "hi"', "a b", ('say "hi"',)),
        (" led=p", " led", ("p",)),
        ("  `a b` = x=y", "a b", ("x=y",)),
        ("in in (yes)", "in", ("yes",)),
        ("x=y=3", "x=y", (3.0,)),
        ("x=y>=3", "x=y", (3.0,)),
        ("clock=25:04", "clock", ("25:04",)),
        ("clock > 1 days", "clock", ("24:00",)),
        ("euros > 3.000,50 €", "euros", (3000.5,)),
        ("euros > 3.000", "euros", (3000.0,)),
        ("euros > 3000.5", "euros", (3000.5,)),
        ("crowns > 3.000,50 kr.", "crowns", (3000.5,)),
        ("crowns > -3.000", "crowns", (-3000.0,)),
        ("euros in ('3.000,50 €', '5')", "euros", (3000.5, 5.0)),
    ],
)
def test_strange_names_and_values_are_read_as_they_stand(text, name, values):
    (found,) = conditions(text, detect(STRANGE, {"a b": "categorical"}))
    assert (found.name, found.values) == (name, values)


def test_hours_without_seconds_are_compared_as_durations():
    schema = detect(STRANGE, {"a b": "categorical"})
    (found,) = conditions("clock>=25:04", schema)
    assert found.meets(STRANGE["clock"]).sum() == 11


WRONG = {
    "": "Condition '' cannot be read: write it as 'column=value'",
    "size": "or 'column is missing', in a shell with the quotes",
    "size is big": "Condition 'size is big' cannot be read",
    "sise>3": "names column 'sise', which the rows lack (did you mean 'size'?)",
    ">3": "names column ''",
    "size>": "Condition 'size>' names no value",
    "size in ()": "Condition 'size in ()' lists no value",
    "size>big": "'size>big' asks for 'big': column 'size' is numerical",
    "size=nan": "'size=nan' asks for 'nan', which is no number",
    "size=40.12": "'size=40.12' asks for '40.12': column 'size' has 1 digit after the point",
    "price=$1,000.123": "asks for '$1,000.123': column 'price' has 2 digits after the point",
    "price>,200": "'price>,200' asks for ',200': column 'price' is numerical",  # of "$1,200" in a shell
    "price in ($9,000.00)": "two ways, for numbers of column 'price' have commas too: put each value in",
    "price not in ('$7', $1,234.50)": "can be read in two ways",
    "count=3.5": "asks for '3.5': column 'count' holds whole numbers",
    "kind>oak": "column 'kind' is categorical and has no order; use = or in",
    "healthy>0": "column 'healthy' is boolean and has no order",
    "healthy=maybe": "asks for 'maybe': column 'healthy' is true or false",
    "grade>top": "column 'grade' has no level 'top' (it has low, mid, high)",
    "day=31/02/2020": "asks for '31/02/2020': column 'day' holds datetimes",
    "day=2020-02-01 12:00": "lies between two values of column 'day': the nearest is 01/02/2020",
    "month=2020-02-15": "lies between two values of column 'month': the nearest is 2020-02",
    "seen=2020-07-01 12:30:30": "the nearest is 2020-07-01 12:30:00+0200",
    "seen>01/02/2020": "asks for '01/02/2020', which may be of two months: write it as in 2026-01-31",
    "day>1.2.2020": "may be of two months",
    "seen>3000-01-01": "asks for '3000-01-01': column 'seen' holds datetimes from 1678 to 2261",
    "seen>NaT": "asks for 'NaT': column 'seen' holds datetimes",
    "stay>soon": "asks for 'soon': column 'stay' holds durations, as in '3 days 02:00:00'",
    "stay>5": "asks for '5': column 'stay' holds durations",
    "stay=NaT": "asks for 'NaT': column 'stay' holds durations",
    "stay=36:00:00": "asks for '36:00:00', which lies between two values of column 'stay'",
    "stay>99999999 days": "asks for '99999999 days': column 'stay' holds durations",
}


@pytest.mark.parametrize("text", WRONG)
def test_what_cannot_be_read_is_told_in_one_sentence(text):
    with pytest.raises(ConditionError) as error:
        conditions(text, SCHEMA)
    told = str(error.value)
    assert WRONG[text] in told
    assert told.endswith(".")
    assert "\n" not in told


@pytest.mark.parametrize(
    ("where", "sentence"),
    [
        (5, "Condition '5' cannot be read"),
        ([("size", 3)], "cannot be read"),
        ({"nosuch": 1}, "names column 'nosuch'"),
        ({5: 1}, "names column '5'"),
        ({"size": []}, "lists no value"),
        ({"size": "> 3"}, "asks for '> 3'"),
        ({"stay": dt.timedelta(hours=3)}, "lies between two values"),
        ({"stay": 3}, "column 'stay' holds durations"),
        ({"seen": 2020}, "column 'seen' holds datetimes"),
    ],
)
def test_what_is_no_condition_at_all_is_told(where, sentence):
    with pytest.raises(ConditionError) as error:
        conditions(where, SCHEMA)
    assert sentence in str(error.value)


def test_nothing_asked_is_no_condition():
    assert conditions(None, SCHEMA) == conditions([], SCHEMA) == conditions({}, SCHEMA) == ()
