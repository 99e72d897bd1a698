"""Who does the work: a task runner that the configuration chooses, and results in the dish's store."""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence
from threading import Thread
from types import TracebackType
from typing import Any, Self

from prefect import Task, unmapped

from stockpot.config import CookConfig
from stockpot.dish import Dish, Made
from stockpot.flows import endings
from stockpot.flows.limits import is_limited
from stockpot.flows.runners import task_runner
from stockpot.progress import STOP
from stockpot.tasks.stage import TRAIN, records

PATIENCE = 5.0
"""Seconds that the closing of a pool of killed processes is waited for."""


class Crew:
    """Runs tasks on one dish. Every call returns when its tasks are done; the first that fails ends the cook
    when those beside it are done, so that what can be finished is kept for the next run.
    """

    def __init__(self, config: CookConfig, dish: Dish) -> None:
        self.dish = dish
        self.runner = task_runner(config)
        self.processes = config.runner == "processes"
        self.limited = True

    def __enter__(self) -> Self:
        STOP.clear()
        self.limited = is_limited(TRAIN)
        self.runner.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind and not issubclass(kind, Exception):
            self._abandon()
        else:
            self.runner.__exit__(kind, error, trace)

    def _abandon(self) -> None:
        """Interrupted or terminated: nobody waits for the results of what still runs, in threads or in
        processes.
        """
        STOP.set()
        endings.leaving.set()
        _kill_children()
        if self.processes:
            self._close_soon()
        else:
            self.runner.__exit__(None, None, None)

    def _close_soon(self) -> None:
        """A process that is killed while it tells something holds the lock of its pool's queue for good: who
        closes the pool may wait for that lock for ever.
        """
        closing = Thread(target=self.runner.__exit__, args=(None, None, None), daemon=True)
        closing.start()
        closing.join(PATIENCE)
        _kill_children()  # also one that was started meanwhile

    def do(self, task: Task[..., Any], **arguments: object) -> Made:
        """One task."""
        made: Made = self.runner.submit(self._stored(task), {"dish": self.dish, **arguments}).result()
        return made

    def do_each(self, task: Task[..., Any], **arguments: Sequence[object]) -> list[Made]:
        """One task for each entry of the argument."""
        futures = self.runner.map(self._stored(task), {"dish": unmapped(self.dish), **arguments})
        return [future.result() for future in futures]

    def _stored(self, task: Task[..., Any]) -> Task[..., Any]:
        """With a place for its records. A tag that nobody limited goes: Prefect would ask for leave all the
        same, which on a server that is busy with its database takes two seconds now and then.
        """
        tags = task.tags if self.limited else ()
        return task.with_options(result_storage=records(self.dish.store), tags=tags)


def _kill_children() -> None:
    for child in multiprocessing.active_children():
        child.kill()
