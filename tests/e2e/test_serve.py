"""`stockpot serve`, as a person starts and stops it: one real server, worker and all."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from tests.e2e.house import ENDED, QUICK, House, pot, processes_of

NAMES = {"cook/cook", "cook/cook-nightly", "benchmark/benchmark-weekly", "ablate/ablate"}
LONG = {"grid": {"steps": [100000]}, "subsets": {"count": 1}}


def free_ports() -> int:
    """A port that is free, as is the next."""
    for port in range(21000 + os.getpid() % 5000 * 4, 60000, 2):
        with socket.socket() as one, socket.socket() as two:
            try:
                one.bind(("127.0.0.1", port))
                two.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port
    raise AssertionError("no free port")


@contextmanager
def serving(home: Path, port: int) -> Iterator[tuple[House, subprocess.Popen[str]]]:
    """A `stockpot serve` that is ready; it is gone afterwards, as is all that it started."""
    home.mkdir(exist_ok=True)
    with House(home, None).start("serve", "--port", port) as process:
        until(lambda: noted(home) == process.pid, process)
        try:
            yield House(home, f"http://127.0.0.1:{port}/api"), process
        finally:
            process.terminate()
            process.wait(timeout=60)
            until(lambda: not processes_of(home))


def until(true: Callable[[], bool], process: subprocess.Popen[str] | None = None) -> None:
    """Wait for something to happen, while the process runs."""
    end = time.monotonic() + 150
    while not true():
        assert process is None or process.poll() is None, process.communicate()
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.1)


def noted(home: Path) -> int | None:
    """The process of the note that a `stockpot serve` leaves for others."""
    path = home / "cache" / "stockpot" / "serving.json"
    return json.loads(path.read_text())["pid"] if path.exists() else None


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with serving(tmp_path_factory.mktemp("served"), free_ports()) as (made, _):
        yield made


def deployment(house: House, name: str) -> dict[str, Any]:
    flow, _, called = name.partition("/")
    return httpx.get(f"{house.api}/deployments/name/{flow}/{called}", timeout=30).raise_for_status().json()


def run_of(house: House, run: dict[str, Any]) -> dict[str, Any]:
    return httpx.get(f"{house.api}/flow_runs/{run['id']}", timeout=30).json()


def ended(house: House, run: dict[str, Any]) -> dict[str, Any]:
    until(lambda: run_of(house, run)["state_type"] in ENDED)
    return run_of(house, run)


def start_run(house: House, **config: Any) -> dict[str, Any]:
    """A run of the deployment cook/cook, as its form starts one."""
    made = deployment(house, "cook/cook")
    return house.ask(f"deployments/{made['id']}/create_flow_run", parameters={"config": config})


def test_serve_makes_the_deployments(house):
    flows = {flow["id"]: flow["name"] for flow in house.ask("flows/filter")}
    found = house.ask("deployments/filter")
    assert {f"{flows[one['flow_id']]}/{one['name']}" for one in found} == NAMES
    assert {one["work_pool_name"] for one in found} == {"kitchen"}
    assert {one["description"] != "" for one in found} == {True}
    active = {one["name"]: [each["active"] for each in one["schedules"]] for one in found}
    assert active == {"cook": [], "cook-nightly": [True], "benchmark-weekly": [False], "ablate": []}


def test_serve_listens_on_loopback_only(house):
    ours = [psutil.Process(int(line.split()[0])) for line in ids_of(house.home)]
    found = [one for each in ours for one in each.net_connections("inet") if one.status == "LISTEN"]
    assert {one.laddr.ip for one in found} == {"127.0.0.1"}
    port = int(house.api.split(":")[2].split("/")[0])
    assert {one.laddr.port for one in found} >= {port, port + 1}


def ids_of(home: Path) -> list[str]:
    mark = f"PREFECT_HOME={home}".encode()
    found = []
    for environ in Path("/proc").glob("[0-9]*/environ"):
        try:
            if mark in environ.read_bytes().split(b"\0"):
                found.append(environ.parent.name)
        except OSError:
            continue
    return found


def test_the_ui_calls_the_port_that_was_asked_for(house):
    settings = httpx.get(house.api.replace("/api", "/ui-settings"), timeout=30).json()
    assert settings["api_url"] == house.api


def test_a_cook_by_hand_finds_the_served_server(house, tmp_path):
    trees = pot(tmp_path, "found")
    ended = House(house.home, None).run("cook", *trees.arguments())
    assert (ended.code, ended.err) == (0, "")
    assert "temporary" not in ended.out
    assert [run["state_name"] for run in house.runs_of(trees.table)] == ["Completed"]


def test_a_server_that_a_person_names_comes_before_the_served_one(house, tmp_path):
    trees = pot(tmp_path, "named")
    ended = House(house.home, "http://127.0.0.1:9/api").run("cook", *trees.arguments())
    assert (ended.code, ended.err.count("\n")) == (2, 1)
    assert ended.err.startswith("stockpot: No Prefect server answers at http://127.0.0.1:9/api")


def test_the_worker_cooks_and_a_table_that_has_not_changed_ends_as_cached(house, tmp_path):
    trees = pot(tmp_path, "worked")
    config = QUICK | {"table": str(trees.table), "out": str(tmp_path / "out")}
    assert ended(house, start_run(house, **config))["state_name"] == "Completed"
    assert (tmp_path / "out" / "report.html").exists()
    assert ended(house, start_run(house, **config))["state_name"] == "Cached"


def test_the_reports_of_the_users_store_can_be_opened(house, tmp_path):
    trees = pot(tmp_path, "reported")
    config = ["--config", trees.config, "--out", tmp_path / "out"]
    assert House(house.home, None).run("cook", trees.table, *config).code == 0
    keys = [path.name for path in (house.home / "cache" / "stockpot" / "report").glob("[!.]*")]
    address = re.sub(r"(\d+)/api", lambda found: str(int(found[1]) + 1), house.api)
    assert keys
    for key in keys:
        page = httpx.get(f"{address}/{key}/report.html")
        assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert httpx.get(f"{address}/{key}/summary.png").content[:4] == b"\x89PNG"
        assert httpx.get(f"{address}/{key}/manifest.json").status_code == 404
        foreign = {"Host": "elsewhere.example"}
        assert httpx.get(f"{address}/{key}/report.html", headers=foreign).status_code == 403


def test_a_nightly_run_never_overlaps_another(house):
    made = deployment(house, "cook/cook-nightly")
    later = {"type": "SCHEDULED", "state_details": {"scheduled_time": "2040-01-01T00:00:00Z"}}
    runs = [house.ask(f"deployments/{made['id']}/create_flow_run", state=later) for _ in range(2)]
    pending = {"state": {"type": "PENDING"}}
    first, second = (house.ask(f"flow_runs/{run['id']}/set_state", **pending) for run in runs)
    assert (first["status"], second["status"]) == ("ACCEPT", "REJECT")
    assert second["state"]["type"] == "CANCELLED"


def test_a_second_serve_says_where_the_first_one_is(house):
    ended = House(house.home, None).run("serve", "--port", free_ports())
    assert (ended.code, ended.out) == (2, "")
    place = house.api.removesuffix("/api")
    assert ended.err == f"stockpot: stockpot serve already runs at {place}: use that one, or stop it first.\n"


def test_a_port_that_is_taken_is_told_in_a_sentence(tmp_path):
    port = free_ports()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        ended = House(tmp_path, None).run("serve", "--port", port)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == (
        f"stockpot: Port {port} of the Prefect server cannot be used (Address already in use): "
        f"give another, such as --port {port + 10}.\n"
    )
    assert processes_of(tmp_path) == []


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM], ids=lambda sign: sign.name)
def test_serve_ends_cleanly_and_so_does_the_run_that_it_was_at(tmp_path, sign):
    home = tmp_path / "home"
    trees = pot(tmp_path, "ended")
    config = QUICK | LONG | {"table": str(trees.table), "out": str(tmp_path / "out")}
    with serving(home, free_ports()) as (house, process):
        run = start_run(house, **config)
        until(lambda: run_of(house, run)["state_type"] == "RUNNING", process)
        if sign == signal.SIGINT:  # as a terminal does: to everybody in the group
            os.killpg(process.pid, sign)
        else:
            process.send_signal(sign)
        _, err = process.communicate(timeout=60)
        assert processes_of(home) == []
    assert "Traceback" not in err
    assert process.returncode == 128 + sign
    assert noted(home) is None
    with database(home) as base:
        found = base.execute("select state_name from flow_run where id = ?", [run["id"]]).fetchone()
    assert found == ("Crashed",)


def test_what_a_person_changed_is_kept_and_a_kill_leaves_nothing_running(tmp_path):
    home, port = tmp_path / "home", free_ports()
    with serving(home, port) as (house, process):
        made = deployment(house, "cook/cook-nightly")
        changed = {"parameters": {"config": {"table": "mine.csv", "rows": 7}}, "paused": True}
        httpx.patch(f"{house.api}/deployments/{made['id']}", json=changed, timeout=30).raise_for_status()
        when = {"active": False, "schedule": {"cron": "5 5 * * *", "timezone": "Asia/Tokyo"}}
        place = f"{house.api}/deployments/{made['id']}/schedules/{made['schedules'][0]['id']}"
        httpx.patch(place, json=when, timeout=30).raise_for_status()
        process.kill()
        process.wait()
        until(lambda: not processes_of(home))
    outdate(home, made["id"])
    with serving(home, port) as (house, _):
        found = deployment(house, "cook/cook-nightly")
    assert found["version"] == made["version"]
    assert {name: found[name] for name in changed} == changed
    (schedule,) = found["schedules"]
    assert (schedule["active"], schedule["schedule"]["cron"]) == (False, "5 5 * * *")
    assert schedule["schedule"]["timezone"] == "Asia/Tokyo"


def outdate(home: Path, deployment_id: str) -> None:
    """As if an older stockpot had made this deployment."""
    with database(home) as base:
        done = base.execute("update deployment set version = 'old' where id = ?", [deployment_id])
        assert done.rowcount == 1


@contextmanager
def database(home: Path) -> Iterator[sqlite3.Connection]:
    """Of a server that has ended; what is changed is kept."""
    base = sqlite3.connect(home / "prefect.db")
    try:
        with base:
            yield base
    finally:
        base.close()
