"""Whether a Prefect server is ready."""

from __future__ import annotations

import httpx


def is_healthy(api: str) -> bool:
    """One look; ``api`` is the server's address with its /api."""
    try:
        return httpx.get(f"{api}/health", timeout=10).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False
