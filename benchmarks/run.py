"""Trials in processes of their own, so that memory is each one's own and no failure is another's."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

import stockpot
from stockpot.benchmarks.agenda import Trial
from stockpot.benchmarks.lines import Line, append, read

LIMIT_S = 3600.0
FILE = "stockpot.jsonl"
logger = logging.getLogger(__name__)
_running: set[subprocess.Popen[bytes]] = set()
_stopped = threading.Event()


def measure(trial: Trial, folder: Path, limit_s: float = LIMIT_S) -> None:
    """Append the trial's lines to the folder's; what it did not answer for is lines with what stopped it."""
    start = time.perf_counter()
    error = _answer(trial, folder / FILE, limit_s)
    done = {line.cell: line for line in read(folder)}
    lacking = [cell for cell in trial.cells if cell not in done]
    append(folder / FILE, [Line(cell, error=error) for cell in lacking])
    failed = next((done[c].error for c in trial.cells if c in done and done[c].error), None)
    told = error if lacking else failed
    took = time.perf_counter() - start
    logger.info("%s: %.0f s%s", trial.name, took, f", failed: {told}" if told else "")


def _answer(trial: Trial, file: Path, limit_s: float) -> str:
    """Run the process; what to say of lines that did not come."""
    file.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "stockpot.benchmarks.measure", str(file.absolute()), str(os.getpid())]
    process = subprocess.Popen(
        [*command, json.dumps(asdict(trial))],
        env=_environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,  # an interruption at a terminal is no failure of the method
    )
    _running.add(process)
    try:
        _, said = process.communicate(timeout=limit_s)
    except subprocess.TimeoutExpired:
        _end(process)
        process.communicate()
        return f"no answer in {limit_s:.0f} s"
    finally:
        _running.discard(process)
    if _stopped.is_set():
        raise KeyboardInterrupt
    return f"exit {process.returncode}: {said.decode(errors='replace').strip()[-300:]}"


def begin() -> None:
    """Trials may run."""
    _stopped.clear()


def stop() -> None:
    """End what runs, and leave no line of it: it is measured the next time."""
    _stopped.set()
    for process in list(_running):
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """With its children: a peer draws in a process of its own."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _environment() -> dict[str, str]:
    """One thread, and this very stockpot."""
    here = str(Path(stockpot.__file__).parents[1])
    paths = [here, *filter(None, [os.environ.get("PYTHONPATH")])]
    return os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": os.pathsep.join(paths)}
