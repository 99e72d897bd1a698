"""What a person may set of an ablation."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from stockpot.config import CookConfig, Grid, Net, Subsets
from stockpot.configuration import checked
from stockpot.form import Cluster, Runner, StorePlace, Where, Workers, box
from stockpot.sources.asked import FOUND_OUT, Source
from stockpot.sources.place import called


class AblateConfig(BaseModel):
    """Ask nine questions of a table: where do soups help, where not, and why."""

    model_config = ConfigDict(extra="forbid", frozen=True, protected_namespaces=())

    table: Where = Field(
        default="examples/penguins.csv",
        min_length=1,
        title="Table",
        description="The real rows: a file (CSV, Excel, Parquet ..., packed or not), a URL, a database's "
        "URL, a dataset of the Hub, or - for standard input.",
    )
    learn: int | None = Field(
        default=None,
        ge=8,
        le=100_000,
        title="Learning rows",
        description="Learning rows, 8 to 100000, drawn by seed; the others judge. Empty: 80, or 60 % below "
        "140 rows.",
        json_schema_extra=box,
    )
    seeds: int | None = Field(
        default=None,
        ge=1,
        le=100,
        title="Seeds",
        description="Seeds, 1 to 100, each with rows of its own. Empty: 5 (char: 3).",
        json_schema_extra=box,
    )
    out: Where | None = Field(
        default=None,
        title="Results",
        description="Folder of the results. Empty: runs/<table's name>-ablation.",
        json_schema_extra=box,
    )
    model: Literal["field", "char"] = Field(
        default="field",
        title="Model family",
        description="`field` learns numbers and categories; `char` also dates, ids and free text, as text.",
    )
    preset: Literal["default", "noisy", "seed"] = Field(
        default="default",
        title="Preset",
        description="Named settings of char: `noisy`, or `seed` (slow).",
    )
    drop: tuple[str, ...] = Field(default=(), title="Left out", description="Columns to leave out.")
    schema_file: Where | None = Field(
        default=None,
        title="Schema file",
        description="SDV metadata JSON, or JSON of column -> sdtype. Empty: the schema is detected.",
        json_schema_extra=box,
    )
    source: Source = Field(
        default=FOUND_OUT,
        title="Source",
        description="How the table is read. What is left empty is found out.",
    )
    force: bool = Field(
        default=False,
        title="Replace results",
        description="Replace what another ablation left in the results folder.",
    )
    subsets: Subsets = Field(
        default=Subsets(), title="Subsets", description="Which rows each ingredient learns from."
    )
    grid: Grid = Field(
        default=Grid(), title="Grid", description="Hyperparameters that the questions are asked around."
    )
    net: Net = Field(default=Net(), title="Net", description="Size of the net. Empty: the family's.")
    runner: Runner = "threads"
    cluster: Cluster = None
    workers: Workers = 2
    store: StorePlace = None

    @property
    def name(self) -> str:
        """What people call the table."""
        return called(self.table)

    @property
    def folder(self) -> Path:
        """Where the results go."""
        return Path(self.out) if self.out else Path("runs") / f"{self.name}-ablation"

    @property
    def count(self) -> int:
        """Of seeds."""
        return self.seeds or (5 if self.model == "field" else 3)

    def cook(self, seed: int) -> CookConfig:
        """The cook that one seed's questions stand on."""
        shared = self.model_dump(exclude={"learn", "seeds", "out", "force"})
        return CookConfig.model_validate(shared | {"seed": seed})


def ablate_configured(options: Mapping[str, Any]) -> AblateConfig:
    """The configuration, or ConfigError."""
    return checked(AblateConfig, options)
