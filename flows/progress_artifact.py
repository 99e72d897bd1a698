"""Progress in the Prefect UI: an artifact that follows a flow while it trains, in every way to run it.

It is a courtesy: it looks at the store every few seconds from a thread of its own, and no fault in it ever
harms the flow.
"""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import cast
from uuid import UUID

from prefect.artifacts import create_progress_artifact, update_progress_artifact

from stockpot.flows.watch import Place
from stockpot.tasks.showing import slug

LOOK_SECONDS, LAST_SECONDS, DONE = 2.0, 5.0, "done"
"""The last word is waited for, but not for ever: the store or the server may be gone."""


@contextmanager
def progress_shown(place: Place, table: str) -> Iterator[None]:
    """While the block runs, ``training-<table>`` says how far the place is; when it ends well, all of it."""
    follower = _Follower(place, f"training-{slug(table)}")
    follower.start()
    try:
        yield
    except BaseException:
        follower.end(well=False)
        raise
    follower.end(well=True)


class _Follower:
    def __init__(self, place: Place, key: str) -> None:
        self.place, self.key = place, key
        self.artifact: UUID | None = None
        self.over, self.well, self.told = threading.Event(), False, (-1.0, "")
        # the artifact belongs to the flow run, which a new thread knows nothing of
        context = contextvars.copy_context()
        self.thread = threading.Thread(target=context.run, args=(self._follow,), daemon=True)

    def start(self) -> None:
        self.thread.start()

    def end(self, *, well: bool) -> None:
        """The last word is said by the thread itself, so that it is the last."""
        self.well = well
        self.over.set()
        self.thread.join(LAST_SECONDS)

    def _follow(self) -> None:
        with suppress(Exception):
            self._tell(*self._look())
            while not self.over.wait(LOOK_SECONDS):
                with suppress(Exception):
                    self._tell(*self._look())
            self._tell(*((100.0, DONE) if self.well else self._look()))

    def _look(self) -> tuple[float, str]:
        done = self.place.trained()
        return 100 * done / max(self.place.total, 1), self.place.words(done)

    def _tell(self, percent: float, words: str) -> None:
        if self.artifact is None:
            made = create_progress_artifact(progress=percent, key=self.key, description=words)
            self.artifact = cast("UUID", made)
        elif (percent, words) != self.told:
            update_progress_artifact(self.artifact, progress=percent, description=words)
        self.told = percent, words
