"""The command line: what is wrong is told in one sentence, before Prefect or the store is touched."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
import torch
from safetensors.torch import load_file, save_file

from stockpot.flows import by_hand
from stockpot.flows.cli import main
from tests.small import frame, quick

TABLES = {
    "empty.csv": b"",
    "header.csv": b"a,b\n",
    "column.csv": b"a\n" + b"1\n2\n" * 6,
    "row.csv": b"a,b\n1,2\n",
    "double.csv": b"a,a\n1,2\n3,4\n",
    "lists.jsonl": b'{"a": 1, "b": [1, 2]}\n' * 12,
    "latin.csv": b"a,b\n\xff\xfe1,2\n",
    "folder": None,
}
WRONG_TABLES = {
    "empty.csv": "empty.csv is empty: give a file with a header and rows.",
    "header.csv": "header.csv has a header but no rows: add rows.",
    "column.csv": "column has one column, 'a': give at least two, or there is nothing to relate.",
    "row.csv": "row has one row: give at least 8, better 30 or more.",
    "double.csv": "Two columns of double.csv are called 'a': rename one of them.",
    "lists.jsonl": "Column 'b' holds lists or structs: give each part a column, or drop it.",
    "latin.csv": "latin.csv is not UTF-8 (byte 4, line 2: 0xFF): save it as UTF-8, or name its encoding "
    "(--source.encoding).",
    "missing.csv": "There is no file missing.csv: check the path.",
    "folder": "folder is a folder, but no saved dataset: name the file in it that holds the table.",
}
WRONG_OPTIONS = {
    "--rows -5": "Option 'rows' is '-5': it should be greater than or equal to 1.",
    "--rows many": "Option 'rows' is 'many': it should be a valid integer",
    "--grid.learning-rate 0": "Option 'grid.learning_rate' is '0': it should be greater than 0.",
    "--grid.learning-rate nan": "Option 'grid.learning_rate' is 'nan': it should be a finite",
    "--tasting.sizes 99": "Option 'tasting.sizes' asks for a soup of 99, and the menagerie has 24 ingr",
    "--folds 1": "Option 'folds' is 1, and one fold leaves nothing to learn from: use 0 or at least 2.",
    "--folds 20 --drop size --subsets.count 0": "Option 'subsets.count' is '0'",
    "--format xlsx --rows 2000000": "2000000 rows are more than an Excel sheet holds (1048575 below",
    "--source.sheet June": "Option 'source.sheet' is 'June', and trees.csv is a file of csv: leave it out.",
    "--source.encoding klingon": "Option 'source.encoding' is 'klingon': it is no encoding of text",
    "--source.delimiter ab": "Option 'source.delimiter' is 'ab': it should be one character, or one of tab",
    "--model oak": "Option 'model' is 'oak': it should be 'field' or 'char'.",
    "--preset seed": "Option 'preset' is 'seed', which only the char family has: add --model char.",
    "--holdout 0.99": "Option 'holdout' is 0.99, which sets 39 of 40 rows apart",
    "--drop bark": "trees has no column 'bark' to drop",
    "--schema-file none.json": "There is no schema file none.json: check the path.",
    "--cluster tcp://oak:8786": "Option 'cluster' is 'tcp://oak:8786', and runner 'threads' works on this",
    "--novel 3": "Unknown option: --novel.",
    "--config none.yaml": "none.yaml does not exist: give a YAML file of options.",
    "--config unknown.yaml": "Option 'novel' is unknown",
    "--config deep.yaml": "Option 'grid.learning_rat' is unknown (did you mean 'learning_rate'?).",
    "--config list.yaml": "list.yaml holds list: give options as 'name: value' lines.",
    "--config broken.yaml": "broken.yaml is no YAML",
    "--config zero.yaml": "Option 'grid.learning_rate' is 0: it should be greater than 0.",
    "--config nan.yaml": "Option 'grid.learning_rate' is nan: it should be a finite number.",
    "--out else": "else holds something else than this cook's results: give another folder (--out), or",
    "--out file": "file is a file: give a folder (--out).",
    "--store file": "cannot be written",
}
FILES = {
    "unknown.yaml": "novel: 1",
    "deep.yaml": "grid: {learning_rat: [0.1]}",
    "list.yaml": "- 1",
    "broken.yaml": "a: [",
    "zero.yaml": "grid: {learning_rate: [0]}",
    "nan.yaml": "grid: {learning_rate: [.nan]}",
    "else/notes.txt": "mine",
    "file": "",
}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to stand in, with a table; no cook gets as far as to Prefect."""

    def refuse(*_args: object, **_options: object) -> None:
        raise AssertionError("Prefect was asked to run")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("STOCKPOT_STORE", str(tmp_path / "store"))
    monkeypatch.setattr(by_hand, "_run", refuse)
    frame().to_csv(tmp_path / "trees.csv", index=False)
    return tmp_path


