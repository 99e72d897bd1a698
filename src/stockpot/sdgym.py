"""SDGym, the benchmark of SDV's authors: a custom synthesizer for ``sdgym.benchmark_single_table``.

>>> from stockpot.sdgym import StockpotSynthesizer  # pip install 'stockpot[sdgym]'   # doctest: +SKIP
>>> sdgym.benchmark_single_table(custom_synthesizers=[StockpotSynthesizer])           # doctest: +SKIP

A table is learned at the defaults, without tasting. SDGym measures a synthesizer's size by what it
pickles: it is given a soup without what scoring would need, which holds no row of the table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

import pandas as pd

from stockpot.errors import ConfigError
from stockpot.soup import Soup

NAME = "Stockpot"


def synthesizer(name: str = NAME, **options: Any) -> type:
    """A class for SDGym's ``custom_synthesizers``; ``options`` are those of ``Soup.fit``, as in
    ``synthesizer("Stockpot char", model="char")``. ConfigError if SDGym is not installed.
    """
    try:
        from sdgym import create_single_table_synthesizer
    except ImportError as error:
        raise ConfigError(
            f"SDGym cannot be imported ({error}): pip install 'stockpot[sdgym]' in an environment of its own."
        ) from None

    def train(data: pd.DataFrame, metadata: Mapping[str, Any]) -> Soup:
        return trained(data, metadata, **options)

    made: type = create_single_table_synthesizer(name, train, drawn)
    return made


def trained(data: pd.DataFrame, metadata: Mapping[str, Any], **options: Any) -> Soup:
    """A soup of the table; ``metadata`` is SDV's, as a dict."""
    return replace(Soup.fit(data, metadata, **({"folds": 0} | options)), _score=None)


def drawn(soup: Soup, n_rows: int) -> pd.DataFrame:
    """So many rows."""
    return soup.sample(n_rows)


@lru_cache
def _usual() -> type:
    return synthesizer()


def __getattr__(name: str) -> Any:
    """``StockpotSynthesizer`` is made when it is asked for: it needs SDGym."""
    if name == "StockpotSynthesizer":
        return _usual()
    raise AttributeError(f"module 'stockpot.sdgym' has no attribute {name!r}")
