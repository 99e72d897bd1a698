"""The processes of `stockpot serve`: all that it starts, and all that these start, carry its mark.

So they are found and ended together, whoever of them is left. A guard of its own does it when `stockpot
serve` itself was killed: `python -m stockpot.flows.parts MARK` waits until nobody holds its input open.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Literal

import psutil

MARK = "STOCKPOT_SERVED_BY"
RUN = "PREFECT__FLOW_RUN_ID"
"""Prefect's own mark of a flow run's process."""
RUN_SECONDS, PART_SECONDS = 20.0, 10.0
"""So long a run has to tell the server that it ends, and a part to end; then it is killed."""
Role = Literal["server", "worker"]


def start(mark: str, role: Role, command: list[str], log: Path) -> subprocess.Popen[bytes]:
    """A part, deaf to the terminal: it ends when it is told to. Its last log is kept beside it."""
    if log.exists():
        log.replace(log.with_suffix(".before.log"))
    with log.open("wb") as file:
        return subprocess.Popen(  # noqa: S603 - no word of it is a person's
            command,
            env=os.environ | {MARK: f"{mark} {role}"},
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def guard(mark: str) -> subprocess.Popen[bytes]:
    """Ends the parts when this process is gone, however it went."""
    command = [sys.executable, "-m", "stockpot.flows.parts", mark]
    return subprocess.Popen(  # noqa: S603 - no word of it is a person's
        command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, start_new_session=True
    )


def end(mark: str) -> None:
    """First the runs, while the server can still hear that they end; then the worker; then the server."""
    _end(lambda: _runs(mark), RUN_SECONDS)
    _end(lambda: _marked(mark, "worker"), PART_SECONDS)
    _end(lambda: _marked(mark, "server"), PART_SECONDS)


def _end(find: Callable[[], Iterable[psutil.Process]], seconds: float) -> None:
    asked: set[int] = set()
    until = time.monotonic() + seconds
    while found := list(find()):
        late = time.monotonic() > until
        for process in found:
            with suppress(psutil.NoSuchProcess):
                if late:
                    process.kill()
                elif process.pid not in asked:
                    process.terminate()
                    asked.add(process.pid)
        if late:
            return
        time.sleep(0.1)


def _runs(mark: str) -> list[psutil.Process]:
    """Processes of flow runs, without those that these have started: a run ends its own."""
    found = {process.pid: process for process in _marked(mark, "worker") if RUN in _environment(process)}
    return [process for process in found.values() if _parent(process) not in found]


def _parent(process: psutil.Process) -> int:
    try:
        return process.ppid()
    except psutil.Error:
        return 0


def _marked(mark: str, role: Role) -> list[psutil.Process]:
    wanted = f"{mark} {role}"
    return [process for process in psutil.process_iter() if _environment(process).get(MARK) == wanted]


def _environment(process: psutil.Process) -> dict[str, str]:
    """Empty of another's process, and of one that is over."""
    try:
        return process.environ()
    except (psutil.Error, OSError):
        return {}


if __name__ == "__main__":
    sys.stdin.read()
    end(sys.argv[1])
