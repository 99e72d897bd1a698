"""Training a stack of ingredients as one tensor program.

An ingredient learns what it would learn alone: its rows, its noise and its settings do not depend on which
others share the stack (to rounding: a batched matrix product may sum in another order).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from stockpot import noise
from stockpot.bins import Ints
from stockpot.families.base import Bound, Noise, Weights
from stockpot.keeper import Keeper
from stockpot.optimise import Settings, Stack

LEAST_GAIN = 0.001
"""A smaller gain on the left-out rows does not count for early stopping."""
PATIENT_MASKS = 8
OWN_SCALE = torch.ones(1)

Progress = Callable[[int, int], None]
"""Told of steps made, of how many."""


@dataclass(frozen=True)
class Lot:
    """What one ingredient of a stack learns from: its key, settings, learning rows and left-out rows."""

    key: int
    settings: Settings
    rows: Ints
    left_out: Ints


def padded(rows: Sequence[Ints]) -> tuple[Tensor, Tensor]:
    """Row numbers (E, R) and their shares (E, R), which sum to 1; what is padded has share 0."""
    most = max(len(r) for r in rows)
    numbers = torch.zeros(len(rows), most, dtype=torch.int64)
    shares = torch.zeros(len(rows), most)
    for e, own in enumerate(rows):
        numbers[e, : len(own)] = torch.as_tensor(own)
        shares[e, : len(own)] = 1 / max(len(own), 1)
    return numbers, shares


def train(
    bound: Bound,
    start: Weights,
    lots: Sequence[Lot],
    fractions: Sequence[float] = (1.0,),
    progress: Progress | None = None,
    keeper: Keeper | None = None,
) -> list[Weights]:
    """The weights (E, ...) after each fraction of every ingredient's own number of steps.

    With a keeper, a training that was killed goes on where it was.
    """
    stack = Stack(start, [lot.settings for lot in lots])
    steps = [lot.settings.steps for lot in lots]
    marks = [[max(1, round(share * n)) for n in steps] for share in fractions]
    saved = [stack.flat.detach().clone() for _ in fractions]
    patience = Patience(bound, lots, stack.flat) if any(lot.settings.patience for lot in lots) else None
    state = stack.state | {f"saved.{i}": kept for i, kept in enumerate(saved)}
    state |= patience.state if patience else {}
    feed = Feed(lots)
    made = keeper.resume(state) if keeper else 0
    for step in range(made + 1, max(steps) + 1):
        running = _running(step, steps, patience)
        if not any(running):
            break
        _step(bound, stack, lots, feed, step, running)
        if patience:
            patience.look(stack, step)
        for mark, kept in zip(marks, saved, strict=True):
            _keep(kept, stack.flat, [step == m for m in mark])
        if keeper:
            keeper.keep(state, step)
        if progress:
            progress(step, max(steps))
    if patience:
        saved = [patience.best for _ in fractions]
    return [stack.weights(kept) for kept in saved]


def _running(step: int, steps: Sequence[int], patience: Patience | None) -> list[bool]:
    going = patience.running.tolist() if patience else [True] * len(steps)
    return [go and step <= own for go, own in zip(going, steps, strict=True)]


def _step(
    bound: Bound, stack: Stack, lots: Sequence[Lot], feed: Feed, step: int, running: Sequence[bool]
) -> None:
    rows, share = feed(step)
    dropout = torch.tensor([lot.settings.dropout for lot in lots])
    smoothing = torch.tensor([lot.settings.smoothing for lot in lots])
    by = Noise([lot.key for lot in lots], step, dropout, smoothing)
    loss = bound.loss(stack.weights(), rows, share, by)
    (gradient,) = torch.autograd.grad(loss.sum(), stack.flat)
    stack.move(gradient, step, running)


@torch.no_grad()
def _keep(kept: Tensor, flat: Tensor, which: Sequence[bool]) -> None:
    if any(which):
        chosen = torch.tensor(which)
        kept[chosen] = flat[chosen]


class Feed:
    """Which rows each ingredient sees at a step: all, or the next batch of this epoch's shuffle."""

    def __init__(self, lots: Sequence[Lot]) -> None:
        self.lots = lots
        self.whole = padded([lot.rows for lot in lots])
        self.batched = any(0 < lot.settings.batch < len(lot.rows) for lot in lots)

    def __call__(self, step: int) -> tuple[Tensor, Tensor]:
        return padded([self._batch(lot, step - 1) for lot in self.lots]) if self.batched else self.whole

    @staticmethod
    def _batch(lot: Lot, step: int) -> Ints:
        size = min(lot.settings.batch or len(lot.rows), len(lot.rows))
        epoch, turn = divmod(step, epoch_steps(lot))
        order = noise.uniform([lot.key], epoch, noise.BATCHES, len(lot.rows))[0].argsort(stable=True).numpy()
        return np.asarray(lot.rows[order[turn * size : (turn + 1) * size]])


def epoch_steps(lot: Lot) -> int:
    """Steps in which the ingredient sees each of its rows once."""
    size = min(lot.settings.batch or len(lot.rows), len(lot.rows))
    return -(-len(lot.rows) // size)


class Patience:
    """Early stopping: an ingredient whose left-out rows have seen no gain for some epochs stops, and its best
    stays.
    """

    def __init__(self, bound: Bound, lots: Sequence[Lot], flat: Tensor) -> None:
        self.bound, self.lots = bound, lots
        self.rows, self.shares = padded([lot.left_out for lot in lots])
        count = len(lots)
        self.running = torch.ones(count, dtype=torch.bool)
        self.lowest = torch.full((count,), torch.inf, dtype=torch.float64)
        self.highest = torch.zeros(count, dtype=torch.float64)
        self.since = torch.zeros(count, dtype=torch.int64)
        self.best = flat.detach().clone()

    @property
    def state(self) -> dict[str, Tensor]:
        """All that looking changes."""
        names = ("running", "lowest", "highest", "since", "best")
        return {f"patience.{name}": getattr(self, name) for name in names}

    @torch.no_grad()
    def look(self, stack: Stack, step: int) -> None:
        """Judge whoever ends an epoch or its training at this step."""
        ended = [
            run and (step % epoch_steps(lot) == 0 or step == lot.settings.steps)
            for run, lot in zip(self.running.tolist(), self.lots, strict=True)
        ]
        if not any(ended):
            return
        judged = self.bound.judge(stack.weights(), self.rows, self.shares, PATIENT_MASKS, OWN_SCALE)
        better = [
            now and self._gained(e, judged.loss[e, 0].item(), judged.accuracy[e].item())
            for e, now in enumerate(ended)
        ]
        _keep(self.best, stack.flat, better)
        for e, now in enumerate(ended):
            self.since[e] = 0 if better[e] else self.since[e] + now
            limit = self.lots[e].settings.patience
            self.running[e] &= not (limit and self.since[e] >= limit)

    def _gained(self, e: int, loss: float, accuracy: float) -> bool:
        lowest, highest = self.lowest[e].item(), self.highest[e].item()
        self.lowest[e], self.highest[e] = min(lowest, loss), max(highest, accuracy)
        gained = loss < lowest - LEAST_GAIN or accuracy > highest + LEAST_GAIN
        return gained or not self.lots[e].settings.patience
