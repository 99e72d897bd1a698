"""The Prefect server that a cook talks to."""

from __future__ import annotations

from prefect.client.orchestration import get_client
from prefect.settings import get_current_settings

from stockpot.errors import ConfigError


def check_server() -> bool:
    """Whether a lasting server is configured, else Prefect starts a temporary one.

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
