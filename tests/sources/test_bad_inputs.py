"""Whatever is wrong with a source is one sentence that says where, and the mend."""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
import sqlite3
import subprocess
import sys
import zipfile
from pathlib import Path

import datasets
import pandas as pd
import pyarrow as pa
import pytest
from openpyxl import Workbook
from pydantic import ValidationError

from stockpot.errors import ConfigError, FolderError, UserError
from stockpot.schema import detect
from stockpot.sources import unpack
from stockpot.sources.asked import Source
from stockpot.sources.place import called, check_secrets
from stockpot.table import read
from stockpot.writing import check_target, open_writer

CSV = b"a,b\n" + b"1,x\n" * 12


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def sentence(place, **source):
    with pytest.raises(UserError) as caught:
        read(place, source=Source(**source))
    words = str(caught.value)
    assert words.endswith(".")
    assert "\n" not in words
    return words


def test_broken_letters_are_told_with_line_and_byte(here):
    (here / "t.csv").write_bytes("a,b\né,1\nü,2\n".encode() + b"\xff,3\n")
    assert sentence("t.csv").startswith(
        "t.csv is not UTF-8 (byte 14, line 4: 0xFF): save it as UTF-8, or name"
    )
    (here / "u.csv").write_bytes("a,b\n1,ж\n".encode("cp1251") * 9)
    assert sentence("u.csv").startswith("u.csv is not UTF-8 (byte 6, line 2: 0xE6)")
    (here / "v.csv").write_bytes("a,b\n1,2\n".encode("utf-16")[:-1])
    assert "v.csv is not utf-16 (byte" in sentence("v.csv")
    assert sentence("t.csv", encoding="ascii").startswith("t.csv is not ascii (byte 4, line 2: 0xC3)")


@pytest.mark.parametrize(
    ("option", "value"), [("encoding", "klingon"), ("encoding", "zlib"), ("delimiter", ";;"), ("kind", "pdf")]
)
def test_an_option_that_cannot_be_is_refused(option, value):
    with pytest.raises(ValidationError):
        Source(**{option: value})


def test_an_option_of_another_kind_is_refused(here):
    (here / "t.csv").write_bytes(CSV)
    assert sentence("t.csv", sheet="1") == (
        "Option 'source.sheet' is '1', and t.csv is a file of csv: leave it out."
    )
    assert "Option 'source.query' is 'select 1'" in sentence("t.csv", query="select 1")


@pytest.mark.parametrize("packing", ["gz", "bz2", "xz", "zst", "zip"])
def test_a_packed_file_that_is_cut_off_or_another_is_told(here, packing):
    path = here / f"t.csv.{packing}"
    noise = b"a,b\n" + b"".join(os.urandom(8).hex().encode() + b",x\n" for _ in range(500))
    path.write_bytes(packed(packing, noise)[:-300])
    assert "cut off or damaged, get it again" in sentence(path.name)
    path.write_bytes(CSV)
    assert f"t.csv.{packing} is not compressed as its name says" in sentence(path.name)


