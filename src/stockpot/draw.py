"""Drawing rows, block by block: any number of them in bounded memory.

A block's noise depends on the seed and the block's number alone. Raking, where it is on, keeps some rows of
each block.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from stockpot import noise
from stockpot.canonical import restore
from stockpot.families.base import Program, Weights
from stockpot.rake import Margins
from stockpot.schema import Schema
from stockpot.transform import Transform

BLOCK = 1000
"""Rows of a block. Part of what a seed means: another size gives other rows."""


@dataclass(frozen=True)
class Ladle:
    """Draws from a stack of weights: of one ingredient or soup, or with ``mix`` of an ensemble.

    Rows are drawn as the net was trained: calibrated ones are too blunt to learn from (docs/log.md has the
    figures), and ``temperature`` blunts them for whoever wants it. ``rake`` times as many rows are drawn as
    are kept; 0 keeps all.
    """

    program: Program
    weights: Weights
    transform: Transform
    margins: Margins
    temperature: float = 1.0
    rake: int = 0
    menagerie: int = 0
    mix: Tensor | None = None

    @property
    def schema(self) -> Schema:
        """Columns of the rows that are drawn."""
        return self.transform.schema

    def block(self, rows: int, seed: int, number: int = 0) -> tuple[pd.DataFrame, int]:
        """Canonical rows, and how many invalid ones were rejected on the way."""
        frame, rejected = self.learned(rows, seed, number)
        return self.transform.back(frame, noise.key("afresh", seed), number * BLOCK), rejected

    def learned(self, rows: int, seed: int, number: int = 0) -> tuple[pd.DataFrame, int]:
        """A block in the columns that the family learns, and how many rows were rejected."""
        key = noise.key("draw", seed, number)
        generator = torch.Generator().manual_seed(key)
        count = rows * max(1, self.rake)
        drawn = self.program.draw(
            self.weights, self.menagerie, count, generator, 1 / self.temperature, self.mix
        )
        if not self.rake:
            return drawn.frame, drawn.rejected
        kept = self.margins.keep(drawn.frame, rows, np.random.default_rng(key))
        return drawn.frame.iloc[kept].reset_index(drop=True), drawn.rejected

    def blocks(self, rows: int, seed: int) -> Iterator[tuple[pd.DataFrame, int]]:
        """Blocks in the table's columns, order and dtypes, with the rejected rows of each."""
        for number, start in enumerate(range(0, rows, BLOCK)):
            frame, rejected = self.block(min(BLOCK, rows - start), seed, number)
            yield restore(frame, self.schema), rejected

    def draw(self, rows: int, seed: int) -> pd.DataFrame:
        """All blocks as one frame."""
        return pd.concat([frame for frame, _ in self.blocks(rows, seed)], ignore_index=True)
