"""What all tasks share: readable names, retries, and for the cached ones their key.

A task's cache key is its stage's own (``stockpot.dish``). Prefect's INPUTS policy leaves the task out of
the key, and TASK_SOURCE sees no change in the library, so neither serves. A result is a reference of a few
numbers; if the artefact that it refers to is gone or damaged, Prefect's record of it is put away first, or
the stage would stay 'Cached'.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path, PosixPath
from typing import Any, ParamSpec, TypeVar

from prefect import Task, task
from prefect.client.schemas.objects import State, TaskRun
from prefect.context import TaskRunContext
from prefect.tasks import exponential_backoff

from stockpot.digest import digest
from stockpot.dish import Dish, Stage
from stockpot.errors import DamagedError, UserError
from stockpot.store import open_store

P = ParamSpec("P")
R = TypeVar("R")

TRAIN = "train"
"""The tag of tasks that train: a limit on it keeps several cooks from crowding one machine."""
RETRIES = 3
WORLD = (OSError, DamagedError)
"""Faults of the world: disk, network, time-outs, a damaged artefact. Anything else fails at once."""


class Records(PosixPath):
    """Where Prefect's records lie, found anew on each machine that a task travels to: a shared store's mirror
    lies elsewhere on each.
    """

    store: str = ""

    def __reduce__(self) -> str | tuple[Any, ...]:
        return (records, (self.store,)) if self.store else super().__reduce__()


def records(store: str) -> Path:
    """The folder of Prefect's records, on this machine, for a store's place."""
    place = open_store(store)
    if not place.remote:
        return place.results
    path = Records(place.results)
    path.store = store
    return path


def of_the_world(task: Task[..., Any], run: TaskRun, state: State[Any]) -> bool:
    """Whether a retry can help: never for a user's mistake, nor for one of ours."""
    del task, run
    try:
        state.result()
    except UserError:
        return False
    except WORLD:
        return True
    except BaseException:  # noqa: BLE001 - whatever it is, it is told by the failed run itself
        return False
    return False


def worldly(run_name: str) -> Callable[[Callable[P, R]], Task[P, R]]:
    """A retried task that is not cached: what it reads or writes is not in the store."""

    def decorate(function: Callable[P, R]) -> Task[P, R]:
        named = task(
            name=function.__name__.replace("_", " "),
            task_run_name=run_name,
            retries=RETRIES,
            retry_delay_seconds=exponential_backoff(backoff_factor=1),
            retry_jitter_factor=0.5,
            retry_condition_fn=of_the_world,
        )
        return named(function)

    return decorate


def stage(
    name: Stage, run_name: str, key: Callable[..., str | list[str]], tags: Iterable[str] = ()
) -> Callable[[Callable[P, R]], Task[P, R]]:
    """A retried task that is cached in the dish's store.

    ``key``: of the task's own arguments, that of its artefact, or those of all that it makes.
    """

    def cache_key(context: TaskRunContext, arguments: dict[str, Any]) -> str:
        del context
        dish: Dish = arguments["dish"]
        found = key(**arguments)
        keys = [found] if isinstance(found, str) else found
        record = keys[0] if len(keys) == 1 else digest(keys)
        if not all(dish.place.has(name, key) for key in keys):
            (dish.place.results / record).unlink(missing_ok=True)
        return record

    def decorate(function: Callable[P, R]) -> Task[P, R]:
        retried = worldly(run_name)(function)
        return retried.with_options(
            cache_key_fn=cache_key, persist_result=True, result_serializer="json", tags=tags
        )

    return decorate
