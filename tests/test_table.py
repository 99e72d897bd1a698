"""Reading tables of every kind, and one sentence for every table that cannot be used."""

import datetime as dt
import json
import os
import socket
import subprocess
import sys
from decimal import Decimal

import datasets
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stockpot.errors import TableError
from stockpot.table import of_frame, read

ROWS = 12
TEXT = str(pd.Series(["a"]).dtype)  # "object", and "str" from pandas 3 on


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    def refuse(*_):
        raise AssertionError("reading a table needs no network")

    monkeypatch.setattr(socket.socket, "connect", refuse)


def rows(count=ROWS):
    words = ["x", None, "None", "q, r", 'say "hi"', "é"]
    return pd.DataFrame(
        {
            "whole": range(100, 100 + count * 2, 2),
            "gaps": [None if i % 3 == 0 else float(i % 4) for i in range(count)],
            "decimal": [i / 10 + 0.1 for i in range(count)],
            "word": [words[i % 6] for i in range(count)],
            "flag": [i % 2 == 0 for i in range(count)],
            "day": [f"2020-01-{i + 1:02}" for i in range(count)],
        }
    )


def saved(folder, suffix, frame=None):
    frame = rows() if frame is None else frame
    path = folder / f"t{suffix}"
    if suffix in (".csv", ".tsv"):
        frame.to_csv(path, index=False, sep="\t" if suffix == ".tsv" else ",")
    elif suffix in (".jsonl", ".ndjson"):
        path.write_text("".join(json.dumps(r) + "\n" for r in records(frame)))
    elif suffix == ".json":
        path.write_text(json.dumps(records(frame), indent=1))
    elif suffix == ".parquet":
        frame.to_parquet(path)
    elif suffix == ".arrow":
        table = pa.Table.from_pandas(frame)
        with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
            writer.write_table(table)
    else:
        datasets.Dataset.from_pandas(frame).save_to_disk(str(path))
    return path


def records(frame):
    return frame.astype(object).where(frame.notna(), None).to_dict("records")


SUFFIXES = (".csv", ".tsv", ".jsonl", ".ndjson", ".json", ".parquet", ".arrow", "")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_kind_of_file_gives_the_same_table(tmp_path, suffix, capfd):
    path = saved(tmp_path, suffix)
    capfd.readouterr()
    table = read(path)
    assert table.name == "t"
    assert table.rows == ROWS
    assert table.digest == of_frame(rows()).digest
    assert table.schema.names == tuple(rows())
    assert [c.sdtype for c in table.schema.columns] == [
        "numerical",
        "numerical",
        "numerical",
        "categorical",
        "boolean",
        "datetime",
    ]
    assert table.frame["gaps"].dtype == np.float64
    assert table.frame["word"].tolist()[2] == "None"
    assert pd.isna(table.frame["word"][1])
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("name", ["a[1]*?.csv", ".hidden.csv", "a b'c.csv", "é.csv", "x.CSV"])
def test_any_file_name_is_read_even_one_that_looks_like_a_pattern(tmp_path, name):
    folder = tmp_path / ".hidden [folder]"
    folder.mkdir()
    assert read(saved(folder, ".csv").rename(folder / name)).rows == ROWS


def test_the_same_rows_touched_or_copied_have_the_same_digest(tmp_path):
    path = saved(tmp_path, ".csv")
    digest = read(path).digest
    os.utime(path, (0, 0))
    copy = tmp_path / "copy.csv"
    copy.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert read(path).digest == read(copy).digest == digest


def test_reading_leaves_nothing_in_the_home_folder(tmp_path):
    saved(tmp_path, ".csv")
    home, temporary = tmp_path / "home", tmp_path / "tmp"
    home.mkdir()
    temporary.mkdir()
    code = "from stockpot.table import read; import sys; read(sys.argv[1])"
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("HF_", "XDG_"))}
    env = {**kept, "HOME": str(home), "TMPDIR": str(temporary), "PYTHONPATH": os.pathsep.join(sys.path)}
    told = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "t.csv")],
        env=env,
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout + told.stderr == ""
    assert [*home.rglob("*"), *temporary.rglob("*")] == []


