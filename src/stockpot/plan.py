"""A plan: the settings of a cook with every default filled in, frozen. What it says is all that a result
depends on, beside the table.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from stockpot import noise
from stockpot.config import CookConfig, Grid
from stockpot.deal import Deal, deal, default_folds
from stockpot.errors import ConfigError
from stockpot.optimise import Settings
from stockpot.presets import Preset, preset

TASKS, MOST_BATCH = 6, 8
"""By default ingredients are trained by so many tasks, or more of so many ingredients each."""


@dataclass(frozen=True)
class Spec:
    """An ingredient before it is trained."""

    number: int
    subset: int
    settings: Settings
    key: int


@dataclass(frozen=True)
class Plan:
    """Every setting that a soup depends on."""

    model: str
    seed: int
    folds: int
    subsets: int
    share: float | None
    net: tuple[tuple[str, int], ...]
    base: Settings
    points: tuple[Settings, ...]
    seeds: int
    scales: tuple[float, ...]
    batch: int
    criteria: tuple[str, ...]
    sizes: tuple[int, ...]
    recipes: tuple[str, ...]
    rake: int
    temperature: float
    constraints: tuple[str, ...] = ()

    @cached_property
    def ingredients(self) -> tuple[Spec, ...]:
        """Subsets x grid x seeds; neighbours in number differ in their subset."""
        kinds = itertools.product(range(self.seeds), range(len(self.points)), range(self.subsets))
        return tuple(
            Spec(n, subset, self.points[point], noise.key("ingredient", self.seed, s, point, subset))
            for n, (s, point, subset) in enumerate(kinds)
        )

    @property
    def batches(self) -> tuple[tuple[int, ...], ...]:
        """Ingredient numbers of each training task: a function of the plan alone, never of who runs it."""
        numbers = range(len(self.ingredients))
        return tuple(tuple(numbers[i : i + self.batch]) for i in range(0, len(numbers), self.batch))

    def deal(self, rows: int) -> Deal:
        """The rows' folds and subsets."""
        return deal(rows, self.folds, self.subsets, self.share, self.seed)


def plan(config: CookConfig, rows: int, constraints: Sequence[str] = ()) -> Plan:
    """Fill in what the configuration leaves open, for a table of so many rows and settled constraints."""
    chosen = preset(config.model, config.preset, rows)
    _refuse_foreign(config, chosen)
    folds = _folds(config, chosen, rows)
    _refuse_blind(config, folds)
    subsets = min(config.subsets.count or chosen.subsets, rows // 2)
    points = _points(config.grid, chosen)
    count = subsets * len(points) * config.grid.seeds
    asked = {k: v for k, v in config.net.model_dump().items() if v is not None}
    return Plan(
        model=config.model,
        seed=config.seed,
        folds=folds,
        subsets=subsets,
        share=config.subsets.share if config.subsets.share is not None else chosen.share,
        net=tuple(sorted((chosen.net | asked).items())),
        base=chosen.base,
        points=points,
        seeds=config.grid.seeds,
        scales=chosen.scales,
        batch=config.batch or min(MOST_BATCH, -(-count // TASKS)),
        criteria=config.tasting.criteria,
        sizes=_sizes(config.tasting.sizes, count, chosen.sizes),
        recipes=config.tasting.recipes,
        rake=chosen.rake if config.rake is None else config.rake,
        temperature=config.temperature,
        constraints=tuple(constraints),
    )


def _refuse_foreign(config: CookConfig, chosen: Preset) -> None:
    """An option that this family would not heed."""
    found = {f"net.{n}": v for n, v in config.net if v is not None and n not in chosen.net}
    if config.grid.smoothing and config.model != "field":
        found["grid.smoothing"] = list(config.grid.smoothing)
    if config.grid.weight_decay and chosen.points[0].optimiser != "adamw":
        found["grid.weight_decay"] = list(config.grid.weight_decay)
    for name, value in found.items():
        raise ConfigError(
            f"Option '{name}' is {value}, and the {config.model} family has no such setting: leave it out."
        )


def _refuse_blind(config: CookConfig, folds: int) -> None:
    """A threshold that no figure could ever be held against."""
    if config.alert_below is not None and not folds and not config.holdout:
        raise ConfigError(
            f"Option 'alert_below' is {config.alert_below}, and without folds or a holdout no quality is "
            "held out: use folds or a holdout, or leave it out."
        )


def _folds(config: CookConfig, chosen: Preset, rows: int) -> int:
    if config.folds is None:
        return min(chosen.folds or default_folds(rows), rows // 2)
    folds = config.folds
    if folds == 1:
        raise ConfigError(
            "Option 'folds' is 1, and one fold leaves nothing to learn from: use 0 or at least 2."
        )
    if folds > rows // 2:
        raise ConfigError(
            f"Option 'folds' is {folds}, and {rows} rows allow {rows // 2} at most: use fewer folds."
        )
    return folds


def _points(grid: Grid, chosen: Preset) -> tuple[Settings, ...]:
    """All combinations of what the grid lists, over the preset's where it lists nothing."""
    names = ("learning_rate", "schedule", "dropout", "weight_decay", "steps", "smoothing")
    asked = {name: getattr(grid, name) for name in names if getattr(grid, name)}
    kept = [{n: getattr(point, n) for n in names if n not in asked} for point in chosen.points]
    bases = list({tuple(point.items()): point for point in kept}.values())
    combinations = [dict(zip(asked, values, strict=True)) for values in itertools.product(*asked.values())]
    first = chosen.points[0]
    fixed = {"optimiser": first.optimiser, "batch": first.batch, "patience": first.patience}
    return tuple(Settings(**(fixed | base | extra)) for base in bases for extra in combinations)


def _sizes(asked: Sequence[int], ingredients: int, default: Sequence[int]) -> tuple[int, ...]:
    for size in asked:
        if size > ingredients:
            raise ConfigError(
                f"Option 'tasting.sizes' asks for a soup of {size}, and the menagerie has {ingredients} "
                "ingredients: use a smaller size or more subsets, settings or seeds."
            )
    sizes = asked or [size for size in default if size < ingredients] + [ingredients]
    return tuple(sorted(set(sizes)))
