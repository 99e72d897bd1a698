"""A training that is killed goes on where it was, and ends in the same weights, byte for byte."""

from __future__ import annotations

import math
import os
import time
from pathlib import Path

import pytest
import torch

from stockpot import keeper
from stockpot.keeper import ABANDONED_SECONDS, Keeper
from stockpot.kitchen import train_base, train_batch
from tests.small import frame, kitchen

FIELD = {"grid": {"steps": [6, 12]}, "subsets": {"count": 1}}
SEED = {
    "model": "char",
    "preset": "seed",
    "net": {"width": 8, "embedding": 8},
    "grid": {"steps": [12]},
    "subsets": {"count": 2},
    "folds": 2,
}


@pytest.fixture
def eager(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep after every step, however long it takes."""
    monkeypatch.setattr(keeper, "MOST_SHARE", math.inf)


class KilledError(Exception):
    pass


def killed_at(last: int):
    def progress(step: int, steps: int) -> None:
        if step == last:
            raise KilledError

    return progress


def state(value: float = 0.0) -> dict[str, torch.Tensor]:
    return {"flat": torch.full((2, 3), value), "since": torch.full((2,), int(value))}


@pytest.mark.parametrize("options", [FIELD, SEED], ids=["field", "char with patience"])
@pytest.mark.parametrize("last", [1, 5, 11])
def test_a_training_that_was_killed_ends_in_the_same_weights(tmp_path, eager, options, last):
    made = kitchen(frame(), **options)
    base = train_base(made)
    undisturbed = train_batch(made, base, [0, 1])
    with pytest.raises(KilledError):
        train_batch(made, base, [0, 1], killed_at(last), Keeper(tmp_path / "k", every=0))
    steps: list[int] = []
    note = Keeper(tmp_path / "k", every=0)
    again = train_batch(made, base, [0, 1], lambda step, _: steps.append(step), note)
    assert steps[0] == last + 1
    assert all(torch.equal(undisturbed[name], again[name]) for name in undisturbed)


def test_what_was_kept_comes_back_bit_by_bit(tmp_path):
    Keeper(tmp_path / "deep" / "k", every=0).keep(state(7.0), 9)
    found = state()
    assert Keeper(tmp_path / "deep" / "k").resume(found) == 9
    assert all(torch.equal(found[name], value) for name, value in state(7.0).items())


def test_nothing_is_kept_before_it_is_time(tmp_path):
    Keeper(tmp_path / "k", every=60).keep(state(7.0), 9)
    assert not (tmp_path / "k").exists()


@pytest.mark.parametrize(
    "damage", [lambda b: b[:-1], lambda b: b"", lambda b: b[:40] + b"x" + b[41:], lambda b: b[:8]]
)
def test_what_is_damaged_is_not_trusted(tmp_path, damage):
    Keeper(tmp_path / "k", every=0).keep(state(7.0), 9)
    (tmp_path / "k").write_bytes(damage((tmp_path / "k").read_bytes()))
    found = state()
    assert Keeper(tmp_path / "k").resume(found) == 0
    assert torch.equal(found["flat"], state()["flat"])


def test_what_has_another_shape_is_not_taken(tmp_path):
    Keeper(tmp_path / "k", every=0).keep(state(7.0), 9)
    found = {"flat": torch.zeros(2, 4), "since": torch.zeros(2, dtype=torch.int64)}
    assert Keeper(tmp_path / "k").resume(found) == 0


def test_forgetting_takes_abandoned_ones_with_it_and_leaves_living_ones(tmp_path):
    for name in ("k", "living", "abandoned"):
        Keeper(tmp_path / name, every=0).keep(state(7.0), 9)
    then = time.time() - ABANDONED_SECONDS - 1
    os.utime(tmp_path / "abandoned", (then, then))
    Keeper(tmp_path / "k").forget()
    assert [path.name for path in tmp_path.iterdir()] == ["living"]


def test_a_full_disk_does_not_harm_the_training(tmp_path, monkeypatch):
    def refuse(*_args, **_options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", refuse)
    Keeper(tmp_path / "k", every=0).keep(state(7.0), 9)
    assert list(tmp_path.iterdir()) == []
