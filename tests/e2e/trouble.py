"""What the tests of faults share: cooks that take long enough, and waiting for what is to happen."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.e2e.house import PYTHON, House, free_port, processes_of, start_server, stop_server

SLOW = {"grid": {"steps": [600], "learning_rate": [0.002]}, "subsets": {"count": 6}}
"""Six training tasks of about a second each."""
LONG = {"grid": {"steps": [100000], "learning_rate": [0.002]}, "subsets": {"count": 1}}
"""One training task of minutes."""
KEPT = "What it has finished is kept: the same command goes on from there."
STOPPED = f"stockpot: stopped. {KEPT}\n"
EAGER = """
import math, sys
from stockpot import keeper
keeper.MOST_SHARE, keeper.EVERY_SECONDS = math.inf, 0.0
keeper.Keeper.__init__.__defaults__ = (0.0,)
"""
RUN = """
from stockpot.flows.cli import main
main(["cook", *sys.argv[1:]])
"""


def program(*parts: str) -> list[str]:
    """Python with these lines before the cook."""
    return [PYTHON, "-c", "".join(parts) + RUN]


def until(
    true: Callable[[], bool], process: subprocess.Popen[Any] | None = None, seconds: float = 120
) -> None:
    """Wait for something to happen, while the process runs if there is one."""
    end = time.monotonic() + seconds
    while not true():
        assert process is None or process.poll() is None, process.communicate()
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.005)


def names(folder: Path) -> set[str]:
    """Keys of what a folder of the store holds whole."""
    return {path.stem for path in folder.glob("[!.]*")}


def gone(home: Path, seconds: float = 60) -> bool:
    """Whether nothing that was started with this PREFECT_HOME still runs, a moment later."""
    end = time.monotonic() + seconds
    while processes_of(home) and time.monotonic() < end:
        time.sleep(0.1)
    return not processes_of(home)


def orphans(process: subprocess.Popen[str]) -> list[int]:
    """Processes that a command started in its session and did not take with it."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, _, _, session = stat.read_text().rpartition(")")[2].split()[:4]
            if int(session) == process.pid and state != "Z":
                found.append(int(stat.parent.name))
    return sorted(set(found) - {process.pid})


@dataclass
class Server:
    """A Prefect server that can be killed and started again: the same port, the same database."""

    house: House
    port: int
    process: subprocess.Popen[bytes]

    def end(self, sign: signal.Signals) -> None:
        """All its processes."""
        os.killpg(self.process.pid, sign)
        self.process.wait(timeout=60)

    def start(self) -> None:
        self.process = start_server(self.house.home, self.port, **self.house.extra)


@contextmanager
def own_server(home: Path, **extra: str) -> Iterator[Server]:
    """One that no other test uses; the environment of it and of its cooks is extended."""
    port = free_port()
    house = House(home, f"http://127.0.0.1:{port}/api", extra)
    server = Server(house, port, start_server(home, port, **extra))
    try:
        yield server
    finally:
        stop_server(server.process)
    assert gone(home), processes_of(home)
