"""A command that is asked to end (SIGTERM), or whose terminal is closed (SIGHUP), ends as one that is
interrupted: what it started is ended, and a sentence says how to go on.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

SIGNALS = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]


class Terminated(BaseException):
    """Asked to end."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.code = 128 + number


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


def _raise(number: int, frame: FrameType | None) -> None:
    del frame
    raise Terminated(number)
