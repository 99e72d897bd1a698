"""Half-written files, an upgrade of the library between two runs."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tests.e2e.house import ROOT, House, Pot, pot
from tests.e2e.trouble import program

HALF = """
import sys
from stockpot import stages
save, tried = stages._save, []
def halved(weights, path):
    save(weights, path)
    if "train" in path.parts and not tried:
        tried.append(path)
        path.write_bytes(path.read_bytes()[:1000])
        raise OSError(5, "Input/output error")
stages._save = halved
"""
CACHED, DONE = "Cached", "Completed"


def test_a_task_whose_first_try_half_wrote_its_file_is_tried_again_from_nothing(
    house: House, undisturbed: Pot, tmp_path
):
    trees = pot(tmp_path, "halved")
    ended = house.run(*trees.arguments(workers=1), command=program(HALF))
    assert (ended.code, ended.err) == (0, "")
    (run,) = house.runs_of(trees.table)
    tries = [
        task["run_count"] for task in house.tasks_of(run) if task["name"].startswith("train 1 ingredient")
    ]
    assert sorted(tries) == [1, 1, 1, 2]
    assert not list((tmp_path / "store").glob("*/.*"))
    assert trees.soup() == undisturbed.soup()


@pytest.fixture
def upgraded(tmp_path: Path) -> Path:
    """A copy of the library, one line of one stage's module changed."""
    source = tmp_path / "upgraded"
    shutil.copytree(
        ROOT / "src" / "stockpot", source / "stockpot", ignore=shutil.ignore_patterns("__pycache__")
    )
    module = source / "stockpot" / "taste.py"
    module.write_text(module.read_text() + "\nUPGRADED = True\n")
    return source


def test_after_an_upgrade_the_stage_whose_code_changed_runs_again_with_all_that_depends_on_it(
    house: House, undisturbed: Pot, tmp_path, upgraded
):
    trees = pot(tmp_path, "upgraded")
    assert house.run("cook", *trees.arguments()).code == 0
    newer = replace(house, extra={"PYTHONPATH": str(upgraded)})
    assert newer.run("cook", *trees.arguments()).code == 0
    assert kinds(house, trees) == {
        ("train", CACHED),
        ("taste", DONE),
        ("blend", DONE),
        ("draw", DONE),
        ("score", DONE),
        ("report", DONE),
    }
    assert trees.soup() == undisturbed.soup()


def kinds(house: House, trees: Pot) -> set[tuple[str, str]]:
    """Of the last run: a stage's verb, and the state that its tasks ended in."""
    states = house.states_of(house.runs_of(trees.table)[-1])
    return {(name.split()[0], state) for name, state in states.items()} - {
        (verb, DONE) for verb in ("read", "look", "deliver")
    }
