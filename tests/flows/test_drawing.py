"""``stockpot sample`` with wishes and ``stockpot impute``: what they write, say, and refuse in a sentence."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from stockpot.flows.cli import main
from tests.flows.test_cli import told
from tests.small import frame, quick

PARTIAL = "count,kind,healthy\n3,oak,\n,elm,True\n"
FILES = {
    "partial.csv": PARTIAL,
    "extra.csv": "count,leaves\n3,9\n",
    "header.csv": "count,kind\n",
    "empty.csv": "",
    "far.csv": "count\n3\n99\n",
    "words.csv": "count\n3\nmany\n",
}


@pytest.fixture(scope="module")
def soup(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return quick(frame(), folds=0).save(tmp_path_factory.mktemp("soup") / "soup")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    frame().to_csv("trees.csv", index=False)
    frame(8, 3).drop(columns="size").to_csv("narrow.csv", index=False)
    for name, text in FILES.items():
        Path(name).write_text(text)
    return tmp_path


def drawn(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    """What a command that ends well says."""
    main([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    assert err == ""
    return " ".join(out.split())


def test_conditions_hold_in_the_rows_that_are_written(here, soup, capsys):
    asked = ["--where", "kind in (oak, elm)", "--where", "count >= 3", "--where", "size is not missing"]
    said = drawn(capsys, "sample", soup, "--rows", 30, "--out", "more.csv", *asked)
    rows = pd.read_csv("more.csv")
    assert len(rows) == 30
    assert set(rows["kind"]) <= {"oak", "elm"}
    assert rows["count"].min() >= 3
    assert rows["size"].notna().all()
    assert said == "30 rows in more.csv"


def test_a_condition_without_its_quotes_is_told(here, soup, capsys):
    given = ["sample", soup, "--rows", 9, "--out", "more.csv", "--where"]
    assert told(capsys, *given, "size", "3").startswith("No option takes '3': put what has blanks, < or > in")
    assert told(capsys, *given, "size").endswith("in a shell with the quotes.")


def test_rows_are_balanced_and_distinct(here, soup, capsys):
    drawn(capsys, "sample", soup, "--rows", 10, "--out", "more.csv", "--balance", "kind", "--distinct")
    rows = pd.read_csv("more.csv")
    assert sorted(rows["kind"].value_counts()) == [3, 3, 4]
    assert not rows.duplicated().any()


def test_partial_rows_are_completed_each_so_often(here, soup, capsys):
    options = ["--complete", "partial.csv", "--each", 2, "--where", "size>38", "--seed", 4]
    assert drawn(capsys, "sample", soup, "--out", "more.csv", *options).startswith("4 rows in more.csv")
    rows = pd.read_csv("more.csv")
    assert rows["count"].tolist()[:2] == [3, 3]
    assert rows["kind"].tolist() == ["oak", "oak", "elm", "elm"]
    assert rows["healthy"].tolist()[2:] == [True, True]
    assert (rows["size"] > 38).all()
    drawn(capsys, "sample", soup, "--out", "again.csv", *options)
    assert Path("again.csv").read_bytes() == Path("more.csv").read_bytes()


def test_rows_that_keep_apart_are_no_copies(here, soup, capsys):
    drawn(capsys, "sample", soup, "--rows", 9, "--out", "a.csv", "--apart", 0.05, "--apart-from", "trees.csv")
    assert pd.concat([pd.read_csv("a.csv"), pd.read_csv("trees.csv")]).duplicated().sum() == 0


def test_temperature_and_emphasis_give_other_rows(here, soup, capsys):
    kinds = {
        "plain": [],
        "hot": ["--temperature", 5],
        "loose": ["--emphasis", "kind=0", "--emphasis", "size=2"],
    }
    for name, options in kinds.items():
        drawn(capsys, "sample", soup, "--rows", 40, "--out", f"{name}.csv", *options)
    assert len({Path(f"{name}.csv").read_bytes() for name in kinds}) == 3


def test_sets_of_completed_rows_are_independent(here, soup, capsys):
    drawn(capsys, "sample", soup, "--out", "a.csv", "--complete", "partial.csv", "--sets", 2)
    first, second = (pd.read_csv(f"a-{number}.csv") for number in (1, 2))
    assert first["kind"].tolist() == second["kind"].tolist() == ["oak", "elm"]
    assert not first.equals(second)


WRONG = {
    "": "Option --rows is missing: say how many rows to draw.",
    "--rows 5 --where size>big": "'size>big' asks for 'big': column 'size' is numerical.",
    "--rows 5 --where sise>3": "names column 'sise', which the rows lack (did you mean 'size'?).",
    "--rows 5 --where size": "Condition 'size' cannot be read: write it as 'column=value'",
    "--rows 5 --where kind=pine": "No drawn row meets 'kind=pine': column 'kind' is one of 'ash',",
    "--rows 5 --where count>3 --where count<2": "No drawn row meets 'count>3' and 'count<2'",
    "--rows 5 --where": "--where",
    "--rows 5 --balance size": "Column 'size' is numerical: rows are balanced by a column of categories.",
    "--rows 5 --balance leaves": "There is no column 'leaves'",
    "--rows 5 --each 2": "Option --each is for the rows of --complete: give these, or leave it out.",
    "--rows 5 --complete partial.csv": "Option --rows contradicts --complete: --each says how many rows each",
    "--complete partial.csv --each 0": "Asked for 0 completions of each row: give a whole number above 0.",
    "--complete partial.csv --balance kind": "Rows cannot be completed and balanced at once",
    "--complete partial.csv --where kind=oak": "Row 1 to complete, counted from 0, says 'elm' in col",
    "--complete none.csv": "There is no file none.csv: check the path.",
    "--complete header.csv": "header.csv has a header but no rows: add rows.",
    "--complete empty.csv": "empty.csv is empty",
    "--complete extra.csv": "have column 'leaves', which the soup lacks",
    "--complete far.csv --each 3": "Row 1, counted from 0, says 99 in column 'count', which lies",
    "--complete words.csv": "Column 'count' is numerical, but not here",
    "--rows 5 --apart 0.1": "a soup holds none: give the table as well (apart_from, --apart-from).",
    "--rows 5 --apart-from trees.csv": "and no distance: say how far (apart, --apart).",
    "--rows 5 --apart 2 --apart-from trees.csv": "A distance of 2.0 to real rows was asked for",
    "--rows 5 --apart 0.1 --apart-from narrow.csv": "The table lacks column 'size'",
    "--rows 5 --apart 0.9 --apart-from trees.csv": "hold 'at least 0.9 from every real row'",
    "--rows 5 --temperature 0": "A temperature of 0.0 was asked for: give one above 0, at most 10.",
    "--rows 5 --emphasis kind": "Option --emphasis is 'kind': write column=factor, as in income=1.5.",
    "--rows 5 --emphasis kind=big": "Option --emphasis is 'kind=big'",
    "--rows 5 --emphasis kind=99": "An emphasis of 99.0 on column 'kind': give a number from 0 to 10.",
    "--rows 5 --emphasis leaves=1": "There is no column 'leaves'",
}


@pytest.mark.parametrize("options", WRONG)
def test_a_wish_that_cannot_be_is_told(here, soup, capsys, options):
    assert WRONG[options] in told(capsys, "sample", soup, "--out", "a.csv", *options.split())
    assert not Path("a.csv").exists()


def test_missing_cells_are_filled_and_the_others_stay_as_they_were_written(here, soup, capsys):
    table = frame(9, 4)
    table.loc[[0, 5], ["size", "kind"]] = None
    table = table.astype({"count": "Int64"}).assign(other=[1, None, *range(7)])
    table.loc[2, "count"] = None
    table.to_csv("holes.csv", index=False)
    holes = int(table.isna().sum().sum())
    said = drawn(capsys, "impute", soup, "holes.csv", "--out", "filled.csv")
    assert said == (
        f"{holes - 1} of {holes} missing cells filled in filled.csv; 1 left, of columns that the soup has "
        "not learned"
    )
    before, after = (pd.read_csv(name, dtype=str) for name in ("holes.csv", "filled.csv"))
    for name in frame():
        known = before[name].notna()
        assert after[name][known].tolist() == before[name][known].tolist()
    assert after.drop(columns="other").notna().all(axis=None)
    assert set(after["count"]) <= {str(number) for number in range(9)}


def test_a_parquet_file_keeps_its_dtypes(here, soup, capsys):
    table = frame(9, 4).assign(kind=None, size=None)
    table["kind"] = table["kind"].astype(object)
    table["size"] = table["size"].astype("float64")
    table.to_parquet("holes.parquet")
    drawn(capsys, "impute", soup, "holes.parquet", "--out", "filled.parquet")
    filled = pd.read_parquet("filled.parquet")
    assert filled[["size", "kind", "years"]].notna().all(axis=None)
    assert (filled.dtypes == frame().dtypes).all()


def test_imputed_rows_go_to_standard_output_alone(here, soup, capfd):
    main(["impute", str(soup), "trees.csv", "--out", "-"])
    out, err = capfd.readouterr()
    assert out.splitlines()[0] == "size,count,kind,healthy,grade,years"
    assert len(out.splitlines()) == 41
    assert "missing cells filled in standard output" in err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ("SOUP none.csv --out a.csv", "There is no file none.csv: check the path."),
        ("none trees.csv --out a.csv", "none is no folder: give the 'soup' folder of a cook."),
        ("SOUP narrow.csv --out a.csv", "The table lacks column 'size'"),
        ("SOUP header.csv --out a.csv", "header.csv has a header but no rows"),
        ("SOUP trees.csv --out a.xls", "a.xls is of no kind that rows are written in"),
        ("SOUP trees.csv --out trees.csv/a.csv", "trees.csv"),
        ("SOUP trees.csv", "--out"),
        ("SOUP --out a.csv", "TABLE"),
    ],
)
def test_a_table_that_cannot_be_imputed_is_told(here, soup, capsys, arguments, sentence):
    parts = [str(soup) if part == "SOUP" else part for part in arguments.split()]
    assert sentence in told(capsys, "impute", *parts)
    assert not list(here.glob("a.*"))


def test_impute_has_help(here, capsys):
    assert "stockpot impute" in drawn(capsys, "impute", "--help")
