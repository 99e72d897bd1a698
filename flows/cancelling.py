"""A cook by hand heeds the Prefect UI: cancelled there, it ends here.

A worker ends the cancelled runs that it started. Nobody ends one that a person started at a terminal: it
would cook on, and its run stay 'Cancelling' for good. So the cook asks the server for its state now and then.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any
from uuid import UUID

import httpx

from stockpot.flows.endings import CancelledInUIError

if TYPE_CHECKING:  # Prefect reads its settings when it is imported: not before ``environment`` has set them
    from prefect import Flow, State
    from prefect.client.schemas.objects import FlowRun

ASK_SECONDS = 2.0
_over = threading.Event()
_cancelled: list[UUID] = []
"""The run that was cancelled. It is the module's own: a hook travels with its flow to other processes."""


@contextmanager
def cancellable() -> Iterator[None]:
    """A flow that has ``heed`` as a hook ends in CancelledInUIError when it is cancelled in the UI."""
    _over.clear()
    _cancelled.clear()
    try:
        yield
    except KeyboardInterrupt:
        if not _cancelled:
            raise
        _end(_cancelled[0])
        raise CancelledInUIError("cancelled in the Prefect UI") from None
    finally:
        _over.set()


def heed(flow: Flow[..., Any], flow_run: FlowRun, state: State[Any]) -> None:
    """A hook of Prefect's: the flow runs."""
    del flow, state
    threading.Thread(target=_ask, args=(flow_run.id,), daemon=True).start()


def _ask(run: UUID) -> None:
    while not _over.wait(ASK_SECONDS):
        if _is_cancelled(run) and not _over.is_set():
            _cancelled.append(run)
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
            return


def _is_cancelled(run: UUID) -> bool:
    """False also when no server answers: that the cook notices by itself."""
    from prefect.client.orchestration import get_client
    from prefect.exceptions import ObjectNotFound

    with suppress(httpx.HTTPError, ObjectNotFound), get_client(sync_client=True) as client:
        state = client.read_flow_run(run).state
        return bool(state and (state.is_cancelling() or state.is_cancelled()))
    return False


def _end(run: UUID) -> None:
    """Prefect takes the interruption for a crash."""
    from prefect.client.orchestration import get_client
    from prefect.states import Cancelled

    with suppress(httpx.HTTPError), get_client(sync_client=True) as client:
        client.set_flow_run_state(
            run, Cancelled(message="Cancelled in the UI; the cook has ended."), force=True
        )
