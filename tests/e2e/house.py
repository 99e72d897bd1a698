"""A Prefect server of the tests' own, cooks in processes of their own, and what the server knows of them."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import yaml
from matplotlib import get_cachedir

from tests.small import frame

ROOT = Path(__file__).parents[2]
COMMAND = [str(Path(sys.executable).with_name("stockpot"))]
PYTHON = sys.executable
QUICK = {
    "rows": 20,
    "folds": 2,
    "subsets": {"count": 4},
    "grid": {"steps": [5], "learning_rate": [0.002]},
    "net": {"width": 8},
    "tasting": {"criteria": ["loss"], "recipes": ["best", "uniform"]},
    "batch": 1,
}
"""Four training tasks that take a blink."""


def environment(home: Path, api: str | None, cache: Path | None = None) -> dict[str, str]:
    """This one, with Prefect's own settings replaced by these and a cache of its own."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    ours = {"PREFECT_HOME": str(home), "OMP_NUM_THREADS": "1", "COLUMNS": "200", "DO_NOT_TRACK": "1"}
    caches = {"XDG_CACHE_HOME": str(cache or home / "cache"), "MPLCONFIGDIR": get_cachedir()}
    return plain | ours | caches | ({"PREFECT_API_URL": api} if api else {})


def _heed_interruptions() -> None:
    """A shell starts what runs in its background with SIGINT ignored, and children inherit that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@dataclass(frozen=True)
class House:
    """Where Prefect lives, the server's address (None: each cook starts a temporary one), and the user's
    cache folder (None: one there).
    """

    home: Path
    api: str | None
    cache: Path | None = None
    extra: Mapping[str, str] = field(default_factory=dict)
    """More of the environment."""

    @contextmanager
    def start(
        self, *arguments: object, command: list[str] = COMMAND, cwd: Path = ROOT
    ) -> Iterator[subprocess.Popen[str]]:
        """A command in a process group of its own, which is gone afterwards, however it went."""
        process = subprocess.Popen(
            [*command, *map(str, arguments)],
            cwd=cwd,
            env=environment(self.home, self.api, self.cache) | self.extra,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            preexec_fn=_heed_interruptions,  # noqa: PLW1509 - it allocates nothing
        )
        with process:
            try:
                yield process
            finally:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)

    def run(self, *arguments: object, command: list[str] = COMMAND, cwd: Path = ROOT) -> Ended:
        """A command from its start to its end."""
        begun = time.perf_counter()
        with self.start(*arguments, command=command, cwd=cwd) as process:
            out, err = process.communicate(timeout=240)
        return Ended(process.returncode, out, err, time.perf_counter() - begun)

    def ask(self, path: str, **question: Any) -> Any:
        """What the server answers; a busy one says 503, and is asked again."""
        for _ in range(20):
            answer = httpx.post(f"{self.api}/{path}", json=question, timeout=30)
            if answer.status_code != 503:
                break
            time.sleep(0.5)
        answer.raise_for_status()
        return answer.json()

    def cancel(self, run: dict[str, Any]) -> None:
        """Press the button in the UI."""
        self.ask(f"flow_runs/{run['id']}/set_state", state={"type": "CANCELLING"})

    def runs_of(self, table: Path) -> list[dict[str, Any]]:
        """The flow runs that cooked a table, the first one first."""
        named = {"name": {"like_": f" {table.stem} "}}
        found: list[dict[str, Any]] = self.ask("flow_runs/filter", flow_runs=named, sort="START_TIME_ASC")
        return [run for run in found if run["parameters"]["config"]["table"] == str(table)]

    def tasks_of(self, run: dict[str, Any]) -> list[dict[str, Any]]:
        """The task runs of a flow run; the server hears of them a moment later than the cook ends."""
        last: list[dict[str, Any]] = []
        for _ in range(40):
            found = self.ask("task_runs/filter", flow_runs={"id": {"any_": [run["id"]]}})
            if found and found == last and all(task["state_type"] in ENDED for task in found):
                return found
            last = found
            time.sleep(0.5)
        return last

    def states_of(self, run: dict[str, Any]) -> dict[str, str]:
        """Task run's name -> state's name."""
        return {task["name"]: task["state_name"] for task in self.tasks_of(run)}


ENDED = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str
    seconds: float


@dataclass(frozen=True)
class Pot:
    """A table of a name of its own, the quick configuration, and where a cook of it goes."""

    table: Path
    config: Path
    folder: Path

    def arguments(self, out: str = "out", store: str = "store", **options: Any) -> list[str]:
        """Of a cook."""
        flags = [
            str(part) for name, value in options.items() for part in (f"--{name.replace('_', '-')}", value)
        ]
        places = ["--out", str(self.folder / out), "--store", str(self.folder / store)]
        return [str(self.table), "--config", str(self.config), *places, *flags]

    def soup(self, out: str = "out") -> dict[str, bytes]:
        """The shipped soup, file by file."""
        return {path.name: path.read_bytes() for path in sorted((self.folder / out / "soup").iterdir())}

    def trained(self, store: str = "store") -> dict[str, int]:
        """Training task's key -> when its artefact was made, in nanoseconds."""
        folder = self.folder / store / "train"
        made = [path for path in folder.glob("*") if not path.name.startswith(".")]
        return {path.name: (path / "manifest.json").stat().st_mtime_ns for path in made}


def pot(folder: Path, name: str, rows: int = 40, **options: Any) -> Pot:
    """Write the table and its configuration."""
    folder.mkdir(parents=True, exist_ok=True)
    made = Pot(folder / f"{name}.csv", folder / f"{name}.yaml", folder)
    frame(rows).to_csv(made.table, index=False)
    made.config.write_text(yaml.safe_dump(QUICK | options))
    return made


@contextmanager
def server(home: Path) -> Iterator[House]:
    """A real server on loopback; it is gone afterwards."""
    port = free_port()
    process = start_server(home, port)
    try:
        yield House(home, f"http://127.0.0.1:{port}/api")
    finally:
        stop_server(process)


def free_port() -> int:
    """Of loopback; nobody listens there."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


def start_server(home: Path, port: int, **extra: str) -> subprocess.Popen[bytes]:
    """A real server on loopback, once it answers."""
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    quiet = environment(home, None) | {"PREFECT_SERVER_ANALYTICS_ENABLED": "false"} | extra
    with (home / "server.log").open("a") as log:
        process = subprocess.Popen(
            [*command, "--no-ui"], env=quiet, stdout=log, stderr=log, start_new_session=True
        )
    try:
        _answers(f"http://127.0.0.1:{port}/api", process)
    except BaseException:
        stop_server(process)
        raise
    return process


def stop_server(process: subprocess.Popen[bytes]) -> None:
    """As a person stops it, or by force."""
    process.terminate()
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(timeout=20)


def _answers(api: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(240):
        assert process.poll() is None, "the server ended"
        try:
            if httpx.get(f"{api}/health", timeout=5).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.5)
    raise AssertionError("the server does not answer")


def processes_of(home: Path) -> list[str]:
    """Command lines of the processes that were started with this PREFECT_HOME."""
    found = []
    for environ in Path("/proc").glob("[0-9]*/environ"):
        try:
            if f"PREFECT_HOME={home}".encode() in environ.read_bytes().split(b"\0"):
                found.append(environ.with_name("cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue
    return found