def test_reading_leaves_the_settings_of_datasets_alone(tmp_path):
    datasets.logging.set_verbosity_info()
    datasets.enable_progress_bars()
    try:
        read(saved(tmp_path, ".csv"))
        assert datasets.logging.get_verbosity() == datasets.logging.INFO
        assert not datasets.are_progress_bars_disabled()
    finally:
        datasets.logging.set_verbosity_warning()


def csv(folder, text, name="t.csv"):
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def column(folder, *values):
    text = "x,y\n" + "".join(f"{v},{i}\n" for i, v in enumerate(values * 8))
    return read(csv(folder, text)).frame["x"][: len(values)]


@pytest.mark.parametrize(
    ("fields", "dtype", "values"),
    [
        (["1", "2"], "int64", [1, 2]),
        (["1", ""], "float64", [1, None]),
        (["1.0", "2"], "float64", [1, 2]),
        (["1e3", "-.5"], "float64", [1000, -0.5]),
        (["0.1", "0.133333333"], "float64", [0.1, 0.133333333]),
        (["1", "None"], "float64", [1, None]),
        (["True", "FALSE"], "bool", [True, False]),
        (["true", "NA"], "object", [True, None]),
        (["True", "None"], "object", [True, None]),
        (["a", "None"], TEXT, ["a", "None"]),
        (["a", "NA", "NaN", "null", "N/A", " "], TEXT, ["a", None, None, None, None, None]),
        ([" Male", "Female"], TEXT, [" Male", "Female"]),
        (["007", "010"], TEXT, ["007", "010"]),
        (["1234567890123456789", "1"], TEXT, ["1234567890123456789", "1"]),
        (["1_000", "2"], TEXT, ["1_000", "2"]),
        (["inf", "1"], TEXT, ["inf", "1"]),
        (["NA", ""], "float64", [None, None]),
    ],
)
def test_csv_fields_are_typed_by_all_values_of_a_column(tmp_path, fields, dtype, values):
    found = column(tmp_path, *fields)
    assert str(found.dtype) == dtype
    assert [None if pd.isna(v) else v for v in found] == values


def test_a_csv_column_that_turns_into_decimals_or_text_after_many_rows_is_read(tmp_path):
    late = pd.DataFrame(
        {"a": [1] * 12_000 + [0.5], "b": [1] * 12_000 + ["z"], "c": ["x", "y", "z"] * 4000 + ["x"]}
    )
    table = read(saved(tmp_path, ".csv", late))
    assert table.frame.dtypes.astype(str).tolist() == ["float64", TEXT, TEXT]
    assert table.digest == read(saved(tmp_path, ".parquet", late.astype({"b": str}))).digest


def test_a_json_column_that_turns_into_decimals_is_read(tmp_path):
    path = tmp_path / "t.jsonl"
    path.write_text(
        "".join(json.dumps({"a": 1, "pad": "p" * 900}) + "\n" for _ in range(12_000)) + '{"a": 0.5}\n'
    )
    assert read(path).frame["a"].tolist()[-2:] == [1.0, 0.5]


def test_json_columns_called_type_and_message_are_columns(tmp_path):
    frame = pd.DataFrame({"type": ["user", "system"] * 4, "message": ["a", "b"] * 4})
    assert tuple(read(saved(tmp_path, ".jsonl", frame)).frame) == ("type", "message")


def test_a_csv_with_byte_order_mark_windows_line_ends_and_blank_lines_is_read(tmp_path):
    text = "\ufeff\r\na,b\r\n" + "1,x\r\n\r\n" * 8 + "\r\n"
    assert read(csv(tmp_path, text)).frame.columns.tolist() == ["a", "b"]
    assert read(csv(tmp_path, text)).rows == 8


def test_row_numbers_without_a_name_are_left_out_with_a_note(tmp_path):
    rows().to_csv(tmp_path / "t.csv")
    table = read(tmp_path / "t.csv")
    assert table.digest == of_frame(rows()).digest
    assert table.told[0] == "The first column has no name and only counts the rows: it is left out."


