"""A soup that forgot: what was planted in a forgotten row is nowhere in it."""

import json

import numpy as np
import pandas as pd
import pytest
import torch

from stockpot import stages
from stockpot.configuration import configured
from stockpot.cook import numbers_apart
from stockpot.errors import ConfigError, FolderError
from stockpot.folder import read_soup, write_soup
from stockpot.forget import retold
from stockpot.forgetting import folder_of, forgetting
from stockpot.larder import prepare
from stockpot.table import of_frame
from tests.cooked import cooked
from tests.small import frame, settings

WORD, OTHER, NUMBER, SHARED = "ξξξ", "ωωω", 77.12345, 777
CHAR = {"model": "char", "net": {"width": 8, "embedding": 4}, "grid": {"steps": [2]}, "rake": 0}
FAMILIES = pytest.mark.parametrize("options", [{}, CHAR], ids=["field", "char"])


def fold_of(number, rows=40):
    return [int(row) for row in settings(rows).deal(rows).folds[number]]


def planted(rows):
    """A word and a number that one row alone holds."""
    table = frame()
    table.loc[rows, "kind"] = WORD
    table.loc[rows, "size"] = NUMBER
    return table


def shared(rows):
    """A word and a number that several rows hold, so that a soup that learned from them has both."""
    table = frame()
    table.loc[rows, "kind"] = WORD
    table.loc[rows, "count"] = SHARED
    return table


def content(folder):
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def holds(folder, *told):
    files = content(folder)
    return [text for text in told if any(way in files for way in (text.encode(), json.dumps(text).encode()))]


def forgot(run, rows, folder, options):
    """What is delivered; of char, which draws hardly a valid row after two steps, the soup alone."""
    found = forgetting(run, rows)
    if not options:
        return found.deliver(folder)
    write_soup(found.what.ladle, "char", found.what.provenance, folder / "soup")
    return folder


def loss(folder, **values):
    """Nats a token of a row with these values, by the soup in a folder."""
    ladle, _, _ = read_soup(folder)
    row = of_frame(frame()).canonical.iloc[:1].copy()
    for name, value in values.items():
        row[name] = value
    bound = ladle.program.bind(row, [0])
    return float(bound.losses(ladle.weights, torch.zeros(1, 1, dtype=torch.int64), 12))


@FAMILIES
def test_what_one_row_alone_held_is_nowhere_and_as_likely_as_what_was_never_seen(tmp_path, options):
    row = fold_of(1)[3]
    run, config = cooked(tmp_path, planted([row]), **options)
    out = forgot(run, [row], tmp_path / "forgot", options)
    soup = out / "soup"
    assert not holds(
        out, WORD, str(NUMBER), "77.1", prepare(config).rows, stages.larder(prepare(config)).learning.digest
    )
    assert loss(soup, kind=WORD) == loss(soup, kind=OTHER)
    if not options:
        assert loss(soup, size=NUMBER) == loss(soup, size=99.9)


@FAMILIES
def test_what_rows_of_one_fold_shared_is_gone_with_them(tmp_path, options):
    rows = fold_of(0)[:3]
    run, _ = cooked(tmp_path, shared(rows), **options)
    out = forgot(run, rows, tmp_path / "forgot", options)
    assert holds(run / "soup", WORD[0])
    assert not holds(out, WORD[0], str(SHARED))
    assert loss(run / "soup", kind=WORD) != loss(run / "soup", kind=OTHER)
    assert loss(out / "soup", kind=WORD) == loss(out / "soup", kind=OTHER)


def test_the_soup_is_the_folds_by_what_the_other_folds_chose(tmp_path):
    row = fold_of(1)[0]
    run, _ = cooked(tmp_path, frame())
    found = forgetting(run, [row])
    ladle, model, told = read_soup(found.deliver(tmp_path / "forgot") / "soup")
    tally = found.what.tally
    likely = [taste for taste in tally.tasting.tastes if taste.kind != "ensemble"]
    best = min(likely, key=lambda taste: taste.losses[0])  # of two folds, the other one
    wanted = tally.stock.soup(1, best.of_folds[1])
    assert all(torch.equal(ladle.weights[name], value) for name, value in wanted.items())
    assert model == "field"
    assert told["shipped"] == best.name
    assert told["table"]["rows"] == 20
    assert told["table"]["digest"] == found.what.learned.digest


def test_the_account_says_what_is_covered_and_what_it_costs(tmp_path):
    row = fold_of(0)[2]
    run, config = cooked(tmp_path, frame())
    found = forgetting(run, [row])
    out = found.deliver(tmp_path / "forgot")
    told = json.loads((out / "forget.json").read_text())
    assert told["rows"] == [row]
    assert told["own_codec"] is True
    assert told["learned_rows"] == 20
    text = " ".join(told["sentences"])
    assert f"row {row} and 19 more of the same fold are not among them" in text
    assert f"by judging models that did learn from row {row}" in text
    less = told["fidelity"]["less"]
    assert less["value"] == pytest.approx(told["fidelity"]["forgetting"] - told["fidelity"]["shipped"])
    assert less["low"] <= less["value"] <= less["high"]
    assert ("cannot be told from noise" in text) == (less["low"] <= 0 <= less["high"])
    rows = pd.read_csv(out / "synthetic.csv")
    assert rows.shape == (config.rows, 6)


def test_digits_that_the_codec_has_of_the_whole_table_are_told(tmp_path):
    row = fold_of(0)[0]
    run, _ = cooked(tmp_path, planted([row]), **CHAR)
    found = forgetting(run, [row])
    assert found.what.own_codec is False
    assert "and so is the form of numbers and dates in its codec" in found._form()
    assert found.what.learned.schema.column("size").decimals == 1