@pytest.fixture(scope="module")
def soup(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return quick(frame(), folds=0).save(tmp_path_factory.mktemp("soup") / "soup")


def told(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    """The sentence of a command that ends with exit code 2 and says nothing else."""
    with pytest.raises(SystemExit) as ended:
        main([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    assert (ended.value.code, out) == (2, "")
    assert err.startswith("stockpot: ")
    assert err.count("\n") == 1
    return err.removeprefix("stockpot: ").rstrip("\n")


@pytest.mark.parametrize("name", WRONG_TABLES)
def test_a_table_that_cannot_be_cooked_is_told(here, capsys, name):
    for table, content in TABLES.items():
        (here / table).mkdir() if content is None else (here / table).write_bytes(content)
    assert told(capsys, "cook", name) == WRONG_TABLES[name]
    assert not (here / "store").exists()
    assert not (here / "runs").exists()


@pytest.mark.parametrize("options", ["--port 0", "--port 65535", "--limit 0"])
def test_a_port_or_limit_that_cannot_be_is_told(here, capsys, options):
    name, value = options.split()
    assert f"{value}" in told(capsys, "serve", name, value)


@pytest.mark.parametrize("options", WRONG_OPTIONS)
def test_an_option_that_cannot_be_is_told(here, capsys, options):
    for name, text in FILES.items():
        (here / name).parent.mkdir(exist_ok=True)
        (here / name).write_text(text)
    assert WRONG_OPTIONS[options] in told(capsys, "cook", "trees.csv", *options.split())
    assert not (here / "store").exists()
    assert not (here / "runs").exists()


def test_a_bad_option_starts_no_prefect():
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "flows.cook", "none.csv"],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].endswith("There is no file none.csv: check the path.")


def test_a_command_that_is_not_there_is_told(here, capsys):
    assert told(capsys, "bake").startswith('Unknown command "bake".')


@pytest.mark.parametrize("command", ["cook", "sample", "score", "blend"])
def test_every_command_has_help(here, capsys, command):
    main([command, "--help"])
    out, err = capsys.readouterr()
    assert f"stockpot {command}" in out
    assert err == ""


def test_every_option_is_described(here, capsys):
    main(["cook", "--help"])
    out = " ".join(capsys.readouterr().out.split())
    for option in ("--rows", "--grid.learning-rate", "--tasting.sizes", "--runner", "--store", "--force"):
        assert option in out


def test_options_of_the_command_line_go_before_the_files(here, monkeypatch):
    seen = []
    monkeypatch.setattr(by_hand, "cook_by_hand", lambda config, *_, **__: seen.append(config))
    (here / "mine.yaml").write_text("rows: 7\ntable: other.csv\ngrid: {steps: [3], seeds: 2}\n")
    main(
        [
            "cook",
            "trees.csv",
            "--config",
            "mine.yaml",
            "--grid.steps",
            "5",
            "--grid.steps",
            "6",
            "--seed",
            "1",
        ]
    )
    (config,) = seen
    assert (config.table, config.rows, config.seed) == ("trees.csv", 7, 1)
    assert (config.grid.steps, config.grid.seeds) == ((5, 6), 2)


@pytest.mark.parametrize("suffix", ["csv", "tsv", "jsonl", "parquet"])
def test_sample_writes_as_many_rows_as_asked(here, soup, capsys, suffix):
    main(["sample", str(soup), "--rows", "1300", "--out", f"more.{suffix}", "--seed", "7"])
    assert capsys.readouterr().out == f"1300 rows in more.{suffix}\n"
    readers = {
        "csv": pd.read_csv,
        "tsv": lambda path: pd.read_csv(path, sep="\t"),
        "jsonl": lambda path: pd.read_json(path, lines=True),
        "parquet": pd.read_parquet,
    }
    rows = readers[suffix](here / f"more.{suffix}")
    assert rows.shape == (1300, 6)
    assert list(rows.columns) == list(frame().columns)


def test_sample_writes_to_standard_output(here, soup, capfdbinary):
    main(["sample", str(soup), "--rows", "5", "--out", "-", "--format", "jsonl"])
    out, err = capfdbinary.readouterr()
    assert [set(json.loads(line)) for line in out.splitlines()] == [set(frame())] * 5
    assert err == b"5 rows in standard output\n"


def test_the_same_seed_samples_the_same_rows_and_another_others(here, soup):
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        main(["sample", str(soup), "--rows", "20", "--out", f"{name}.csv", "--seed", str(seed)])
    a, b, c = ((here / f"{name}.csv").read_bytes() for name in "abc")
    assert a == b != c


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ("none --rows 5 --out a.csv", "none is no folder: give the 'soup' folder of a cook."),
        (". --rows 5 --out a.csv", "it lacks soup.json"),
        ("SOUP --rows 0 --out a.csv", "Asked for 0 rows: give a whole number above 0."),
        ("SOUP --rows -5 --out a.csv", "Asked for -5 rows: give a whole number above 0."),
        ("SOUP --rows five --out a.csv", "five"),
        ("SOUP --rows 5 --out a.xls", "a.xls is of no kind that rows are written in: use .csv, .tsv, .jsonl"),
        ("SOUP --rows 5 --out trees.csv/a.csv", "trees.csv"),
        ("SOUP --rows 5", "--out"),
        ("--rows 5 --out a.csv", "SOUP"),
    ],
)
def test_a_sample_that_cannot_be_drawn_is_told(here, soup, capsys, arguments, sentence):
    found = told(capsys, "sample", *(str(soup) if part == "SOUP" else part for part in arguments.split()))
    assert sentence in found
    assert not list(here.glob("a.*"))


