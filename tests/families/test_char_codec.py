"""The char family's codec: rows as text and back, what is valid, and what is not told."""

import json

import numpy as np
import pandas as pd
import pytest

from stockpot.families.char import columns
from stockpot.families.char.codec import END, FIELD, RESERVED, UNKNOWN, CharCodec, block
from stockpot.schema import Column, Schema


def column(name, sdtype, decimals=None, **more):
    return Column(name, sdtype, "float64" if sdtype == "numerical" else "object", decimals, **more)


SCHEMA = Schema((column("kind", "categorical"), column("size", "numerical", 1), column("note", "text")))
ROWS = pd.DataFrame(
    {
        "kind": ["cat", "cat", "dog", "dog"],
        "size": [1.5, 2.0, np.nan, 3.5],
        "note": ["a,b", "b|a", "ab", None],
    }
)


@pytest.fixture
def codec():
    return CharCodec.fit(ROWS, SCHEMA)


def tokens_of(codec, *texts):
    """Symbols of rows whose fields stand between slashes."""
    symbols = {char: RESERVED + i for i, char in enumerate(codec.alphabet)} | {"/": FIELD}
    return block([[*(symbols[char] for char in text), END] for text in texts])


def test_rows_come_back_as_they_were(codec):
    plain = pd.DataFrame({"kind": ["cat", "dog"], "size": [1.5, np.nan], "note": ["ab", None]})
    back, faults = codec.decode(block(codec.tokens(plain)))
    pd.testing.assert_frame_equal(back, plain)
    assert not faults


def test_no_value_can_hold_the_delimiter(codec):
    rows = codec.tokens(ROWS)
    assert [row.count(FIELD) for row in rows] == [2, 2, 2, 2]
    assert [row[-1] for row in rows] == [END] * 4


def test_a_number_is_written_with_the_columns_decimals():
    assert columns.written(2.0, 1) == "2.0"
    assert columns.written(2.0, 0) == "2"
    assert columns.written(-0.0, 1) == "0.0"
    assert columns.written(0.1 + 0.2, 12) == "0.30000000000000004"
    assert columns.written(1e300, 0) == "1e+300"


def test_what_is_drawn_is_checked_field_by_field(codec):
    bad = {
        "cat/2.0": "the row has too many or too few fields",
        "cat/2.0/a/b": "the row has too many or too few fields",
        "cot/2.0/a": "'kind' is no known level",
        "/2.0/a": "'kind' is missing",
        "cat/02.0/a": "'size' is no number of its form",
        "cat/2/a": "'size' is no number of its form",
        "cat/5.0/a": "'size' is out of range",
    }
    for text, why in bad.items():
        frame, faults = codec.decode(tokens_of(codec, text))
        assert len(frame) == 0
        assert dict(faults) == {why: 1}


def test_a_row_without_an_end_is_no_row(codec):
    frame, faults = codec.decode(tokens_of(codec, "cat/2.0/a")[:, :-1])
    assert len(frame) == 0
    assert dict(faults) == {"the row does not end": 1}


def test_a_missing_value_is_valid_where_the_column_had_one(codec):
    frame, faults = codec.decode(tokens_of(codec, "dog//"))
    assert not faults
    assert frame.isna().to_numpy().tolist() == [[False, True, True]]


def test_a_character_of_one_row_is_unknown_and_digits_are_not(codec):
    assert set("catdogb") <= set(codec.alphabet)
    assert "|" not in codec.alphabet
    assert "5" in codec.alphabet
    strange = pd.DataFrame({"kind": ["cät"], "size": [1.5], "note": [None]})
    assert codec.tokens(strange)[0][1] == UNKNOWN


def test_what_is_kept_holds_no_value_of_one_row():
    schema = Schema((column("name", "categorical"), column("pay", "numerical", 0), column("mail", "text")))
    names = ["ann"] * 5 + ["ben"] * 4 + ["zoe-planted"]
    pays = [1200.0, 1300, 1400, 1500, 1600, 1700, 1800, 1900, 2100, 9137]
    rows = pd.DataFrame({"name": names, "pay": pays, "mail": [f"planted{i}" for i in range(10)]})
    kept = json.dumps(CharCodec.fit(rows, schema).to_json())
    assert not [value for value in ("zoe", "planted", "9137", "1200") if value in kept]


def test_numbers_of_the_learning_rows_are_within_the_range_that_is_kept(codec):
    size = codec.columns[1]
    assert size.low <= 1.5
    assert size.high >= 3.5
    assert not [v for v in (1.5, 3.5) if v in (size.low, size.high)]


def test_values_that_the_learning_rows_never_told_of_are_counted(codec):
    odd = pd.DataFrame({"kind": ["eel", None], "size": [9.0, 2.0], "note": ["new", "a"]})
    assert codec.unseen(odd) == 3
    assert codec.unseen(ROWS) == 0


def test_a_column_that_hardly_repeats_takes_any_text():
    values = pd.Series(["ann", "ben", "cat", "dan", "dan"])
    few = columns.fit(values, column("name", "categorical"))
    assert few.fault("eve") == ""
    assert few.to_json()["levels"] == ()


def test_a_datetime_must_follow_the_columns_format():
    when = columns.fit(pd.Series(["2024-01-31", "2024-02-01"]), column("day", "datetime", format="%Y-%m-%d"))
    assert when.fault("2024-02-29") == ""
    assert when.fault("2023-02-29") == "is not of its form"
    assert when.fault("0001-01-01") == "is not of its form"


def test_an_id_of_integers_must_be_an_integer():
    number = columns.fit(pd.Series(["1", "2", "3"]), column("id", "id", holds="integer"))
    assert number.fault("12") == ""
    assert number.fault("1-2") == "is not of its form"
    assert number.fault("9" * 40) == "is not of its form"


def test_a_column_without_a_value_stays_empty():
    empty = columns.fit(pd.Series([np.nan, np.nan]), column("x", "numerical", 0))
    assert empty.fault("") == ""
    assert empty.fault("0") == "is out of range"


def test_true_and_false_are_known_however_rare():
    flag = columns.fit(pd.Series(["True", "True", "False"]), column("x", "boolean"))
    assert flag.fault("False") == ""


def test_a_codec_survives_json(codec):
    assert CharCodec.from_json(json.loads(json.dumps(codec.to_json()))) == codec


def test_a_duration_is_of_its_columns_form():
    assert columns.readable("-9 days +13:51:17", "timedelta", "")
    assert columns.readable("2 days 00:00:00", "timedelta", "")
    for text in ("2 days", "2 dayss 00:00:00", "days", ".", "2 days 99:00:00", "9" * 9 + " days 00:00:00"):
        assert not columns.readable(text, "timedelta", "")
    assert columns.readable("2 days", "text", "days")
    assert columns.readable("25:07", "text", "[h]:%M")
    assert columns.readable("5:07:09", "text", "[h]:%M:%S")
    for text in ("25:07:09", "25:70", "2 days", "7"):
        assert not columns.readable(text, "text", "[h]:%M")
