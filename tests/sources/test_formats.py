"""The same rows from every kind of file and place are the same table, and come back from every kind."""

from __future__ import annotations

import io
import sys
from types import SimpleNamespace

import pandas as pd
import pytest

from stockpot.configuration import configured
from stockpot.dish import soup_key
from stockpot.larder import prepare, rows_digest
from stockpot.schema import detect
from stockpot.sources import fetch
from stockpot.sources.asked import Source
from stockpot.sources.database import PASSWORD
from stockpot.table import of_frame, read
from stockpot.writing import open_writer

PLACES = (
    *(f"t{suffix}" for suffix in (".csv", ".tsv", ".jsonl", ".parquet", ".arrow", ".xlsx")),
    *(f"t.csv.{packing}" for packing in ("gz", "bz2", "xz", "zst", "zip")),
    "t.jsonl.zst",
    "saved/",
    "file://HERE/far/t.csv.gz",
    "memory://t.parquet",
    "sqlite:///HERE/t.db?table=t",
)


def rows() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "whole": [3, 1, 4, 1, 5, 9, 2, 6] * 2,
            "gaps": [1.0, None, 3, 4, 5, 6, 7, 9] * 2,
            "decimal": [39.1, 40.0, 0.5, 1, 2, 3, 4, 5] * 2,
            "flag": [True, False] * 8,
            "maybe": [True, None, False, None] * 4,
            "word": ["a; b", None, 'say "hi"', "é"] * 4,
        }
    )


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("place", PLACES)
def test_rows_come_back_from_every_place_with_dtypes_and_digest(here, place):
    frame, place = rows(), place.replace("HERE", str(here))
    with open_writer(place, detect(frame)) as writer:
        for start in range(0, len(frame), 3):
            writer.write(frame[start : start + 3])
    back = read(place)
    assert (back.digest, rows_digest(back)) == (of_frame(frame).digest, rows_digest(of_frame(frame)))
    assert back.frame.dtypes.tolist() == frame.dtypes.tolist()
    assert back.told == ()


def test_what_a_table_came_in_changes_no_cache_key(here):
    frame = rows().replace({"é": "Café"})
    frame.to_csv("semi.csv", sep=";", decimal=",", index=False, encoding="cp1252")
    places = ("semi.csv", "t.csv.gz", "t.xlsx", "t.parquet", "sqlite:///t.db?table=t")
    for place in places[1:]:
        with open_writer(place, detect(frame)) as writer:
            writer.write(frame)
    dishes = [prepare(configured({"table": place, "store": str(here / "store")})) for place in places]
    assert len({(dish.table, dish.rows, soup_key(dish)) for dish in dishes}) == 1


def test_the_same_rows_are_written_as_the_same_bytes(here):
    frame = rows()
    for packing in ("gz", "zip", "zst"):
        for name in ("a", "b"):
            (here / name).mkdir(exist_ok=True)
            with open_writer(here / name / f"t.csv.{packing}", detect(frame)) as writer:
                writer.write(frame)
        assert (here / "a" / f"t.csv.{packing}").read_bytes() == (
            here / "b" / f"t.csv.{packing}"
        ).read_bytes()


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "latin-1", "cp1252", "utf-8-sig"])
@pytest.mark.parametrize("sep", [",", ";", "\t", "|"])
def test_delimiter_decimal_sign_and_encoding_are_found_out(here, encoding, sep):
    frame = rows()
    frame["word"] = ["Café", "Müller", "plain", None] * 4
    decimal = "." if sep == "," else ","
    frame.to_csv("t.csv", sep=sep, decimal=decimal, index=False, encoding=encoding)
    found = read("t.csv")
    assert found.digest == of_frame(frame).digest
    told = " ".join(found.told)
    assert ("decimal commas" in told) == (sep != ",")
    assert ("--source.encoding" in told) == (encoding != "utf-8-sig")
    if encoding in ("latin-1", "cp1252"):
        assert "Windows-1252 letters ('Café')" in told


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("x;y\n1,5;a\n2;b\n", [1.5, 2]),
        ("x;y\n1.234,5;a\n12;b\n", [1234.5, 12]),
        ("x;y\n1,234;a\n2,345;b\n", ["1,234", "2,345"]),  # may be thousands
        ("x;y;z\n1,234;a;0,5\n2,345;b;1,5\n", [1.234, 2.345]),
        ("x;y;z\n1,5;a;0.5\n2,5;b;1.5\n", ["1,5", "2,5"]),  # points are decimal here
        ("x;y\n1,5;a\nNA;b\n", [1.5, None]),
        ('x,y\n"1,5",a\n"2,5",b\n', ["1,5", "2,5"]),  # commas separate fields
        ("size, cm;weight, kg\n1,5;2,5\n2;3\n", [1.5, 2]),
    ],
)
def test_decimal_commas_are_taken_where_nothing_else_can_be_meant(here, text, values):
    head, *lines = text.splitlines(keepends=True)
    (here / "t.csv").write_text(head + "".join(lines) * 8)
    column = read("t.csv").frame.iloc[:2, 0]
    assert [None if pd.isna(v) else v for v in column] == values


