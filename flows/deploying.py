"""The deployments of deployments/prefect.yaml on a server, as `stockpot serve` keeps them.

What a person has changed in the UI (parameters, schedules, a pause) is kept; all else follows the file.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import yaml

from stockpot.digest import digest
from stockpot.errors import StockpotError
from stockpot.versions import source_version

FILE = Path(__file__).parents[1] / "deployments" / "prefect.yaml"
"""Beside this package, in the tree and in the wheel."""
POOL = "kitchen"
FORMS = ("stockpot.config", "stockpot.ablation.config", "stockpot.benchmarks.config")
"""What the run forms are made from."""
TRIES = 30
"""A server whose database is busy says so, and wants to be asked again."""
SHOWN = ("cron", "interval", "anchor_date", "rrule", "timezone", "day_or")
"""What a schedule of the server's says when it is."""


def deploy(api: str, folder: Path) -> None:
    """Make the work pool and the deployments, or bring up to date what differs; what they run stands in the
    current folder. StockpotError if it fails: its log is in ``folder``.
    """
    plan, there = yaml.safe_load(FILE.read_text(encoding="utf-8")), _there(api)
    version = digest(plan, str(Path.cwd()), *(source_version(form) for form in FORMS))
    wanted = [_kept(_sensible(one) | {"version": version}, there) for one in plan["deployments"]]
    if all(there.get(one["name"], {}).get("version") == version for one in wanted):
        return
    path = folder / "prefect.yaml"
    (folder / "deploy.log").unlink(missing_ok=True)
    plan = {name: part for name, part in plan.items() if name != "definitions"}
    path.write_text(yaml.safe_dump(plan | {"deployments": wanted}, sort_keys=False), encoding="utf-8")
    if not ask(api, "GET", f"work_pools/{POOL}").is_success:
        _prefect(folder, "work-pool", "create", POOL, "--type", "process")
    _prefect(folder, "deploy", "--all", "--prefect-file", str(path))


def _prefect(folder: Path, *arguments: str) -> None:
    """One of Prefect's own commands."""
    log = folder / "deploy.log"
    with log.open("ab") as file:
        done = subprocess.run(  # noqa: S603 - no word of it is a person's
            [sys.executable, "-m", "prefect", "--no-prompt", *arguments],
            env=os.environ | {"PWD": str(Path.cwd())},
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode:
        raise StockpotError(f"The deployments could not be made: {log} says why.")


def _there(api: str) -> dict[str, dict[str, Any]]:
    """The deployments that the server has, by name."""
    answer = ask(api, "POST", "deployments/filter", json={})
    if not answer.is_success:
        raise StockpotError(f"The Prefect server at {api} refuses (status {answer.status_code}).")
    return {found["name"]: found for found in answer.json()}


def ask(api: str, method: str, path: str, **question: Any) -> httpx.Response:
    """As whoever the environment says, if the server wants to know."""
    user, _, password = os.environ.get("PREFECT_API_AUTH_STRING", "").partition(":")
    auth = httpx.BasicAuth(user, password) if user else None
    for _ in range(TRIES):
        try:
            answer = httpx.request(method, f"{api}/{path}", auth=auth, timeout=60, **question)
        except httpx.HTTPError as error:
            raise StockpotError(f"The Prefect server at {api} does not answer ({error}).") from None
        if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
            return answer
        time.sleep(1)
    raise StockpotError(f"The Prefect server at {api} is too busy to answer: try again later.")


def _sensible(one: dict[str, Any]) -> dict[str, Any]:
    """Without its schedule, if there is nothing here that it could cook: a person gives it a table first."""
    table = one.get("parameters", {}).get("config", {}).get("table")
    if table is None or Path(table).exists():
        return one
    return one | {"schedules": [schedule | {"active": False} for schedule in one.get("schedules", ())]}


def _kept(one: dict[str, Any], there: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """A deployment of the file, with what a person may have changed on the server."""
    found = there.get(one["name"])
    if found is None or found["entrypoint"] != one["entrypoint"]:
        return one
    schedules = [_schedule(schedule) for schedule in found["schedules"]]
    return one | {"parameters": found["parameters"], "paused": found["paused"], "schedules": schedules}


def _schedule(found: dict[str, Any]) -> dict[str, Any]:
    """A schedule as the file writes it."""
    when = {name: value for name, value in found["schedule"].items() if name in SHOWN}
    more = {name: found[name] for name in ("active", "slug", "parameters") if found.get(name) is not None}
    return when | more


if __name__ == "__main__":  # for a server of one's own, such as deployments/compose.yaml has
    with TemporaryDirectory() as scratch:
        try:
            deploy(os.environ["PREFECT_API_URL"], Path(scratch))
        except StockpotError as error:
            log = Path(scratch) / "deploy.log"
            sys.exit(f"{error}\n{log.read_text(encoding='utf-8') if log.exists() else ''}")
