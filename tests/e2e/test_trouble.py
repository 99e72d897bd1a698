"""Killed, interrupted, out of disk, without a server: what is kept, and what a person is told."""

from __future__ import annotations

import os
import signal

import pytest

from tests.e2e.house import ENDED, House, Pot, environment, pot, processes_of
from tests.e2e.trouble import EAGER, LONG, SLOW, STOPPED, gone, names, orphans, program, until

GONE = """
import sys
from pathlib import Path
from stockpot.flows import by_hand
stocked = by_hand.stocked
def cleared(config, table):
    dish = stocked(config, table)
    Path(config.table).unlink()
    return dish
by_hand.stocked = cleared
"""
FULL = """
import sys
from stockpot import stages
def refuse(*_):
    raise OSError(28, "No space left on device")
stages._save = refuse
"""
WRONG = """
import sys
from stockpot import stages
def fail(*_):
    raise ValueError("a fault of ours")
stages._save = fail
"""

LOCKED = """
import sys
from stockpot.flows import crew
close = crew.Crew._close_soon
def locked(self):
    self.runner._subprocess_message_queue._wlock.acquire()
    close(self)
crew.Crew._close_soon = locked
"""
"""As if a process had been killed while it held the lock of its pool's queue."""


def test_a_killed_cook_goes_on_with_exactly_what_it_lacks(house: House, undisturbed_slow: Pot, tmp_path):
    trees = pot(tmp_path, "killed", **SLOW)
    with house.start("cook", *trees.arguments(workers=1)) as process:
        until(lambda: len(trees.trained()) >= 3, process)
        os.killpg(process.pid, signal.SIGKILL)
    kept = trees.trained()
    assert 3 <= len(kept) < 6
    again = house.run("cook", *trees.arguments(workers=1))
    assert (again.code, again.err) == (0, "")
    assert [run["state_name"] for run in house.runs_of(trees.table)] == ["Crashed", "Completed"]
    assert {task["state_type"] for task in house.tasks_of(house.runs_of(trees.table)[0])} <= ENDED
    assert {key: made for key, made in trees.trained().items() if key in kept} == kept
    states = house.states_of(house.runs_of(trees.table)[-1])
    trained = [state for name, state in sorted(states.items()) if name.startswith("train 1 ingredient")]
    # Killed between an artefact and Prefect's record of it, a task runs again and finds the artefact there.
    assert trained.count("Cached") in (len(kept), len(kept) - 1)
    assert trees.soup() == undisturbed_slow.soup()
    assert not list((tmp_path / "store").glob("partial/*"))


def test_a_training_killed_in_its_middle_goes_on_there(house: House, tmp_path):
    trees = pot(tmp_path, "middle", **(SLOW | {"subsets": {"count": 1}}))
    partial = tmp_path / "store" / "partial"
    with house.start(*trees.arguments(), command=program(EAGER)) as process:
        made = tmp_path / "store" / "base"
        # the base's own state may outlive it for a moment: wait for that of an ingredient
        until(lambda: bool(names(made)) and bool(names(partial) - names(made)), process)
        os.killpg(process.pid, signal.SIGKILL)
    assert len(trees.trained()) == 0
    assert names(partial)
    assert house.run("cook", *trees.arguments()).code == 0
    assert house.run("cook", *trees.arguments(out="undisturbed", store="another")).code == 0
    assert trees.soup() == trees.soup("undisturbed")


@pytest.mark.parametrize("runner", ["threads", "processes"])
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM], ids=lambda sign: sign.name)
def test_an_interrupted_cook_ends_soon_in_a_sentence_and_goes_on(
    house: House, undisturbed_slow: Pot, tmp_path, sign, runner
):
    trees = pot(tmp_path, f"{sign.name}-{runner}", **SLOW)
    with house.start("cook", *trees.arguments(runner=runner, workers=1)) as process:
        until(lambda: bool(trees.trained()), process)
        if sign == signal.SIGINT:  # as a terminal does: to everybody
            os.killpg(process.pid, sign)
        else:
            process.send_signal(sign)
        _, err = process.communicate(timeout=60)
        until(lambda: orphans(process) == [])  # Python's own tracker of resources ends a moment later
    assert (process.returncode, err) == (128 + sign, STOPPED)
    (run,) = house.runs_of(trees.table)
    assert run["state_type"] == "CRASHED"
    assert set(house.states_of(run).values()) <= {"Completed", "Crashed", "Failed", "Cancelled"}
    kept = trees.trained()
    assert house.run("cook", *trees.arguments()).code == 0
    assert {key: made for key, made in trees.trained().items() if key in kept} == kept
    assert trees.soup() == undisturbed_slow.soup()


