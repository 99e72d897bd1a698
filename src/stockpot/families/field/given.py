"""Rows of the field net of which something is known: what is known is visible from the start, what is tested
is drawn next, and only from what holds.

Of one tested column that is exact. Of several, a row that is drawn so is likelier than it should be where
what holds of a later column is unlikely given an earlier one, so ``CANDIDATES`` rows are drawn for each line
and one is picked by importance (sampling importance resampling: Rubin, 1988).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from stockpot.bins import Floats, Ints
from stockpot.errors import ConditionError
from stockpot.families.base import Given, Test, Weights
from stockpot.families.field.allowed import Allowed
from stockpot.families.field.columns import Field
from stockpot.families.field.sampler import ORDERS, Walk, pick
from stockpot.families.field.tensors import FieldTensors

CANDIDATES = 16


@dataclass(frozen=True)
class Asked:
    """A block's lines in fields. ``tokens`` (rows, D), where ``known`` (rows, D); ``allowed`` of tested
    fields.
    """

    tokens: Tensor
    known: Tensor
    allowed: Mapping[int, Allowed]

    @classmethod
    def of(cls, tensors: FieldTensors, menagerie: int, given: Given) -> Asked:
        fields = tensors.codecs[menagerie].fields
        tokens = np.zeros((given.rows, len(fields)), dtype=np.int64)
        known = np.zeros((given.rows, len(fields)), dtype=bool)
        for j, field in enumerate(fields):
            if field.name in given.cells:
                tokens[:, j] = field.tokens(given.cells[field.name])
                known[:, j] = given.known[field.name]
        tested = {j: _allowed(f, given.tests[f.name]) for j, f in enumerate(fields) if f.name in given.tests}
        return cls(torch.tensor(tokens), torch.tensor(known), tested)

    def repeated(self, times: int) -> Asked:
        """Each line so many times in a row."""
        tokens, known = (part.repeat_interleave(times, 0) for part in (self.tokens, self.known))
        return Asked(tokens, known, self.allowed)


@lru_cache(maxsize=64)
def _allowed(field: Field, test: Test) -> Allowed:
    """The same for every block of a draw."""
    return field.allowed(test)


def refuse(tensors: FieldTensors, menagerie: int, given: Given) -> None:
    """ConditionError for a known value, or a test, that no drawn row can meet."""
    for field in tensors.codecs[menagerie].fields:
        test = given.tests.get(field.name)
        if test is not None and not _allowed(field, test).shares.any():
            reach = field.reach(given.say)
            raise ConditionError(f"No drawn row meets '{test.text}': column {field.name!r} {reach}.")
        if field.name not in given.cells:
            continue
        values = given.cells[field.name]
        wrong = field.impossible(values) & given.known[field.name].to_numpy(dtype=bool)
        if wrong.any():
            line = int(np.argmax(wrong))
            said = given.say(field.name, values.iloc[line])
            raise ConditionError(
                f"Row {line}, counted from 0, says {said} in column {field.name!r}, which "
                f"{field.reach(given.say)}."
            )


def draw_given(
    tensors: FieldTensors,
    weights: Weights,
    menagerie: int,
    given: Given,
    generator: torch.Generator,
    scale: float,
    mix: Tensor | None = None,
) -> pd.DataFrame:
    """A canonical row for each line."""
    asked = Asked.of(tensors, menagerie, given)
    times = CANDIDATES if len(asked.allowed) > 1 else 1
    walk = _GivenWalk(tensors, weights, menagerie, scale, mix, given.emphasis)
    tokens, weight = walk.lines(asked.repeated(times), generator)
    if times > 1:
        chosen = pick(torch.softmax(weight.view(-1, times), dim=-1), generator)
        tokens = tokens[torch.arange(given.rows) * times + chosen]
    inside = np.random.default_rng(int(torch.randint(2**62, (1,), generator=generator)))
    return _decoded(tensors, menagerie, tokens.numpy(), asked, given, inside)


def _decoded(
    tensors: FieldTensors, m: int, tokens: Ints, asked: Asked, given: Given, rng: np.random.Generator
) -> pd.DataFrame:
    """Known cells as they are given, tested numbers from what holds of their bins."""
    codec = tensors.codecs[m]
    frame = codec.decode(tokens, rng)
    for j, allowed in asked.allowed.items():
        if allowed.pools:
            frame[codec.fields[j].name] = allowed.drawn(tokens[:, j], rng)
    for name in given.cells:
        if name in frame:
            frame[name] = frame[name].where(~given.known[name], given.cells[name])
    return frame


def centres(
    tensors: FieldTensors,
    weights: Weights,
    menagerie: int,
    frame: pd.DataFrame,
    scale: float,
    mix: Tensor | None = None,
) -> pd.DataFrame:
    """Every missing cell by itself, given the cells of its row that are there."""
    codec = tensors.codecs[menagerie]
    seen = torch.tensor(frame[[f.name for f in codec.fields]].notna().to_numpy())
    walk = _GivenWalk(tensors, weights, menagerie, scale, mix, {})
    x = walk.shown(torch.tensor(codec.tokens(frame)), seen)
    filled = frame.copy()
    for j, field in enumerate(codec.fields):
        rows = (~seen[:, j]).nonzero()[:, 0]
        if len(rows):
            found = field.centres(walk.chances(x[rows], j).double().numpy())
            if pd.notna(found).any():  # not of a column that never had a value
                filled.loc[filled.index[rows.numpy()], field.name] = found
    return filled


class _GivenWalk(Walk):
    def __init__(
        self,
        tensors: FieldTensors,
        weights: Weights,
        m: int,
        scale: float,
        mix: Tensor | None,
        emphasis: Mapping[str, float],
    ) -> None:
        super().__init__(tensors, weights, m, scale, torch.ones(1) if mix is None else mix)
        self.factors = [emphasis.get(field.name, 1.0) for field in tensors.codecs[m].fields]

    def shown(self, tokens: Tensor, seen: Tensor) -> Tensor:
        """(rows, inputs) of what is visible of the tokens (rows, D)."""
        x = torch.zeros(len(tokens), self.tensors.inputs)
        for j in range(self.tensors.fields):
            self.show(x, j, tokens[:, j])
        x[:, : self.ends[-1]] *= seen[:, self.tensors.owner]
        x[:, self.ends[-1] :] = seen.float()
        return x

    def lines(self, asked: Asked, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """(tokens (rows, D), log importance (rows,)), a random order for each part of the rows."""
        first = list(asked.allowed)
        parts = torch.arange(len(asked.tokens)).chunk(ORDERS)
        done = []
        for part in parts:
            order = torch.randperm(self.tensors.fields, generator=generator).tolist()
            done.append(self._part(asked, part, [*first, *(j for j in order if j not in first)], generator))
        return torch.cat([tokens for tokens, _ in done]), torch.cat([weight for _, weight in done])

    @torch.no_grad()
    def _part(
        self, asked: Asked, part: Tensor, order: list[int], generator: torch.Generator
    ) -> tuple[Tensor, Tensor]:
        tokens, known = asked.tokens[part].clone(), asked.known[part]
        x, weight = self.shown(tokens, known), torch.zeros(len(part))
        for j in order:
            if bool(known[:, j].all()):
                continue
            chances = self.chances(x, j, self.factors[j])
            if j in asked.allowed:
                chances, mass = _restricted(chances, asked.allowed[j].shares)
                weight += torch.where(known[:, j], 0.0, mass.clamp_min(1e-30).log())
            tokens[:, j] = torch.where(known[:, j], tokens[:, j], pick(chances, generator))
            self.show(x, j, tokens[:, j])
        return tokens, weight


def _restricted(chances: Tensor, shares: Floats) -> tuple[Tensor, Tensor]:
    """(rows, K) what is left of the chances, and (rows,) how much that is; evenly where it is nothing."""
    holds = torch.zeros(chances.shape[1])
    holds[: len(shares)] = torch.tensor(shares, dtype=torch.float32)
    left = chances * holds + 1e-30 * (holds > 0)
    return left, left.sum(-1)