def test_a_soup_of_a_future_version_is_told(here, capsys):
    folder = quick(frame(), folds=0).save(here / "future")
    head = json.loads((folder / "soup.json").read_text())
    (folder / "soup.json").write_text(json.dumps(head | {"format": 99}))
    sentence = told(capsys, "sample", folder, "--rows", "5", "--out", "a.csv")
    assert "is a soup of format 99, and this stockpot reads format" in sentence


def test_score_tells_rows_beside_their_rails(here, capsys):
    frame(seed=1).to_csv(here / "synthetic.csv", index=False)
    frame(seed=2).to_csv(here / "unseen.csv", index=False)
    main(["score", "trees.csv", "synthetic.csv", "--holdout", "unseen.csv"])
    out = capsys.readouterr().out
    for word in ("synthetic", "unseen", "floor", "copy", "reference", "fidelity", "quality"):
        assert word in out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ("trees.csv none.csv", "There is no file none.csv"),
        ("none.csv trees.csv", "There is no file none.csv"),
        ("trees.csv trees.csv --holdout none.csv", "There is no file none.csv"),
        ("trees.csv trees.csv --schema none.json", "There is no schema file none.json"),
        ("trees.csv other.csv", "column"),
        ("trees.csv", "SYNTHETIC"),
    ],
)
def test_rows_that_cannot_be_scored_are_told(here, capsys, arguments, sentence):
    pd.DataFrame({"a": range(9), "b": range(9)}).to_csv(here / "other.csv", index=False)
    assert sentence in told(capsys, "score", *arguments.split())


def test_blend_averages_checkpoints(here, capsys):
    for name, value in (("a", 1.0), ("b", 3.0)):
        save_file({"w": torch.full((2,), value)}, here / f"{name}.safetensors")
    main(["blend", "a.safetensors", "b.safetensors", "--out", "soup.safetensors"])
    assert capsys.readouterr().out == "The uniform soup of 2 is in soup.safetensors\n"
    assert load_file(here / "soup.safetensors")["w"].tolist() == [2.0, 2.0]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ("a.safetensors --out c.safetensors", "name at least two"),
        ("a.safetensors none.safetensors --out c.safetensors", "none.safetensors does not exist"),
        ("a.safetensors trees.csv --out c.safetensors", "trees.csv is no safetensors file"),
        ("a.safetensors b.safetensors --out c.safetensors", "'w' is [3] in one and [2] in the other"),
        ("a.safetensors a.safetensors --out none/c.safetensors", "none/c.safetensors cannot be written"),
        ("a.safetensors a.safetensors --out c.safetensors --recipe greedy", '"greedy"'),
        ("a.safetensors a.safetensors", "--out"),
    ],
)
def test_checkpoints_that_cannot_be_blended_are_told(here, capsys, arguments, sentence):
    save_file({"w": torch.zeros(2)}, here / "a.safetensors")
    save_file({"w": torch.zeros(3)}, here / "b.safetensors")
    assert sentence in told(capsys, "blend", *arguments.split())
    assert not list(here.glob("c.*"))