def test_an_interrupted_cook_waits_for_no_lock_of_a_process_that_was_killed(house: House, tmp_path):
    trees = pot(tmp_path, "locked", **LONG)
    with house.start(*trees.arguments(runner="processes", workers=1), command=program(LOCKED)) as process:
        until(lambda: bool(names(tmp_path / "store" / "base")), process)
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=60)
        until(lambda: orphans(process) == [])
    assert (process.returncode, err.splitlines()[-1:]) == (128 + signal.SIGTERM, STOPPED.splitlines())


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGHUP], ids=lambda sign: sign.name)
def test_a_cook_that_is_ended_before_its_flow_begins_says_so_too(house: House, tmp_path, sign):
    trees = pot(tmp_path, sign.name)
    with house.start("cook", *trees.arguments()) as process:
        assert process.stdout
        process.stdout.readline()  # it has announced itself
        process.send_signal(sign)
        _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (128 + sign, STOPPED)


def test_a_mistake_that_shows_in_a_task_is_told_in_a_sentence_and_not_tried_again(house: House, tmp_path):
    trees = pot(tmp_path, "gone")
    ended = house.run(*trees.arguments(), command=program(GONE))
    assert (ended.code, ended.err) == (2, f"stockpot: There is no file {trees.table}: check the path.\n")
    (task,) = house.tasks_of(house.runs_of(trees.table)[0])
    assert (task["name"], task["state_name"], task["run_count"]) == (f"read {trees.table}", "Failed", 1)


def test_a_full_disk_is_tried_again_and_then_told_in_a_sentence(house: House, tmp_path):
    trees = pot(tmp_path, "full")
    ended = house.run(*trees.arguments(), command=program(FULL))
    assert ended.code == 1
    assert ended.err == "stockpot: [Errno 28] No space left on device (OSError; --verbose shows where)\n"
    states = {task["name"]: task["run_count"] for task in house.tasks_of(house.runs_of(trees.table)[0])}
    assert states["train the base of full"] == 4


def test_a_fault_of_ours_is_not_tried_again_and_shows_where(house: House, tmp_path):
    trees = pot(tmp_path, "wrong")
    ended = house.run(*trees.arguments(), command=program(WRONG))
    assert ended.code == 1
    assert "ValueError: a fault of ours" in ended.err
    states = {task["name"]: task["run_count"] for task in house.tasks_of(house.runs_of(trees.table)[0])}
    assert states["train the base of wrong"] == 1


def test_a_server_that_does_not_answer_is_told_in_a_sentence(house: House, tmp_path):
    trees = pot(tmp_path, "alone")
    ended = House(house.home, "http://127.0.0.1:9/api").run("cook", *trees.arguments())
    assert ended.code == 2
    assert ended.err.startswith("stockpot: No Prefect server answers at http://127.0.0.1:9/api")
    assert ended.err.count("\n") == 1


def test_without_a_server_a_temporary_one_serves_and_none_is_left(tmp_path_factory):
    home = tmp_path_factory.mktemp("alone")
    trees: Pot = pot(home / "trees", "trees")
    assert "PREFECT_API_URL" not in environment(home, None)
    ended = House(home, None).run("cook", *trees.arguments())
    assert (ended.code, ended.err) == (0, "")
    assert "waits for a temporary one" in " ".join(ended.out.split())
    assert (trees.folder / "out" / "report.html").exists()
    assert gone(home), processes_of(home)


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGTERM], ids=lambda sign: sign.name)
def test_a_temporary_server_does_not_outlive_a_cook_that_is_killed(tmp_path_factory, sign):
    home = tmp_path_factory.mktemp("killed")
    trees = pot(home / "trees", "trees")
    with House(home, None).start("cook", *trees.arguments()) as process:
        # the shell that ends the server is there, and so is the server
        until(lambda: any("kill -0" in line for line in processes_of(home)), process)
        assert any("uvicorn" in line for line in processes_of(home))
        process.send_signal(sign)
        process.wait(timeout=60)
        assert gone(home), processes_of(home)
