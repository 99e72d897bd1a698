"""Datetimes and durations as whole units, and back in the form that they had."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from stockpot import units
from stockpot.canonical import canonical, restore
from stockpot.schema import Schema, detect

STAMPS = pd.to_datetime(["2020-01-05 10:00:00", "2021-12-31 00:30:00", "2020-03-29 02:30:00", None] * 3)


def days(form):
    return [d.strftime(form) for d in pd.date_range("2020-01-01", periods=12, freq="17D")]


COLUMNS = {
    "dtype": (STAMPS, "m"),
    "days": (pd.date_range("2020-01-01", periods=12), "D"),
    "months": (pd.date_range("2020-01-01", periods=12, freq="MS"), "M"),
    "years": (pd.date_range("1990-01-01", periods=12, freq="YS"), "Y"),
    "seconds": (pd.to_datetime(["2020-01-02 03:04:05"] * 12).astype("datetime64[s]"), "s"),
    "zone": (
        pd.date_range("2020-01-01", periods=12, freq="MS", tz="UTC").tz_convert("Asia/Tokyo"),
        "h",
    ),
    "dates": (
        pd.Series([dt.date(2020, 1, 2), None] * 6, dtype=object).where(lambda s: s.notna(), np.nan),
        "D",
    ),
    "german": (days("%d.%m.%Y"), "D"),
    "american": ([f"{i + 1}/{2 * i + 1}/2020" for i in range(12)], "D"),
    "month text": (days("%Y-%m"), "M"),
    "words": (days("%b %d, %Y"), "D"),
    "zulu": ([f"{d}T05:06:07Z" for d in days("%Y-%m-%d")], "s"),
    "offset": ([f"{d}T05:06:00+02:00" for d in days("%Y-%m-%d")], "m"),
    "fraction": ([f"{d} 05:06:07.125" for d in days("%Y-%m-%d")], "ms"),
    "noon": ([f"{d} 01:05 PM" for d in days("%m/%d/%Y")], "m"),
    "span": (pd.to_timedelta([90, None, 30, -15] * 3, unit="min"), "m"),
    "span text": (["1 days 02:00:00", "0 days 12:00:00"] * 6, "h"),
    "clock": (["02:30:15", "23:59:59", "00:00:00"] * 4, "s"),
    "elapsed": (["9:30:00", "101:00:00"] * 6, "m"),
}


@pytest.mark.parametrize("name", COLUMNS)
def test_a_time_is_counted_in_its_own_unit_and_comes_back_as_it_was(name):
    values, unit = COLUMNS[name]
    frame = pd.DataFrame({"x": values, "n": range(len(values))})[["x"]]
    schema = detect(frame)
    column = schema.column("x")
    assert column.unit == unit
    known = canonical(frame, schema)
    counted = units.counted(known["x"], column)
    assert (np.isnan(counted) == frame["x"].isna()).all()
    back = pd.DataFrame({"x": units.told(counted, column)})
    pd.testing.assert_frame_equal(restore(back, schema), frame)
    assert Schema.from_json(schema.to_json()) == schema


def test_midnight_stays_midnight_in_a_zone_of_summer_time():
    frame = pd.DataFrame({"x": pd.date_range("2020-01-01", periods=12, freq="MS", tz="Europe/Berlin")})
    schema = detect(frame)
    assert schema.column("x").unit == "M"
    back = units.told(units.counted(canonical(frame, schema)["x"], schema.column("x")), schema.column("x"))
    pd.testing.assert_frame_equal(restore(pd.DataFrame({"x": back}), schema), frame)


def test_several_offsets_are_drawn_in_utc_and_that_is_told():
    texts = [f"2020-0{i}-02T03:04:05{zone}" for i in range(1, 7) for zone in ("+01:00", "+02:00")]
    column = detect(pd.DataFrame({"x": texts})).column("x")
    assert "written in UTC" in column.note
    assert units.told(units.counted(pd.Series(texts), column), column)[1] == "2020-01-02T01:04:05+00:00"


def test_a_time_of_day_stays_below_a_day_and_a_date_within_what_pandas_holds():
    clock = detect(pd.DataFrame({"x": ["02:30", "23:59", *(f"0{i}:15" for i in range(10))]})).column("x")
    assert list(units.told(np.array([1500.0, -3.0]), clock)) == ["23:59", "00:00"]
    day = detect(pd.DataFrame({"x": days("%Y-%m-%d")})).column("x")
    assert list(units.told(np.array([1e9, np.nan]), day)) == ["2261-12-31", None]
