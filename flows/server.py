"""The Prefect server that a cook talks to: a lasting one, or one that does not outlive the cook."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from typing import Any

from prefect.client.orchestration import get_client
from prefect.context import refresh_global_settings_context
from prefect.settings import get_current_settings

from stockpot.errors import ConfigError, StockpotError
from stockpot.flows import serving
from stockpot.flows.health import is_healthy

PORT_TAKEN = 3
"""Exit code of a server that Prefect starts again on another port."""
GUARD = """read -r _
kill "$1" || exit
for _ in 1 2 3 4 5 6 7 8 9 10; do sleep 1; kill -0 "$1" || exit; done
kill -9 "$1"
"""
_guards: list[subprocess.Popen[bytes]] = []


def check_server() -> bool:
    """Whether there is a lasting server: the one that Prefect's environment or profile names, or else that of
    `stockpot serve`. If there is none, Prefect starts a temporary one.

    ConfigError if there should be one and it does not answer.
    """
    address = _found()
    if not address:
        return False
    with get_client(sync_client=True) as client:
        fault = client.api_healthcheck()
    if fault:
        raise ConfigError(
            f"No Prefect server answers at {address} ({type(fault).__name__}): start it (stockpot serve, or "
            "prefect server start), or unset PREFECT_API_URL (prefect config unset PREFECT_API_URL) to get a "
            "temporary one."
        )
    return True


def _found() -> str | None:
    """The server's address. One of `stockpot serve` becomes this process's, and that of all it starts."""
    address, served = get_current_settings().api.url, serving.read()
    if served and not address:
        os.environ["PREFECT_API_URL"] = address = served.api
        refresh_global_settings_context()
    if served and address == served.api:
        os.environ |= served.environment
    return address


def guard_temporary_server() -> None:
    """From now on a temporary server of this process ends with it, killed or not, and is waited for."""
    from prefect.server.api.server import SubprocessASGIServer

    class Guarded(SubprocessASGIServer):
        """Prefect ends its server when Python exits; a signal leaves no time for that. And it gives up when a
        server that is busy with its first start takes a request but no time to answer it.
        """

        def _run_uvicorn_command(self) -> subprocess.Popen[Any]:
            process = super()._run_uvicorn_command()
            _guard(process.pid)
            wait_for(process, self.api_url)
            return process

    Guarded()  # Prefect keeps one server a process: this one


def wait_for(process: subprocess.Popen[Any], api: str) -> None:
    """Until the server answers. StockpotError if it ends, or takes longer than Prefect's setting allows."""
    seconds = get_current_settings().server.ephemeral.startup_timeout_seconds
    end = time.monotonic() + seconds
    while not is_healthy(api):
        if process.poll() == PORT_TAKEN:
            return
        if process.poll() is not None:
            raise StockpotError(f"The temporary Prefect server ended with exit code {process.returncode}.")
        if time.monotonic() > end:
            process.kill()
            raise StockpotError(
                f"The temporary Prefect server was not ready after {seconds} s: set "
                "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS to more, or keep one with stockpot serve."
            )
        time.sleep(0.1)


def _guard(server: int) -> None:
    """A shell that reads from this process: when it is gone, however it went, the shell ends the server.

    By force, if it has not ended ten seconds after it was asked to.
    """
    shell = shutil.which("sh")
    if shell:
        command = [shell, "-c", GUARD, "sh", str(server)]
        quiet = subprocess.DEVNULL
        guard = subprocess.Popen(  # noqa: S603 - no word of it is a person's
            command, stdin=subprocess.PIPE, stdout=quiet, stderr=quiet, start_new_session=True
        )
        _guards.append(guard)