def full(*_args: object, **_options: object) -> None:
    raise OSError(28, "No space left on device")


def interrupted(*_args: object, **_options: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("function", "code", "sentence"),
    [
        (full, 1, "[Errno 28] No space left on device (OSError; --verbose shows where)"),
        (interrupted, 130, "stopped. What it has finished is kept: the same command goes on from there."),
    ],
)
def test_a_cook_that_cannot_go_on_is_told_in_a_sentence(here, capsys, monkeypatch, function, code, sentence):
    monkeypatch.setattr(by_hand, "cook_by_hand", function)
    with pytest.raises(SystemExit) as ended:
        main(["cook", "trees.csv"])
    assert ended.value.code == code
    assert capsys.readouterr().err == f"stockpot: {sentence}\n"


@pytest.mark.parametrize(
    ("function", "code", "sentence"),
    [(full, 1, "[Errno 28] No space left on device (OSError)"), (interrupted, 130, "stopped.")],
)
def test_a_sample_that_cannot_go_on_is_told_in_a_sentence(
    here, soup, capsys, monkeypatch, function, code, sentence
):
    monkeypatch.setattr("stockpot.writing.open_writer", function)
    with pytest.raises(SystemExit) as ended:
        main(["sample", str(soup), "--rows", "5", "--out", "a.csv"])
    assert ended.value.code == code
    assert capsys.readouterr().err == f"stockpot: {sentence}\n"


def test_verbose_shows_where_a_fault_of_the_world_arose(here, monkeypatch):
    monkeypatch.setattr(by_hand, "cook_by_hand", full)
    with pytest.raises(OSError, match="No space"):
        main(["cook", "trees.csv", "--verbose"])


def test_constraints_are_listed_as_they_are_given(here, capsys):
    table = (
        frame(60).assign(more=lambda rows: rows["count"] + 3).assign(both=lambda rows: 2 * rows["count"] + 3)
    )
    table.to_csv("sums.csv", index=False)
    main(["constraints", "sums.csv"])
    assert "count + more == both\n" in capsys.readouterr().out


def test_sampled_rows_hold_constraints_and_come_in_sets(here, soup, capsys):
    options = ["--rows", "30", "--out", "more.csv", "--constraint", "count > 3", "--sets", "2"]
    main(["sample", str(soup), *options])
    first, second = (pd.read_csv(here / f"more-{number}.csv") for number in (1, 2))
    assert (pd.concat([first, second])["count"] > 3).all()
    assert not first.equals(second)
    out = " ".join(capsys.readouterr().out.split())
    assert "30 rows in more-1.csv. One constraint holds in every drawn row;" in out


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ("--constraint count>count", "hold 'count>count': fewer than one in 1,000"),
        ("--constraint leaves>3", "names column 'leaves', which the table lacks"),
        ("--constraint @x>3", "has an '@'"),
        ("--constraint count+1", "'count+1': it gives numbers"),
        ("--sets 0", "Asked for 0 sets: give a whole number from 1 to 1000."),
    ],
)
def test_a_constraint_or_number_of_sets_that_cannot_be_is_told(here, soup, capsys, options, sentence):
    assert sentence in told(capsys, "sample", soup, "--rows", "5", "--out", "a.csv", *options.split())
    assert not (here / "a.csv").exists()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ("--constraint leaves>3", "Constraint 'leaves>3' names column 'leaves', which the table lacks"),
        ("--constraint count>3", "real rows break the constraint 'count>3', the first is row"),
        (
            "--constraint count>",
            "Option 'constraints' is 'count>': it cannot be read: 'count>' is no condition",
        ),
        ("--constraints none.json", "There is no file none.json of constraints"),
        ("--sets 0", "Option 'sets' is '0'"),
    ],
)
def test_a_cook_s_constraints_are_looked_at_first(here, capsys, options, sentence):
    assert sentence in told(capsys, "cook", "trees.csv", *options.split())
    assert not (here / "store").exists()
