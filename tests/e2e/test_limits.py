"""Several cooks share a machine: a limit on the tag ``train`` holds for all of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise

import httpx

from tests.e2e.house import House, pot

SLOW = {"grid": {"steps": [200], "learning_rate": [0.002]}}


@contextmanager
def limit(house: House, tag: str, slots: int) -> Iterator[None]:
    """As ``prefect concurrency-limit create`` sets it."""
    house.ask("concurrency_limits/", tag=tag, concurrency_limit=slots)
    try:
        yield
    finally:
        httpx.delete(f"{house.api}/concurrency_limits/tag/{tag}", timeout=30).raise_for_status()


def test_with_a_limit_of_one_two_cooks_never_train_at_the_same_time(house, tmp_path):
    pots = [pot(tmp_path / name, name, **SLOW) for name in ("birch", "beech")]
    with (
        limit(house, "train", 1),
        house.start("cook", *pots[0].arguments()) as one,
        house.start("cook", *pots[1].arguments()) as other,
    ):
        said = [process.communicate(timeout=240)[1] for process in (one, other)]
    assert (one.returncode, other.returncode, *said) == (0, 0, "", "")
    tasks = [task for trees in pots for run in house.runs_of(trees.table) for task in house.tasks_of(run)]
    training = sorted(
        (task["start_time"], task["end_time"]) for task in tasks if task["name"].startswith("train ")
    )
    assert len(training) == 10
    assert all(ended <= started for (_, ended), (started, _) in pairwise(training))
