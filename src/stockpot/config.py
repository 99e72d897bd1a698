"""What a person may set: one model for the command line, YAML, Python and the form of the Prefect UI."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Rate = Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, lt=1, allow_inf_nan=False)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, protected_namespaces=())


class Subsets(_Part):
    """Which rows each ingredient learns from."""

    count: int | None = Field(
        default=None, ge=1, le=1000, description="How many subsets; family's default: 8 (char: see docs)."
    )
    share: float | None = Field(
        default=None,
        gt=0,
        le=1,
        description="Share of the rows in a random subset. Empty: all but one of `count` parts, in turn.",
    )


class Grid(_Part):
    """Hyperparameters: every combination is tried. An empty list takes the family's default."""

    learning_rate: tuple[Rate, ...] = Field(
        default=(), description="Learning rates of the fine-tuning, in (0, 1]."
    )
    schedule: tuple[Literal["constant", "decayed"], ...] = Field(
        default=(), description="Constant, or decayed to 0 (cosine)."
    )
    dropout: tuple[Share, ...] = Field(
        default=(), description="Shares of hidden units that are dropped, in [0, 1)."
    )
    weight_decay: tuple[Annotated[float, Field(ge=0, allow_inf_nan=False)], ...] = Field(
        default=(), description="Decoupled weight decay, 0 or more."
    )
    steps: tuple[Annotated[int, Field(ge=1, le=100_000)], ...] = Field(
        default=(), description="Optimiser steps."
    )
    smoothing: tuple[Share, ...] = Field(
        default=(), description="Label smoothing over neighbouring bins, in [0, 1) (field)."
    )
    seeds: int = Field(default=1, ge=1, le=1000, description="So many seeds of each combination.")


class Net(_Part):
    """Size of the net. Empty: the family's default for the table's number of rows."""

    width: int | None = Field(default=None, ge=4, le=4096, description="Hidden units a layer.")
    bins: int | None = Field(default=None, ge=2, le=512, description="Most bins of a number (field).")
    basis: int | None = Field(
        default=None, ge=1, le=512, description="Smooth functions a number's output has (field)."
    )
    embedding: int | None = Field(
        default=None, ge=4, le=4096, description="Width of a character's embedding (char)."
    )


class Tasting(_Part):
    """Which soups are compared."""

    criteria: tuple[Literal["loss", "accuracy"], ...] = Field(
        default=("loss", "accuracy"), min_length=1, description="What orders the ingredients."
    )
    sizes: tuple[Annotated[int, Field(ge=1)], ...] = Field(
        default=(), description="Top k of a uniform soup, for each k. Empty: 4, 8 and all."
    )
    recipes: tuple[Literal["best", "uniform", "greedy"], ...] = Field(
        default=("best", "uniform", "greedy"), min_length=1, description="Rules that find proportions."
    )


class CookConfig(_Part):
    """Cook a table: train a menagerie, taste soups, ship one, draw rows from it, score them."""

    table: str = Field(
        default="examples/penguins.csv", description="File or folder of the real rows.", title="Table"
    )
    rows: int = Field(default=500, ge=1, le=100_000_000, description="Synthetic rows to draw.", title="Rows")
    out: str | None = Field(
        default=None, description="Folder of the results. Empty: runs/<table's name>.", title="Results"
    )
    model: Literal["field", "char"] = Field(
        default="field", description="Model family.", title="Model family"
    )
    preset: Literal["default", "noisy", "seed"] = Field(
        default="default",
        description="Named settings of char: `noisy` is where averaging mends most, `seed` those of the "
        "experiment that this comes from (slow).",
    )
    schema_file: str | None = Field(
        default=None, description="Schema: SDV metadata JSON, or JSON of column -> sdtype."
    )
    drop: tuple[str, ...] = Field(default=(), description="Columns to leave out.")
    folds: int | None = Field(
        default=None,
        ge=0,
        le=20,
        description="Folds of tasting. Empty: 5 below 200 rows, else 3. 0: no tasting, uniform soup.",
    )
    holdout: Share = Field(
        default=0.0, description="Share of the rows set apart, that only the last scoring sees."
    )
    seed: int = Field(default=0, ge=0, lt=2**31, description="Seed of everything that is random.")
    subsets: Subsets = Field(default=Subsets(), description="Which rows each ingredient learns from.")
    grid: Grid = Field(default=Grid(), description="Hyperparameters of the ingredients.")
    net: Net = Field(default=Net(), description="Size of the net.")
    tasting: Tasting = Field(default=Tasting(), description="Which soups are compared.")
    temperature: float = Field(
        default=1.0, gt=0, le=10, allow_inf_nan=False, description="Below 1: sharper rows; above: wilder."
    )
    rake: int | None = Field(
        default=None,
        ge=0,
        le=64,
        description="Draw so many times the rows and keep those that meet the marginals; 0: off.",
    )
    batch: int | None = Field(
        default=None,
        ge=1,
        le=1000,
        description="Ingredients trained by one task. Empty: a sixth of them, at most 8.",
    )
    format: Literal["csv", "parquet"] = Field(default="csv", description="Format of the synthetic rows.")
    runner: Literal["threads", "processes", "dask"] = Field(
        default="threads", description="Who runs the tasks."
    )
    workers: int = Field(default=2, ge=1, le=256, description="Tasks at a time.")
    store: str | None = Field(
        default=None, description="Folder of cached stages. Empty: the user's cache folder."
    )
    force: bool = Field(default=False, description="Replace the results folder, whatever it holds.")

    @property
    def folder(self) -> Path:
        """Where the results go."""
        return Path(self.out) if self.out else Path("runs") / Path(self.table).stem