def test_parquet_keeps_what_pandas_knew(tmp_path):
    frame = pd.DataFrame(
        {
            "level": pd.Categorical(["lo", "hi"] * 6, categories=["lo", "hi"], ordered=True),
            "Int64": pd.array([1, None] * 6, dtype="Int64"),
            "boolean": pd.array([True, None] * 6, dtype="boolean"),
            "string": pd.array(["a", None] * 6, dtype="string"),
            "day": pd.to_datetime(["2020-01-02", None] * 6),
            "date": [dt.date(2020, 1, 2), None] * 6,
            "exact": [Decimal("0.50"), Decimal("1.25")] * 6,
            "empty": [None, None] * 6,
        },
        index=range(3, 15),
    )
    table = read(saved(tmp_path, ".parquet", frame))
    day = str(frame["day"].dtype)
    wanted = ["category", "Int64", "boolean", "string", day, "object", "float64", "float64"]
    assert [str(d) for d in table.frame.dtypes] == wanted
    assert table.frame["level"].cat.categories.tolist() == ["lo", "hi"]
    assert table.without("empty").digest == of_frame(frame, drop=["empty"]).digest


def test_class_labels_of_a_saved_dataset_are_read_by_name(tmp_path):
    features = datasets.Features(
        {"y": datasets.ClassLabel(names=["no", "yes"]), "x": datasets.Value("int64")}
    )
    data = datasets.Dataset.from_dict({"y": [0, 1, None, 1] * 3, "x": range(12)}, features=features)
    data.save_to_disk(str(tmp_path / "d"))
    assert read(tmp_path / "d").frame["y"].tolist()[:2] == ["no", "yes"]
    datasets.DatasetDict({"train": data}).save_to_disk(str(tmp_path / "one"))
    assert read(tmp_path / "one").rows == 12
    datasets.DatasetDict({"train": data, "test": data}).save_to_disk(str(tmp_path / "two"))
    with pytest.raises(TableError, match=r"holds train, test: name the folder of one, such as .*two/train"):
        read(tmp_path / "two")


def test_drop_leaves_columns_out_before_anything_is_judged(tmp_path):
    frame = rows().assign(bad=[[1]] * ROWS)
    assert of_frame(frame, drop=["bad", "day"]).schema.names == ("whole", "gaps", "decimal", "word", "flag")
    assert of_frame(rows(), drop="day").schema.names == tuple(rows())[:-1]
    with pytest.raises(TableError, match=r"table has no column 'wrod' to drop \(did you mean 'word'\?\)"):
        of_frame(frame, drop=["wrod"])


def test_a_schema_file_overrides_what_is_detected(tmp_path):
    (tmp_path / "s.json").write_text(json.dumps({"whole": "id", "gaps": "categorical"}))
    frame = rows()[["whole", "gaps"]]
    table = read(saved(tmp_path, ".csv", frame), schema=tmp_path / "s.json")
    assert table.schema.of("categorical") == ("gaps",)
    assert table.canonical["gaps"].tolist()[:3] == [None, "1", "2"]
    assert table.digest != read(tmp_path / "t.csv").digest
    assert read(saved(tmp_path, ".parquet"), schema=tmp_path / "s.json").schema.column("whole").sdtype == "id"


def test_take_and_without_give_tables_of_the_same_schema():
    table = of_frame(rows(), name="t")
    part = table.take([3, 1])
    assert part.frame["whole"].tolist() == [106, 102]
    assert part.schema == table.schema
    assert part.frame.index.tolist() == [0, 1]
    assert table.without("day").schema.names == tuple(rows())[:-1]


def test_of_frame_leaves_the_callers_frame_alone():
    frame = rows().set_index(pd.Index(range(5, 5 + ROWS)))
    before = frame.copy()
    table = of_frame(frame)
    table.frame.loc[0, "whole"] = -1
    pd.testing.assert_frame_equal(frame, before)