def packed(packing, data):
    if packing == "zip":
        with zipfile.ZipFile("made.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("t.csv", data)
        return Path("made.zip").read_bytes()
    zst = pa.Codec("zstd")
    return {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress}.get(
        packing, lambda data: zst.compress(data, asbytes=True)
    )(data)


@pytest.mark.parametrize("packing", ["gz", "bz2", "xz", "zst", "zip"])
def test_a_bomb_does_not_go_off(here, monkeypatch, packing):
    monkeypatch.setattr(unpack, "CHUNK", 1 << 16)
    (here / f"t.csv.{packing}").write_bytes(packed(packing, b"a" * 2_000_000))
    told = sentence(f"t.csv.{packing}", megabytes=1)
    assert told == (
        f"t.csv.{packing} unpacks to more than 1 MB: if that is meant, raise the limit (--source.megabytes)."
    )
    assert (here / f"t.csv.{packing}").stat().st_size < 10_000


def test_a_bomb_in_an_excel_file_does_not_go_off(here):
    with zipfile.ZipFile("t.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * 1_500_000)
    assert "t.xlsx unpacks to more than 1 MB" in sentence("t.xlsx", megabytes=1)


def test_a_zip_of_several_files_or_none_is_told(here):
    with zipfile.ZipFile("two.zip", "w") as archive:
        archive.writestr("a.csv", CSV)
        archive.writestr("b.csv", CSV)
    assert sentence("two.zip") == "two.zip holds 2 files (a.csv, b.csv): unpack it, and give one of them."
    with zipfile.ZipFile("none.zip", "w"):
        pass
    assert "none.zip holds no file" in sentence("none.zip")
    with zipfile.ZipFile("mac.zip", "w") as archive:
        archive.writestr("a.csv", CSV)
        archive.writestr("__MACOSX/a.csv", b"x")
    assert read("mac.zip").rows == 12


def book(rows, **merged):
    made = Workbook()
    for row in rows:
        made.active.append(row)
    if merged:
        made.active.merge_cells(merged["cells"])
    made.save("t.xlsx")
    return "t.xlsx"


def test_a_sheet_that_is_no_table_is_told(here):
    assert "Sheet 'Sheet' of t.xlsx is empty" in sentence(book([]))
    assert "Sheet 'Sheet' of t.xlsx has a header but no rows" in sentence(book([["a", "b"]]))
    assert "t.xlsx has no sheet 'June': it has 'Sheet'" in sentence(book([["a", "b"]]), sheet="June")
    merged = sentence(book([["a", None, "b"], *[[1, 2, 3]] * 9], cells="A1:B1"))
    assert merged.startswith(
        "Row 1 of sheet 'Sheet' of t.xlsx has merged cells (A1:B1), and its header is there"
    )
    assert "Column B of sheet 'Sheet' of t.xlsx has no name: give it one in row 1." in sentence(
        book([["a", None], *[[1, 2]] * 9])
    )
    assert "Two columns of sheet 'Sheet' of t.xlsx are called 'a'" in sentence(book([["a", "a"], [1, 2]]))
    never = sentence(book([["a", "b"], *[[1, "=A2+1"]] * 9]))
    assert never.startswith("Cell B2 of sheet 'Sheet' of t.xlsx is a formula that was never calculated")
    (here / "t.xlsx").write_bytes(CSV)
    assert sentence("t.xlsx") == "t.xlsx is no Excel file: it holds no xl/workbook.xml."


def test_errors_of_a_sheet_are_missing_and_noted(here):
    book([["a", "b"], *[[i, "x"] for i in range(9)], ["#DIV/0!", "x"]])
    table = read("t.xlsx")
    assert pd.isna(table.frame["a"].iloc[-1])
    assert table.told == (
        "One cell holds an error (first: #DIV/0! in cell A11 of sheet 'Sheet' of t.xlsx): read as missing.",
    )


def test_a_database_says_what_is_wrong(here):
    with sqlite3.connect("t.db") as base:
        base.execute("create table t (a int, b text)")
    base.close()
    url = "sqlite:///t.db"
    assert "is a database: say which rows, by a query" in sentence(url)
    assert sentence(f"{url}?table=u") == "sqlite:///t.db has no table 'u': it has t."
    assert "refuses the query (no such column: c): mend it" in sentence(url, query="select c from t")
    assert 'refuses the query (near "slect": syntax error)' in sentence(url, query="slect a")
    assert sentence(url, query="select * from t") == "The query gives no rows: ask for others."
    assert "Two columns of the query are called 'a'" in sentence(url, query="select a, a from t")
    assert "a query is given too" in sentence(f"{url}?table=t", query="select 1")
    assert "cannot be opened" in sentence("sqlite:////nowhere/t.db?table=t")
    assert "postgresql://127.0.0.1:9/t cannot be opened" in sentence("postgresql://127.0.0.1:9/t?table=t")
    assert sentence("mysql://h/t?table=t") == (
        "The driver of mysql:// is not installed: pip install 'mysqlclient'."
    )
    assert "'snowflake' is no database that SQLAlchemy knows here" in sentence("snowflake://h/t?table=t")
    assert "is no database's URL" in sentence("postgresql://h:port/t?table=t")


def test_a_place_that_cannot_be_reached_is_told(here):
    assert sentence("file:///nowhere/t.csv") == "There is no file:///nowhere/t.csv: check the URL."
    assert "http://127.0.0.1:9/t.csv cannot be reached" in sentence("http://127.0.0.1:9/t.csv")
    assert "'gopher' is no protocol that fsspec knows" in sentence("gopher://host/t.csv")
    assert sentence("gs://bucket/t.csv") == "What reads gs:// is not installed: pip install 'gcsfs'."
    (here / "t.csv").write_bytes(CSV * 100_000)
    assert "has more than 1 MB: if that is meant" in sentence(f"file://{here}/t.csv", megabytes=1)


def test_the_hub_without_a_network_is_one_sentence(here):
    code = "import sys; from stockpot.flows.cli import main; main(['cook', 'hf://owner/name', '--out', 'o'])"
    away = {
        "HF_HUB_OFFLINE": "1",
        "HF_HOME": str(here),
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    done = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | away, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 2, done.stderr
    assert done.stderr.startswith("stockpot: The dataset 'owner/name' cannot be fetched from the Hub (")
    assert done.stderr.count("\n") == 1


def test_a_split_is_named_where_there_are_several(here):
    data = datasets.Dataset.from_dict({"a": range(12), "b": range(12)})
    datasets.DatasetDict({"train": data, "test": data}).save_to_disk("two")
    assert read("two", source=Source(split="test")).rows == 12
    assert sentence("two", split="dev") == (
        "two has no split 'dev': name one of train, test (--source.split)."
    )


def test_a_column_that_a_word_makes_text_is_noted(here):
    (here / "t.csv").write_text("a,b\n" + "".join(f"{i},x\n" for i in range(9)) + "unknown,y\n")
    (note,) = read("t.csv").told
    assert note == (
        "Column 'a' is mostly numbers, but 'unknown' in row 10 is none, so it is read as text: mend such "
        "cells, or leave them empty."
    )


def test_a_formula_in_a_cell_is_text_and_noted(here):
    (here / "t.csv").write_text("a,b\n" + "=cmd|' /C calc'!A0,-5\n" * 9 + "-,+3\n")
    table = read("t.csv")
    assert table.frame["a"][0] == "=cmd|' /C calc'!A0"
    (note,) = table.told
    assert "Column 'a' holds text that a spreadsheet program takes for a formula (\"=cmd|' /C" in note
    for escape, cell in ((False, "=cmd|' /C calc'!A0"), (True, "'=cmd|' /C calc'!A0")):
        with open_writer("out.csv", table.schema, escape=escape) as writer:
            writer.write(table.frame)
        back = pd.read_csv("out.csv", dtype=str)
        assert (back["a"][0], back["a"].iloc[-1], back["b"][0]) == (cell, "-", "-5")
    with open_writer("out.xlsx", table.schema) as writer:
        writer.write(table.frame)
    assert read("out.xlsx").digest == table.digest


@pytest.mark.parametrize(
    ("target", "options", "told"),
    [
        ("t.parquet.gz", {}, "t.parquet.gz would be compressed twice: leave .gz out, parquet is compressed."),
        ("t.xlsx", {"rows": 1_048_576}, "1048576 rows are more than an Excel sheet holds (1048575 below"),
        ("t.parquet", {"escape": True}, "parquet keeps text as text: leave --escape out."),
        ("hf://owner/name", {}, "is of no kind that rows are written in"),
        ("t", {}, "t is of no kind that rows are written in: use .csv,"),
    ],
)
def test_a_target_that_cannot_be_is_told_before_the_work(target, options, told):
    with pytest.raises(FolderError) as caught:
        check_target(target, **options)
    assert told in str(caught.value)


def test_too_many_rows_for_a_sheet_are_told_while_writing(here, monkeypatch):
    monkeypatch.setattr("stockpot.sinks.excel.MOST_ROWS", 10)
    frame = pd.DataFrame({"a": range(12), "b": range(12)})
    with (
        pytest.raises(FolderError, match="9 below its header"),
        open_writer("t.xlsx", detect(frame)) as writer,
    ):
        writer.write(frame)
    assert list(here.iterdir()) == []


def test_what_is_there_is_not_written_over(here):
    frame = pd.DataFrame({"a": range(12), "b": range(12)})
    for place, told in (
        ("sqlite:///t.db?table=t", "has a table 't': name another"),
        ("d/", "d/? ?holds something"),
    ):
        with open_writer(place, detect(frame)) as writer:
            writer.write(frame)
        with pytest.raises(UserError, match=told), open_writer(place, detect(frame)) as writer:
            writer.write(frame)


def test_a_failure_leaves_no_table(here):
    frame = pd.DataFrame({"a": range(12), "b": range(12)})

    def failing():
        with open_writer("sqlite:///t.db?table=t", detect(frame)) as writer:
            writer.write(frame)
            raise RuntimeError("the lights went out")

    with pytest.raises(RuntimeError, match="lights"):
        failing()
    assert sentence("sqlite:///t.db?table=t") == "sqlite:///t.db has no table 't': it has none."


@pytest.mark.parametrize(
    ("place", "name"),
    [
        ("data/trees.csv.gz", "trees"),
        ("trees.2024.csv", "trees.2024"),
        ("s3://bucket/a/trees.parquet", "trees"),
        ("https://host/trees.csv.zst?token=secret", "trees"),
        ("sqlite:///shop.db?table=orders", "orders"),
        ("postgresql://me@host/shop", "shop"),
        ("hf://owner/trees", "trees"),
        ("-", "stdin"),
        ("saved/", "saved"),
    ],
)
def test_a_table_is_called_as_people_would(place, name):
    assert called(place) == name


def test_secrets_are_told_of_by_option():
    check_secrets("sftp://me@host/t.csv")
    with pytest.raises(ConfigError, match="Option 'out' holds a password"):
        check_secrets("sftp://me:secret@host/t.csv", "out")
