"""What `stockpot serve` leaves for others of this user on this machine: where its server and its reports are.

It holds a lock for as long as it lives. The system takes the lock away however it ends, so that a note of one
that is gone misleads nobody.
"""

from __future__ import annotations

import json
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from stockpot.alive import is_alive
from stockpot.errors import ConfigError
from stockpot.store import cache_folder

if sys.platform != "win32":
    import fcntl

TRIES, TRY_SECONDS = 5, 0.1


@dataclass(frozen=True)
class Serving:
    """Addresses of the Prefect API and of the reports; these' store; host, process and its start."""

    api: str
    reports: str
    store: str
    host: str
    pid: int
    started: str

    @property
    def ui(self) -> str:
        return self.api.removesuffix("/api")

    @property
    def environment(self) -> dict[str, str]:
        """What those who deliver reports want to know."""
        return {"STOCKPOT_REPORTS_URL": self.reports, "STOCKPOT_REPORTS_STORE": self.store}


def folder() -> Path:
    """Where the note, its lock and the logs lie: in the user's cache folder."""
    return cache_folder() / "serve"


def note() -> Path:
    """The file that says where; it is there while `stockpot serve` is ready."""
    return folder().parent / "serving.json"


def read() -> Serving | None:
    """Of the `stockpot serve` that runs on this host, if one does and is ready."""
    with suppress(OSError, ValueError, TypeError):
        found = Serving(**json.loads(note().read_text(encoding="utf-8")))
        if found.host == socket.gethostname() and is_alive(_lock()):
            return found
    return None


@contextmanager
def alone() -> Iterator[None]:
    """Hold the lock; ConfigError if another `stockpot serve` holds it. The note is gone afterwards."""
    folder().mkdir(parents=True, exist_ok=True)
    with _lock().open("a", encoding="utf-8") as file:
        if not _take(file):
            found = read()
            where = f"at {found.ui}" if found else "and is about to be ready"
            raise ConfigError(f"stockpot serve already runs {where}: use that one, or stop it first.")
        note().unlink(missing_ok=True)  # of one that was killed
        try:
            yield
        finally:
            note().unlink(missing_ok=True)


def tell(serving: Serving) -> None:
    """Write the note, whole or not at all."""
    part = folder() / "serving.part"
    part.write_text(json.dumps(asdict(serving), indent=1) + "\n", encoding="utf-8")
    part.replace(note())


def _lock() -> Path:
    return folder() / "lock"


def _take(file: IO[str]) -> bool:
    """Whether nobody else holds the lock; it lasts until the file is closed. One who only looks at it lets it
    go at once, so it is tried again.
    """
    if sys.platform == "win32":
        return True
    for _ in range(TRIES):
        with suppress(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        time.sleep(TRY_SECONDS)
    return False