def test_what_was_found_out_can_be_said_otherwise(here):
    (here / "t.txt").write_bytes("a#b\n1,234#\u0151\n".encode("cp1250") * 1 + b"2,345#x\n" * 9)
    said = Source(kind="csv", delimiter="#", decimal=",", encoding="cp1250")
    table = read("t.txt", source=said)
    assert (table.frame["a"][0], table.frame["b"][0]) == (1.234, "\u0151")
    assert table.told == ()
    rows().to_csv("tabs.csv", sep="\t", index=False)
    assert read("tabs.csv", source=Source(delimiter="tab")).rows == 16


def test_standard_input_is_read_once_and_known_by_its_first_bytes(here, monkeypatch):
    frame = rows()
    for write in (frame.to_parquet, lambda path: frame.to_excel(path, index=False), frame.to_csv):
        write(here / "piped.xlsx")
        fetch._stdin.cache_clear()
        piped = io.BytesIO((here / "piped.xlsx").read_bytes())
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=piped))
        assert read("-").digest == read("-").digest == of_frame(frame).digest
    assert read("-").name == "stdin"
    fetch._stdin.cache_clear()


def test_a_sheet_is_chosen_by_name_or_number(here):
    with pd.ExcelWriter("book.xlsx") as book:
        rows().to_excel(book, sheet_name="first", index=False, startrow=2, startcol=1)
        rows().assign(whole=range(16)).to_excel(book, sheet_name="second", index=False)
    first = read("book.xlsx")
    assert first.digest == of_frame(rows()).digest
    assert first.told == ("book.xlsx has sheets 'first', 'second': 'first' is read (--source.sheet).",)
    for sheet in ("second", "2"):
        assert read("book.xlsx", source=Source(sheet=sheet)).frame["whole"].tolist() == [*range(16)]


def test_a_sheet_is_read_as_the_csv_of_it_would_be(here):
    frame = pd.DataFrame({"code": ["007", "010"] * 8, "said": ["1", "2"] * 8, "some": [1, "NA"] * 8})
    frame["day"] = pd.to_datetime(["2020-01-02", None] * 8)
    frame.to_excel("t.xlsx", index=False)
    frame.to_csv("t.csv", index=False)
    sheet, csv = read("t.xlsx"), read("t.csv")
    assert sheet.digest == csv.digest
    assert sheet.frame["some"].tolist()[0] == 1.0
    assert str(sheet.frame["day"].dtype).startswith("datetime64")


def test_a_query_gives_the_rows(here):
    frame = rows()
    with open_writer(f"sqlite:///{here}/t.db?table=t", detect(frame)) as writer:
        writer.write(frame)
    asked = Source(query="select whole, word, gaps from t where whole < 9 order by whole")
    table = read("sqlite:///t.db", source=asked)
    assert table.schema.names == ("whole", "word", "gaps")
    assert table.frame["whole"].tolist() == sorted(v for v in frame["whole"] if v < 9)
    assert str(table.frame["gaps"].dtype) == "float64"
    assert table.name == "t"


def test_a_query_changes_nothing(here):
    with open_writer("sqlite:///t.db?table=t", detect(rows())) as writer:
        writer.write(rows())
    with pytest.raises(Exception, match="gives no rows"):
        read("sqlite:///t.db", source=Source(query="delete from t"))
    assert read("sqlite:///t.db?table=t").rows == 16


def test_rows_of_an_object_store_come_and_go(s3, owner, here):
    frame, url = rows(), s3.bucket.url("formats/t.csv.gz")
    with open_writer(url, detect(frame)) as writer:
        writer.write(frame)
    assert read(url).digest == of_frame(frame).digest
    with pytest.raises(Exception, match=r"There is no s3://kitchen/formats/none.csv: check the URL\."):
        read(s3.bucket.url("formats/none.csv"))


def test_no_password_is_ever_kept(here, monkeypatch):
    monkeypatch.setenv(PASSWORD, "secret")
    with pytest.raises(Exception, match="leave it out of the URL, and set STOCKPOT_SQL_PASSWORD"):
        read("postgresql://me:secret@host/db?table=t")
