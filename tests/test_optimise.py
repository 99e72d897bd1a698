"""Stacked optimisers against torch's own, schedules, and who stands still."""

from __future__ import annotations

import pytest
import torch

import tests.small  # noqa: F401  (one torch thread)
from stockpot import optimise
from stockpot.optimise import Settings, Stack


def start(ingredients: int) -> dict[str, torch.Tensor]:
    torch.manual_seed(0)
    return {"w": torch.randn(ingredients, 3, 2), "b.bias": torch.randn(ingredients, 1, 2)}


def slope(w: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """A loss with a curved, uneven gradient."""
    return (w**4).sum() + (3 * b**2 + b.sin()).sum() + (w * b).sum()


def stacked(settings: list[Settings], steps: int) -> dict[str, torch.Tensor]:
    stack = Stack(start(len(settings)), settings)
    for step in range(1, steps + 1):
        weights = stack.weights()
        loss = sum(slope(weights["w"][e], weights["b.bias"][e]) for e in range(len(settings)))
        (gradient,) = torch.autograd.grad(loss, stack.flat)
        stack.move(gradient, step, [step <= s.steps for s in settings])
    return {name: value.detach().clone() for name, value in stack.weights().items()}


def plainly(optimiser: torch.optim.Optimizer, w: torch.Tensor, b: torch.Tensor, rates: list[float]) -> None:
    for rate in rates:
        for group in optimiser.param_groups:
            group["lr"] = rate
        optimiser.zero_grad()
        slope(w, b).backward()
        optimiser.step()


def rates_of(settings: Settings, steps: int) -> list[float]:
    stack = Stack({"w": torch.zeros(1, 1)}, [settings])
    return [stack.rates(step, [True]).item() for step in range(1, steps + 1)]


@pytest.mark.parametrize("decay", [0.0, 0.3])
def test_adamw_of_each_ingredient_is_torchs(decay):
    settings = [
        Settings(rate, 15, weight_decay=decay, schedule=s)
        for rate, s in ((0.1, "constant"), (0.02, "decayed"))
    ]
    found = stacked(settings, 15)
    for e, own in enumerate(settings):
        w, b = (value[e].clone().requires_grad_() for value in start(2).values())
        groups = [{"params": [w], "weight_decay": decay}, {"params": [b], "weight_decay": 0.0}]
        adamw = torch.optim.AdamW(groups, betas=(0.9, 0.99), eps=1e-8)
        plainly(adamw, w, b, rates_of(own, 15))
        torch.testing.assert_close(found["w"][e], w.detach(), rtol=1e-5, atol=1e-6)
        torch.testing.assert_close(found["b.bias"][e], b.detach(), rtol=1e-5, atol=1e-6)


def test_rmsprop_is_torchs():
    settings = Settings(0.01, 15, optimiser="rmsprop")
    found = stacked([settings], 15)
    w, b = (value[0].clone().requires_grad_() for value in start(1).values())
    rmsprop = torch.optim.RMSprop([w, b], alpha=optimise.RMS_MEMORY, eps=optimise.RMS_EPSILON)
    plainly(rmsprop, w, b, rates_of(settings, 15))
    torch.testing.assert_close(found["w"][0], w.detach(), rtol=1e-5, atol=1e-6)


def test_a_constant_rate_rises_over_ten_steps_and_stays():
    assert rates_of(Settings(1.0, 100), 12) == pytest.approx([0.1 * i for i in range(1, 10)] + [1.0] * 3)


def test_a_decayed_rate_falls_to_0():
    rates = rates_of(Settings(1.0, 100, schedule="decayed"), 100)
    assert rates[-1] == pytest.approx(0, abs=1e-9)
    assert rates[49] == pytest.approx(0.5)
    assert rates[10:] == sorted(rates[10:], reverse=True)


def test_an_ingredient_with_fewer_steps_stands_still():
    few, many = Settings(0.1, 5, weight_decay=0.3), Settings(0.1, 9, weight_decay=0.3)
    found = stacked([few, many], 9)
    assert torch.equal(found["w"][0], stacked([few, many], 5)["w"][0])
    assert not torch.equal(found["w"][1], stacked([few, many], 5)["w"][1])


def test_one_whose_neighbour_diverges_does_not_care():
    calm, wild = Settings(0.01, 9), Settings(1e30, 9)
    found = stacked([calm, wild], 9)
    assert torch.equal(found["w"][0], stacked([calm, calm], 9)["w"][0])
