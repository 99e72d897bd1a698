"""The clock of a cook's host jumps in the middle of it; the server's does not, as on another host."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.e2e.house import House, Pot, pot
from tests.e2e.needs import needs
from tests.e2e.trouble import SLOW, program, until

LIBRARY = "libfaketimeMT.so.1"
STEADY = """
import sys, threading, time
time.sleep = lambda seconds: threading.Event().wait(seconds) and None
"""
"""The library refuses to sleep by the steady clock, as Python does."""


def set_by(house: House, clock: Path) -> House:
    """Cooks that read the time off a file. Files on disk keep the true time, as on another host's disk, and
    the time since the system's start flows on.
    """
    settings = {
        "LD_PRELOAD": str(next(Path("/usr/lib").glob(f"*/faketime/{LIBRARY}"))),
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_CACHE_DURATION": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "NO_FAKE_STAT": "1",
    }
    return replace(house, extra=settings)


@needs("faketime")
@pytest.mark.parametrize("jump", ["+365d", "-1d"])
def test_a_clock_that_jumps_changes_nothing_in_a_cook(house: House, undisturbed_slow: Pot, tmp_path, jump):
    trees, clock = pot(tmp_path, f"jump{jump}", **SLOW), tmp_path / "clock"
    clock.write_text("+0")
    with set_by(house, clock).start(*trees.arguments(workers=1), command=program(STEADY)) as process:
        until(lambda: bool(trees.trained()), process)
        clock.write_text(jump)
        _, err = process.communicate(timeout=240)
    assert (process.returncode, err) == (0, "")
    (run,) = house.runs_of(trees.table)
    assert run["state_name"] == "Completed"
    states = list(house.states_of(run).values())
    # Set back, it makes the end of the task that runs older than its beginning; the server keeps the later.
    assert states.count("Completed") >= len(states) - (jump == "-1d")
    assert trees.soup() == undisturbed_slow.soup()
    assert not list((tmp_path / "store").glob("*/.*"))
