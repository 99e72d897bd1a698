"""What a person may set: one model for the command line, YAML, Python and the form of the Prefect UI.

The form draws fields in this order, by their titles; what a person sets first comes first.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from stockpot.form import (
    Cluster,
    Constraints,
    FamilyName,
    Rate,
    RecipeName,
    Runner,
    Sdtypes,
    Share,
    StorePlace,
    Where,
    Workers,
    box,
)
from stockpot.sources.asked import FOUND_OUT, Kind, Source
from stockpot.sources.place import called

DETECTED = "detected"
"""Stands for the constraints that hold in every real row."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, protected_namespaces=())


class Subsets(_Part):
    """Which rows each ingredient learns from."""

    count: int | None = Field(
        default=None,
        ge=1,
        le=1000,
        title="Number of subsets",
        description="How many subsets, 1 to 1000. Empty: the family's own, 8 (char: see docs).",
        json_schema_extra=box,
    )
    share: float | None = Field(
        default=None,
        gt=0,
        le=1,
        title="Share of the rows",
        description="Of the rows in a random subset, above 0 and at most 1. Empty: all but one of `count` "
        "parts, in turn (char: random).",
        json_schema_extra=box,
    )


class Grid(_Part):
    """Hyperparameters: every combination is tried. An empty list takes the family's default."""

    learning_rate: tuple[Rate, ...] = Field(
        default=(), title="Learning rates", description="Learning rates of the fine-tuning, in (0, 1]."
    )
    schedule: tuple[Literal["constant", "decayed"], ...] = Field(
        default=(), title="Schedules", description="Constant, or decayed to 0 (cosine)."
    )
    dropout: tuple[Share, ...] = Field(
        default=(), title="Dropout", description="Shares of hidden units that are dropped, in [0, 1)."
    )
    weight_decay: tuple[Annotated[float, Field(ge=0, allow_inf_nan=False)], ...] = Field(
        default=(), title="Weight decay", description="Decoupled weight decay, 0 or more."
    )
    steps: tuple[Annotated[int, Field(ge=1, le=100_000)], ...] = Field(
        default=(), title="Steps", description="Optimiser steps, 1 to 100000."
    )
    smoothing: tuple[Share, ...] = Field(
        default=(),
        title="Label smoothing",
        description="Label smoothing over neighbouring bins, in [0, 1) (field).",
    )
    seeds: int = Field(
        default=1,
        ge=1,
        le=1000,
        title="Seeds a combination",
        description="So many seeds of each combination, 1 to 1000.",
    )


class Net(_Part):
    """Size of the net. Empty: the family's default for the table's number of rows."""

    width: int | None = Field(
        default=None,
        ge=4,
        le=4096,
        title="Width",
        description="Hidden units a layer, 4 to 4096.",
        json_schema_extra=box,
    )
    bins: int | None = Field(
        default=None,
        ge=2,
        le=512,
        title="Bins",
        description="Most bins of a number, 2 to 512 (field).",
        json_schema_extra=box,
    )
    basis: int | None = Field(
        default=None,
        ge=1,
        le=512,
        title="Basis functions",
        description="Smooth functions a number's output has, 1 to 512 (field).",
        json_schema_extra=box,
    )
    embedding: int | None = Field(
        default=None,
        ge=4,
        le=4096,
        title="Embedding",
        description="Width of a character's embedding, 4 to 4096 (char).",
        json_schema_extra=box,
    )


class Tasting(_Part):
    """Which soups are compared."""

    criteria: tuple[Literal["loss", "accuracy"], ...] = Field(
        default=("loss", "accuracy"),
        min_length=1,
        title="Criteria",
        description="What orders the ingredients; at least one.",
    )
    sizes: tuple[Annotated[int, Field(ge=1)], ...] = Field(
        default=(), title="Sizes", description="Top k of a uniform soup, for each k. Empty: 4, 8 and all."
    )
    recipes: tuple[RecipeName, ...] = Field(
        default=("best", "uniform", "greedy"),
        min_length=1,
        title="Recipes",
        description="Rules that make a soup; at least one. docs/recipes.md has them all.",
    )


