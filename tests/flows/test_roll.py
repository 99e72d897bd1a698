"""Which runs are proven to be without a process."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from prefect.client.schemas.objects import FlowRun
from prefect.states import Cancelling, Running

from stockpot.flows import roll
from stockpot.flows.roll import BOOT, HOST, MACHINE, PROCESS, SINCE, SPACE, STARTED, identity, is_gone

OTHERS = {HOST: "elsewhere", MACHINE: "another", SPACE: "pid:[1]"}


def test_a_process_that_runs_is_not_gone():
    assert not is_gone(identity())


def test_a_process_that_has_ended_is_gone():
    ended = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True)
    assert is_gone(identity() | {PROCESS: int(ended.stdout), STARTED: 1})


def test_a_process_that_ended_and_was_never_waited_for_is_gone():
    with subprocess.Popen([sys.executable, "-c", ""]) as child:
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        started = int(Path(f"/proc/{child.pid}/stat").read_text().rpartition(")")[2].split()[19])
        assert is_gone(identity() | {PROCESS: child.pid, STARTED: started})


def test_another_process_that_has_its_number_is_not_taken_for_it():
    assert is_gone(identity() | {STARTED: 1})


@pytest.mark.parametrize("name", OTHERS)
def test_nothing_is_known_of_processes_elsewhere(name):
    assert not is_gone(identity() | {STARTED: 1, name: OTHERS[name]})
    assert not is_gone(identity() | {BOOT: "another", name: OTHERS[name]})


def test_nothing_is_known_of_a_run_without_labels():
    assert not is_gone({})
    assert not is_gone({name: value for name, value in identity().items() if name != STARTED})


@pytest.mark.parametrize(
    ("machine", "space", "gone"),
    [("m", roll.WHOLE_HOST, True), ("", roll.WHOLE_HOST, False), ("m", "pid:[1]", False)],
)
def test_a_restarted_host_has_none_of_its_processes_but_a_container_may_share_its_name(
    monkeypatch, machine, space, gone
):
    here = identity() | {MACHINE: machine, SPACE: space}
    monkeypatch.setattr(roll, "identity", lambda: here)
    assert is_gone(here | {BOOT: "another"}) == gone


NOW = datetime.now(UTC)


@pytest.mark.parametrize(
    ("state", "labels", "anew"),
    [
        (Running(timestamp=NOW), {SINCE: NOW.isoformat()}, False),
        (Running(timestamp=NOW), {SINCE: (NOW - timedelta(minutes=1)).isoformat()}, True),
        (Cancelling(timestamp=NOW), {SINCE: (NOW - timedelta(minutes=1)).isoformat()}, False),
        (Running(timestamp=NOW), {}, False),
    ],
)
def test_a_run_that_was_begun_again_is_not_judged_by_its_labels_of_before(state, labels, anew):
    run = FlowRun(flow_id=uuid4(), state=state, labels=labels)
    assert roll._is_begun_anew(run) == anew
