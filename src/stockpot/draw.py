"""Drawing rows, block by block: any number of them in bounded memory.

A block's noise depends on the seed and the block's number alone. Raking, where it is on, keeps some rows of
each block.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from stockpot import noise
from stockpot.bins import Ints
from stockpot.canonical import restore
from stockpot.constraints.cells import Truths
from stockpot.constraints.drawing import distinct, filled, gathered
from stockpot.constraints.rules import Rules
from stockpot.constraints.sieve import Sieve
from stockpot.errors import ConditionError, ConfigError
from stockpot.families.base import Completed, Conditional, Given, Program, Weights
from stockpot.rake import Margins
from stockpot.schema import Schema
from stockpot.transform import Transform
from stockpot.wishes.wishes import Lines, Wishes

BLOCK = 1000
"""Rows of a block. Part of what a seed means: another size gives other rows."""
MOST_SETS = 1000


def set_seeds(sets: object, seed: int) -> list[int]:
    """A seed for each of several independent tables, the first one the seed itself."""
    if isinstance(sets, bool) or not isinstance(sets, int) or not 1 <= sets <= MOST_SETS:
        raise ConfigError(f"Asked for {sets!r} sets: give a whole number from 1 to {MOST_SETS}.")
    return [seed, *(noise.key("set", seed, number) for number in range(1, sets))]


def conditional(program: Program) -> Conditional:
    """ConditionError if the family draws no rows under conditions."""
    if not isinstance(program, Conditional):
        raise ConditionError(
            "This model family draws no rows of which something is known: use --model field."
        )
    return program


def _generator(seed: int, number: int, batch: int = 0) -> torch.Generator:
    """Of a block's draw. ``batch``: of a block that draws several times."""
    key = noise.key("draw", seed, number, batch) if batch else noise.key("draw", seed, number)
    return torch.Generator().manual_seed(key)


