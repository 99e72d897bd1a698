"""docs/operations.md, as a newcomer follows it: its commands, in its order, in a copy of the tree."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.house import ROOT, House, environment, processes_of
from tests.e2e.test_serve import free_ports, noted, until

PAGE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
KINDS = {"", "leave running", "within two minutes", "elsewhere"}


@dataclass(frozen=True)
class Block:
    """A fenced block of the page: commands, how they are run, and the paragraphs before."""

    kind: str
    commands: str
    before: str


def blocks(page: str) -> list[Block]:
    found = re.finditer(r"^```sh ?(.*)\n((?:.*\n)*?)```$", page, re.MULTILINE)
    return [Block(one[1], one[2], page[: one.start()].rpartition("```")[2]) for one in found]


def test_every_block_says_how_it_is_run_and_what_is_not_run_is_said_to_the_reader():
    found = blocks(PAGE)
    assert {block.kind for block in found} == KINDS
    assert PAGE.count("\n```sh") == len(found)
    for block in found:
        if block.kind == "elsewhere":
            assert "not run by the tests" in block.before.lower(), block.commands


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of what git would clone, with this environment as its own."""
    copy = tmp_path / "stockpot"
    skip = shutil.ignore_patterns(".*", "runs", "build", "dist", "__pycache__", "*.egg-info")
    shutil.copytree(ROOT, copy, symlinks=True, ignore=skip)
    (copy / ".venv").mkdir()
    for part in ("bin", "lib", "pyvenv.cfg"):
        (copy / ".venv" / part).symlink_to(Path(sys.executable).parents[1] / part)
    (copy / ".venv" / "ready").touch()
    return copy


@dataclass(frozen=True)
class Shell:
    """Runs one block after the other; what a block exports is there for the next."""

    tree: Path
    home: Path
    port: int

    @property
    def exported(self) -> Path:
        return self.home / "exported.sh"

    def script(self, commands: str) -> str:
        ours = commands.replace("4200", str(self.port))
        return f"set -euo pipefail\n. {self.exported}\n{ours}\nexport -p > {self.exported}\n"

    def run(self, block: Block, seconds: float = 200) -> str:
        """What it prints; it must succeed."""
        done = subprocess.run(
            ["bash", "-c", self.script(block.commands)],
            cwd=self.tree,
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=seconds,
        )
        assert done.returncode == 0, f"{block.commands}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def environment(self) -> dict[str, str]:
        source = {"PYTHONPATH": str(self.tree / "src"), "PORT": str(self.port), "HOME": str(self.home)}
        return environment(self.home, None) | source

    @contextmanager
    def left_running(self, block: Block) -> Iterator[subprocess.Popen[bytes]]:
        """As in a terminal of its own: Ctrl-C ends it."""
        with (self.home / "terminal.log").open("ab") as log:
            process = subprocess.Popen(
                ["bash", "-c", f"set -e\n. {self.exported}\n{block.commands}"],
                cwd=self.tree,
                env=self.environment(),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGINT)
            process.wait(timeout=60)


@pytest.mark.timeout(900)
def test_the_commands_of_the_page_work_in_their_order(tree, tmp_path):
    home, port = tmp_path / "home", free_ports()
    home.mkdir()
    shell = Shell(tree, home, port)
    shell.exported.touch()
    house = House(home, f"http://127.0.0.1:{port}/api")
    with ExitStack() as stack:
        for number, block in enumerate(blocks(PAGE)):
            if block.kind == "":
                shell.run(block)
            elif block.kind == "within two minutes":
                until(lambda: fired(house))
                assert "│" in shell.run(block)
            elif block.kind == "leave running":
                process = stack.enter_context(shell.left_running(block))
                until(lambda: noted(home) is not None)
                until(lambda expected=2 if number else 1: online(house) >= expected)
                assert process.poll() is None
    until(lambda: not processes_of(home))


def fired(house: House) -> bool:
    """Whether a run that nobody started has found all there."""
    found: list[dict[str, Any]] = house.ask(
        "flow_runs/filter", flow_runs={"state": {"name": {"any_": ["Cached"]}}}
    )
    return any(run["auto_scheduled"] for run in found)


def online(house: House) -> int:
    """Workers of the pool."""
    found = house.ask("work_pools/kitchen/workers/filter")
    return sum(worker["status"] == "ONLINE" for worker in found)
