"""What a model costs: wall and CPU seconds by the clock, and the peak memory of a process."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass
class Cost:
    """Seconds of what ran inside ``clocked``."""

    wall_s: float = 0.0
    cpu_s: float = 0.0

    def __add__(self, other: Cost) -> Cost:
        return Cost(self.wall_s + other.wall_s, self.cpu_s + other.cpu_s)


@contextmanager
def clocked() -> Iterator[Cost]:
    """The cost is known when the block is over."""
    cost, wall, cpu = Cost(), time.perf_counter(), time.process_time()
    yield cost
    cost.wall_s, cost.cpu_s = time.perf_counter() - wall, time.process_time() - cpu


def peak_mb() -> float:
    """Of this process so far. Linux tells it in KB, macOS in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return float(peak // (1 << 20 if sys.platform == "darwin" else 1 << 10))
