"""Live progress of a cook at a terminal: ingredients trained, of how many, time left; then what is being done."""

from __future__ import annotations

import threading
import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, SpinnerColumn, Task, TextColumn, TimeElapsedColumn
from rich.text import Text

from stockpot.dish import Dish, base_key, batch_key, batches, score_key, soup_key, taste_key
from stockpot.progress import trained
from stockpot.reporting import scored_parts

EVERY_SECONDS = 0.4


class _Left(ProgressColumn):
    """Time left, from the ingredients trained since this cook began."""

    def render(self, task: Task) -> Text:
        left = task.time_remaining
        return Text("" if left is None or task.finished else f"about {left:.0f} s left", style="dim")


class Watch:
    """Looks into the store while the flow runs; it never touches what it watches."""

    def __init__(self, dish: Dish, console: Console) -> None:
        self.dish = dish
        self.keys = [(batch_key(dish, batch), len(batch.numbers)) for batch in batches(dish.plan)]
        self.total = sum(count for _, count in self.keys)
        self.progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            TimeElapsedColumn(),
            _Left(),
            console=console,
            transient=True,
        )
        self.bar = self.progress.add_task("starting", total=self.total)
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self.progress.start()
        self.thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.over.set()
        self.thread.join()
        self.progress.stop()

    def _look(self) -> None:
        while not self.over.is_set():
            done = trained(self.dish.place, self.keys)
            self.progress.update(self.bar, completed=done, description=self._what(done))
            time.sleep(EVERY_SECONDS)

    def _what(self, done: float) -> str:
        """The stage that is being made, in words."""
        store, dish = self.dish.place, self.dish
        if not store.folder("base", base_key(dish)).exists():
            return "training the base"
        menageries = "1 menagerie" if not dish.plan.folds else f"{dish.plan.folds + 1} menageries"
        if done < self.total:
            return f"trained {done:.0f} of {self.total} ingredients in {menageries}"
        if not store.folder("taste", taste_key(dish)).exists():
            return "tasting soups"
        if not store.folder("soup", soup_key(dish)).exists():
            return "blending the soup"
        parts = scored_parts(dish)
        scored = sum(store.folder("score", score_key(dish, part)).exists() for part in parts)
        return f"scored {scored} of {len(parts)}" if scored < len(parts) else "writing the report"
