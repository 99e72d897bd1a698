"""The rows of a cook in the store: those that are learned from, and the holdout that nothing but the last scoring sees."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from stockpot.canonical import restore
from stockpot.config import CookConfig
from stockpot.cook import set_apart
from stockpot.digest import digest
from stockpot.dish import Dish
from stockpot.errors import DamagedError
from stockpot.families import family
from stockpot.plan import plan
from stockpot.schema import Schema
from stockpot.store import Store, default_root
from stockpot.table import Table, read

STAGE = "table"


@dataclass(frozen=True)
class Larder:
    """Both parts of the rows."""

    learning: Table
    holdout: Table | None


def read_table(config: CookConfig) -> Table:
    """The table that a configuration names; UserError says what is wrong with it."""
    table = read(config.table, Path(config.schema_file) if config.schema_file else None, drop=config.drop)
    family(config.model).refuse(table.schema)
    return table


def prepare(config: CookConfig) -> Dish:
    """Read the table, set the holdout apart, fill in the plan, and put the rows into the store."""
    table = read_table(config)
    learning, holdout = set_apart(table, config)
    store = Store(Path(config.store) if config.store else default_root())
    key = save_larder(store, Larder(learning, holdout))
    return Dish(str(store.root.absolute()), key, table.name, plan(config, learning.rows))


def save_larder(store: Store, larder: Larder) -> str:
    """Its key, which is a digest of names, types and values."""
    parts = [larder.learning] + ([larder.holdout] if larder.holdout else [])
    key = digest(STAGE, larder.learning.name, *[part.digest for part in parts], larder.learning.schema.to_json())

    def fill(folder: Path) -> None:
        about = {"name": larder.learning.name, "notes": larder.learning.notes, "schema": larder.learning.schema.to_json()}
        (folder / "about.json").write_text(json.dumps(about), encoding="utf-8")
        for name, part in zip(("learning", "holdout"), parts, strict=False):
            part.canonical.to_parquet(folder / f"{name}.parquet")

    store.make(STAGE, key, fill)
    return key


def load_larder(store: Store, key: str) -> Larder:
    """The rows under a key; DamagedError if they are gone, since only the user's file can bring them back."""
    if not store.has(STAGE, key):
        raise DamagedError(f"The rows of {key[:8]} are no longer whole in {store.root}: start the cook again.")
    folder = store.folder(STAGE, key)
    about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
    schema = Schema.from_json(about["schema"])

    def part(path: Path) -> Table:
        return Table(about["name"], restore(pd.read_parquet(path), schema), schema, tuple(about["notes"]))

    beyond = folder / "holdout.parquet"
    return Larder(part(folder / "learning.parquet"), part(beyond) if beyond.exists() else None)
