"""A dish: a table in a store and a plan; and the keys that follow from the two.

A key is a digest of all that a stage's artefact depends on: the rows, settings, the keys of the stages
before, and the library's own source of that stage. Keys follow from the dish alone, so a stage finds its
inputs without being handed them; where the store lies, and what a table's file is called, changes nothing.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Literal

from stockpot import plugins
from stockpot.digest import digest
from stockpot.plan import Plan
from stockpot.store import Store, open_store
from stockpot.versions import source_version

Stage = Literal["table", "base", "train", "taste", "score", "soup", "rows", "report", "answer", "answers"]
MODULES: dict[Stage, str] = {
    "table": "stockpot.table",
    "base": "stockpot.kitchen",
    "train": "stockpot.kitchen",
    "taste": "stockpot.taste",
    "score": "stockpot.tally",
    "soup": "stockpot.cook",
    "rows": "stockpot.draw",
    "report": "stockpot.reporting",
    "answer": "stockpot.ablation.questions",
    "answers": "stockpot.ablation.report",
}
"""The module whose source, with all that it imports, is the version of each stage."""
TASKS_A_WORKER = 16
"""So many training tasks for each worker, at most: each costs its runner up to half a second, and while the
last ones run other workers wait.
"""
WRITTEN_BY = "stockpot.stages"
"""This module's own source counts for every stage: it names the files of all artefacts."""


@dataclass(frozen=True)
class Dish:
    """What is cooked: a table in a store, and a plan.

    ``store`` is a folder or a URL. ``table`` is the table's key in it. ``rows`` is a digest of what models
    learn from: names, types and values, whatever dtypes hold them. ``name`` is for people.
    """

    store: str
    table: str
    rows: str
    name: str
    plan: Plan

    @property
    def place(self) -> Store:
        return open_store(self.store)


@dataclass(frozen=True)
class Batch:
    """The ingredients that are trained, and kept, as one stack."""

    numbers: tuple[int, ...]


@dataclass(frozen=True)
class Load:
    """The batches of one training task."""

    batches: tuple[Batch, ...]

    @property
    def label(self) -> str:
        """For people: ``4 ingredients [0-3]``."""
        numbers = [number for batch in self.batches for number in batch.numbers]
        if len(numbers) == 1:
            return f"1 ingredient [{numbers[0]}]"
        return f"{len(numbers)} ingredients [{numbers[0]}-{numbers[-1]}]"


@dataclass(frozen=True)
class Made:
    """A reference to an artefact, and how long it took to make."""

    stage: str
    key: str
    seconds: float


def batches(plan: Plan) -> list[Batch]:
    """All batches of a plan."""
    return [Batch(numbers) for numbers in plan.batches]


def loads(plan: Plan, workers: int) -> list[Load]:
    """All training tasks of a plan for so many workers, of nearly the same number of batches each."""
    found = batches(plan)
    tasks = min(len(found), TASKS_A_WORKER * workers)
    ends = [len(found) * task // tasks for task in range(tasks + 1)]
    return [Load(tuple(found[first:last])) for first, last in pairwise(ends)]


def table_key(*parts: object) -> str:
    """Of rows in the store: their digests, schema and notes."""
    return _key("table", *parts)


def base_key(dish: Dish) -> str:
    """Of the bases of all menageries."""
    plan = dish.plan
    plugged = plugins.sources(plugins.FAMILIES, [plan.model], plugins.OURS)
    return _key("base", dish.rows, plan.model, plan.seed, plan.folds, plan.net, asdict(plan.base), *plugged)


def batch_key(dish: Dish, batch: Batch) -> str:
    """Of a batch of ingredients: by what they are, not by what the batch is called."""
    plan = dish.plan
    specs = [asdict(plan.ingredients[number]) for number in batch.numbers]
    return _key("train", base_key(dish), plan.subsets, plan.share, specs)


def load_keys(dish: Dish, load: Load) -> list[str]:
    """Of the batches of a task."""
    return [batch_key(dish, batch) for batch in load.batches]


def taste_key(dish: Dish) -> str:
    """Of the tasting."""
    plan = dish.plan
    trained = [batch_key(dish, batch) for batch in batches(plan)]
    plugged = plugins.sources(plugins.RECIPES, plan.recipes)
    return _key("taste", trained, plan.scales, plan.criteria, plan.sizes, plan.recipes, *plugged)


def score_key(dish: Dish, what: str) -> str:
    """Of one part of the scores."""
    drawn = (dish.plan.rake, dish.plan.temperature, *_constraints(dish))
    return _key("score", dish.table, taste_key(dish), *drawn, what)


def soup_key(dish: Dish) -> str:
    """Of the soup's folder."""
    drawn = (dish.plan.rake, dish.plan.temperature, *_constraints(dish))
    return _key("soup", dish.table, taste_key(dish), *drawn)


def _constraints(dish: Dish) -> list[list[str]]:
    return [list(dish.plan.constraints)] if dish.plan.constraints else []


def rows_key(dish: Dish, rows: int, form: str, number: int = 0) -> str:
    """Of the synthetic rows; of several tables of them, of this one."""
    return _key("rows", soup_key(dish), rows, form, *([number] if number else []))


def report_key(dish: Dish, rows: int, form: str) -> str:
    """Of the figures and the page."""
    return _key("report", dish.name, score_key(dish, ""), rows_key(dish, rows, form))


def _key(stage: Stage, *parts: object) -> str:
    return digest(stage, source_version(MODULES[stage], WRITTEN_BY), *parts)