def test_an_equal_row_that_was_learned_from_is_told(tmp_path):
    table = frame()
    row, twin = fold_of(0)[0], fold_of(1)[0]
    table.loc[twin] = table.loc[row]
    run, _ = cooked(tmp_path, table)
    assert "It did learn from one row that equals a forgotten one" in " ".join(
        forgetting(run, [row]).sentences
    )


def test_what_the_store_lost_is_made_again(tmp_path):
    row = fold_of(1)[0]
    run, _ = cooked(tmp_path, frame())
    warned = []
    first = content(forgetting(run, [row], warned.append).deliver(tmp_path / "a"))
    assert warned == []
    for stage in ("taste", "train"):
        for path in (tmp_path / "store" / stage).iterdir():
            path.rename(tmp_path / f"{stage}-{path.name}")
    stages.read_tally.cache_clear()
    assert content(forgetting(run, [row], warned.append).deliver(tmp_path / "b")) == first
    assert warned == [
        f"The store no longer holds all that {run} was made of: it is trained again, as a cook does."
    ]


def test_rows_are_counted_in_the_whole_table_where_a_holdout_was_set_apart(tmp_path):
    options = {"holdout": 0.2, "seed": 1}
    learning, beyond = numbers_apart(60, configured(options))
    row, table = int(learning[20]), frame(60)
    assert row != 20
    table.loc[row, "kind"] = WORD
    run, _ = cooked(tmp_path, table, **options)
    found = forgetting(run, [row])
    assert found.what.places == (20,)
    assert found.what.tally.kitchen.frame["kind"].iloc[20] == WORD
    with pytest.raises(ConfigError, match=f"Row {beyond[0]} is one of the holdout: nothing learned from it"):
        forgetting(run, [int(beyond[0])])


@pytest.mark.parametrize("row", [-1, 40])
def test_a_row_that_is_not_there_is_told(tmp_path, row):
    run, _ = cooked(tmp_path, frame())
    with pytest.raises(ConfigError, match=rf"There is no row {row}: the table has 40, .* the last one is 39"):
        forgetting(run, [row])


def test_rows_of_two_folds_are_told(tmp_path):
    run, _ = cooked(tmp_path, frame())
    a, b = fold_of(0)[0], fold_of(1)[0]
    with pytest.raises(
        ConfigError, match=rf"different folds held them out \(row {a} in fold 0, row {b} in fold 1\)"
    ):
        forgetting(run, [a, b])


def test_a_cook_without_folds_is_told(tmp_path):
    run, _ = cooked(tmp_path, frame(), folds=0)
    with pytest.raises(
        ConfigError, match="Option 'folds' is 0, so every model of this cook learned from every"
    ):
        forgetting(run, [3])


def test_a_folder_that_is_no_cooks_is_told(tmp_path):
    with pytest.raises(FolderError, match=r"holds no cook's results: it lacks config\.yaml"):
        forgetting(tmp_path, [0])
    (tmp_path / "config.yaml").write_text("rows: 3\n")
    with pytest.raises(FolderError, match=r"it lacks soup/provenance\.json"):
        forgetting(tmp_path, [0])


def test_a_table_that_has_changed_is_told(tmp_path):
    run, config = cooked(tmp_path, frame())
    frame(seed=1).to_csv(config.table, index=False)
    with pytest.raises(FolderError, match=r"trees is not the table that .*run was cooked from"):
        forgetting(run, [0])


def test_a_folder_of_something_else_is_left_alone(tmp_path):
    run, _ = cooked(tmp_path, frame())
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "mine.txt").write_text("mine")
    with pytest.raises(FolderError, match=r"notes holds something else: give another folder"):
        forgetting(run, [0]).deliver(tmp_path / "notes")


def test_rows_that_no_forgetting_left_are_not_written_over(tmp_path):
    run, _ = cooked(tmp_path, frame())
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "synthetic.csv").write_text("mine")
    with pytest.raises(FolderError, match=r"mine holds something else: give another folder"):
        forgetting(run, [0]).deliver(tmp_path / "mine")
    assert (tmp_path / "mine" / "synthetic.csv").read_text() == "mine"


def test_the_folder_is_called_by_its_rows(tmp_path):
    assert folder_of(tmp_path, [17]).name == "forget-17"
    assert folder_of(tmp_path, [3, 3, 17]).name == "forget-3-17"
    assert folder_of(tmp_path, [1, 2, 3, 4, 5]).name == "forget-1-2-3-and-2-more"


def test_a_schema_told_by_some_rows_has_neither_levels_nor_digits_of_the_others():
    whole = pd.DataFrame(
        {
            "grade": pd.Categorical(
                ["a", "a", "b", "b", "c", "c", "a", "b"], categories=["a", "b", "c", "d"]
            ),
            "size": [1.5, 2.5, 1.5, 2.5, 1.125, np.nan, 3.5, 4.5],
        }
    )
    table = of_frame(whole)
    assert table.schema.column("grade").levels == ("a", "b", "c", "d")
    schema = retold(table, whole.drop(index=[4, 5]).reset_index(drop=True))
    assert schema.column("grade").levels == ("a", "b", "d")  # nobody's level tells of nobody
    assert (schema.column("size").decimals, schema.column("size").missing) == (1, False)
    assert [column.dtype for column in schema.columns] == [column.dtype for column in table.schema.columns]
