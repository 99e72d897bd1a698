"""The rows in the store: what is taken out is what was put in."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from stockpot import stages
from stockpot.configuration import configured
from stockpot.errors import ConfigError, DamagedError, SchemaError
from stockpot.larder import Larder, load_larder, prepare, rows_digest, save_larder
from stockpot.store import Store
from stockpot.table import of_frame
from tests.small import QUICK, frame


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def full() -> pd.DataFrame:
    """Every dtype that a table may have."""
    rows = frame(40)
    rows["small"] = rows["count"].astype("int8")
    rows["short"] = rows["size"].astype("float32")
    rows["words"] = rows["kind"].astype("string")
    rows["maybe"] = rows["healthy"].astype("boolean")
    rows["exact"] = rows["count"].astype("float64")
    return rows


def test_rows_come_back_with_their_values_and_dtypes(store):
    table = of_frame(full(), name="trees")
    found = load_larder(store, save_larder(store, Larder(table, None)), "trees").learning
    pd.testing.assert_frame_equal(found.frame.fillna(np.nan), table.frame.fillna(np.nan))
    assert found.schema == table.schema
    assert found.notes == table.notes
    assert found.digest == table.digest


def test_the_holdout_comes_back_apart(store):
    table = of_frame(frame())
    both = Larder(table.take(range(30)), table.take(range(30, 40)))
    found = load_larder(store, save_larder(store, both), "trees")
    assert found.holdout is not None
    assert (found.learning.rows, found.holdout.rows) == (30, 10)
    pd.testing.assert_frame_equal(found.holdout.frame, both.holdout.frame)


def test_the_name_is_the_askers(store):
    key = save_larder(store, Larder(of_frame(frame(), name="trees"), None))
    assert load_larder(store, key, "copy").learning.name == "copy"
    assert save_larder(store, Larder(of_frame(frame(), name="copy"), None)) == key


def test_another_holdout_is_another_key_and_the_same_rows_to_learn_from(store):
    table = of_frame(frame())
    learning = table.take(range(30))
    keys = {save_larder(store, Larder(learning, rest)) for rest in (None, table.take(range(30, 40)))}
    assert len(keys) == 2
    assert rows_digest(learning) == rows_digest(replace(learning, name="other"))


def test_rows_that_are_gone_are_not_made_up(store):
    key = save_larder(store, Larder(of_frame(frame()), None))
    (store.folder("table", key) / "learning.parquet").write_bytes(b"")
    with pytest.raises(DamagedError, match=r"The rows of trees are no longer whole.*start the cook again"):
        load_larder(store, key, "trees")


def test_a_cook_puts_rows_that_were_damaged_back(tmp_path):
    frame().to_csv(tmp_path / "trees.csv", index=False)
    config = configured({"table": str(tmp_path / "trees.csv"), "store": str(tmp_path / "store")} | QUICK)
    dish = prepare(config)
    shutil.rmtree(dish.place.folder("table", dish.table))
    assert prepare(config) == dish
    stages.larder.cache_clear()
    assert stages.larder(dish).learning.rows == 40


def test_the_store_of_a_dish_is_absolute(tmp_path, monkeypatch):
    frame().to_csv(tmp_path / "trees.csv", index=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert prepare(configured({"table": "trees.csv", "store": "s"} | QUICK)).store == str(tmp_path / "s")
    assert prepare(configured({"table": "trees.csv", "store": "~/t"} | QUICK)).store == str(tmp_path / "t")


def test_what_a_family_cannot_learn_is_refused_before_anything_is_stored(tmp_path):
    rows = pd.DataFrame({"id": range(1, 41), "remark": [f"tree {i} was said to be old" for i in range(40)]})
    rows.to_csv(tmp_path / "trees.csv", index=False)
    options = {"table": str(tmp_path / "trees.csv"), "store": str(tmp_path / "store")}
    with pytest.raises(SchemaError, match="so there is nothing to learn"):
        prepare(configured(options | QUICK))
    with pytest.raises(ConfigError, match="sizes"):
        prepare(configured(options | QUICK | {"sdtype": {"id": "numerical"}, "tasting": {"sizes": [99]}}))
    assert not (tmp_path / "store").exists()
