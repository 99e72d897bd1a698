"""Small disks of the tests' own: full, read-only, and mended again, for real."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class Disk:
    """One that is mounted in a folder."""

    folder: Path

    def change(self, options: str) -> None:
        """``ro``, ``rw``, ``size=64m``."""
        _run("mount", "-o", f"remount,{options}", str(self.folder))


@contextmanager
def disk(folder: Path, options: str) -> Iterator[Disk]:
    """A disk in memory; it is unmounted afterwards. A container without the right to mount skips the test."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        _run("mount", "-t", "tmpfs", "-o", options, "stockpot-tests", str(folder))
    except subprocess.CalledProcessError as error:  # no package mends that
        pytest.skip(f"a disk cannot be mounted here: {error.stderr.strip()}")
    try:
        yield Disk(folder)
    finally:
        _run("umount", "-l", str(folder))


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, text=True)
