"""What a person may set of an ablation."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from stockpot.config import CookConfig, Grid, Net, Subsets
from stockpot.configuration import checked


class AblateConfig(BaseModel):
    """Ask six questions of a table: where do soups help, where not, and why."""

    model_config = ConfigDict(extra="forbid", frozen=True, protected_namespaces=())

    table: str = Field(default="examples/penguins.csv", description="File or folder of the real rows.")
    learn: int | None = Field(
        default=None,
        ge=8,
        le=100_000,
        description="Learning rows, drawn by seed; the others judge. Empty: 80, or 60 % below 140 rows.",
    )
    seeds: int | None = Field(
        default=None, ge=1, le=100, description="Seeds, each with rows of its own. Empty: 5 (char: 3)."
    )
    out: str | None = Field(
        default=None, description="Folder of the results. Empty: runs/<table's name>-ablation."
    )
    model: Literal["field", "char"] = Field(default="field", description="Model family.")
    preset: Literal["default", "noisy", "seed"] = Field(
        default="default", description="Named settings of char: `noisy`, or `seed` (slow)."
    )
    schema_file: str | None = Field(
        default=None, description="Schema: SDV metadata JSON, or JSON of column -> sdtype."
    )
    drop: tuple[str, ...] = Field(default=(), description="Columns to leave out.")
    subsets: Subsets = Field(default=Subsets(), description="Which rows each ingredient learns from.")
    grid: Grid = Field(default=Grid(), description="Hyperparameters that the questions are asked around.")
    net: Net = Field(default=Net(), description="Size of the net.")
    runner: Literal["threads", "processes", "dask"] = Field(
        default="threads", description="Who runs the tasks."
    )
    workers: int = Field(default=2, ge=1, le=256, description="Tasks at a time.")
    store: str | None = Field(
        default=None, description="Folder of cached stages. Empty: the user's cache folder."
    )
    force: bool = Field(
        default=False, description="Replace what another ablation left in the results folder."
    )

    @property
    def folder(self) -> Path:
        """Where the results go."""
        return Path(self.out) if self.out else Path("runs") / f"{Path(self.table).stem}-ablation"

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
