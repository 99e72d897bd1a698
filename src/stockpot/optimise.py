"""Optimisers over a stack: one flat tensor of E ingredients x P weights, each ingredient with its own
settings.

AdamW (Loshchilov & Hutter, 'Decoupled Weight Decay Regularization', ICLR 2019) and RMSprop (Tieleman &
Hinton, 2012). An ingredient that has made its last step stands still.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

Schedule = Literal["constant", "decayed"]
Optimiser = Literal["adamw", "rmsprop"]
WARM_UP = 10
"""Steps over which the learning rate rises."""
MOMENTUM, VARIANCE, EPSILON = 0.9, 0.99, 1e-8
RMS_MEMORY, RMS_EPSILON = 0.9, 1e-7


@dataclass(frozen=True)
class Settings:
    """How one ingredient learns. ``batch`` 0: all its rows each step. ``patience`` 0: no early stopping; else
    so many epochs without a gain of 0.001 on its left-out rows end it, and its best weights are kept.
    """

    learning_rate: float
    steps: int
    schedule: Schedule = "constant"
    dropout: float = 0.0
    weight_decay: float = 0.0
    smoothing: float = 0.0
    optimiser: Optimiser = "adamw"
    batch: int = 0
    patience: int = 0


class Stack:
    """Flat weights of E ingredients and the moments of their gradients."""

    def __init__(self, start: Mapping[str, Tensor], settings: Sequence[Settings]) -> None:
        self.names = list(start)
        self.shapes = [value.shape[1:] for value in start.values()]
        self.sizes = [shape.numel() for shape in self.shapes]
        self.flat = torch.cat([value.flatten(1) for value in start.values()], dim=1).requires_grad_()
        self.first = torch.zeros_like(self.flat, requires_grad=False)
        self.second = torch.zeros_like(self.flat, requires_grad=False)
        decayed = [0.0 if name.endswith("bias") else 1.0 for name in self.names]
        self.decays = torch.cat([torch.full((n,), d) for n, d in zip(self.sizes, decayed, strict=True)])
        self.settings = settings

    @property
    def state(self) -> dict[str, Tensor]:
        """All that a step changes."""
        return {"flat": self.flat, "first": self.first, "second": self.second}

    def weights(self, flat: Tensor | None = None) -> dict[str, Tensor]:
        """Views by name, (E, ...) each."""
        parts = torch.split(self.flat if flat is None else flat, self.sizes, dim=1)
        return {n: p.reshape(-1, *s) for n, p, s in zip(self.names, parts, self.shapes, strict=True)}

    def rates(self, step: int, running: Sequence[bool]) -> Tensor:
        """(E, 1) learning rates of step ``step`` (from 1)."""
        rates = [_rate(s, step) if run else 0.0 for s, run in zip(self.settings, running, strict=True)]
        return torch.tensor(rates, dtype=torch.float32)[:, None]

    @torch.no_grad()
    def move(self, gradient: Tensor, step: int, running: Sequence[bool]) -> None:
        """One step against the gradient (E, P)."""
        rate = self.rates(step, running)
        if self.settings[0].optimiser == "rmsprop":
            self.second.mul_(RMS_MEMORY).addcmul_(gradient, gradient, value=1 - RMS_MEMORY)
            self.flat.sub_(rate * gradient / (self.second.sqrt() + RMS_EPSILON))
            return
        self.first.mul_(MOMENTUM).add_(gradient, alpha=1 - MOMENTUM)
        self.second.mul_(VARIANCE).addcmul_(gradient, gradient, value=1 - VARIANCE)
        wane = torch.tensor([s.weight_decay for s in self.settings])[:, None] * rate
        if bool((wane > 0).any()):
            self.flat.mul_(1 - wane * self.decays)
        steepness = (self.second / (1 - VARIANCE**step)).sqrt_().add_(EPSILON)
        self.flat.sub_(rate / (1 - MOMENTUM**step) * self.first / steepness)


def _rate(settings: Settings, step: int) -> float:
    if step > settings.steps:
        return 0.0
    wane = 0.5 * (1 + math.cos(math.pi * step / settings.steps)) if settings.schedule == "decayed" else 1.0
    return settings.learning_rate * wane * min(1.0, step / WARM_UP)
