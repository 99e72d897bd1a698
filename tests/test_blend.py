"""Averaging weights: by hand, against torch, and what cannot be averaged."""

from __future__ import annotations

import copy

import pytest
import torch
from torch import nn
from torch.optim.swa_utils import AveragedModel

import tests.small  # noqa: F401  (one torch thread)
from stockpot.blend import blend
from stockpot.errors import BlendError


def of(*values: float, dtype: torch.dtype = torch.float32) -> torch.Tensor:
    return torch.tensor(values, dtype=dtype)


def test_a_blend_is_the_weighed_sum():
    soup = blend([{"w": of(1, 2)}, {"w": of(5, 10)}], [0.75, 0.25])
    assert soup["w"].tolist() == [2, 4]


def test_a_blend_of_one_is_that_one():
    state = {"w": torch.randn(3, 3), "steps": torch.tensor(7)}
    soup = blend([state], [1.0])
    assert all(torch.equal(soup[name], value) for name, value in state.items())


def test_blend_leaves_its_ingredients_alone():
    states = [{"w": of(1, 2), "n": torch.tensor([3])}, {"w": of(5, 10), "n": torch.tensor([3])}]
    before = copy.deepcopy(states)
    soup = blend(states, [0.5, 0.5])
    soup["w"] += 1
    soup["n"] += 1
    assert all(torch.equal(s[k], b[k]) for s, b in zip(states, before, strict=True) for k in s)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_short_floats_are_summed_in_wide_precision(dtype):
    states = [{"w": of(1.0, dtype=dtype)} for _ in range(1000)]
    assert blend(states, [0.001] * 1000)["w"].item() == 1.0  # in float16 a sum of a thousandths drifts
    large = [{"w": of(60000.0, dtype=dtype)}, {"w": of(60000.0, dtype=dtype)}]
    assert blend(large, [0.5, 0.5])["w"].dtype == dtype
    assert blend(large, [0.5, 0.5])["w"].equal(large[0]["w"])


def test_equal_integers_survive_and_differing_ones_are_named():
    states = [{"w": of(1), "steps": torch.tensor([3])}, {"w": of(2), "steps": torch.tensor([3])}]
    assert blend(states, [0.5, 0.5])["steps"].tolist() == [3]
    states[1]["steps"] = torch.tensor([4])
    with pytest.raises(BlendError) as error:
        blend(states, [0.5, 0.5], ["a", "b"])
    assert str(error.value) == (
        "Cannot blend 'b' with 'a': 'steps' holds int64 values that differ, and only floating-point tensors "
        "can be averaged."
    )


def test_other_shapes_are_named():
    with pytest.raises(BlendError) as error:
        blend([{"w": of(1)}, {"w": of(1, 2)}], [0.5, 0.5], ["a", "b"])
    assert str(error.value) == (
        "Cannot blend 'b' with 'a': 'w' is [2] in one and [1] in the other. "
        "Ingredients must share one architecture."
    )


def test_other_keys_are_named():
    for states in ([{"w": of(1)}, {"w": of(1), "x": of(1)}], [{"w": of(1), "x": of(1)}, {"w": of(1)}]):
        with pytest.raises(BlendError, match=r"'x' is in '.' and not in '.'. Ingredients must share"):
            blend(states, [0.5, 0.5], ["a", "b"])


def test_other_dtypes_are_named():
    with pytest.raises(BlendError, match="'w' is float16 in one and float32 in the other"):
        blend([{"w": of(1)}, {"w": of(1, dtype=torch.float16)}], [0.5, 0.5])


@pytest.mark.parametrize("shares", [[0.5, 0.6], [float("nan"), 0.5], [1.0]])
def test_shares_are_one_each_and_sum_to_1(shares):
    with pytest.raises(BlendError, match="share"):
        blend([{"w": of(1)}, {"w": of(2)}], shares)


def test_order_does_not_matter_to_equal_shares():
    torch.manual_seed(0)
    states = [{"w": torch.randn(50)} for _ in range(7)]
    assert torch.equal(blend(states, [1 / 7] * 7)["w"], blend(states[::-1], [1 / 7] * 7)["w"])


def test_an_equal_blend_is_torchs_averaged_model():
    torch.manual_seed(0)
    nets = [nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2)) for _ in range(5)]
    averaged = AveragedModel(nets[0])
    for net in nets:
        averaged.update_parameters(net)
    soup = blend([net.state_dict() for net in nets], [1 / 5] * 5)
    for name, value in averaged.module.state_dict().items():
        torch.testing.assert_close(soup[name], value)
