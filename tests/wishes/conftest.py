from __future__ import annotations

import pytest

from stockpot.soup import Soup
from tests.small import quick
from tests.wishes.odd import SDTYPES, odd, pair


@pytest.fixture(scope="session")
def soup() -> Soup:
    """Of every kind of column."""
    return quick(odd(), schema=SDTYPES, folds=0)


@pytest.fixture(scope="session")
def coupled() -> Soup:
    """Of three columns that depend on each other."""
    return quick(pair(), folds=0, grid={"steps": [60], "learning_rate": [0.02]}, subsets={"count": 1})


@pytest.fixture(scope="session")
def spelt() -> Soup:
    """Of the char family."""
    return quick(
        odd(30)[["kind", "count", "day", "healthy"]],
        folds=0,
        model="char",
        grid={"steps": [60], "learning_rate": [0.03]},
        subsets={"count": 1},
        net={"width": 16},
    )