@pytest.mark.parametrize("count", [8, 29])
def test_few_rows_are_noted(count):
    assert (
        of_frame(rows(count))
        .notes[0]
        .startswith(f"The table has {count} rows: below 30, figures are mostly noise")
    )


def test_enough_rows_need_no_note():
    assert of_frame(rows(30)).notes == ()


BAD_CSV = [
    ("", "t.csv is empty: give a file with a header and rows"),
    ("\n\n", "t.csv is empty"),
    ("a,b\n", "t.csv has a header but no rows: add rows"),
    ("a\n" + "1\n" * 9, "t has one column, 'a': give at least two"),
    ("a,b\n1,2\n", "t has one row: give at least 8, better 30 or more"),
    ("a,b\n" + "1,2\n" * 7, "t has 7 rows: give at least 8"),
    ("a,b,a\n" + "1,2,3\n" * 9, "Two columns of t.csv are called 'a': rename one of them"),
    ("a,,b\n" + "1,2,3\n" * 9, "Column 2 of t.csv has no name: give it one in the first line"),
    (",a\n" + "x,2\n" * 9, "Column 1 of t.csv has no name"),
    (
        "a,b\n1,2\n1,2,3\n" + "1,2\n" * 9,
        "Line 3 of t.csv has 3 fields where the header has 2: mend that line",
    ),
    ("a,b\n" + "1,2\n" * 9 + "1\n", "Line 11 of t.csv has 1 fields where the header has 2"),
    ('a,b\n1,"2\n' + "1,2,3\n" * 9, "Line 2 of t.csv opens a quote that is never closed"),
    ('a,b\n1,2,"3\n' + "1,2\n" * 9, "Line 2 of t.csv .*a quote that is opened there may not be closed"),
    (
        b"a,b\n1,x\n1,\xe9\n" + b"1,x\n" * 9,
        r"t.csv is not UTF-8 \(byte 10, line 3: 0xE9\): save it as UTF-8, or name its",
    ),
]


@pytest.mark.parametrize(("text", "sentence"), BAD_CSV)
def test_a_csv_that_cannot_be_used_is_one_sentence(tmp_path, text, sentence):
    one_sentence(csv(tmp_path, text), sentence)


def one_sentence(path, sentence, **options):
    with pytest.raises(TableError, match=sentence) as caught:
        read(path, **options)
    words = str(caught.value)
    assert words.endswith(".")
    assert "\n" not in words
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_what_is_no_table_file_is_one_sentence(tmp_path):
    one_sentence(tmp_path / "none.csv", "There is no file .*none.csv: check the path")
    one_sentence(tmp_path, "is a folder, but no saved dataset: name the file in it")
    one_sentence(
        csv(tmp_path, "x", "t.xls"), r"t.xls is of no known kind: give one of .csv, .tsv, .*saved dataset"
    )
    one_sentence(csv(tmp_path, "x", "t"), "t is of no known kind")


@pytest.mark.parametrize("suffix", [".parquet", ".arrow"])
def test_a_truncated_file_is_one_sentence(tmp_path, suffix, capfd):
    path = saved(tmp_path, suffix)
    path.write_bytes(path.read_bytes()[:-700])
    one_sentence(path, rf"t{suffix} cannot be read as {suffix[1:]} \(.*\): ")
    path.write_bytes(b"")
    one_sentence(path, f"t{suffix} is empty")
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (" \n", "t.jsonl is empty"),
        ('{"a": 1, "b": 2}\n{"a": 1,\n', "Line 2 of t.jsonl is no JSON object"),
        ('{"a": 1, "b": 2}\n[1, 2]\n', r"Line 2 of t.jsonl is no JSON object \(it has no braces\)"),
        ('{"a": 1, "a": 2}\n', "Two columns of t.jsonl are called 'a'"),
        (
            '{"a": [1], "b": 2}\n' * 9,
            "Column 'a' holds lists or structs: give each part a column, or drop",
        ),
        ('{"a": {"c": 1}, "b": 2}\n' * 9, "Column 'a' holds lists or structs"),
        (b'{"a": "\xff"}\n', "t.jsonl is not UTF-8"),
    ],
)
def test_json_lines_that_cannot_be_used_are_one_sentence(tmp_path, text, sentence, capfd):
    one_sentence(csv(tmp_path, text, "t.jsonl"), sentence)
    assert capfd.readouterr() == ("", "")


