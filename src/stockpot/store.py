"""The store: artefacts, each under the digest of what determines it, in a folder or in a place that machines
share.

An artefact is a folder of files with a manifest of their digests. It is made under another name and
renamed, so that two makers of one key do no harm and a killed one leaves nothing that is read; and it is
checked when it is read, so that a damaged one is made again, not trusted. A store behind a URL is a folder of
this machine, its mirror, and the far side: what the mirror lacks is fetched, what is made is offered.
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from stockpot.alive import attend, is_alive, working_in
from stockpot.artefact import MANIFEST, read_manifest, sign, used, whole
from stockpot.errors import FolderError
from stockpot.remote import Remote, remote

__all__ = ["FORGOTTEN_SECONDS", "MANIFEST", "Store", "default_root", "located", "open_store"]
UNWRITABLE = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST}
"""What no second try mends: rights, a read-only disk, a file in a folder's place."""
FORGOTTEN_SECONDS = 86_400
"""So old, half an artefact belongs to a maker that was killed, unless it is seen to be alive."""


def cache_folder() -> Path:
    """The user's cache folder: $XDG_CACHE_HOME/stockpot, or ~/.cache/stockpot."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "stockpot"


def default_root() -> Path:
    """Where the files of the user's own store lie on this machine: $STOCKPOT_STORE, or the cache folder."""
    return open_store(located(None)).root


def located(place: str | None) -> str:
    """A store's place, the same from everywhere on this machine: an absolute folder, or a URL. None is the
    user's own: $STOCKPOT_STORE, or the cache folder.
    """
    chosen = place or os.environ.get("STOCKPOT_STORE") or str(cache_folder())
    return chosen.rstrip("/") if "://" in chosen else str(Path(chosen).expanduser().absolute())


def open_store(location: str) -> Store:
    """The store at a ``located`` place. ConfigError for a URL that cannot be used here."""
    if "://" not in location:
        return Store(Path(location))
    name = sha256(location.encode()).hexdigest()[:16]
    return Store(cache_folder() / "mirrors" / name, remote(location))


@dataclass(frozen=True)
class Store:
    """Artefacts by stage and key. ``remote``: the far side, if ``root`` is its mirror."""

    root: Path
    remote: Remote | None = None

    @property
    def location(self) -> str:
        """What ``open_store`` finds it by, on every machine."""
        return self.remote.url if self.remote else str(self.root)

    def folder(self, stage: str, key: str) -> Path:
        return self.root / stage / key

    @property
    def results(self) -> Path:
        """Where the workflow's own small records of finished stages lie."""
        return self.root / "results"

    @property
    def running(self) -> Path:
        """Where this machine's living cooks stand on a roll."""
        return self.root / "running"

    def partial(self, key: str) -> Path:
        """Where the state of a training that has not ended is kept."""
        return self.root / "partial" / f"{key}.safetensors"

    def known(self, stage: str, key: str) -> bool:
        """Whether the artefact is there, by a short look that neither checks nor fetches it nor fails."""
        return self.folder(stage, key).exists() or bool(self.remote and self.remote.known(stage, key))

    def has(self, stage: str, key: str) -> bool:
        """Whether the artefact is there and whole; a damaged one is put away. Then its files are in
        ``folder``, and on the far side too.
        """
        folder = self.folder(stage, key)
        there = folder.exists()  # asked first: what is published meanwhile is not taken for damaged
        if whole(folder) or self._fetch(stage, key, damaged=there):
            used(folder)
            if self.remote:
                self.remote.offer(stage, key, folder)
            return True
        return False

    def make(self, stage: str, key: str, fill: Callable[[Path], None], of: str = "") -> bool:
        """If the artefact is not there, ``fill`` writes its files into an empty folder. ``of``: the table's
        name. Whether it was made.
        """
        if self.has(stage, key):
            return False
        with self._part(stage, key) as part:
            start = time.perf_counter()
            fill(part)
            sign(part, time.perf_counter() - start, of)
            _publish(part, self.folder(stage, key))
        if self.remote:
            self.remote.offer(stage, key, self.folder(stage, key))
        return True

    def _fetch(self, stage: str, key: str, *, damaged: bool) -> bool:
        """Put a damaged artefact away, and take a whole one from the far side."""
        if damaged:
            with suppress(OSError):
                self.remove(stage, key)
        if not self.remote or not self.remote.holds(stage, key):
            return False
        with self._part(stage, key) as part:
            if fetched := self.remote.fetch(stage, key, part):
                _publish(part, self.folder(stage, key))
        return fetched

    @contextmanager
    def _part(self, stage: str, key: str) -> Iterator[Path]:
        part = self._aside(stage, key)
        try:
            part.mkdir(parents=True)
        except OSError as error:
            raise told(error, self.root) from None
        with working_in(part):
            sweep(part.parent.glob(f".{key}.*.part"))
            try:
                yield part
            finally:
                shutil.rmtree(part, ignore_errors=True)

    def remove(self, stage: str, key: str) -> None:
        """From this folder, by one rename, so that nobody reads a folder that is half deleted."""
        aside = self._aside(stage, key)
        with suppress(FileNotFoundError):
            self.folder(stage, key).rename(aside)
        shutil.rmtree(aside, ignore_errors=True)

    def attend(self) -> None:
        """From now on this process is one of the cooks of the store: what they use is not pruned."""
        attend(self.running)

    def _aside(self, stage: str, key: str) -> Path:
        return self.root / stage / f".{key}.{secrets.token_hex(4)}.part"

    def seconds(self, stage: str, key: str) -> float:
        """How long the artefact took to make."""
        return read_manifest(self.folder(stage, key)).seconds


def told(error: OSError, root: Path) -> OSError | FolderError:
    """A sentence for what no second try mends."""
    if error.errno not in UNWRITABLE:
        return error
    return FolderError(
        f"{root} cannot be written ({error.strerror}): give another folder for the store (--store)."
    )


def sweep(parts: Iterable[Path]) -> None:
    """Delete what killed makers left. A clock that jumped makes no living maker's part old."""
    for part in parts:
        with suppress(OSError):
            if time.time() - part.stat().st_mtime > FORGOTTEN_SECONDS and not is_alive(part):
                shutil.rmtree(part, ignore_errors=True)


def _publish(part: Path, folder: Path) -> None:
    """Rename; where another maker was first, its artefact stays."""
    try:
        part.rename(folder)
    except OSError:
        if not whole(folder):
            raise
