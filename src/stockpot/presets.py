"""The families' default settings, and named ones. Each figure says why it is what it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, cast

from stockpot.errors import ConfigError, PluginError
from stockpot.families import family
from stockpot.optimise import Settings
from stockpot.plugins import FAMILIES, OURS, package

LARGE_ROWS = 600
"""From so many rows on a wider net and finer bins pay. They do at 1,000, not at 200; the place is a guess."""
STEPS = 300
"""Rows drawn as trained teach a forest more after more steps, and lie nearer to the learning rows: after 100,
200 and 400 steps, at some 80 rows, utility_equal is 13.4, 14.0 and 14.5 on the tables of tuning.csv,
nearer_train 0.63, 0.65 and 0.68, fidelity 91.0, 91.0 and 90.8 (docs/log.md).
"""
FIELD_SCALES = (1.0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.1, 1.25)
"""Scales of the logits that the left-out rows choose from; the first is the net's own."""
CHAR_SCALES = (1.0, 0.5, 0.6, 0.7, 0.8, 0.9)
"""Likewise; blunter or sharper ones were never chosen."""


@dataclass(frozen=True)
class Preset:
    """What a configuration falls back on."""

    net: dict[str, int]
    base: Settings
    points: tuple[Settings, ...]
    subsets: int
    share: float | None
    folds: int | None
    scales: tuple[float, ...]
    sizes: tuple[int, ...]
    rake: int


class Plugged(Protocol):
    """What a plugin's family has, and ours have here."""

    def preset(self, rows: int) -> Preset:
        """What a configuration falls back on, for a table of so many rows."""
        ...


def preset(model: str, name: str, rows: int) -> Preset:
    """The preset of a family for a table of so many rows."""
    if model != "char" and name != "default":
        raise ConfigError(f"Option 'preset' is '{name}', which only the char family has: add --model char.")
    if model not in OURS:
        return _plugged(model, rows)
    if model == "field":
        return _field(rows)
    return {"default": _char, "noisy": _char_noisy, "seed": _char_seed}[name]()


def _plugged(model: str, rows: int) -> Preset:
    found: object = cast("Plugged", family(model)).preset(rows)
    if not isinstance(found, Preset):
        raise PluginError(
            f"The model family '{model}' of package {package(FAMILIES, model)} has a "
            f"{type(found).__name__} for its preset, not a stockpot.presets.Preset: mend the package or "
            "uninstall it."
        )
    return found


def _field(rows: int) -> Preset:
    """Eight subsets, so that every row is left out by an eighth of the ingredients, times three learning
    rates.

    The base is short: a shared start is what makes weights averageable, a long one adds nothing and leaks.
    Eight ingredients would do, 24 cost little and gain a little (docs/science.md). Rates, dropout, weight
    decay and size are those of a prototype that won over wider and deeper nets; twice the rates leak more and
    gain nothing (docs/log.md). Eight times the rows are drawn, so that a rare group has enough to keep.
    """
    large = rows >= LARGE_ROWS
    return Preset(
        net={"width": 128 if large else 64, "bins": 64 if large else 32, "basis": 10 if large else 6},
        base=Settings(learning_rate=0.001, steps=100, dropout=0.15, weight_decay=0.01),
        points=tuple(
            Settings(learning_rate=rate, steps=STEPS, dropout=0.2, weight_decay=0.3)
            for rate in (0.002, 0.003, 0.004)
        ),
        subsets=8,
        share=None,
        folds=None,
        scales=FIELD_SCALES,
        sizes=(4, 8),
        rake=8,
    )


def _char() -> Preset:
    """A base that does not copy yet, then a few hot steps on four fifths of the rows, which averaging mends.

    Of the settings tried on three tables that judge nothing these drew the best rows (docs/log.md).
    """
    return Preset(
        net={"width": 128, "embedding": 64},
        base=_rmsprop(0.01, steps=200, batch=16),
        points=(_rmsprop(0.02, steps=20, batch=16),),
        subsets=12,
        share=0.8,
        folds=3,
        scales=CHAR_SCALES,
        sizes=(2, 4, 8),
        rake=0,
    )


def _char_noisy() -> Preset:
    """The hottest regime whose single ingredients still draw valid rows: the one where a soup of two mends
    most. Its base has learned its rows by heart, and noise undoes that; its rows are not the best ones.
    """
    return Preset(
        net={"width": 128, "embedding": 64},
        base=_rmsprop(0.01, steps=400, batch=16),
        points=(_rmsprop(0.05, steps=40, batch=4),),
        subsets=8,
        share=0.8,
        folds=3,
        scales=(1.0,),
        sizes=(2, 4),
        rake=0,
    )


def _char_seed() -> Preset:
    """The seed experiment's published model: two layers of 256, RMSprop at a constant 0.01, batches of 64, at
    most 100 epochs, early stopping (patience 5) on a fifth of the rows.
    """
    return Preset(
        net={"width": 256, "embedding": 256},
        base=_rmsprop(0.01, steps=40, batch=64),
        points=(_rmsprop(0.01, steps=200, batch=64, patience=5),),
        subsets=6,
        share=0.8,
        folds=3,
        scales=(1.0,),
        sizes=(2, 4),
        rake=0,
    )


def _rmsprop(rate: float, steps: int, batch: int, patience: int = 0) -> Settings:
    return Settings(rate, steps, dropout=0.2, optimiser="rmsprop", batch=batch, patience=patience)
