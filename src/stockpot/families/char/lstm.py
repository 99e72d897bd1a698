"""The recurrent part of an LSTM layer for a whole stack of ingredients, its gradient written by hand.

Hochreiter and Schmidhuber, 'Long short-term memory', Neural Computation 1997. Axes: E ingredients, T time
steps, R rows, 4H gates in the order input, forget, output, cell. Only what depends on the step before is done
step by step; the gradient of the weights is one product over all steps.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

State = tuple[Tensor, Tensor]
"""Hidden and cell state, (E, R, H) each."""


def layer(gates: Tensor, weight: Tensor) -> Tensor:
    """What the inputs add to the gates (E, T, R, 4H) -> hidden states (E, T, R, H), from zeros."""
    hidden: Tensor = _Layer.apply(gates, weight)  # type: ignore[no-untyped-call]
    return hidden


def advance(gates: Tensor, weight: Tensor, state: State) -> State:
    """One step, without a gradient: ``gates`` (E, R, 4H) is overwritten."""
    h, c = state
    width = weight.shape[1]
    torch.baddbmm(gates, h, weight, out=gates)
    _squash(gates, width)
    i, f, o, g = gates.chunk(4, dim=-1)
    c = torch.addcmul(f * c, i, g)
    return o * c.tanh(), c


def _squash(gates: Tensor, width: int) -> None:
    gates[..., : 3 * width].sigmoid_()
    gates[..., 3 * width :].tanh_()


class _Layer(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, added: Tensor, weight: Tensor) -> Tensor:
        e, steps, rows, wide = added.shape
        width = wide // 4
        gates = added.clone()
        hidden, cell = added.new_empty(e, steps, rows, width), added.new_empty(e, steps, rows, width)
        h = c = added.new_zeros(e, rows, width)
        for t in range(steps):
            now = gates[:, t]
            if t:
                now.baddbmm_(h, weight)
            _squash(now, width)
            i, f, o, g = now.chunk(4, dim=-1)
            c = torch.mul(i, g, out=cell[:, t]).addcmul_(f, c)
            h = torch.mul(o, c.tanh(), out=hidden[:, t])
        ctx.save_for_backward(weight, gates, hidden, cell)
        return hidden

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, wanted: Tensor) -> tuple[Tensor, Tensor]:
        weight, gates, hidden, cell = ctx.saved_tensors
        e, steps, rows, width = hidden.shape
        pull = torch.empty_like(gates)
        back = weight.mT
        dh, dc = wanted.new_zeros(e, rows, width), wanted.new_zeros(e, rows, width)
        for t in range(steps - 1, -1, -1):
            dh = dh + wanted[:, t]
            before = cell[:, t - 1] if t else torch.zeros_like(dc)
            dc = _through(gates[:, t], cell[:, t], before, dh, dc, pull[:, t])
            if t:
                dh = torch.bmm(pull[:, t], back)
        past = hidden[:, :-1].flatten(1, 2)
        return pull, torch.bmm(past.mT, pull[:, 1:].flatten(1, 2))


def _through(gates: Tensor, cell: Tensor, before: Tensor, dh: Tensor, dc: Tensor, pull: Tensor) -> Tensor:
    """Fill ``pull`` with the gradient of a step's gates before squashing; return that of the cell before."""
    i, f, o, g = gates.chunk(4, dim=-1)
    to_i, to_f, to_o, to_g = pull.chunk(4, dim=-1)
    squashed = cell.tanh()
    torch.mul(dh, squashed, out=to_o)
    dc = dc + (dh * o).mul_(1 - squashed * squashed)
    torch.mul(dc, g, out=to_i)
    torch.mul(dc, before, out=to_f)
    torch.mul(dc * i, 1 - g * g, out=to_g)
    width = i.shape[-1]
    open_gates = gates[..., : 3 * width]
    pull[..., : 3 * width].mul_(open_gates - open_gates * open_gates)
    return dc * f
