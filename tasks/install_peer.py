"""Make the environment of a peer of the benchmark."""

from __future__ import annotations

from stockpot.benchmarks import peer
from stockpot.tasks.stage import worldly


@worldly("install what {found.method} needs")
def install_peer(found: peer.Peer) -> None:
    """Once; peers that need the same share it."""
    peer.install(found)
