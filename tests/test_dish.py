"""What is made again when something changes: exactly what depends on it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from stockpot.configuration import configured
from stockpot.dish import (
    Batch,
    Dish,
    Load,
    base_key,
    batch_key,
    batches,
    loads,
    report_key,
    rows_key,
    score_key,
    soup_key,
    taste_key,
)
from stockpot.larder import prepare
from stockpot.table import read
from tests.small import QUICK, frame

STAGES = ("base", "train", "taste", "score", "soup", "rows", "report")


def keys(dish: Dish, rows: int = 50, form: str = "csv") -> dict[str, Any]:
    return {
        "base": base_key(dish),
        "train": [batch_key(dish, batch) for batch in batches(dish.plan)],
        "taste": taste_key(dish),
        "score": score_key(dish, "rails"),
        "soup": soup_key(dish),
        "rows": rows_key(dish, rows, form),
        "report": report_key(dish, rows, form),
    }


def changed(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    return [stage for stage in STAGES if one[stage] != other[stage]]


@pytest.fixture
def table(tmp_path: Path) -> Path:
    frame().to_csv(tmp_path / "trees.csv", index=False)
    return tmp_path / "trees.csv"


@pytest.fixture
def cook(table: Path, tmp_path: Path):
    """The dish of quick options and these."""

    def prepared(**options: Any) -> Dish:
        given = {"table": str(table), "store": str(tmp_path / "store")} | QUICK | options
        return prepare(configured(given))

    return prepared


def test_the_same_dish_has_the_same_keys(cook):
    assert keys(cook()) == keys(cook())


def test_all_keys_differ(cook):
    found = keys(cook())
    flat = [key for key in found.values() if isinstance(key, str)] + found["train"]
    assert len(set(flat)) == len(flat)


def test_other_rows_or_another_format_draw_and_report_again_and_train_nothing(cook):
    dish = cook()
    assert changed(keys(dish), keys(dish, rows=51)) == ["rows", "report"]
    assert changed(keys(dish), keys(dish, form="parquet")) == ["rows", "report"]


@pytest.mark.parametrize(
    ("options", "again"),
    [
        ({"seed": 1}, STAGES),
        ({"folds": 3}, STAGES),
        ({"net": {"width": 9}}, STAGES),
        ({"drop": ["grade"]}, STAGES),
        ({"grid": {"steps": [6]}}, STAGES[1:]),
        ({"batch": 2}, STAGES[1:]),
        ({"tasting": {"sizes": [2]}}, STAGES[2:]),
        ({"tasting": {"recipes": ["best"]}}, STAGES[2:]),
        ({"temperature": 0.9}, STAGES[3:]),
        ({"rake": 2}, STAGES[3:]),
        ({"runner": "processes", "workers": 7, "out": "elsewhere", "force": True}, ()),
    ],
    ids=str,
)
def test_an_option_makes_again_what_depends_on_it(cook, options, again):
    assert changed(keys(cook()), keys(cook(**options))) == list(again)


def test_more_seeds_train_only_what_is_new(cook):
    few, many = keys(cook(batch=1)), keys(cook(batch=1, grid={"steps": [5], "seeds": 2}))
    assert many["train"][: len(few["train"])] == few["train"]
    assert len(many["train"]) == 2 * len(few["train"])


def test_a_batch_is_known_by_its_ingredients(cook):
    dish = cook(subsets={"count": 4}, batch=2)
    first, second = batches(dish.plan)[:2]
    assert batch_key(dish, Batch((0, 1))) == batch_key(dish, first) != batch_key(dish, second)


def test_a_training_task_is_called_by_its_ingredients():
    assert Load((Batch((0, 1)), Batch((2, 3)))).label == "4 ingredients [0-3]"
    assert Load((Batch((7,)),)).label == "1 ingredient [7]"


@pytest.mark.parametrize(("seeds", "workers", "tasks"), [(1, 2, 6), (8, 2, 32), (50, 2, 32), (50, 9, 144)])
def test_every_batch_is_in_one_training_task_of_which_there_are_a_few_a_worker(cook, seeds, workers, tasks):
    plan = cook(batch=1, grid={"steps": [5], "seeds": seeds}).plan
    found = loads(plan, workers)
    assert [batch for load in found for batch in load.batches] == batches(plan)
    assert len(found) == tasks
    sizes = {len(load.batches) for load in found}
    assert max(sizes) - min(sizes) <= 1


def test_where_the_store_lies_changes_nothing(cook, tmp_path):
    assert keys(cook()) == keys(cook(store=str(tmp_path / "another")))


def test_a_touched_table_keeps_its_keys(cook, table):
    before = keys(cook())
    os.utime(table, (0, 0))
    assert keys(cook()) == before


@pytest.mark.parametrize("name", ["trees.parquet", "trees.tsv", "trees.jsonl"])
def test_the_same_rows_in_another_form_keep_all_keys(cook, table, tmp_path, name):
    plain, other = pd.read_csv(table), tmp_path / name
    if name.endswith("parquet"):
        plain.to_parquet(other)
    elif name.endswith("tsv"):
        plain.to_csv(other, sep="\t", index=False)
    else:
        plain.to_json(other, orient="records", lines=True)
    assert changed(keys(cook()), keys(cook(table=str(other)))) == []


def test_a_copy_under_another_name_trains_nothing_and_has_its_own_report(cook, table, tmp_path):
    other = tmp_path / "copy.csv"
    other.write_bytes(table.read_bytes())
    assert changed(keys(cook()), keys(cook(table=str(other)))) == ["report"]


def test_the_same_rows_in_other_dtypes_train_nothing(cook, table, tmp_path):
    other = tmp_path / "trees.parquet"
    pd.read_csv(table).convert_dtypes().astype({"kind": "category"}).to_parquet(other)
    assert changed(keys(cook()), keys(cook(table=str(other)))) == ["score", "soup", "rows", "report"]


@pytest.mark.parametrize("change", ["a value", "a name", "a row less", "a type"])
def test_another_table_makes_all_again(cook, table, tmp_path, change):
    rows = pd.read_csv(table)
    schema = tmp_path / "schema.json"
    given = {column.name: column.sdtype for column in read(table).schema.columns}
    schema.write_text(json.dumps(given | {"count": "categorical"}))
    if change == "a value":
        rows.loc[0, "count"] += 1
    elif change == "a name":
        rows = rows.rename(columns={"count": "number"})
    elif change == "a row less":
        rows = rows[:-1]
    rows.to_csv(tmp_path / "other.csv", index=False)
    options = {"schema_file": str(schema)} if change == "a type" else {}
    assert changed(keys(cook()), keys(cook(table=str(tmp_path / "other.csv"), **options))) == list(STAGES)


def test_a_holdout_is_no_part_of_what_models_learn_from(cook, table):
    dish = cook(holdout=0.2)
    assert dish.plan != cook().plan or dish.rows != cook().rows
    assert dish.name == "trees"
    assert read(table).rows == 40
