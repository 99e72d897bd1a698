"""Tasks: named readably, retried for faults of the world alone, keyed by what determines them."""

from __future__ import annotations

from pathlib import Path

import pytest
from distributed.protocol.pickle import dumps, loads

from stockpot.configuration import configured
from stockpot.dish import Batch, Dish, Load, batch_key, batches, taste_key
from stockpot.errors import ConfigError, DamagedError, StockpotError, TableError
from stockpot.larder import prepare
from stockpot.store import open_store
from stockpot.tasks.blend_soup import blend_soup
from stockpot.tasks.deliver import deliver
from stockpot.tasks.draw_rows import draw_rows
from stockpot.tasks.look_for_results import look_for_results
from stockpot.tasks.read_table import read_table
from stockpot.tasks.score_part import score_part
from stockpot.tasks.stage import of_the_world, records
from stockpot.tasks.taste_recipes import taste_recipes
from stockpot.tasks.train_base import train_base
from stockpot.tasks.train_ingredients import train_ingredients
from stockpot.tasks.write_report import write_report
from tests.small import QUICK, frame

CACHED = (train_base, train_ingredients, taste_recipes, blend_soup, draw_rows, score_part, write_report)
UNCACHED = (read_table, look_for_results, deliver)


class Ended:
    """What a task's state tells: its result, or the error that it failed of."""

    def __init__(self, error: BaseException | None) -> None:
        self.error = error

    def result(self) -> int:
        if self.error:
            raise self.error
        return 1


@pytest.fixture
def dish(tmp_path: Path):
    frame().to_csv(tmp_path / "trees.csv", index=False)
    options = {"table": str(tmp_path / "trees.csv"), "store": str(tmp_path / "s"), "batch": 1}
    return prepare(configured(options | QUICK))


@pytest.mark.parametrize(
    "error",
    [
        OSError(28, "No space left on device"),
        TimeoutError(),
        ConnectionResetError(),
        DamagedError("gone"),
        FileNotFoundError(2, "gone"),
    ],
    ids=repr,
)
def test_a_fault_of_the_world_is_retried(error):
    assert of_the_world(train_base, None, Ended(error))


@pytest.mark.parametrize(
    "error",
    [
        TableError("empty"),
        ConfigError("no"),
        StockpotError("no"),
        ValueError("a fault of ours"),
        KeyError("k"),
        MemoryError(),
        KeyboardInterrupt(),
    ],
    ids=repr,
)
def test_a_mistake_of_the_users_or_of_ours_is_not_retried(error):
    assert not of_the_world(train_base, None, Ended(error))


def test_a_state_without_a_fault_is_not_retried():
    assert not of_the_world(train_base, None, Ended(None))


@pytest.mark.parametrize("task", [*CACHED, *UNCACHED], ids=lambda task: task.name)
def test_every_task_backs_off_and_asks_before_it_tries_again(task):
    assert task.retries == 3
    assert task.retry_delay_seconds == [1, 2, 4]
    assert task.retry_jitter_factor > 0
    assert task.retry_condition_fn is of_the_world
    assert callable(task.task_run_name) or "{" in task.task_run_name
    assert "_" not in task.name


@pytest.mark.parametrize("task", CACHED, ids=lambda task: task.name)
def test_every_stage_is_cached_as_json(task):
    assert task.cache_key_fn is not None
    assert task.persist_result
    assert task.result_serializer == "json"


@pytest.mark.parametrize("task", UNCACHED, ids=lambda task: task.name)
def test_what_reads_or_writes_outside_the_store_is_not_cached(task):
    assert task.cache_key_fn is None


def test_a_tasks_key_is_its_stages(dish):
    batch = batches(dish.plan)[0]
    assert trained(dish, batch) == batch_key(dish, batch)
    assert taste_recipes.cache_key_fn(None, {"dish": dish}) == taste_key(dish)


def test_the_key_of_a_task_of_many_batches_is_of_all_of_them_and_of_no_other(dish):
    first, second = batches(dish.plan)[:2]
    found = {trained(dish, first), trained(dish, second), trained(dish, first, second)}
    assert len(found) == 3
    assert trained(dish, first, second) in found


@pytest.mark.parametrize("count", [1, 2])
def test_a_record_stays_while_its_artefacts_are_whole_and_goes_with_the_last_of_them(dish, count):
    chosen = batches(dish.plan)[:count]
    keys = [batch_key(dish, batch) for batch in chosen]
    record = dish.place.results / trained(dish, *chosen)
    for key in keys:
        dish.place.make("train", key, lambda folder: (folder / "a").write_text("1") and None)
    record.parent.mkdir()
    record.write_text("{}")
    trained(dish, *chosen)
    assert record.exists()
    (dish.place.folder("train", keys[-1]) / "a").write_text("2")
    trained(dish, *chosen)
    assert not record.exists()


def trained(dish: Dish, *chosen: Batch) -> str:
    """The key of a training task."""
    return train_ingredients.cache_key_fn(None, {"dish": dish, "load": Load(chosen)})


def test_records_lie_in_the_mirror_of_whichever_machine_a_task_is_on(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "one"))
    here = records("s3://bucket/prefix")
    sent = dumps(train_base.with_options(result_storage=here))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "other"))
    there = loads(sent).result_storage
    assert there != here
    assert there == open_store("s3://bucket/prefix").results
    assert dumps(there / "a record")


def test_records_of_a_folder_lie_in_it(tmp_path):
    assert records(str(tmp_path)) == tmp_path / "results"
