"""The rows of a cook in the store: those that are learned from, and the holdout that only the last scoring
sees.

What a table's file is called, and when it was written, is no part of them.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from stockpot.canonical import restore
from stockpot.config import CookConfig
from stockpot.constraints.settle import constraints_of
from stockpot.cook import set_apart
from stockpot.digest import digest
from stockpot.dish import Dish, Stage, table_key
from stockpot.errors import DamagedError
from stockpot.plan import plan
from stockpot.schema import Schema
from stockpot.served import served
from stockpot.store import Store, located, open_store
from stockpot.table import Table, read

log = logging.getLogger(__name__)

STAGE: Stage = "table"


@dataclass(frozen=True)
class Larder:
    """Both parts of the rows."""

    learning: Table
    holdout: Table | None


def read_table(config: CookConfig) -> Table:
    """The table that a configuration names; UserError says what is wrong with it."""
    schema = Path(config.schema_file) if config.schema_file else None
    table = read(config.table, schema, config.drop, config.source, config.sdtypes, config.locale)
    for note in table.told:
        log.info(note)
    served(table, config.model)  # what cannot be learned is told before a run begins
    return table


def prepare(config: CookConfig) -> Dish:
    """Read the table, set the holdout apart, fill in the plan, and put the rows into the store."""
    return stocked(config, read_table(config))


def stocked(config: CookConfig, table: Table) -> Dish:
    """Of a table that was read."""
    learning, holdout = set_apart(table, config)
    settled = plan(config, learning.rows, constraints_of(table, learning, config))
    store = open_store(located(config.store))
    store.attend()
    key = save_larder(store, Larder(learning, holdout))
    return Dish(store.location, key, rows_digest(learning), table.name, settled)


def rows_digest(table: Table) -> str:
    """Of what models learn from: values, types and precision, in whatever dtypes a file or frame holds
    them.
    """
    numbers = [(c.name, c.decimals) for c in table.schema.columns if c.sdtype == "numerical"]
    others = [
        (c.name, c.holds, c.format, c.unit, c.zone) for c in table.schema.columns if c.sdtype != "numerical"
    ]
    return digest(table.digest, numbers, others, table.schema.key)


def save_larder(store: Store, larder: Larder) -> str:
    """Its key, which is a digest of names, types and values."""
    parts = [part for part in (larder.learning, larder.holdout) if part]
    about = {"notes": list(larder.learning.notes), "schema": larder.learning.schema.to_json()}
    key = table_key([part.digest for part in parts], about)

    def fill(folder: Path) -> None:
        (folder / "about.json").write_text(json.dumps(about), encoding="utf-8")
        for name, part in zip(("learning", "holdout"), parts, strict=False):
            part.canonical.to_parquet(folder / f"{name}.parquet")

    store.make(STAGE, key, fill, larder.learning.name)
    return key


def load_larder(store: Store, key: str, name: str) -> Larder:
    """The rows under a key, as a table called ``name``.

    DamagedError if they are gone, since only the user's file can bring them back.
    """
    if not store.has(STAGE, key):
        raise DamagedError(
            f"The rows of {name} are no longer whole in {store.location}: start the cook again."
        )
    folder = store.folder(STAGE, key)
    about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
    schema = Schema.from_json(about["schema"])

    def part(path: Path) -> Table:
        return Table(name, restore(pd.read_parquet(path), schema), schema, tuple(about["notes"]))

    beyond = folder / "holdout.parquet"
    return Larder(part(folder / "learning.parquet"), part(beyond) if beyond.exists() else None)
