"""A team's server: commands and settings of deployments/compose.yaml, on a real PostgreSQL."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from tests.e2e.house import ENDED, QUICK, ROOT, environment, free_port, pot
from tests.e2e.needs import needs
from tests.e2e.test_serve import until

BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1:]
PATH = os.pathsep.join([*map(str, BINARIES), os.environ["PATH"]])
SERVICES = yaml.safe_load((ROOT / "deployments" / "compose.yaml").read_text(encoding="utf-8"))["services"]
PASSWORD, USER = "salt", "postgres"

pytestmark = needs("initdb", path=PATH)


@dataclass(frozen=True)
class Database:
    """A cluster in a folder of its own; as root it is run by another user, for PostgreSQL refuses root."""

    folder: Path
    port: int

    def run(self, *command: str) -> None:
        other = ["runuser", "-u", USER, "--"] if os.getuid() == 0 else []
        quiet = {"stdin": subprocess.DEVNULL, "capture_output": True, "text": True}
        done = subprocess.run([*other, *command], env=os.environ | {"PATH": PATH}, cwd="/", **quiet)
        assert done.returncode == 0, done.stderr


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    folder = Path("/tmp") / f"stockpot-{os.getpid()}-postgres"  # not below a folder that only root may enter
    folder.mkdir(mode=0o700)
    if os.getuid() == 0:
        os.chown(folder, pwd.getpwnam(USER).pw_uid, -1)
    made = Database(folder, free_port())
    data, secret = folder / "data", folder / "password"
    try:
        secret.write_text(PASSWORD)
        secret.chmod(0o644)
        login = ["--username", "prefect", "--auth", "scram-sha-256", "--pwfile", str(secret)]
        made.run("initdb", "--no-sync", "--pgdata", str(data), *login)
        options = f"-p {made.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder}"
        made.run("pg_ctl", "-D", str(data), "-l", str(folder / "log"), "-w", "-o", options, "start")
        try:
            made.run("env", f"PGPASSWORD={PASSWORD}", "createdb", *at(made), "prefect")
            yield made
        finally:
            made.run("pg_ctl", "-D", str(data), "-m", "fast", "-w", "stop")
    finally:
        shutil.rmtree(folder)


def at(database: Database) -> list[str]:
    return ["--host", "127.0.0.1", "--port", str(database.port), "--username", "prefect"]


@dataclass(frozen=True)
class Team:
    """The services of the compose file, each a process of this machine."""

    home: Path
    database: Database
    port: int

    @property
    def api(self) -> str:
        return f"http://127.0.0.1:{self.port}/api"

    def here(self, text: str) -> str:
        """What the compose file says of its containers, of this machine."""
        for container, ours in (
            ("${POSTGRES_PASSWORD}", PASSWORD),
            ("@database:5432", f"@127.0.0.1:{self.database.port}"),
            ("server:4200", f"127.0.0.1:{self.port}"),
            ("127.0.0.1:4200", f"127.0.0.1:{self.port}"),
            ("0.0.0.0", "127.0.0.1"),
        ):
            text = text.replace(container, ours)
        return text.partition("${PREFECT_PASSWORD")[0] + (PASSWORD if "${PREFECT_PASSWORD" in text else "")

    def command(self, service: str) -> list[str]:
        program, *rest = SERVICES[service]["command"]
        more = ["--port", str(self.port)] if service == "server" else []
        return [str(Path(sys.executable).with_name(program)), *map(self.here, rest), *more]

    def environment(self, service: str) -> dict[str, str]:
        said = {name: self.here(text) for name, text in SERVICES[service]["environment"].items()}
        return environment(self.home, None) | said | {"STOCKPOT_STORE": str(self.home / "store")}

    @contextmanager
    def up(self, service: str) -> Iterator[subprocess.Popen[bytes]]:
        with (self.home / f"{service}.log").open("wb") as log:
            process = subprocess.Popen(
                self.command(service),
                env=self.environment(service),
                cwd=ROOT,
                stdout=log,
                stderr=log,
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
            )
        try:
            yield process
        finally:
            process.terminate()
            process.wait(timeout=60)

    def ask(self, method: str, path: str, **question: Any) -> Any:
        team = ("team", PASSWORD)
        return (
            httpx.request(method, f"{self.api}/{path}", auth=team, timeout=30, **question)
            .raise_for_status()
            .json()
        )


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_teams_server_migrates_a_postgresql_and_cooks(database, tmp_path):
    team = Team(tmp_path, database, free_port())
    trees = pot(tmp_path / "trees", "team")
    with team.up("server"):
        until(lambda: healthy(team))
        assert httpx.post(f"{team.api}/flows/filter", json={}).status_code == 401
        deployed = subprocess.run(
            team.command("deploy"), env=team.environment("deploy"), cwd=ROOT, capture_output=True, text=True
        )
        assert deployed.returncode == 0, deployed.stderr
        with team.up("worker"):
            made = team.ask("GET", "deployments/name/cook/cook")
            config = QUICK | {"table": str(trees.table), "out": str(tmp_path / "out")}
            start = {"parameters": {"config": config}}
            run = team.ask("POST", f"deployments/{made['id']}/create_flow_run", json=start)
            until(lambda: team.ask("GET", f"flow_runs/{run['id']}")["state_type"] in ENDED)
            assert team.ask("GET", f"flow_runs/{run['id']}")["state_name"] == "Completed"
    assert (tmp_path / "out" / "report.html").exists()
    counted = "select case when count(*) > 5 then 'many' end from task_run"
    check = ["psql", *at(database), "--dbname", "prefect", "-tAc", counted]
    told = subprocess.run(check, env=os.environ | {"PGPASSWORD": PASSWORD}, capture_output=True, text=True)
    assert told.stdout == "many\n", told.stderr


def healthy(team: Team) -> bool:
    """As the compose file's health check asks: without a password."""
    try:
        return httpx.get(f"{team.api}/health", timeout=10).status_code == 200
    except httpx.HTTPError:
        return False
