"""Who runs a flow run, stored with the run: host, process and its start time, as labels.

A flow that was killed cannot tell Prefect, and its run would stay 'Running' for good. So each flow that
begins looks for such runs, and ends those whose process is proven to be gone: it ran on this host, and the
host has been started anew since, or has no process of that number and start time. Of another host's runs, and
of those in another container, nothing is known here, so they are left alone; so is everything where there is
no /proc.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # Prefect reads its settings when it is imported: not before ``environment`` has set them
    from prefect import Flow, State
    from prefect.client.orchestration import SyncPrefectClient
    from prefect.client.schemas.objects import FlowRun

log = logging.getLogger(__name__)

BEGUN = threading.Event()
"""Whether the flow runs. It is the module's own, as all is here: a hook travels with its flow elsewhere."""
FLOWS = ("cook", "ablate", "benchmark")
HOST, MACHINE, BOOT, SPACE, PROCESS, STARTED, SINCE = (
    f"stockpot.{name}" for name in ("host", "machine", "boot", "processes", "process", "started", "since")
)
WHOLE_HOST = "pid:[4026531836]"
"""The processes of a whole host (PROC_PID_INIT_INO in proc_ns.h of Linux); a container has its own space."""
KILLED = "The process that ran it is gone. What it had finished is kept: run it again."
STOPPED = "It was stopped with its flow. Run it again."
LOOKS, LOOK_SECONDS = 10, 0.5
_PROC = Path("/proc")


def begin(flow: Flow[..., Any], flow_run: FlowRun, state: State[Any]) -> None:
    """A hook of Prefect's: the flow has begun. A fault in what it does is no reason not to cook."""
    del flow
    BEGUN.set()
    from prefect.client.orchestration import get_client

    try:
        with get_client(sync_client=True) as client:
            client.update_flow_run_labels(flow_run.id, identity() | {SINCE: state.timestamp.isoformat()})
            for killed in _killed(client):
                _end(client, killed)
    except Exception as error:  # noqa: BLE001 - whatever it is, the log tells it
        log.warning("Runs that were killed were not looked for: %s", error)


def close(flow: Flow[..., Any], flow_run: FlowRun, state: State[Any]) -> None:
    """A hook of Prefect's: the flow was stopped. Tasks in processes of their own were ended with it and could
    not say so. The server hears of a task a moment late: look twice.
    """
    del flow, state
    from prefect.client.orchestration import get_client

    try:
        with get_client(sync_client=True) as client:
            for look in range(LOOKS):
                if not _end_tasks(client, flow_run, STOPPED) and look:
                    return
                time.sleep(LOOK_SECONDS)
    except Exception as error:  # noqa: BLE001 - whatever it is, the log tells it
        log.warning("Tasks that were stopped were not marked: %s", error)


def identity() -> dict[str, Any]:
    """This process, so that no other on earth is taken for it; nothing where there is no /proc."""
    try:
        return {
            HOST: socket.gethostname(),
            MACHINE: _read("/etc/machine-id"),
            BOOT: _read("/proc/sys/kernel/random/boot_id"),
            SPACE: str((_PROC / "self/ns/pid").readlink()),
            PROCESS: os.getpid(),
            STARTED: _started(os.getpid()),
        }
    except (OSError, ValueError):
        return {}


def is_gone(labels: Mapping[str, Any]) -> bool:
    """Whether the process that these labels name is proven to be gone."""
    here = identity()
    if not here or any(labels.get(name) != here[name] for name in (HOST, MACHINE, SPACE)):
        return False
    if labels.get(BOOT) != here[BOOT]:  # containers of two hosts may share a name
        return bool(here[MACHINE]) and here[SPACE] == WHOLE_HOST
    try:
        return bool(_started(int(labels[PROCESS])) != labels[STARTED])
    except FileNotFoundError:
        return True
    except (OSError, ValueError, KeyError):
        return False


def _read(path: str) -> str:
    """A line of the system's; empty if there is no such file."""
    try:
        return Path(path).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return ""


def _started(process: int) -> int:
    """When a process started, in clock ticks since the host did: a clock that is set changes nothing in it.

    A dead process that nobody has waited for is gone.
    """
    # The name, in brackets, may hold anything; behind it come the state and, as the twentieth, the start.
    fields = (_PROC / str(process) / "stat").read_text(errors="replace").rpartition(")")[2].split()
    if fields[0] in "ZX":
        raise FileNotFoundError(process)
    return int(fields[19])


def _killed(client: SyncPrefectClient) -> Iterator[FlowRun]:
    """Runs that say 'Running' and cannot."""
    from prefect.client.schemas.filters import FlowFilter, FlowRunFilter

    running = client.read_flow_runs(
        flow_filter=FlowFilter.model_validate({"name": {"any_": list(FLOWS)}}),
        flow_run_filter=FlowRunFilter.model_validate(
            {"state": {"type": {"any_": ["RUNNING", "CANCELLING"]}}}
        ),
    )
    for run in running:
        if is_gone(run.labels):
            now = client.read_flow_run(run.id)  # it may have ended well since it was read
            if now.state and not now.state.is_final() and not _is_begun_anew(now):
                yield now


def _is_begun_anew(run: FlowRun) -> bool:
    """Whether it was begun again (Retry, in the UI) and its labels are still those of the time before."""
    since = run.labels.get(SINCE)
    if not run.state or not run.state.is_running() or not isinstance(since, str):
        return False
    return run.state.timestamp > datetime.fromisoformat(since) + timedelta(seconds=1)


def _end(client: SyncPrefectClient, run: FlowRun) -> None:
    """The run and its tasks are marked as crashed."""
    from prefect.states import Crashed

    for _ in range(LOOKS):  # the server tells of two hundred at a time
        if not _end_tasks(client, run, KILLED):
            break
    client.set_flow_run_state(run.id, Crashed(message=KILLED), force=True)


def _end_tasks(client: SyncPrefectClient, run: FlowRun, why: str) -> int:
    """The run's tasks that have not ended are marked as crashed. How many there were."""
    from prefect.client.schemas.filters import FlowRunFilter, TaskRunFilter
    from prefect.states import Crashed

    tasks = client.read_task_runs(
        flow_run_filter=FlowRunFilter.model_validate({"id": {"any_": [run.id]}}),
        task_run_filter=TaskRunFilter.model_validate({"state": {"type": {"any_": ["RUNNING", "PENDING"]}}}),
    )
    for task in tasks:
        client.set_task_run_state(task.id, Crashed(message=why), force=True)
    return len(tasks)
