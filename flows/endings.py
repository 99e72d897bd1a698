"""How a command ends before its time.

Asked to end (SIGTERM), or with its terminal closed (SIGHUP), it ends as one that is interrupted: what it
started is ended, and a sentence says how to go on.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

from stockpot.errors import StockpotError

LATEST = 5.0
"""Seconds that Python's own exit may take after an interruption."""
leaving = threading.Event()
"""Work was given up on, and what it held may stay locked."""
SIGNALS = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]


class Terminated(BaseException):
    """Asked to end."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.code = 128 + number


class CancelledInUIError(StockpotError):
    """Somebody pressed the button."""


class ServerGoneError(StockpotError):
    """The Prefect server went away in the middle, and did not come back."""


@contextmanager
def heeded() -> Iterator[None]:
    """Signals to end become Terminated; one that is ignored (nohup), or somebody else's, is left alone."""
    ours = [number for number in SIGNALS if signal.getsignal(number) == signal.SIG_DFL]
    with suppress(ValueError):  # not the main thread: then it is another's to decide
        for number in ours:
            signal.signal(number, _raise)
    try:
        yield
    finally:
        with suppress(ValueError):
            for number in ours:
                signal.signal(number, signal.SIG_DFL)


@contextmanager
def server_needed() -> Iterator[None]:
    """ServerGoneError where no server answers any more: Prefect has tried for a minute by then."""
    import httpx

    try:
        yield
    except httpx.TransportError as error:
        raise ServerGoneError(
            f"the Prefect server went away ({type(error).__name__}): start it again."
        ) from error


def leave(code: int) -> None:
    """At once: Prefect's threads would try for minutes to tell a server that is gone."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def leave_soon(code: int) -> None:
    """As Python exits: what Prefect still has to tell its server is told. By force where work was given up on
    and that takes too long: Python waits for threads that may wait for a lock of a process that was killed.
    """
    if leaving.is_set():
        forced = threading.Timer(LATEST, leave, [code])
        forced.daemon = True
        forced.start()
    sys.exit(code)


def _raise(number: int, frame: FrameType | None) -> None:
    del frame
    raise Terminated(number)
