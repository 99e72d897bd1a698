"""Rows are written as a stream, whole or not at all, and read back as they were."""

import datetime as dt
import json

import numpy as np
import pandas as pd
import pytest

from stockpot.errors import FolderError
from stockpot.schema import detect
from stockpot.table import of_frame, read
from stockpot.writing import check_target, open_writer, write

SUFFIXES = (".csv", ".tsv", ".jsonl", ".parquet")


def rows():
    return pd.DataFrame(
        {
            "whole": [3, 1, 4, 1, 5, 9, 2, 6],
            "gaps": [1.0, None, 3, 4, 5, 6, 7, 9],
            "float": [1.0, 2, 3, 4, 5, 6, 7, 9],
            "decimal": [39.1, 40.0, 0.5, 1, 2, 3, 4, 5],
            "flag": [True, False] * 4,
            "maybe": [True, None, False, None] * 2,
            "word": ["a, b", None, 'say "hi"', "é\tf"] * 2,
            "empty": [np.nan] * 8,
        }
    )


def written(path, frame, size=3):
    blocks = (frame[i : i + size] for i in range(0, len(frame), size))
    assert write(blocks, path, detect(frame)) == len(frame)
    return path


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_what_is_written_in_blocks_is_read_back_with_values_and_dtypes(tmp_path, suffix):
    frame = rows()
    back = read(written(tmp_path / f"t{suffix}", frame))
    assert back.digest == of_frame(frame).digest
    assert back.frame.dtypes.astype(str).tolist() == frame.dtypes.astype(str).tolist()


def test_a_csv_prints_each_number_with_its_columns_digits(tmp_path):
    frame = rows()[["whole", "gaps", "float", "decimal"]]
    path = tmp_path / "t.csv"
    drawn = frame.assign(decimal=frame["decimal"] + 1e-8, gaps=frame["gaps"] + 1e-9)
    write([drawn[:2]], path, detect(frame))
    assert path.read_text() == "whole,gaps,float,decimal\n3,1,1.0,39.1\n1,,2.0,40.0\n"


def test_json_lines_print_whole_numbers_whole_and_missing_values_null(tmp_path):
    frame = rows()[["gaps", "decimal", "maybe", "word"]]
    path = written(tmp_path / "t.jsonl", frame)
    first, second = map(json.loads, path.read_text().splitlines()[:2])
    assert first == {"gaps": 1, "decimal": 39.1, "maybe": True, "word": "a, b"}
    assert second == {"gaps": None, "decimal": 40.0, "maybe": None, "word": None}
    assert path.read_text().startswith('{"gaps": 1, ')


def test_days_and_times_are_written_alike_in_every_block(tmp_path):
    frame = pd.DataFrame(
        {
            "time": [pd.Timestamp("2020-01-02")] * 4 + [pd.Timestamp("2020-01-02 03:04:05")] * 4,
            "day": pd.to_datetime(["2020-01-02", None] * 4),
            "date": [dt.date(2020, 1, 2), None] * 4,
        }
    )
    lines = written(tmp_path / "t.csv", frame).read_text().splitlines()
    assert lines[1] == "2020-01-02 00:00:00,2020-01-02,2020-01-02"
    assert lines[8] == "2020-01-02 03:04:05,,"


def test_parquet_keeps_pandas_own_dtypes_and_columns_that_are_empty_in_a_block(tmp_path):
    frame = pd.DataFrame(
        {
            "level": pd.Categorical(["lo", "hi"] * 4, categories=["lo", "hi"], ordered=True),
            "Int64": pd.array([None] * 4 + [1] * 4, dtype="Int64"),
            "word": [None] * 4 + ["x"] * 4,
            "maybe": [None] * 4 + [True] * 4,
            "date": [None] * 4 + [dt.date(2020, 1, 2)] * 4,
            "small": np.arange(8, dtype="u1"),
        }
    )
    back = read(written(tmp_path / "t.parquet", frame, size=4)).frame
    assert back.dtypes.astype(str).tolist() == frame.dtypes.astype(str).tolist()
    assert back["level"].cat.ordered
    assert back["date"].tolist()[-1] == dt.date(2020, 1, 2)


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_no_rows_still_make_a_file_with_the_columns(tmp_path, suffix):
    path = tmp_path / f"t{suffix}"
    assert write([], path, detect(rows())) == 0
    empty = pd.read_csv(path) if suffix == ".csv" else pd.read_parquet(path)
    assert tuple(empty) == tuple(rows())


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_failure_leaves_what_was_there_and_nothing_half_written(tmp_path, suffix):
    path = tmp_path / f"t{suffix}"
    path.write_text("before")

    def failing():
        yield rows()
        raise RuntimeError("the lights went out")

    with pytest.raises(RuntimeError, match="lights"):
        write(failing(), path, detect(rows()))
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_the_file_appears_only_when_it_is_whole(tmp_path):
    path = tmp_path / "new" / "t.csv"
    with open_writer(path, detect(rows())) as writer:
        writer.write(rows())
        assert not path.exists()
        assert writer.rows == 8
    assert [p.name for p in path.parent.iterdir()] == ["t.csv"]


def test_a_block_of_other_columns_is_refused(tmp_path):
    with (
        pytest.raises(ValueError, match="The block has columns"),
        open_writer(tmp_path / "t.csv", detect(rows())) as w,
    ):
        w.write(rows()[["whole"]])


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("t.xls", "t.xls is of no kind that rows are written in: use .csv, .tsv, .jsonl, .parquet"),
        ("t", "t is of no kind"),
        ("folder.csv", "folder.csv is a folder: give the name of a file"),
        ("file/t.csv", "cannot be written .*: give another path"),
    ],
)
def test_a_place_that_cannot_be_written_is_one_sentence(tmp_path, name, sentence):
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "file").write_text("")
    with pytest.raises(FolderError, match=sentence):
        write([rows()], tmp_path / name, detect(rows()))


def test_a_place_can_be_checked_before_the_work(tmp_path):
    check_target(tmp_path / "t.csv")
    with pytest.raises(FolderError, match="is of no kind"):
        check_target(tmp_path / "t.xls")
