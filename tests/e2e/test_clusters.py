"""Clusters that run already: the same soup, byte for byte, and a worker that dies takes nothing with it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.e2e.house import House, Pot, environment, pot
from tests.e2e.trouble import until

SLOW = {"grid": {"steps": [400], "learning_rate": [0.002]}, "subsets": {"count": 8}}
"""Eight training tasks of about a second each."""
BIN = Path(sys.executable).parent
RAY = {"RAY_AUTH_MODE": "disabled", "RAY_USAGE_STATS_ENABLED": "0"}


@pytest.fixture(scope="module")
def trees(tmp_path_factory: pytest.TempPathFactory) -> Pot:
    return pot(tmp_path_factory.mktemp("clusters"), "grove", **SLOW)


@pytest.fixture(scope="module")
def soup(house: House, trees: Pot) -> dict[str, bytes]:
    """The soup that threads make."""
    assert house.run("cook", *trees.arguments(out="threads", store="of threads")).code == 0
    return trees.soup("threads")


@contextmanager
def started(
    house: House, *command: object, log: Path, cache: Path | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """A program of a cluster's in a process group of its own, which is gone afterwards."""
    with log.open("wb") as file:
        process = subprocess.Popen(
            [*map(str, command)],
            env=environment(house.home, house.api) | RAY | ({"XDG_CACHE_HOME": str(cache)} if cache else {}),
            stdout=file,
            stderr=file,
            start_new_session=True,
        )
    with process:
        try:
            yield process
        finally:
            os.killpg(process.pid, signal.SIGKILL)


@contextmanager
def dask_cluster(
    house: House, folder: Path, caches: Path | None = None
) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A Dask scheduler and two workers, each a process of its own; its address, and the workers. ``caches``:
    each worker has a cache folder of its own there, called as it is.
    """
    found = folder / "scheduler.json"
    at, plain = ("--host", "127.0.0.1"), ("--no-dashboard",)
    scheduler = (BIN / "dask", "scheduler", *at, "--port", 0, "--scheduler-file", found, *plain)
    worker = (BIN / "dask", "worker", "--scheduler-file", found, "--nthreads", 1, "--no-nanny", *plain)
    with started(house, *scheduler, log=folder / "scheduler.log"):
        until(found.exists)
        with (
            started(
                house, *worker, "--name", "one", log=folder / "one.log", cache=caches and caches / "one"
            ) as one,
            started(
                house, *worker, "--name", "two", log=folder / "two.log", cache=caches and caches / "two"
            ) as two,
        ):
            yield json.loads(found.read_text())["address"], [one, two]


def test_a_dask_worker_that_is_killed_while_it_trains_takes_nothing_with_it(house, soup, trees, tmp_path):
    with dask_cluster(house, tmp_path) as (address, (one, _)):
        arguments = trees.arguments(out="dask", store="of dask", runner="dask", cluster=address)
        with house.start("cook", *arguments) as cook:
            until(lambda: len(trees.trained("of dask")) >= 2)
            os.killpg(one.pid, signal.SIGKILL)
            _, err = cook.communicate(timeout=240)
    assert (cook.returncode, err) == (0, "")
    assert trees.soup("dask") == soup


@contextmanager
def ray_cluster(house: House) -> Iterator[str]:
    """A Ray head with two places to work; its address. Its sockets' paths must be short."""
    with tempfile.TemporaryDirectory(prefix="ray", ignore_cleanup_errors=True) as short:
        places = ("--num-cpus", 2, "--include-dashboard", "false", "--temp-dir", short)
        found = Path(short) / "ray_current_cluster"
        head = (BIN / "ray", "start", "--head", "--block", "--port", 0, *places)
        with started(house, *head, log=Path(short) / "head.log"):
            until(lambda: found.exists() and bool(found.read_text()))
            yield found.read_text().strip()


def working(task: str) -> list[int]:
    """Ray's processes that run a task of this name: their titles say so."""
    found = []
    for line in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if line.read_bytes().startswith(f"ray::{task}".encode()):
                found.append(int(line.parent.name))
    return found


def test_a_ray_worker_that_is_killed_while_it_trains_takes_nothing_with_it(house, soup, trees):
    with ray_cluster(house) as address:
        arguments = trees.arguments(out="ray", store="of ray", runner="ray", cluster=address)
        with house.start("cook", *arguments) as cook:
            until(lambda: len(trees.trained("of ray")) >= 2)
            until(lambda: bool(working("train ingredients")))
            os.kill(working("train ingredients")[0], signal.SIGKILL)
            _, err = cook.communicate(timeout=240)
    assert (cook.returncode, err) == (0, "")
    assert trees.soup("ray") == soup