class CookConfig(_Part):
    """Cook a table: train a menagerie, taste soups, ship one, draw rows from it, score them."""

    table: Where = Field(
        default="examples/penguins.csv",
        min_length=1,
        title="Table",
        description="The real rows: a file (CSV, Excel, Parquet ..., packed or not), a URL, a database's "
        "URL, a dataset of the Hub, or - for standard input.",
    )
    rows: int = Field(
        default=500,
        ge=1,
        le=100_000_000,
        title="Rows",
        description="Synthetic rows to draw, 1 to 100 million.",
    )
    out: Where | None = Field(
        default=None,
        title="Results",
        description="Folder of the results. Empty: runs/<table's name>.",
        json_schema_extra=box,
    )
    model: FamilyName = Field(
        default="field",
        title="Model family",
        description="`field` learns numbers, categories and dates; `char` also free text, as text. Plugins "
        "bring others: docs/plugins.md.",
    )
    preset: Literal["default", "noisy", "seed"] = Field(
        default="default",
        title="Preset",
        description="Named settings of char: `noisy` is where averaging mends most, `seed` those of the "
        "experiment that this comes from (slow).",
    )
    sets: int = Field(
        default=1,
        ge=1,
        le=1000,
        title="Sets",
        description="Independent synthetic tables of so many rows each, 1 to 1000 (synthetic-1.csv ...).",
    )
    drop: tuple[str, ...] = Field(default=(), title="Left out", description="Columns to leave out.")
    schema_file: Where | None = Field(
        default=None,
        title="Schema file",
        description="SDV metadata JSON, or JSON of column -> sdtype. Empty: the schema is detected.",
        json_schema_extra=box,
    )
    sdtype: Sdtypes = Field(
        default=(),
        title="Column types",
        description="What some columns are, over what is detected: column=sdtype (docs/columns.md).",
    )
    locale: str = Field(
        default="en_US", min_length=2, title="Locale", description="Of fresh personal data: en_US, de_DE ..."
    )
    source: Source = Field(
        default=FOUND_OUT,
        title="Source",
        description="How the table is read. What is left empty is found out.",
    )
    format: Kind = Field(default="csv", title="Format", description="Format of the synthetic rows.")
    force: bool = Field(
        default=False, title="Replace results", description="Replace the results folder, whatever it holds."
    )
    alert_below: float | None = Field(
        default=None,
        ge=0,
        le=100,
        allow_inf_nan=False,
        title="Alert below",
        description="Held-out quality, 0 to 100, below which Prefect gets stockpot.quality.dropped. "
        "Empty: only the last run's interval counts.",
        json_schema_extra=box,
    )
    seed: int = Field(
        default=0, ge=0, lt=2**31, title="Seed", description="Seed of everything that is random."
    )
    folds: int | None = Field(
        default=None,
        ge=0,
        le=20,
        title="Folds",
        description="Folds of tasting, 2 to 20. Empty: 5 below 200 rows, else 3. 0: no tasting, uniform "
        "soup.",
        json_schema_extra=box,
    )
    holdout: Share = Field(
        default=0.0,
        title="Holdout",
        description="Share of the rows set apart, in [0, 1), that only the last scoring sees.",
    )
    subsets: Subsets = Field(
        default=Subsets(), title="Subsets", description="Which rows each ingredient learns from."
    )
    grid: Grid = Field(
        default=Grid(),
        title="Grid",
        description="Hyperparameters of the ingredients: every combination is tried. Empty: the family's.",
    )
    net: Net = Field(default=Net(), title="Net", description="Size of the net. Empty: the family's.")
    tasting: Tasting = Field(default=Tasting(), title="Tasting", description="Which soups are compared.")
    temperature: float = Field(
        default=1.0,
        gt=0,
        le=10,
        allow_inf_nan=False,
        title="Temperature",
        description="Above 0, at most 10. Below 1: sharper rows; above: wilder.",
    )
    rake: int | None = Field(
        default=None,
        ge=0,
        le=64,
        title="Raking",
        description="Draw so many times the rows, 1 to 64, and keep those that meet the marginals; 0: off. "
        "Empty: the family's.",
        json_schema_extra=box,
    )
    constraints: Constraints = Field(
        default=(),
        title="Constraints",
        description="What must hold in every drawn row: 'low <= high', 'a + b == total', 'unique(a, b)', "
        "'combinations(a, b)' ...; a JSON file of SDV's; 'detected': those that hold in every real row.",
    )
    constraints_force: bool = Field(
        default=False,
        title="Constraints in spite of the rows",
        description="Impose constraints that real rows break.",
    )
    batch: int | None = Field(
        default=None,
        ge=1,
        le=1000,
        title="Batch",
        description="Ingredients trained by one task, 1 to 1000. Empty: a sixth of them, at most 8.",
        json_schema_extra=box,
    )
    runner: Runner = "threads"
    cluster: Cluster = None
    workers: Workers = 2
    store: StorePlace = None

    @property
    def sdtypes(self) -> dict[str, str]:
        """Column -> sdtype, as a person says."""
        pairs = (pair.rpartition("=") for pair in self.sdtype)
        return {name: sdtype for name, _, sdtype in pairs}

    @property
    def name(self) -> str:
        """What people call the table."""
        return called(self.table)

    @property
    def folder(self) -> Path:
        """Where the results go."""
        return Path(self.out) if self.out else Path("runs") / self.name
