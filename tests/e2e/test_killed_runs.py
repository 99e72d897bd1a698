"""Runs that say 'Running' and whose process is gone: the next start ends them, and no others."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from stockpot.flows.roll import HOST, STARTED, identity
from tests.e2e.house import House, pot


@pytest.fixture(scope="module")
def left(house: House, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """Runs that were left running by who knows whom, as they are after a cook by somebody else."""
    gone = identity() | {STARTED: 1}
    runs = {
        "gone": running(house, gone),
        "alive": running(house, identity()),
        "elsewhere": running(house, gone | {HOST: "elsewhere"}),
        "without labels": running(house, {}),
    }
    trees = pot(tmp_path_factory.mktemp("left"), "alder")
    assert house.run("cook", *trees.arguments()).code == 0
    return {name: found(house, run) for name, run in runs.items()}


def running(house: House, labels: dict[str, Any]) -> str:
    """The id of a flow run in state Running, with a task that runs."""
    flow = house.ask("flows/", name="cook")
    run = house.ask("flow_runs/", flow_id=flow["id"], state={"type": "RUNNING", "name": "Running"})
    httpx.patch(f"{house.api}/flow_runs/{run['id']}/labels", json=labels, timeout=30).raise_for_status()
    state = {"type": "RUNNING", "name": "Running"}
    house.ask("task_runs/", flow_run_id=run["id"], task_key="train", dynamic_key="0", state=state)
    return str(run["id"])


def found(house: House, run: str) -> dict[str, Any]:
    """State names of the flow run and of its task."""
    (flow,) = house.ask("flow_runs/filter", flow_runs={"id": {"any_": [run]}})
    (task,) = house.ask("task_runs/filter", flow_runs={"id": {"any_": [run]}})
    return {"flow": flow["state_name"], "task": task["state_name"], "message": flow["state"]["message"]}


def test_a_run_whose_process_is_gone_is_ended_with_its_tasks(left):
    assert (left["gone"]["flow"], left["gone"]["task"]) == ("Crashed", "Crashed")
    assert "run it again" in left["gone"]["message"]


@pytest.mark.parametrize("name", ["alive", "elsewhere", "without labels"])
def test_a_run_that_is_not_proven_to_be_gone_is_left_alone(left, name):
    assert (left[name]["flow"], left[name]["task"]) == ("Running", "Running")
