"""The soup, as Python sees it: fit, sample, save, load."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np
import pandas as pd

from stockpot import hub
from stockpot.card import Facts, card, facts_of, read_card
from stockpot.constraints.sieve import Sieve
from stockpot.draw import Ladle, set_seeds
from stockpot.errors import ConfigError
from stockpot.exchange import dataset_of, frame_of
from stockpot.figures import Figures
from stockpot.folder import HELD, read_soup, write_soup
from stockpot.schema import Given, Schema
from stockpot.table import Table, of_frame
from stockpot.threads import single_threaded
from stockpot.wishes.asked import Asked, wishing

if TYPE_CHECKING:
    from stockpot.exchange import Dataset


@dataclass(frozen=True, eq=False, repr=False)
class Soup:
    """An averaged model that draws rows. It needs no row of the table that it learned from.

    >>> soup = Soup.fit(frame)              # doctest: +SKIP
    >>> soup.sample(500, seed=7)            # doctest: +SKIP
    >>> soup.save("runs/mine/soup")         # doctest: +SKIP
    """

    ladle: Ladle
    model: str
    provenance: Mapping[str, Any]
    _score: Callable[[], Figures] | None = None
    _card: str | None = None

    @classmethod
    def fit(
        cls,
        table: pd.DataFrame | Table | Dataset,
        schema: Given | None = None,
        *,
        model: str = "field",
        folds: int | None = None,
        seed: int = 0,
        **options: Any,
    ) -> Soup:
        """The whole protocol in one process, without Prefect.

        ``table``: a DataFrame, a ``datasets.Dataset`` or an Arrow table. ``folds`` None: 5 below 200 rows,
        else 3; 0: no tasting, the uniform soup of all ingredients (fast). ``schema``: ours, SDV's metadata (a
        dict, a file, or its own object), or column -> sdtype (of some columns: the others are
        detected). ``options``: fields of
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
            rows, sdtypes, locale = frame_of(table), config.sdtypes, config.locale
            given = of_frame(rows, described, drop=config.drop, sdtypes=sdtypes, locale=locale)
        with single_threaded():
            return cooked(given, config)

    def sample(self, rows: int, *, seed: int = 0, **wishes: Unpack[Asked]) -> pd.DataFrame:
        """``rows`` synthetic rows in the table's columns, order and dtypes; the same seed gives the same
        rows. ``wishes`` (``stockpot.wishes.asked.Asked``): constraints beside the cook's, where, balance,
        distinct, apart, apart_from, temperature, emphasis.
        """
        _check(rows)
        with single_threaded():
            return self.wishing(**wishes).ladle.draw(rows, seed)

    def sample_sets(
        self, sets: int, rows: int, *, seed: int = 0, **wishes: Unpack[Asked]
    ) -> list[pd.DataFrame]:
        """``sets`` independent synthetic tables of ``rows`` rows each, the first as ``sample`` draws it:
        ``stockpot.pool`` makes one estimate of theirs.
        """
        seeds = set_seeds(sets, seed)
        return [self.sample(rows, seed=own, **wishes) for own in seeds]

    def blocks(
        self, rows: int, *, seed: int = 0, sieve: Sieve | None = None
    ) -> Iterator[tuple[pd.DataFrame, int]]:
        """The same rows in blocks, for streaming, with how many invalid rows each rejected. ``sieve``: tells
        afterwards what share of the drawn rows held the constraints.
        """
        _check(rows)
        return _one_thread_each(self.ladle.blocks(rows, seed, sieve))

    def wishing(self, **wishes: Unpack[Asked]) -> Soup:
        """The soup as ``sample`` with these wishes draws from it."""
        return replace(self, ladle=wishing(self.ladle, wishes)) if wishes else self

    def completing(self, rows: pd.DataFrame, each: int = 1, **wishes: Unpack[Asked]) -> Soup:
        """The soup whose next ``len(rows) * each`` rows complete these."""
        given: Any = rows
        partial = pd.DataFrame() if given is None else given
        return replace(self, ladle=wishing(self.ladle, wishes, partial, each))

    def complete(
        self, rows: pd.DataFrame, each: int = 1, *, seed: int = 0, **wishes: Unpack[Asked]
    ) -> pd.DataFrame:
        """Partial rows with what they lack drawn: ``each`` synthetic rows for each of them, one behind the
        other. Cells that are missing, and columns that are not there, are drawn; the others are kept.
        """
        soup = self.completing(rows, each, **wishes)
        return soup.sample(len(rows) * each, seed=seed)

    def impute(self, table: pd.DataFrame) -> pd.DataFrame:
        """The table with its missing cells filled: numbers by the median, categories by the most likely one,
        each given the cells of its row that are there. Other columns, dtypes and the index stay.
        """
        from stockpot.wishes.impute import imputed

        with single_threaded():
            return imputed(self.ladle, table)

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

    def to_dataset(self, rows: int, **wishes: Any) -> Dataset:
        """What ``sample`` draws as a ``datasets.Dataset``, with the table's Features."""
        return dataset_of(self.sample(rows, **wishes), self.schema)

    def metadata(self) -> dict[str, Any]:
        """SDV's single-table metadata of the rows, for ``sdv.metadata.Metadata.load_from_dict``."""
        return self.schema.to_sdv()

    def save(self, folder: str | Path) -> Path:
        """Write the soup's folder, which holds no row of the table. Its README.md tells the figures, if they
        were asked for before, or is that of the folder that the soup was loaded from.
        """
        known: Figures | None = self.__dict__.get("figures")
        told = card(self._facts, known) if known else self._card
        return write_soup(self.ladle, self.model, self.provenance, Path(folder), told)

    @classmethod
    def load(cls, folder: str | Path, *, token: str | None = None) -> Soup:
        """Read a soup's folder, or ``hf://owner/name`` of the Hugging Face Hub (``@revision`` behind it names
        one; ``token``: of a private one). FolderError and HubError say what is wrong.
        """
        path = hub.fetch(str(folder), HELD, token=token) if hub.is_place(folder) else Path(folder)
        return cls(*read_soup(path), _card=read_card(path))

    @classmethod
    def from_pretrained(cls, repo_id: str, *, token: str | None = None) -> Soup:
        """``load`` of a repository of the Hugging Face Hub."""
        return cls.load(repo_id if hub.is_place(repo_id) else f"{hub.SCHEME}{repo_id}", token=token)

    def push_to_hub(
        self, repo_id: str, *, token: str | None = None, private: bool = True, message: str = "A soup"
    ) -> str:
        """Upload the soup's folder to a model repository of the Hugging Face Hub, and say where it is.

        The repository ``owner/name`` is made if it is not there, private unless told otherwise. Without a
        token: HF_TOKEN, or who is logged in on this machine. HubError says what is wrong.
        """
        with TemporaryDirectory(prefix="stockpot-") as place:
            folder = self.save(Path(place) / "soup")
            return hub.push(folder, repo_id, HELD, token=token, private=private, message=message)

    @property
    def _facts(self) -> Facts:
        return facts_of(self.model, self.schema.to_json()["columns"], self.provenance)

    def __repr__(self) -> str:
        from stockpot.display import line

        return line(self._facts)

    def _repr_html_(self) -> str:
        """A notebook's card. Figures are told if they were asked for before: scoring takes a while."""
        from stockpot.display import as_html

        return as_html(self._facts, self.__dict__.get("figures"))


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
