"""The roll of the cooks that run: a locked file each, named after its flow run.

A cook that was killed cannot tell Prefect, and its run would stay 'Running' for good. But the system took its
lock away: the next cook of the store finds the file unlocked, and ends that run for it.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

if sys.platform != "win32":
    import fcntl

if TYPE_CHECKING:  # Prefect reads its settings when it is imported: not before ``environment`` has set them
    from prefect import Flow, State
    from prefect.client.schemas.objects import FlowRun

BEGUN = threading.Event()
"""Whether the flow runs. It is the module's own, as all is here: a hook travels with its flow elsewhere."""
_open: dict[Path, IO[str] | None] = {}


@contextmanager
def called(folder: Path) -> Iterator[None]:
    """A cook whose flow has ``begin`` as a hook stands on the roll in this folder until it ends."""
    BEGUN.clear()
    _open.clear()
    _open[folder] = None
    try:
        yield
    finally:
        for path, file in _open.items():
            if file:
                path.unlink(missing_ok=True)
                file.close()


def begin(flow: Flow[..., Any], flow_run: FlowRun, state: State[Any]) -> None:
    """A hook of Prefect's: the flow has begun."""
    del flow, state
    BEGUN.set()
    for folder in list(_open):
        with suppress(OSError):  # a courtesy
            folder.mkdir(parents=True, exist_ok=True)
            _enter(folder, str(flow_run.id))
            _end_killed(folder)


def _enter(folder: Path, name: str) -> None:
    file = (folder / f".{name}").open("w", encoding="utf-8")
    _lock(file)
    _open[Path(file.name).rename(folder / name)] = file


def _end_killed(folder: Path) -> None:
    from prefect.client.orchestration import get_client
    from prefect.exceptions import ObjectNotFound
    from prefect.states import Crashed

    with get_client(sync_client=True) as client:
        for path in set(folder.glob("[!.]*")) - set(_open):
            with suppress(OSError, ObjectNotFound), path.open("w", encoding="utf-8") as file:
                _lock(file)
                client.set_flow_run_state(path.name, Crashed(message="The cook was killed."), force=True)
                path.unlink(missing_ok=True)


def _lock(file: IO[str]) -> None:
    """OSError if another process holds the file."""
    if sys.platform != "win32":
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
