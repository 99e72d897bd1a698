"""Whether somebody on this machine still works in a folder: told by a lock, which the system takes away with
its holder, never by a clock.
"""

from __future__ import annotations

import atexit
import math
import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

if sys.platform != "win32":
    import fcntl


@contextmanager
def working_in(path: Path) -> Iterator[None]:
    """While this lasts, ``is_alive`` says so. Where locks are not to be had, nothing is said."""
    descriptor = -1
    with suppress(OSError):
        descriptor = os.open(path, os.O_RDONLY)
        _lock(descriptor)
    try:
        yield
    finally:
        if descriptor >= 0:
            os.close(descriptor)


def is_alive(path: Path) -> bool:
    """Whether a living process of this machine holds the file or folder."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError:
        return False
    try:
        _lock(descriptor, look=True)
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return False


def _lock(descriptor: int, *, look: bool = False) -> None:
    """BlockingIOError if another holds it. Those who only look do not see each other."""
    if sys.platform != "win32":
        fcntl.flock(descriptor, (fcntl.LOCK_SH if look else fcntl.LOCK_EX) | fcntl.LOCK_NB)


_attending: dict[Path, IO[str]] = {}


def attend(folder: Path) -> None:
    """From now on, and as long as it lives, this process stands on the roll in this folder. A courtesy."""
    if folder in _attending:
        return
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        name = f"{os.getpid()}-{secrets.token_hex(4)}"
        file = (folder / f".{name}").open("w", encoding="utf-8")
        _lock(file.fileno())
        _attending[Path(file.name).rename(folder / name)] = file
        _attending[folder] = file


@atexit.register
def _leave() -> None:
    for path in _attending:
        with suppress(OSError):
            path.unlink()


def since(folder: Path) -> float:
    """When the longest attending of those alive began, by the folder's clock; infinity if there is none."""
    begun = [math.inf]
    with suppress(OSError):
        begun += [path.stat().st_mtime for path in folder.glob("[!.]*") if is_alive(path)]
    return min(begun)
