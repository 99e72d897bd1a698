"""The soup, as Python sees it: fit, sample, save, load."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd

from stockpot.draw import Ladle
from stockpot.errors import ConfigError
from stockpot.figures import Figures
from stockpot.folder import read_soup, write_soup
from stockpot.schema import Given, Schema
from stockpot.table import Table, of_frame
from stockpot.threads import single_threaded


@dataclass(frozen=True, eq=False)
class Soup:
    """An averaged model that draws rows. It needs no row of the table that it learned from.

    >>> soup = Soup.fit(frame)              # doctest: +SKIP
    >>> soup.sample(500, seed=7)            # doctest: +SKIP
    >>> soup.save("runs/mine/soup")         # doctest: +SKIP
    """

    ladle: Ladle
    model: str
    provenance: Mapping[str, Any]
    _score: Callable[[], Figures] | None = field(default=None, repr=False)

    @classmethod
    def fit(
        cls,
        table: pd.DataFrame | Table,
        schema: Given | None = None,
        *,
        model: Literal["field", "char"] = "field",
        folds: int | None = None,
        seed: int = 0,
        **options: Any,
    ) -> Soup:
        """The whole protocol in one process, without Prefect.

        ``folds`` None: 5 below 200 rows, else 3; 0: no tasting, the uniform soup of all ingredients (fast).
        ``schema``: ours, SDV's metadata, or column -> sdtype. ``options``: fields of
        ``stockpot.config.CookConfig``.
        """
        # the protocol makes soups: it imports this module
        from stockpot.configuration import configured
        from stockpot.cook import cooked

        config = configured({"model": model, "folds": folds, "seed": seed} | options)
        described = config.schema_file if schema is None else schema
        if isinstance(table, Table):
            given = table.without(*config.drop)
        else:
            given = of_frame(table, described, drop=config.drop)
        with single_threaded():
            return cooked(given, config)

    def sample(self, rows: int, *, seed: int = 0) -> pd.DataFrame:
        """``rows`` synthetic rows in the table's columns, order and dtypes; the same seed gives the same
        rows.
        """
        _check(rows)
        with single_threaded():
            return self.ladle.draw(rows, seed)

    def blocks(self, rows: int, *, seed: int = 0) -> Iterator[tuple[pd.DataFrame, int]]:
        """The same rows in blocks, for streaming, with how many invalid rows each rejected."""
        _check(rows)
        return _one_thread_each(self.ladle.blocks(rows, seed))

    @property
    def schema(self) -> Schema:
        """Columns of the rows."""
        return self.ladle.schema

    @cached_property
    def figures(self) -> Figures | None:
        """How good the soup is; scored when first asked for. None for a soup that was loaded: see its run's
        folder.
        """
        if self._score is None:
            return None
        with single_threaded():
            return self._score()

    def save(self, folder: str | Path) -> Path:
        """Write the soup's folder, which holds no row of the table."""
        path = Path(folder)
        write_soup(self.ladle, self.model, self.provenance, path)
        return path

    @classmethod
    def load(cls, folder: str | Path) -> Soup:
        """Read a soup's folder; FolderError says what is wrong with it."""
        return cls(*read_soup(Path(folder)))


def _one_thread_each(
    blocks: Iterator[tuple[pd.DataFrame, int]],
) -> Iterator[tuple[pd.DataFrame, int]]:
    """Each block is drawn as ``sample`` draws it; between them torch is as the caller set it."""
    while True:
        with single_threaded():
            block = next(blocks, None)
        if block is None:
            return
        yield block


def _check(rows: object) -> None:
    if isinstance(rows, bool) or not isinstance(rows, int | np.integer) or rows < 1:
        raise ConfigError(f"Asked for {rows!r} rows: give a whole number above 0.")
