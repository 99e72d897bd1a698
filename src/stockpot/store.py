"""The store: a folder of artefacts, each under the digest of what determines it.

An artefact is a folder of files with a manifest of their digests. It is made under another name and renamed, so that
two makers of one key do no harm and a killed one leaves nothing that is read; and it is checked when it is read, so
that a damaged one is made again, not trusted.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stockpot.errors import FolderError

MANIFEST = "manifest.json"


def default_root() -> Path:
    """The user's cache folder: $STOCKPOT_STORE, or $XDG_CACHE_HOME/stockpot, or ~/.cache/stockpot."""
    chosen = os.environ.get("STOCKPOT_STORE")
    if chosen:
        return Path(chosen)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "stockpot"


@dataclass(frozen=True)
class Store:
    """Artefacts by stage and key."""

    root: Path

    def folder(self, stage: str, key: str) -> Path:
        return self.root / stage / key

    @property
    def results(self) -> Path:
        """Where the workflow's own small records of finished stages lie."""
        return self.root / "results"

    def has(self, stage: str, key: str) -> bool:
        """Whether the artefact is there and whole; a damaged one is put away."""
        folder = self.folder(stage, key)
        if not folder.exists():
            return False
        if _whole(folder):
            return True
        shutil.rmtree(folder, ignore_errors=True)
        return False

    def make(self, stage: str, key: str, fill: Callable[[Path], None]) -> bool:
        """If the artefact is not there, ``fill`` writes its files into an empty folder. Whether it was made now."""
        if self.has(stage, key):
            return False
        part = self._part(stage, key)
        start = time.perf_counter()
        try:
            fill(part)
            _sign(part, time.perf_counter() - start)
            _publish(part, self.folder(stage, key))
        finally:
            shutil.rmtree(part, ignore_errors=True)
        return True

    def _part(self, stage: str, key: str) -> Path:
        part = self.root / stage / f".{key}.{secrets.token_hex(4)}.part"
        try:
            part.mkdir(parents=True)
        except (FileExistsError, NotADirectoryError):
            raise FolderError(f"{self.root} is no folder: give another place for the store (--store).") from None
        except PermissionError:
            raise FolderError(f"{self.root} cannot be written: give another place for the store (--store).") from None
        return part

    def seconds(self, stage: str, key: str) -> float:
        """How long the artefact took to make."""
        return float(_manifest(self.folder(stage, key))["seconds"])


def _sign(folder: Path, seconds: float) -> None:
    digests = {path.name: _sha256(path) for path in sorted(folder.iterdir())}
    _write(folder / MANIFEST, json.dumps({"seconds": round(seconds, 3), "files": digests}))


def _publish(part: Path, folder: Path) -> None:
    """Rename; where another maker was first, its artefact stays."""
    try:
        os.rename(part, folder)
    except OSError:
        if not _whole(folder):
            raise


def _whole(folder: Path) -> bool:
    try:
        files = _manifest(folder)["files"]
        return all(_sha256(folder / name) == digest for name, digest in files.items())
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _manifest(folder: Path) -> Any:
    return json.loads((folder / MANIFEST).read_text(encoding="utf-8"))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
