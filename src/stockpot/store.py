"""The store: a folder of artefacts, each under the digest of what determines it.

An artefact is a folder of files with a manifest of their digests. It is made under another name and
renamed, so that two makers of one key do no harm and a killed one leaves nothing that is read; and it is
checked when it is read, so that a damaged one is made again, not trusted.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import secrets
import shutil
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stockpot.errors import FolderError

MANIFEST = "manifest.json"
UNWRITABLE = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST}
"""What no second try mends: rights, a read-only disk, a file in a folder's place."""
FORGOTTEN_SECONDS = 86_400
"""So old, half an artefact belongs to a maker that was killed."""


def default_root() -> Path:
    """The user's cache folder: $STOCKPOT_STORE, or $XDG_CACHE_HOME/stockpot, or ~/.cache/stockpot."""
    chosen = os.environ.get("STOCKPOT_STORE")
    if chosen:
        return Path(chosen).expanduser()
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

    def partial(self, key: str) -> Path:
        """Where the state of a training that has not ended is kept."""
        return self.root / "partial" / f"{key}.safetensors"

    def has(self, stage: str, key: str) -> bool:
        """Whether the artefact is there and whole; a damaged one is put away."""
        folder = self.folder(stage, key)
        if _whole(folder):
            return True
        if folder.exists():
            self._put_away(stage, key)
        return False

    def make(self, stage: str, key: str, fill: Callable[[Path], None]) -> bool:
        """If the artefact is not there, ``fill`` writes its files into an empty folder. Whether it was
        made.
        """
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
        part = self._aside(stage, key)
        try:
            part.mkdir(parents=True)
        except OSError as error:
            if error.errno not in UNWRITABLE:
                raise
            raise FolderError(
                f"{self.root} cannot be written ({error.strerror}): give another folder for the store "
                "(--store)."
            ) from None
        _sweep(part.parent.glob(f".{key}.*.part"))
        return part

    def _put_away(self, stage: str, key: str) -> None:
        """By one rename, so that nobody reads a folder that is half deleted."""
        aside = self._aside(stage, key)
        with suppress(OSError):
            self.folder(stage, key).rename(aside)
        shutil.rmtree(aside, ignore_errors=True)

    def _aside(self, stage: str, key: str) -> Path:
        return self.root / stage / f".{key}.{secrets.token_hex(4)}.part"

    def seconds(self, stage: str, key: str) -> float:
        """How long the artefact took to make."""
        return float(_manifest(self.folder(stage, key))["seconds"])


def _sweep(parts: Iterable[Path]) -> None:
    """Delete what killed makers left."""
    for part in parts:
        with suppress(OSError):
            if time.time() - part.stat().st_mtime > FORGOTTEN_SECONDS:
                shutil.rmtree(part, ignore_errors=True)


def _sign(folder: Path, seconds: float) -> None:
    digests = {path.name: _sha256(path) for path in sorted(folder.iterdir())}
    text = json.dumps({"seconds": round(seconds, 3), "files": digests})
    (folder / MANIFEST).write_text(text, encoding="utf-8")


def _publish(part: Path, folder: Path) -> None:
    """Rename; where another maker was first, its artefact stays."""
    try:
        part.rename(folder)
    except OSError:
        if not _whole(folder):
            raise


def _whole(folder: Path) -> bool:
    try:
        files = _manifest(folder)["files"]
        return all(_sha256(folder / name) == digest for name, digest in files.items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def _manifest(folder: Path) -> Any:
    return json.loads((folder / MANIFEST).read_text(encoding="utf-8"))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