@dataclass(frozen=True)
class Ladle:
    """Draws from a stack of weights: of one ingredient or soup, or with ``mix`` of an ensemble.

    Rows are drawn as the net was trained: calibrated ones are too blunt to learn from (docs/log.md has the
    figures), and ``temperature`` blunts them for whoever wants it. ``rake`` times as many rows are drawn as
    are kept; 0 keeps all. ``rules``: what must hold in every row. ``wishes``: what of some columns is known.
    """

    program: Program
    weights: Weights
    transform: Transform
    margins: Margins
    temperature: float = 1.0
    rake: int = 0
    menagerie: int = 0
    mix: Tensor | None = None
    rules: Rules = field(default_factory=Rules)
    wishes: Wishes = field(default_factory=Wishes)

    @property
    def schema(self) -> Schema:
        """Columns of the rows that are drawn."""
        return self.transform.schema

    def block(
        self, rows: int, seed: int, number: int = 0, sieve: Sieve | None = None
    ) -> tuple[pd.DataFrame, int]:
        """Canonical rows, and how many invalid ones were rejected on the way.

        ``sieve`` remembers what blocks before this one gave (keys that must not come twice).
        """
        if self.wishes.lined:
            return self._lined(rows, seed, number, sieve or Sieve(self.rules))
        if self.rules:
            return self._ruled(rows, seed, number, sieve or Sieve(self.rules))
        frame, rejected = self.learned(rows, seed, number)
        return self._back(frame, seed, number), rejected

    def _back(self, frame: pd.DataFrame, seed: int, number: int) -> pd.DataFrame:
        return self.transform.back(frame, noise.key("afresh", seed), number * BLOCK)

    def _ruled(self, rows: int, seed: int, number: int, sieve: Sieve) -> tuple[pd.DataFrame, int]:
        """A block of rows that hold; they are rejected before they are raked. Constraints that the learning
        rows need not obey change the marginals: then nothing is raked.
        """
        plain, rake = replace(self, rake=0), 0 if self.rules.reshape else self.rake
        learned, told, rejected = gathered(
            lambda batch, count: plain.learned(count, seed, number, batch),
            lambda frame: self._back(frame, seed, number),
            sieve,
            rows,
            rows * max(1, rake),
        )
        kept = np.arange(rows)
        if rake:
            mended = self.transform.forward(told)
            rng = np.random.default_rng(noise.key("draw", seed, number))
            kept = distinct(self.margins.keep(mended, rows, rng), len(told))
        # rows that are left out had fresh values too (ids): those that stay get theirs in turn
        chosen = self._back(learned.iloc[kept].reset_index(drop=True), seed, number)
        chosen = self.rules.mend(chosen)
        sieve.remember(chosen)
        return chosen, rejected

    def _lined(self, rows: int, seed: int, number: int, sieve: Sieve) -> tuple[pd.DataFrame, int]:
        """A block of rows each of which is known in part; nothing is raked."""
        lines = self.wishes.at(rows, number * BLOCK, seed)
        numbers = self.wishes.numbers(rows, number * BLOCK)

        def told_of(frame: pd.DataFrame, own: Lines) -> pd.DataFrame:
            return own.put(self._back(frame, seed, number))

        def draw(batch: int, which: Ints) -> tuple[pd.DataFrame, Truths]:
            given = self.wishes.given(lines.take(which), self.transform)
            found = self._completed(given, _generator(seed, number, batch))
            return found.frame, found.valid

        def check(frame: pd.DataFrame, which: Ints) -> tuple[pd.DataFrame, Truths]:
            own = lines.take(which)
            told, holds = sieve.sift(told_of(frame, own))
            return told, holds & own.kept(told)

        learned, rejected = filled(draw, check, sieve, numbers)
        chosen = self.rules.mend(told_of(learned, lines))
        self.wishes.refuse_repeated(chosen, lines, self.schema)
        sieve.remember(chosen)
        return chosen, rejected

    def _completed(self, given: Given, generator: torch.Generator) -> Completed:
        program = conditional(self.program)
        scale = 1 / self.temperature
        return program.complete(self.weights, self.menagerie, given, generator, scale, self.mix)

    def learned(self, rows: int, seed: int, number: int = 0, batch: int = 0) -> tuple[pd.DataFrame, int]:
        """A block in the columns that the family learns, and how many rows were rejected. ``batch``: of a
        block that draws several times.
        """
        generator = _generator(seed, number, batch)
        frame, rejected = self._drawn(rows * max(1, self.rake), generator)
        if not self.rake:
            return frame, rejected
        kept = self.margins.keep(frame, rows, np.random.default_rng(generator.initial_seed()))
        return frame.iloc[kept].reset_index(drop=True), rejected

    def _drawn(self, count: int, generator: torch.Generator) -> tuple[pd.DataFrame, int]:
        """At most ``count`` rows: of those with conditions, the valid ones."""
        if not self.wishes:
            scale = 1 / self.temperature
            drawn = self.program.draw(self.weights, self.menagerie, count, generator, scale, self.mix)
            return drawn.frame, drawn.rejected
        nothing = self.wishes.at(count, 0, 0)
        found = self._completed(self.wishes.given(nothing, self.transform), generator)
        return found.frame[found.valid], int((~found.valid).sum())

    def blocks(self, rows: int, seed: int, sieve: Sieve | None = None) -> Iterator[tuple[pd.DataFrame, int]]:
        """Blocks in the table's columns, order and dtypes, with the rejected rows of each. ``sieve`` tells
        afterwards what share of the drawn rows held the constraints.
        """
        sieve = Sieve(self.rules) if sieve is None else sieve
        for number, start in enumerate(range(0, rows, BLOCK)):
            frame, rejected = self.block(min(BLOCK, rows - start), seed, number, sieve)
            yield restore(frame, self.schema), rejected

    def draw(self, rows: int, seed: int) -> pd.DataFrame:
        """All blocks as one frame."""
        return pd.concat([frame for frame, _ in self.blocks(rows, seed)], ignore_index=True)
