"""The families' default settings, and named ones. Each figure says why it is what it is."""

from __future__ import annotations

from dataclasses import dataclass

from stockpot.errors import ConfigError
from stockpot.optimise import Settings

LARGE_ROWS = 600
"""From so many rows on a wider net and finer bins pay."""
MANY_ROWS, FEW_STEPS, MANY_STEPS = 200, 200, 400
"""From so many rows on ingredients train longer."""
FIELD_SCALES = (1.0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.1, 1.25)
"""Scales of the logits that the left-out rows choose from; the first is the net's own."""


@dataclass(frozen=True)
class Preset:
    """What a configuration falls back on."""

    net: dict[str, int]
    base: Settings
    points: tuple[Settings, ...]
    subsets: int
    share: float | None
    folds: int | None
    fractions: tuple[float, ...]
    scales: tuple[float, ...]
    sizes: tuple[int, ...]
    rake: int


def preset(model: str, name: str, rows: int) -> Preset:
    """The preset of a family for a table of so many rows."""
    if model == "field":
        if name != "default":
            raise ConfigError(
                f"Option 'preset' is '{name}', which only the char family has: add --model char."
            )
        return _field(rows)
    return _char_seed() if name == "seed" else _char()


def _field(rows: int) -> Preset:
    """Eight subsets, so that every row is left out by an eighth of the ingredients, times three learning
    rates.

    The base is short: a shared start is what makes weights averageable, a long one adds nothing and leaks.
    Two lengths of training are compared on left-out rows; few steps leak less, and more rows bear more of
    them.
    """
    large = rows >= LARGE_ROWS
    steps = FEW_STEPS if rows < MANY_ROWS else MANY_STEPS
    return Preset(
        net={"width": 128 if large else 64, "bins": 64 if large else 32, "basis": 10 if large else 6},
        base=Settings(learning_rate=0.001, steps=100, dropout=0.15, weight_decay=0.01),
        points=tuple(
            Settings(learning_rate=rate, steps=steps, dropout=0.2, weight_decay=0.3)
            for rate in (0.002, 0.003, 0.004)
        ),
        subsets=8,
        share=None,
        folds=None,
        fractions=(0.5, 1.0),
        scales=FIELD_SCALES,
        sizes=(4, 8),
        rake=8,
    )


def _char() -> Preset:
    """The noisy regime: a briefly trained base, then few rows at a high constant learning rate, which
    averaging mends.

    Twelve ingredients of two fifths of the rows each: an ingredient alone is hot and copies, their soup
    does not.
    """
    return Preset(
        net={"width": 128, "embedding": 64},
        base=_rmsprop(0.01, steps=200, batch=16),
        points=(_rmsprop(0.03, steps=70, batch=16),),
        subsets=12,
        share=0.4,
        folds=3,
        fractions=(1.0,),
        scales=(1.0,),
        sizes=(4, 8),
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
        fractions=(1.0,),
        scales=(1.0,),
        sizes=(2, 4),
        rake=0,
    )


def _rmsprop(rate: float, steps: int, batch: int, patience: int = 0) -> Settings:
    return Settings(rate, steps, dropout=0.2, optimiser="rmsprop", batch=batch, patience=patience)
