"""The deployments of deployments/prefect.yaml on a server, as `stockpot serve` keeps them.

What a person has changed in the UI (parameters, schedules, a pause) is kept; all else follows the file.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
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
SHOWN = ("cron", "interval", "anchor_date", "rrule", "timezone", "day_or")
"""What a schedule of the server's says when it is."""


def deploy(api: str, folder: Path) -> None:
    """Make or bring up to date what differs; runs stand in the current folder. StockpotError if it fails."""
    plan, there = yaml.safe_load(FILE.read_text(encoding="utf-8")), _there(api)
    version = digest(plan, str(Path.cwd()), *(source_version(form) for form in FORMS))
    wanted = [_kept(one | {"version": version}, there) for one in plan["deployments"]]
    if all(there.get(one["name"], {}).get("version") == version for one in wanted):
        return
    plan = {name: part for name, part in plan.items() if name != "definitions"}
    path, log = folder / "prefect.yaml", folder / "deploy.log"
    path.write_text(yaml.safe_dump(plan | {"deployments": wanted}, sort_keys=False), encoding="utf-8")
    command = [sys.executable, "-m", "prefect", "--no-prompt", "deploy", "--all", "--prefect-file", str(path)]
    with log.open("wb") as file:
        done = subprocess.run(  # noqa: S603 - no word of it is a person's
            command,
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
    answer = httpx.post(f"{api}/deployments/filter", json={}, timeout=60).raise_for_status()
    return {found["name"]: found for found in answer.json()}


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
