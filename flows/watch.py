"""What a person sees of a cook while it runs: ingredients trained, of how many, time left; then what is done.

A bar at a terminal; elsewhere (a log, a pipe) a plain line now and then.
"""

from __future__ import annotations

import threading
import time
from types import TracebackType
from typing import Protocol, Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
)
from rich.text import Text

from stockpot.dish import Dish, base_key, batch_key, batches, score_key, soup_key, taste_key
from stockpot.flows.roll import BEGUN
from stockpot.progress import trained
from stockpot.reporting import scored_parts

LOOK_SECONDS, LINE_SECONDS = 0.4, 5.0


class _Left(ProgressColumn):
    """Time left, from the ingredients trained since this cook began."""

    def render(self, task: Task) -> Text:
        left = task.time_remaining
        return Text("" if left is None or task.finished else f"about {left:.0f} s left", style="dim")


class Place(Protocol):
    """Where a flow is: how much is done, of ``total``, and what is being made."""

    total: int

    def trained(self) -> float: ...

    def words(self, done: float) -> str: ...


class Station:
    """Where a dish is, read off the store; it never touches what it looks at."""

    def __init__(self, dish: Dish) -> None:
        self.dish = dish
        self.keys = [(batch_key(dish, batch), len(batch.numbers)) for batch in batches(dish.plan)]
        self.total = sum(count for _, count in self.keys)

    def trained(self) -> float:
        """Ingredients so far."""
        return trained(self.dish.place, self.keys)

    def words(self, done: float) -> str:
        """The stage that is being made."""
        store, dish = self.dish.place, self.dish
        if not store.known("base", base_key(dish)):
            return "training the base"
        menageries = "1 menagerie" if not dish.plan.folds else f"{dish.plan.folds + 1} menageries"
        if done < self.total:
            return f"trained {done:.0f} of {self.total} ingredients in {menageries}"
        if not store.known("taste", taste_key(dish)):
            return "tasting soups"
        if not store.known("soup", soup_key(dish)):
            return "blending the soup"
        parts = scored_parts(dish)
        scored = sum(store.known("score", score_key(dish, part)) for part in parts)
        return f"scored {scored} of {len(parts)}" if scored < len(parts) else "writing the report"


class Watch:
    """Looks at the station while the flow runs. ``starting`` is shown until the flow has begun."""

    def __init__(self, place: Place, console: Console, starting: str, *, plain: bool = False) -> None:
        self.station, self.console, self.starting = place, console, starting
        self.bar = None if plain or not console.is_terminal else _bar(console)
        self.row = self.bar.add_task(starting, total=self.station.total) if self.bar else None
        self.over = threading.Event()
        self.said, self.due = "", time.monotonic() + LINE_SECONDS
        self.thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        if self.bar:
            self.bar.start()
        self.thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.over.set()
        self.thread.join(LOOK_SECONDS + LINE_SECONDS)  # it may look for a store that is gone
        if self.bar:
            self.bar.stop()

    def _look(self) -> None:
        while not self.over.wait(LOOK_SECONDS):
            done = self.station.trained() if BEGUN.is_set() else 0.0
            self._show(done, self.station.words(done) if BEGUN.is_set() else self.starting)

    def _show(self, done: float, words: str) -> None:
        if self.bar and self.row is not None:
            self.bar.update(self.row, completed=done, description=words)
        elif words != self.said and time.monotonic() >= self.due:
            self.said, self.due = words, time.monotonic() + LINE_SECONDS
            self.console.print(words, style="dim", highlight=False)


def _bar(console: Console) -> Progress:
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        TimeElapsedColumn(),
        _Left(),
        console=console,
        transient=True,
    )
