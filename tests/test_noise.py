"""Noise: a function of key, step, stream and position alone, and random enough."""

from __future__ import annotations

import pytest
import torch

import tests.small  # noqa: F401  (one torch thread)
from stockpot import noise

KEYS = [noise.key("ingredient", i) for i in range(24)]
MANY = 20_000


def test_noise_of_an_ingredient_does_not_depend_on_the_batch():
    alone = noise.uniform([KEYS[5]], 3, noise.MASKS, 100)[0]
    for batch in (KEYS[:7], KEYS):
        assert torch.equal(noise.uniform(batch, 3, noise.MASKS, 100)[5], alone)


def test_more_noise_begins_with_the_same():
    some, more = (noise.uniform(KEYS, 3, noise.MASKS, count) for count in (10, 1000))
    assert torch.equal(more[:, :10], some)
    drop = torch.full((24,), 0.3)
    few, many = (noise.kept(KEYS, 3, noise.DROPOUT, count, drop) for count in (9, 1000))
    assert torch.equal(many[:, :9], few)


def test_key_step_and_stream_each_change_the_noise():
    one = noise.uniform([1], 1, noise.MASKS, 50)
    for key, step, stream in ((2, 1, noise.MASKS), (1, 2, noise.MASKS), (1, 1, noise.DROPOUT)):
        assert not torch.equal(noise.uniform([key], step, stream, 50), one)


def test_keys_are_stable_and_told_apart():
    assert noise.key("a", 1) == noise.key("a", 1)
    assert len({noise.key("a", i) for i in range(1000)} | {noise.key(f"a{i}") for i in range(1000)}) == 2000
    assert all(0 <= key < 2**62 for key in KEYS)


@pytest.mark.parametrize("step", [0, 1, 1000])
def test_uniforms_are_uniform(step):
    u = noise.uniform(KEYS, step, noise.MASKS, MANY)
    assert u.min() >= 0
    assert u.max() < 1
    assert (u.mean(1) - 0.5).abs().max() < 0.01
    assert (u.var(1) - 1 / 12).abs().max() < 0.003
    lag = torch.tensor([torch.corrcoef(torch.stack([row[1:], row[:-1]]))[0, 1] for row in u])
    assert lag.abs().max() < 0.04


def test_ingredients_steps_and_neighbours_are_not_correlated():
    steps = torch.cat([noise.uniform(KEYS[:6], step, noise.MASKS, MANY) for step in (1, 2, 3)])
    rank = steps.argsort(1).argsort(1).double()
    off = torch.corrcoef(rank) - torch.eye(len(rank))
    assert off.abs().max() < 0.04
    follow = torch.cat(
        [noise.uniform([key], 1, noise.MASKS, MANY) for key in range(8)]
    )  # keys of small seeds
    assert (torch.corrcoef(follow) - torch.eye(8)).abs().max() < 0.04


def test_dropout_keeps_its_share_and_its_mean():
    drop = torch.tensor([0.0, 0.2, 0.5, 0.9])
    kept = noise.kept(KEYS[:4], 1, noise.DROPOUT, MANY, drop)
    assert (kept[0] == 1).all()
    assert ((kept > 0).float().mean(1) - (1 - drop)).abs().max() < 0.015
    assert (kept.mean(1) - 1).abs().max() < 0.1


def test_normals_are_normal_and_each_row_is_its_own():
    z = noise.normal("first weights", range(200), 100)
    assert abs(float(z.mean())) < 0.03
    assert abs(float(z.std()) - 1) < 0.03
    assert torch.equal(noise.normal("first weights", [7, 150], 100), z[[7, 150]])
    assert not torch.equal(noise.normal("others", range(200), 100), z)
