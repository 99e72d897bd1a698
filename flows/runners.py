"""Who runs a flow's tasks: threads, processes of this machine, or a cluster. The soup is the same."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from stockpot.ablation.config import AblateConfig
from stockpot.config import CookConfig
from stockpot.errors import ConfigError

if TYPE_CHECKING:  # Prefect reads its settings when it is imported
    from prefect.task_runners import TaskRunner

CLUSTERS = {"dask": "prefect_dask", "ray": "prefect_ray"}
"""Runners that are an extra, and can join a cluster that runs already -> what they need."""


MALLOC = {"MALLOC_TRIM_THRESHOLD_": str(1 << 28), "MALLOC_MMAP_THRESHOLD_": str(1 << 25)}
"""Dask has its workers give free memory above 64 KiB back to the system, unless the environment says more;
glibc then maps each larger piece anew. Trainings ask for some at each step, and took three times as long.
"""


LEAKED = "ignore:resource_tracker:UserWarning"
"""Python's own tracker of semaphores puts away those of a pool that was killed, and complains of them on the
terminal, behind our sentence. It is a process of its own, and reads its filters from the environment.
"""


def check_runner(config: CookConfig | AblateConfig) -> None:
    """ConfigError if the runner is not installed, or has no use for the cluster that is named."""
    if config.cluster and config.runner not in CLUSTERS:
        raise ConfigError(
            f"Option 'cluster' is {config.cluster!r}, and runner '{config.runner}' works on this machine: "
            "choose runner 'dask' or 'ray'."
        )
    if config.runner in CLUSTERS and find_spec(CLUSTERS[config.runner]) is None:
        raise ConfigError(
            f"Option 'runner' is '{config.runner}', which is not installed: "
            f"pip install 'stockpot[{config.runner}]'."
        )


def task_runner(config: CookConfig) -> TaskRunner[Any]:
    """The runner that a configuration names, not yet started."""
    check_runner(config)
    return RUNNERS[config.runner](config)


def _threads(config: CookConfig) -> TaskRunner[Any]:
    from prefect.task_runners import ThreadPoolTaskRunner

    return ThreadPoolTaskRunner(max_workers=config.workers)


def _processes(config: CookConfig) -> TaskRunner[Any]:
    from prefect.task_runners import ProcessPoolTaskRunner

    filters = [one for one in os.environ.get("PYTHONWARNINGS", "").split(",") if one and one != LEAKED]
    os.environ["PYTHONWARNINGS"] = ",".join([*filters, LEAKED])
    return ProcessPoolTaskRunner(max_workers=config.workers)


def _dask(config: CookConfig) -> TaskRunner[Any]:
    from prefect_dask.task_runners import DaskTaskRunner

    if config.cluster:
        return DaskTaskRunner(address=config.cluster)
    for name, size in MALLOC.items():
        os.environ.setdefault(name, size)
    # A worker whose last heartbeat meets a closing scheduler logs a traceback; faults come with their task.
    silent = {"dashboard_address": None, "silence_logs": logging.CRITICAL}
    workers = {"n_workers": config.workers, "threads_per_worker": 1}
    return DaskTaskRunner(cluster_kwargs=workers | silent)


def _ray(config: CookConfig) -> TaskRunner[Any]:
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing is sent to Ray's makers
    if not config.cluster:  # one of this run's own is on loopback; its token would lie in the user's home
        os.environ.setdefault("RAY_AUTH_MODE", "disabled")
    from prefect_ray.task_runners import RayTaskRunner

    quiet = {"log_to_driver": False, "logging_level": logging.ERROR}
    own = {"num_cpus": config.workers, "include_dashboard": False, "_node_ip_address": "127.0.0.1"}
    runner: TaskRunner[Any] = RayTaskRunner(config.cluster, quiet if config.cluster else own | quiet)
    return runner


RUNNERS: dict[str, Callable[[CookConfig], TaskRunner[Any]]] = {
    "threads": _threads,
    "processes": _processes,
    "dask": _dask,
    "ray": _ray,
}
