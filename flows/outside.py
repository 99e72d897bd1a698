"""What a cook spends outside its own stages: ``python -m stockpot.flows.outside examples/penguins.csv``.

A whole cook and then the same again, of which all is cached, each as a process of its own on the server that
is configured: seconds from the start of the process to its end, and what of them lies outside all its tasks.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowRunFilter, TaskRunFilter
from prefect.client.schemas.objects import TaskRun
from prefect.client.schemas.sorting import FlowRunSort

Interval = tuple[datetime, datetime]


def union_seconds(intervals: Iterable[Interval]) -> float:
    """Seconds that lie in at least one of them."""
    total, last = 0.0, None
    for start, end in sorted(intervals):
        begun = start if last is None else max(start, last)
        total += max((end - begun).total_seconds(), 0.0)
        last = end if last is None else max(last, end)
    return total


def measured(arguments: list[str], out: Path) -> tuple[float, float]:
    """A cook from its process's start to its end; seconds in all, and those outside its tasks."""
    command = [str(Path(sys.executable).with_name("stockpot")), "cook", *arguments]
    begun = time.perf_counter()
    subprocess.run([*command, "--out", out], check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - this program
    took = time.perf_counter() - begun
    return took, took - union_seconds(_intervals())


def _intervals() -> list[Interval]:
    """Of the tasks of the run that was started last."""
    with get_client(sync_client=True) as client:
        (run,) = client.read_flow_runs(sort=FlowRunSort.START_TIME_DESC, limit=1)
        of_run = FlowRunFilter.model_validate({"id": {"any_": [run.id]}})
        tasks: list[TaskRun] = []
        for _ in range(60):  # the server hears of tasks a moment later
            if tasks and all(task.state and task.state.is_final() for task in tasks):
                break
            time.sleep(1)
            tasks = client.read_task_runs(flow_run_filter=of_run, task_run_filter=TaskRunFilter())
    return [(task.start_time, task.end_time) for task in tasks if task.start_time and task.end_time]


def main(arguments: list[str]) -> None:
    """Print a row for the whole cook, and one for that of which all is cached."""
    with tempfile.TemporaryDirectory() as folder:
        given = [*arguments, "--store", f"{folder}/store"]
        for name in ("whole", "cached"):
            took, outside = measured(given, Path(folder) / "out")
            print(f"| {name} | {took:.1f} | {outside:.1f} |", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
