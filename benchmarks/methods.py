"""What the benchmark can run: name -> how to draw rows from learning rows, at the method's own defaults.

``real`` draws nothing: it is what the real rows reach. ``floor`` and ``copy`` are the rails.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from stockpot.score import rails

REAL = "real"


@dataclass(frozen=True)
class Method:
    """``draw(train, rows, seed)`` gives rows. ``imports`` are loaded before the clock starts."""

    title: str
    draw: Callable[[pd.DataFrame, int, int], pd.DataFrame]
    imports: tuple[str, ...] = ()

    def prepare(self) -> None:
        for module in self.imports:
            importlib.import_module(module)


def floor(train: pd.DataFrame, rows: int, seed: int) -> pd.DataFrame:
    """The rail."""
    return rails.floor(train, rows, seed=seed)


def copy(train: pd.DataFrame, rows: int, seed: int) -> pd.DataFrame:
    """The rail."""
    return rails.copy(train, rows, seed=seed)


def cart(train: pd.DataFrame, rows: int, seed: int) -> pd.DataFrame:
    """The thing to beat."""
    from benchmarks.peers import cart as drawn

    return drawn(train, rows, seed)


def field_folds0(train: pd.DataFrame, rows: int, seed: int) -> pd.DataFrame:
    """Without tasting: the uniform soup."""
    from stockpot import Soup

    return Soup.fit(train, folds=0, seed=seed).sample(rows, seed=seed)


def field_tasted(train: pd.DataFrame, rows: int, seed: int) -> pd.DataFrame:
    """The whole protocol, at its defaults."""
    from stockpot import Soup

    return Soup.fit(train, seed=seed).sample(rows, seed=seed)


def char(train: pd.DataFrame, rows: int, seed: int) -> pd.DataFrame:
    """The whole protocol on characters."""
    from stockpot import Soup

    return Soup.fit(train, model="char", seed=seed).sample(rows, seed=seed)


SOUP = ("stockpot.soup", "stockpot.cook")
METHODS: Mapping[str, Method] = {
    "floor": Method("each column drawn by itself", floor),
    "copy": Method("learning rows drawn again", copy),
    "cart": Method("sequential trees, as synthpop grows them", cart, ("benchmarks.peers",)),
    "field_folds0": Method("stockpot: Soup.fit(table, folds=0)", field_folds0, SOUP),
    "field_tasted": Method("stockpot: Soup.fit(table)", field_tasted, SOUP),
    "char": Method('stockpot: Soup.fit(table, model="char")', char, SOUP),
}
