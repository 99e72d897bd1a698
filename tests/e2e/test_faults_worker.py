"""Cooks that a process worker runs: the flow or the worker is killed, the run is cancelled in the UI."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.house import ENDED, Pot, pot
from tests.e2e.trouble import SLOW, own_server, until
from tests.e2e.workers import Hatch, hatch, processes_of_run, worker


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hatch]:
    with own_server(tmp_path_factory.mktemp("counter")) as server:
        yield hatch(server.house)


@pytest.fixture
def trees(tmp_path: Path, request: pytest.FixtureRequest) -> Pot:
    return pot(tmp_path, request.node.originalname, **SLOW)


def begun(counter: Hatch, trees: Pot, process: subprocess.Popen[bytes]) -> str:
    """A run whose first ingredient is trained."""
    run = counter.order(trees, workers=1)
    until(lambda: bool(trees.trained()), process)
    return run


def goes_on(counter: Hatch, trees: Pot, first: str, undisturbed: Pot) -> None:
    """Of the first run nothing is left; the second one keeps what it made, and ships the same soup."""
    kept = trees.trained()
    assert len(kept) < 6
    until(lambda: processes_of_run(first) == [])
    until(lambda: {task["state_type"] for task in counter.house.tasks_of({"id": first})} <= ENDED)
    second = counter.order(trees, workers=1)
    assert counter.ended(second)["state_name"] == "Completed"
    until(
        lambda: processes_of_run(second) == []
    )  # it tells its server the last events, before that is stopped
    assert {key: made for key, made in trees.trained().items() if key in kept} == kept
    assert trees.soup() == undisturbed.soup()


def test_a_flow_that_is_killed_under_a_worker_goes_on_later(
    counter: Hatch, undisturbed_slow: Pot, trees: Pot
):
    with worker(counter.house) as process:
        first = begun(counter, trees, process)
        for number in processes_of_run(first):
            os.kill(number, signal.SIGKILL)
        assert counter.ended(first)["state_name"] == "Crashed"
        goes_on(counter, trees, first, undisturbed_slow)


def test_a_run_that_is_cancelled_in_the_ui_under_a_worker_goes_on_later(
    counter: Hatch, undisturbed_slow: Pot, trees: Pot
):
    with worker(counter.house) as process:
        first = begun(counter, trees, process)
        counter.house.cancel({"id": first})
        assert counter.ended(first)["state_name"] == "Cancelled"
        goes_on(counter, trees, first, undisturbed_slow)


def test_a_run_whose_worker_is_killed_ends_with_it_and_goes_on_later(
    counter: Hatch, undisturbed_slow: Pot, trees: Pot
):
    with worker(counter.house) as process:
        first = begun(counter, trees, process)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    assert counter.ended(first)["state_name"] == "Crashed"
    with worker(counter.house):
        goes_on(counter, trees, first, undisturbed_slow)
