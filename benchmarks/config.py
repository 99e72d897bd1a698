"""What a person may set of the benchmark."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from stockpot.configuration import checked, flags
from stockpot.errors import ConfigError
from stockpot.form import Where, box
from stockpot.schema import nearest

if TYPE_CHECKING:  # a command line that only says what it can do need not know how to score
    from stockpot.benchmarks.agenda import Trial
    from stockpot.benchmarks.lines import Line
    from stockpot.benchmarks.protocol import TableSet

COMPARED = ("real", "cart")
USUAL = ("real", "floor", "copy", "cart", "field_folds0", "field", "char")
QUICK = ("real", "floor", "copy", "cart", "field")
QUICK_TABLES = ("Auto", "mpg", "Prestige", "SLID", "spam7", "Star")
"""Of tuning.csv: a trial must not look at the rows that judge."""
ROWS, QUICK_ROWS = (30, 80, 200, 1000), (80,)
SEEDS, QUICK_SEEDS = (0, 1, 2), (0,)
SETS: tuple[TableSet, ...] = ("tables", "truth", "tuning")
JUDGING = ("tables", "truth")


def _choice_of_methods(schema: dict[str, Any]) -> None:
    """The form's select; it is drawn up when a form is wanted, for methods are slow to import."""
    from stockpot.benchmarks.methods import METHODS

    schema["items"] = {"type": "string", "enum": list(METHODS)}


def _choice_of_tables(schema: dict[str, Any]) -> None:
    from stockpot.benchmarks.protocol import items

    named = sorted(item.name for which in SETS for item in items(which))
    schema["items"] = {"type": "string", "enum": [*SETS, *dict.fromkeys(named)]}


class BenchmarkConfig(BaseModel):
    """Measure methods on public tables, by the protocol of stockpot.benchmarks.protocol."""

    model_config = ConfigDict(extra="forbid", frozen=True, protected_namespaces=())

    quick: bool = Field(
        default=False,
        title="Quick",
        description="What is left empty is little: six tables that judge nothing, one seed.",
    )
    methods: tuple[str, ...] = Field(
        default=(),
        title="Methods",
        description="field, char, field_folds0, floor, copy, or a peer such as arf, which gets an "
        "environment of its own. The real rows and CART always are. Empty: all but the peers (quick: field "
        "and the rails).",
        json_schema_extra=_choice_of_methods,
    )
    tables: tuple[str, ...] = Field(
        default=(),
        title="Tables",
        description="Tables by name; 'tables': all small ones, 'truth': all large ones, 'tuning': those on "
        "which defaults are chosen. Empty: all but the last.",
        json_schema_extra=_choice_of_tables,
    )
    rows: tuple[Annotated[int, Field(ge=8, le=1000)], ...] = Field(
        default=(),
        title="Learning rows",
        description="Learning rows that large tables are cut to, 8 to 1000. Empty: 30, 80, 200, 1000.",
    )
    seeds: tuple[Annotated[int, Field(ge=0, lt=2**31)], ...] = Field(
        default=(), title="Seeds", description="Seeds of the deals. Empty: 0, 1, 2."
    )
    out: Where = Field(
        default="runs/benchmark",
        min_length=1,
        title="Results",
        description="Folder of the page and its pictures.",
    )
    lines: Where | None = Field(
        default=None,
        title="Measured lines",
        description="Folder of the measured lines, kept from run to run. Empty: in the results.",
        json_schema_extra=box,
    )
    fresh: bool = Field(
        default=False,
        title="Measure anew",
        description="What was measured before is put aside first, also by a run that is started again.",
    )
    workers: int = Field(
        default=2,
        ge=1,
        le=256,
        title="Workers",
        description="Trials at a time, 1 to 256; each has one thread.",
    )

    @property
    def folder(self) -> Path:
        """Of the lines."""
        return Path(self.lines) if self.lines else Path(self.out) / "lines"

    @property
    def command(self) -> str:
        """What a person types to run this again."""
        return " ".join(["stockpot benchmark", *flags(self.model_dump(exclude_defaults=True))])

    def trials(self) -> list[Trial]:
        """All that is asked for; ConfigError if there is no such thing."""
        from stockpot.benchmarks.agenda import trials
        from stockpot.benchmarks.methods import METHODS
        from stockpot.benchmarks.protocol import items

        known = [item.name for which in SETS for item in items(which)]
        _check("methods", self.methods, METHODS)
        _check("tables", self.tables, [*known, *SETS])
        named = self.tables or (QUICK_TABLES if self.quick else JUDGING)
        tables = [i.name for which in SETS for i in items(which) if which in named or i.name in named]
        asked = self.methods or (QUICK if self.quick else USUAL)
        return trials(
            [name for name in METHODS if name in {*COMPARED, *asked}],
            tables,
            self.rows or (QUICK_ROWS if self.quick else ROWS),
            self.seeds or (QUICK_SEEDS if self.quick else SEEDS),
        )

    def missing(self) -> list[Trial]:
        """Of those, what was not measured yet."""
        from stockpot.benchmarks.agenda import missing

        return missing(self.trials(), self.known())

    def begin(self) -> None:
        """If `fresh`, keep what was measured before under names of its time, where it counts for nothing."""
        for path in sorted(self.folder.glob("*.jsonl")) if self.fresh else ():
            path.replace(path.with_suffix(f".{datetime.now(UTC):%Y-%m-%dT%H-%M-%S-%f}.before"))

    def known(self) -> list[Line]:
        """What was measured, by this run or another."""
        from stockpot.benchmarks.lines import read

        return read(self.folder)


def benchmark_configured(options: Mapping[str, Any]) -> BenchmarkConfig:
    """The configuration, or ConfigError."""
    return checked(BenchmarkConfig, options)


def _check(option: str, named: Iterable[str], known: Iterable[str]) -> None:
    known = list(known)
    for name in named:
        if name not in known:
            raise ConfigError(f"Option '{option}' is {name!r}, which is not there{nearest(name, known)}.")
