"""Process workers of the tests' own, and cooks that are handed to them as the Prefect UI does."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.e2e.house import ENDED, PYTHON, ROOT, House, Pot, environment

POOL = "kitchen"


@dataclass(frozen=True)
class Hatch:
    """Where cooks are handed in: a deployment for a process work pool."""

    house: House
    deployment: str

    def order(self, trees: Pot, **options: Any) -> str:
        """A flow run of this table, scheduled at once. Returns its id."""
        places = {"table": trees.table, "out": trees.folder / "out", "store": trees.folder / "store"}
        given = yaml.safe_load(trees.config.read_text()) | {name: str(path) for name, path in places.items()}
        asked = {"parameters": {"config": given | options}, "state": {"type": "SCHEDULED"}}
        run = self.house.ask(f"deployments/{self.deployment}/create_flow_run", **asked)
        return str(run["id"])

    def run(self, number: str) -> dict[str, Any]:
        """What the server knows of a flow run."""
        (found,) = self.house.ask("flow_runs/filter", flow_runs={"id": {"any_": [number]}})
        return dict(found)

    def ended(self, number: str, seconds: float = 180) -> dict[str, Any]:
        """Likewise, when it is over."""
        end = time.monotonic() + seconds
        while (run := self.run(number))["state_type"] not in ENDED:
            assert time.monotonic() < end, run["state_name"]
            time.sleep(0.2)
        return run


def hatch(house: House) -> Hatch:
    """Make the pool and the deployment."""
    house.ask("work_pools/", name=POOL, type="process", base_job_template={})
    flow = house.ask("flows/", name="cook")
    entrypoint = "stockpot.flows.cook:cook"
    made = house.ask(
        "deployments/", name="tests", flow_id=flow["id"], work_pool_name=POOL, entrypoint=entrypoint
    )
    return Hatch(house, made["id"])


@contextmanager
def worker(house: House) -> Iterator[subprocess.Popen[bytes]]:
    """A process worker; it and what it started are gone afterwards."""
    command = [PYTHON, "-m", "prefect", "worker", "start", "--pool", POOL, "--type", "process"]
    with (house.home / "worker.log").open("a") as log:
        given = environment(house.home, house.api) | {"PREFECT_WORKER_QUERY_SECONDS": "1"}
        process = subprocess.Popen(
            command, cwd=ROOT, env=given, stdout=log, stderr=log, start_new_session=True
        )
    with process:
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def processes_of_run(number: str) -> list[int]:
    """The processes of a flow run which a worker started."""
    found = []
    for environ in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):
            if f"PREFECT__FLOW_RUN_ID={number}".encode() in environ.read_bytes().split(b"\0"):
                found.append(int(environ.parent.name))
    return sorted(found)
