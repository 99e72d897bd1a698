"""Live progress of training, across threads, processes and machines: a small file a batch in the store.

Progress is a courtesy: a fault in writing it never harms the training that it tells of. The way back is
here too: whoever interrupts a cook stops its trainings at their next step, in this process.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from stockpot.store import Store
from stockpot.train import Progress

EVERY_SECONDS = 0.3
STOP = threading.Event()
"""Set while a cook is being interrupted."""


def _file(store: Store, key: str) -> Path:
    return store.root / "progress" / key


@contextmanager
def reporter(store: Store, key: str, ingredients: int) -> Iterator[Progress]:
    """Write how many ingredients' worth of steps are made; the file goes when training ends."""
    path, last = _file(store, key), [0.0]

    def report(step: int, steps: int) -> None:
        if STOP.is_set():
            raise KeyboardInterrupt
        now = time.monotonic()
        if now - last[0] >= EVERY_SECONDS:
            last[0] = now
            with suppress(OSError):
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(f"{ingredients * step / steps:.3f}", encoding="utf-8")

    try:
        yield report
    finally:
        with suppress(OSError):
            path.unlink(missing_ok=True)


def trained(store: Store, batches: Sequence[tuple[str, int]]) -> float:
    """Ingredients trained so far, parts of them included, over (key, ingredients) of each batch."""
    total = 0.0
    for key, ingredients in batches:
        if store.known("train", key):
            total += ingredients
            continue
        with suppress(OSError, ValueError):
            total += float(_file(store, key).read_text(encoding="utf-8"))
    return total
