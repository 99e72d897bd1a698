"""Rows of the char net of which some fields are known: a known field is written, the others are drawn, from
left to right.

What stands before a known field is drawn without knowing it, so ``CANDIDATES`` rows are drawn for each line
and one of the valid ones is picked by how likely they make what was written (sampling importance resampling:
Rubin, 1988). Where all known fields come first, every candidate is as good as the next.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from stockpot.constraints.cells import Truths
from stockpot.errors import ConditionError
from stockpot.families.base import Completed, Given, Weights
from stockpot.families.char.codec import BEGIN, END, FIELD, RESERVED, UNKNOWN, CharCodec
from stockpot.families.char.sampler import Walk
from stockpot.families.char.tensors import CharTensors

CANDIDATES = 8
NONE = -1
"""In a script: nothing is written here."""


def refuse(codec: CharCodec, given: Given) -> None:
    """ConditionError for a known value that no drawn row can have, and for what text cannot do."""
    if given.emphasis:
        raise ConditionError("Emphasis is not for char, which draws characters: use --model field.")
    for column in codec.columns:
        test = given.tests.get(column.name)
        if test is not None and test.only is not None:
            (text,) = column.write(_column(test.only, 1))
            if fault := column.fault(text):
                raise ConditionError(
                    f"No drawn row meets '{test.text}': in column {column.name!r} {text!r} {fault}."
                )
        if column.name not in given.cells:
            continue
        known = np.flatnonzero(given.known[column.name].to_numpy(dtype=bool))
        texts = column.write(given.cells[column.name].iloc[known])
        for line, text in zip(known.tolist(), texts, strict=True):
            if fault := column.fault(text):
                raise ConditionError(
                    f"Row {line}, counted from 0, says {text!r} in column {column.name!r}, which {fault}."
                )


def complete(
    tensors: CharTensors,
    weights: Weights,
    menagerie: int,
    given: Given,
    generator: torch.Generator,
    scale: float,
    mix: Tensor | None = None,
) -> Completed:
    """A row for each line; one of which no candidate was valid is not."""
    codec, given = tensors.codecs[menagerie], pinned(given)
    script, known = scripts(codec, given)
    walk = _Written(tensors, weights, menagerie, scale, torch.ones(1) if mix is None else mix)
    told, weight = walk.rows(
        script.repeat_interleave(CANDIDATES, 0), known.repeat_interleave(CANDIDATES, 0), generator
    )
    lines = np.repeat(np.arange(given.rows), CANDIDATES)
    frame, valid = _read(codec, told.tolist(), given.take(lines))
    chances = torch.softmax(weight.double().masked_fill(~torch.tensor(valid), -1e9).view(-1, CANDIDATES), -1)
    chosen = torch.multinomial(chances, 1, generator=generator)[:, 0].numpy()
    picked = np.arange(given.rows) * CANDIDATES + chosen
    return Completed(frame.iloc[picked].reset_index(drop=True), valid[picked])


def pinned(given: Given) -> Given:
    """With what only one value meets as known cells: it is written, where a test would reject all else."""
    cells, known, tests = given.cells.copy(), given.known.copy(), dict(given.tests)
    for name, test in given.tests.items():
        if test.only is None:
            continue
        value = _column(test.only, given.rows)
        cells[name] = cells[name].where(known[name], value) if name in cells else value
        known[name] = True
        del tests[name]
    return replace(given, cells=cells, known=known, tests=tests)


def _column(value: float | str, rows: int) -> pd.Series:
    return pd.Series([value] * rows, dtype="float64" if isinstance(value, float) else object)


def scripts(codec: CharCodec, given: Given) -> tuple[Tensor, Tensor]:
    """((rows, columns, symbols) of known fields with what ends them, (rows, columns) which are known)."""
    place = {char: RESERVED + i for i, char in enumerate(codec.alphabet)}
    known = np.zeros((given.rows, len(codec.columns)), dtype=bool)
    written: list[list[list[int]]] = []
    for j, column in enumerate(codec.columns):
        end = END if j == len(codec.columns) - 1 else FIELD
        texts = [""] * given.rows
        if column.name in given.cells:
            known[:, j] = given.known[column.name]
            texts = column.write(given.cells[column.name])
        written.append([[*(place.get(char, UNKNOWN) for char in text), end] for text in texts])
    longest = max((len(one) for column in written for one in column), default=1)
    script = np.full((given.rows, len(codec.columns), longest), NONE, dtype=np.int64)
    for j, column_texts in enumerate(written):
        for i in np.flatnonzero(known[:, j]).tolist():
            script[i, j, : len(column_texts[i])] = column_texts[i]
    return torch.tensor(script), torch.tensor(known)


def _read(codec: CharCodec, told: list[list[int]], given: Given) -> tuple[pd.DataFrame, Truths]:
    """Canonical rows with the known cells as they are given, and which are valid; the others hold what can be
    read of them.
    """
    texts = [codec.texts(row) for row in told]
    whole = [row if len(row) == len(codec.columns) else [""] * len(codec.columns) for row in texts]
    valid = np.array([len(row) == len(codec.columns) for row in texts], dtype=bool)
    out: dict[str, pd.Series] = {}
    for j, column in enumerate(codec.columns):
        kept = np.zeros(given.rows, dtype=bool)
        if column.name in given.cells:
            kept = given.known[column.name].to_numpy(dtype=bool)
        words = ["" if keep else row[j] for row, keep in zip(whole, kept.tolist(), strict=True)]
        sound = np.array([not column.fault(word) for word in words], dtype=bool) | kept
        values = pd.Series(
            column.read([w if ok else "" for w, ok in zip(words, sound.tolist(), strict=True)])
        )
        if column.name in given.cells:
            values = values.where(~kept, given.cells[column.name])
        if column.name in given.tests:
            sound = sound & given.tests[column.name].holds(values)
        out[column.name], valid = values, valid & sound
    return pd.DataFrame(out), valid


class _Written(Walk):
    """Draws rows along scripts."""

    @torch.no_grad()
    def rows(self, script: Tensor, known: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """((rows, time) symbols, (rows,) log probability of what was written)."""
        count, columns, longest = script.shape
        states, last = self.begin(count), torch.full((count,), BEGIN)
        row, at, spot = (
            torch.arange(count),
            torch.zeros(count, dtype=torch.int64),
            torch.zeros(count, dtype=torch.int64),
        )
        ended, weight, told = torch.zeros(count, dtype=torch.bool), torch.zeros(count), []
        for _ in range(self.longest + int((script != NONE).sum((1, 2)).max())):
            chances = self.chances(last, states)
            writes = known[row, at] & ~ended
            forced = script[row, at, spot.clamp_max(longest - 1)].clamp_min(0)
            final = at == columns - 1
            drawn = torch.multinomial(_within(chances, final), 1, generator=generator)[:, 0]
            last = torch.where(writes, forced, drawn).masked_fill_(ended, END)
            weight += torch.where(writes, chances[row, last].clamp_min(1e-30).log(), 0.0)
            told.append(last)
            ended = ended | (last == END)
            moved = (last == FIELD) & ~ended
            at, spot = at + moved, torch.where(moved, 0, spot + 1)
            if bool(ended.all()):
                break
        return torch.stack(told, dim=1), weight


def _within(chances: Tensor, final: Tensor) -> Tensor:
    """No field ends the row but the last, and that one does."""
    kept = chances.clone()
    kept[:, END] *= final
    kept[:, FIELD] *= ~final
    return kept + 1e-30 * (kept.sum(-1, keepdim=True) <= 0)
