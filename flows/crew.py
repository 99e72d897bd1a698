"""Who does the work: a task runner that the configuration chooses, and results in the dish's store."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import Any, Self

from prefect import Task, unmapped
from prefect.futures import PrefectFuture
from prefect.task_runners import ProcessPoolTaskRunner, TaskRunner, ThreadPoolTaskRunner

from stockpot.config import CookConfig
from stockpot.dish import Dish, Made
from stockpot.errors import ConfigError


def task_runner(config: CookConfig) -> TaskRunner[Any]:
    """Threads in this process, processes of this machine, or a Dask cluster."""
    if config.runner == "processes":
        return ProcessPoolTaskRunner(max_workers=config.workers)
    if config.runner == "dask":
        return _dask(config)
    return ThreadPoolTaskRunner(max_workers=config.workers)


def _dask(config: CookConfig) -> TaskRunner[Any]:
    try:
        from prefect_dask import DaskTaskRunner
    except ImportError:
        raise ConfigError("Option 'runner' is 'dask', which is not installed: pip install 'stockpot[dask]'.") from None
    return DaskTaskRunner(cluster_kwargs={"n_workers": config.workers, "threads_per_worker": 1, "dashboard_address": None})


class Crew:
    """Runs tasks on one dish; every call returns when its tasks are done, or raises what the first of them raised."""

    def __init__(self, config: CookConfig, dish: Dish) -> None:
        self.dish = dish
        self.runner = task_runner(config)

    def __enter__(self) -> Self:
        self.runner.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.runner.__exit__(kind, error, trace)

    def do(self, task: Task[..., Made], **arguments: object) -> Made:
        """One task."""
        future = self.runner.submit(self._stored(task), {"dish": self.dish, **arguments})
        return _done([future])[0]

    def do_each(self, task: Task[..., Made], **arguments: Sequence[object]) -> list[Made]:
        """One task for each entry of the argument."""
        futures = self.runner.map(self._stored(task), {"dish": unmapped(self.dish), **arguments})
        return _done(futures)

    def _stored(self, task: Task[..., Made]) -> Task[..., Made]:
        return task.with_options(result_storage=self.dish.place.results)


def _done(futures: Iterable[PrefectFuture[Made]]) -> list[Made]:
    """Wait for all before the first fault is raised: what can be finished is kept for the next run."""
    waiting = list(futures)
    for future in waiting:
        future.wait()
    return [future.result() for future in waiting]
