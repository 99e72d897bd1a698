"""`stockpot serve`: all that one machine needs to cook on a schedule and from the Prefect UI, in one command.

A Prefect server, a worker, the deployments, and the reports, on loopback only. They end with it.
"""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from types import FrameType

from rich.console import Console

from stockpot.errors import ConfigError, StockpotError
from stockpot.flows import environment, parts, serving
from stockpot.flows.by_hand import say
from stockpot.flows.deploying import POOL, ask, deploy
from stockpot.flows.endings import SIGNALS
from stockpot.flows.health import is_healthy
from stockpot.flows.reports import Reports, opened
from stockpot.flows.serving import Serving
from stockpot.store import default_root, located

START_SECONDS = 300.0
"""A first start makes a database, on a busy machine in minutes."""


def serve(port: int, limit: int, console: Console) -> None:
    """Until it is interrupted (KeyboardInterrupt), terminated (SystemExit) or one of its parts ends."""
    begun = time.monotonic()
    with ExitStack() as stack:
        stack.enter_context(serving.alone())
        reports = _open_reports(port)
        address = stack.enter_context(opened(reports))
        _check_port(port, "the Prefect server")
        found = _serving(port, address)
        _prepare(found)
        say(console, "Waiting for a Prefect server, its worker and the deployments (first time: a minute)")
        started = stack.enter_context(_parts(console))
        _start(found, limit, started)
        serving.tell(found)
        took = time.monotonic() - begun
        say(console, f"Ready ({took:.0f} s): {found.ui} is the Prefect UI; Ctrl-C ends it.")
        say(console, f"For Prefect's own commands: export PREFECT_API_URL={found.api}", style="dim")
        say(console, f"Logs: {serving.folder()}", style="dim")
        _watch(started)


def _serving(port: int, reports: str) -> Serving:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    api, store = f"http://127.0.0.1:{port}/api", located(None)
    return Serving(api, reports, store, socket.gethostname(), os.getpid(), now)


def _prepare(found: Serving) -> None:
    """What all parts, and what these start, have in their environment."""
    environment.prepare(verbose=False)
    os.environ |= found.environment | {
        "PREFECT_API_URL": found.api,
        "PREFECT_SERVER_UI_API_URL": found.api,
        # a page of anybody's that is open in the user's browser may not ask the server to run code
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": found.ui,
    }
    os.environ.setdefault("PREFECT_WORKER_QUERY_SECONDS", "3")  # who presses Run does not want to wait


def _start(found: Serving, limit: int, started: _Parts) -> None:
    prefect = [sys.executable, "-m", "prefect", "--no-prompt"]
    address = ["--host", "127.0.0.1", "--port", found.ui.rpartition(":")[2]]
    started.add("server", [*prefect, "server", "start", *address])
    started.until(lambda: is_healthy(found.api))
    name = f"stockpot serve on {found.host}"
    pool = ["--pool", POOL, "--type", "process", "--limit", str(limit), "--name", name]
    deploy(found.api, serving.folder())
    started.add("worker", [*prefect, "worker", "start", *pool])
    started.until(lambda: _has_worker(found.api))


class _Parts:
    """The processes that were started, by role."""

    def __init__(self) -> None:
        self.mark = secrets.token_hex(8)
        self.running: dict[parts.Role, subprocess.Popen[bytes]] = {}

    def add(self, role: parts.Role, command: list[str]) -> None:
        self.running[role] = parts.start(self.mark, role, command, serving.folder() / f"{role}.log")

    def check(self) -> None:
        """StockpotError if one has ended."""
        for role, process in self.running.items():
            if process.poll() is not None:
                log = serving.folder() / f"{role}.log"
                raise StockpotError(f"The {role} has ended (exit code {process.returncode}): {log} says why.")

    def until(self, ready: Callable[[], bool]) -> None:
        """Wait, as long as all parts run."""
        end = time.monotonic() + START_SECONDS
        while not ready():
            self.check()
            if time.monotonic() > end:
                raise StockpotError(f"Not ready after {START_SECONDS:.0f} s: logs are in {serving.folder()}.")
            time.sleep(0.2)


@contextmanager
def _parts(console: Console) -> Iterator[_Parts]:
    """Whatever happens inside, nothing that was started is left."""
    started = _Parts()
    with _heeding_signals(), parts.guard(started.mark) as guard:
        try:
            yield started
        finally:
            for sign in (signal.SIGINT, *SIGNALS):  # once is enough: what ends must not be disturbed
                signal.signal(sign, lambda *_: None)
            with suppress(OSError):  # the terminal may be gone
                say(console, "Ending the runs, the worker and the server", style="dim")
            parts.end(started.mark)
            for process in started.running.values():
                process.wait()
            assert guard.stdin
            guard.stdin.close()


@contextmanager
def _heeding_signals() -> Iterator[None]:
    """SIGTERM ends this as Ctrl-C does. Set even where a shell's background ignores Ctrl-C: children inherit
    that, and Prefect's worker would never end.
    """
    before = [(sign, signal.getsignal(sign)) for sign in (signal.SIGINT, signal.SIGTERM)]
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, _terminated)
    try:
        yield
    finally:
        for sign, handler in before:
            signal.signal(sign, handler)


def _terminated(number: int, frame: FrameType | None) -> None:
    del frame
    raise SystemExit(128 + number)


def _watch(started: _Parts) -> None:
    while True:
        started.check()
        time.sleep(1)


def _has_worker(api: str) -> bool:
    answer = ask(api, "POST", f"work_pools/{POOL}/workers/filter", json={})
    return answer.is_success and any(worker["status"] == "ONLINE" for worker in answer.json())


def _open_reports(port: int) -> Reports:
    try:
        return Reports(default_root() / "report", port + 1)
    except OSError as error:
        raise _taken(port + 1, "the reports", error) from None


def _check_port(port: int, whose: str) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise _taken(port, whose, error) from None


def _taken(port: int, whose: str, error: OSError) -> ConfigError:
    return ConfigError(
        f"Port {port} of {whose} cannot be used ({error.strerror}): give another, such as --port {port + 10}."
    )
