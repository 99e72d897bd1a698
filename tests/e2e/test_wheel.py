"""The wheel, put where nothing of the source tree is: it has a command, and draws from a soup."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from tests.small import frame, quick

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel in it; its needs come from this environment."""
    folder = tmp_path_factory.mktemp("wheel")
    for part in ("src", "flows", "tasks", "benchmarks", "deployments"):
        skip = shutil.ignore_patterns("__pycache__", "*.egg-info")
        shutil.copytree(ROOT / part, folder / "tree" / part, symlinks=True, ignore=skip)
    for name in ("pyproject.toml", "LICENSE", "NOTICE", "README.md"):
        shutil.copy(ROOT / name, folder / "tree" / name)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    options = ["--no-deps", "--no-build-isolation", "--no-compile", "--quiet", "--target", folder / "site"]
    done = subprocess.run([*pip, "install", *options, folder / "tree"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return folder / "site"


def run(site: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, site / "bin" / "stockpot", *map(str, arguments)]
    found = {"PYTHONPATH": str(site), "OMP_NUM_THREADS": "1"}
    return subprocess.run(command, capture_output=True, text=True, cwd=site.parent, env=os.environ | found)


def python(site: Path, program: str) -> subprocess.CompletedProcess[str]:
    """A program that finds the wheel first."""
    return subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        cwd=site.parent,
        env=os.environ | {"PYTHONPATH": str(site)},
    )


def test_the_wheels_command_starts(site):
    assert run(site, "--version").stdout == "0.1.0\n"
    assert run(site, "cook", "--help").returncode == 0


def test_the_modules_are_the_wheels(site):
    program = "import stockpot.flows.cook as c, stockpot.tasks.stage as s; print(c.__file__, s.__file__)"
    done = python(site, program)
    assert done.stdout.split() == [
        str(site / "stockpot" / part) for part in ("flows/cook.py", "tasks/stage.py")
    ], done.stderr


def test_the_wheel_has_what_it_serves(site):
    program = "from stockpot.flows.deploying import FILE; print(FILE, FILE.is_file())"
    done = python(site, program)
    assert done.stdout.split() == [str(site / "stockpot" / "deployments" / "prefect.yaml"), "True"], (
        done.stderr
    )


def test_the_wheel_draws_from_a_soup(site, tmp_path):
    soup = quick(frame(), folds=0).save(tmp_path / "soup")
    done = run(site, "sample", soup, "--rows", 5, "--out", tmp_path / "more.csv")
    assert (done.returncode, done.stderr) == (0, "")
    assert pd.read_csv(tmp_path / "more.csv").shape == (5, 6)
