"""The Prefect server that a cook talks to: a lasting one, or one that does not outlive the cook."""

from __future__ import annotations

import shutil
import subprocess
from typing import Any

from prefect.client.orchestration import get_client
from prefect.settings import get_current_settings

from stockpot.errors import ConfigError

_guards: list[subprocess.Popen[bytes]] = []


def check_server() -> bool:
    """Whether a lasting server is configured. If not, Prefect starts a temporary one.

    ConfigError if one is configured and does not answer.
    """
    address = get_current_settings().api.url
    if not address:
        return False
    with get_client(sync_client=True) as client:
        fault = client.api_healthcheck()
    if fault:
        raise ConfigError(
            f"No Prefect server answers at {address} ({type(fault).__name__}): start it (prefect server "
            "start), or unset PREFECT_API_URL (prefect config unset PREFECT_API_URL) to get a temporary one."
        )
    return True


def guard_temporary_server() -> None:
    """From now on a temporary server of this process ends with it, killed or not."""
    from prefect.server.api.server import SubprocessASGIServer

    class Guarded(SubprocessASGIServer):
        """Prefect ends its server when Python exits; a signal leaves no time for that."""

        def _run_uvicorn_command(self) -> subprocess.Popen[Any]:
            process = super()._run_uvicorn_command()
            _guard(process.pid)
            return process

    Guarded()  # Prefect keeps one server a process: this one


def _guard(server: int) -> None:
    """A shell that reads from this process: when it is gone, however it went, the shell ends the server."""
    shell = shutil.which("sh")
    if shell:
        command = [shell, "-c", 'read -r _; kill "$1" 2> /dev/null', "sh", str(server)]
        quiet = subprocess.DEVNULL
        guard = subprocess.Popen(  # noqa: S603 - no word of it is a person's
            command, stdin=subprocess.PIPE, stdout=quiet, stderr=quiet, start_new_session=True
        )
        _guards.append(guard)