def test_parquet_with_doubles_lists_or_bytes_is_one_sentence(tmp_path):
    path = tmp_path / "t.parquet"
    numbers = pa.array(range(9))
    pq.write_table(pa.table([numbers, numbers], names=["a", "a"]), path)
    one_sentence(path, "Two columns of t.parquet are called 'a'")
    pq.write_table(pa.table({"a": pa.array([[1]] * 9), "b": numbers}), path)
    one_sentence(path, "Column 'a' holds lists or structs")
    pq.write_table(pa.table({"a": pa.array([b"x"] * 9), "b": numbers}), path)
    one_sentence(path, "Column 'a' holds bytes: turn it into numbers or text, or drop it")


@pytest.mark.parametrize(
    ("frame", "sentence"),
    [
        (
            pd.DataFrame([[1, 2]] * 9),
            r"Column name 0 of table is no text: set frame.columns = frame.columns.astype",
        ),
        (pd.DataFrame([[1, 2]] * 9, columns=["a", "a"]), "Two columns of table are called 'a'"),
        (pd.DataFrame({"a": [[1]] * 9, "b": 1}), "Column 'a' holds lists or structs"),
        (pd.DataFrame({"a": [{"x": 1}, None, 2] * 3, "b": 1}), "Column 'a' holds lists or structs"),
        (
            pd.DataFrame({"a": [1j] * 9, "b": 1}),
            "Column 'a' holds complex128: turn it into numbers or text",
        ),
        (
            pd.DataFrame({"a": pd.period_range("2020", periods=9), "b": 1}),
            r"Column 'a' holds period\[.*\]: turn it",
        ),
        (
            pd.DataFrame({"a": [1, 2, np.inf] * 3, "b": 1}),
            "Column 'a' is infinite in row 3: give a number, or leave",
        ),
        (
            pd.DataFrame({"a": pd.cut(range(9), 3), "b": 1}),
            r"Column 'a' holds interval\[float64, right\]: turn it",
        ),
        (
            pd.DataFrame({"a": [dt.datetime.fromisoformat("1066-10-14")] * 9, "b": 1}),
            "'a' holds datetimes outside 1678 to 2261",
        ),
        (pd.DataFrame({"a": [], "b": []}), "table has a header but no rows"),
        (pd.DataFrame(index=range(9)), "table has no columns"),
        (pd.Series(range(9)), "table is a Series: give a DataFrame"),
    ],
)
def test_a_frame_that_cannot_be_used_is_one_sentence(frame, sentence):
    with pytest.raises(TableError, match=sentence):
        of_frame(frame)


def test_dropping_down_to_one_column_is_one_sentence(tmp_path):
    one_sentence(saved(tmp_path, ".csv"), "t has one column, 'whole'", drop=list(rows())[1:])


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[]", "t.json has no rows: add rows"),
        ("[1, 2]", "t.json is no list of objects: write each row as {column: value}"),
        ('[{"a": 1, "b": NaN}]', r"t.json is no JSON \(JSON has no NaN, write null\): mend it"),
        ('[{"a": 1, "a": 2}]', "Two columns of t.json are called 'a'"),
        ('[{"a": 1,', "t.json is no JSON"),
    ],
)
def test_a_json_array_that_cannot_be_used_is_one_sentence(tmp_path, text, sentence):
    one_sentence(csv(tmp_path, text, "t.json"), sentence)


def test_json_of_several_kinds_in_one_column_is_text_with_a_note(tmp_path):
    path = csv(
        tmp_path,
        "".join(json.dumps({"a": v, "b": i}) + "\n" for i, v in enumerate([1, "x", None] * 4)),
        "t.jsonl",
    )
    table = read(path)
    assert table.canonical["a"].tolist()[:3] == ["1", "x", None]
    assert "Column 'a' is taken as text: its values are of several kinds, or of a rare one." in table.notes
