"""Limits on tags, as Prefect's server keeps them."""

from __future__ import annotations

from prefect.client.orchestration import get_client
from prefect.exceptions import ObjectNotFound


def is_limited(tag: str) -> bool:
    """Whether somebody has limited how many tasks of this tag run at a time."""
    with get_client(sync_client=True) as client:
        try:
            client.read_concurrency_limit_by_tag(tag)
        except ObjectNotFound:
            return False
    return True
