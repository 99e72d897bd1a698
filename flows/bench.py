"""Who measures: as many threads as there are workers, each of which waits for a process of its own."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self

from prefect import Task, unmapped
from prefect.task_runners import ThreadPoolTaskRunner

from stockpot.benchmarks import run


class Bench:
    """Runs tasks. A task that fails, or an interruption, ends the processes of those beside it at once: they
    leave no line, and are measured the next time.
    """

    def __init__(self, workers: int) -> None:
        self.runner = ThreadPoolTaskRunner[Any](max_workers=workers)

    def __enter__(self) -> Self:
        run.begin()
        self.runner.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind:
            run.stop()
        self.runner.__exit__(kind, error, trace)

    def do_one_by_one(self, task: Task[..., Any], **each: Sequence[object]) -> None:
        """One task for each entry of the argument, each when the one before is done."""
        ((name, entries),) = each.items()
        for entry in entries:
            self.runner.submit(task, {name: entry}).result()

    def do_each(self, task: Task[..., Any], *, trial: Sequence[object], **same: object) -> None:
        """One task for each trial, as many at a time as there are workers."""
        given = {name: unmapped(value) for name, value in same.items()}
        for future in self.runner.map(task, {"trial": trial, **given}) if trial else ():
            future.result()
