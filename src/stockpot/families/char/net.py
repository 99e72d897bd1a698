"""The char family's net, for a whole stack of ingredients at once: forward, loss and judge.

Axes, always in this order: E ingredients, T time steps, R rows, V symbols. Loss is nats a character, lower is
better: the mean over a row's characters (its end is one), rows weighed by their shares.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from stockpot import noise
from stockpot.families.base import Judged, Noise, Weights
from stockpot.families.char import lstm
from stockpot.families.char.codec import BEGIN, UNKNOWN
from stockpot.families.char.tensors import CharTensors

AT_A_TIME = 2**23
"""So many gates (E x T x R x 4H) are judged at a time: bounded memory."""


def symbol_gates(weights: Weights) -> Tensor:
    """(E, V, 4H): what each symbol adds to the first layer's gates."""
    return torch.baddbmm(weights["layer0.bias"], weights["embed.weight"], weights["layer0.input.weight"])


def hidden(weights: Weights, inputs: Tensor, layers: int, kept: Sequence[Tensor] = ()) -> Tensor:
    """(E, T, R) symbols -> (E, T, R, H) of the last layer. ``kept``: dropout's factors between the layers."""
    e, steps, rows = inputs.shape
    table = symbol_gates(weights)
    offset = torch.arange(e)[:, None, None] * table.shape[1]
    gates = torch.nn.functional.embedding(inputs + offset, table.flatten(0, 1))
    h = lstm.layer(gates, weights["layer0.hidden.weight"])
    for number in range(1, layers):
        h = h * kept[number - 1] if kept else h
        name = f"layer{number}"
        flat = torch.baddbmm(weights[f"{name}.bias"], h.flatten(1, 2), weights[f"{name}.input.weight"])
        h = lstm.layer(flat.view(e, steps, rows, -1), weights[f"{name}.hidden.weight"])
    return h


def logits(weights: Weights, h: Tensor) -> Tensor:
    """(E, T, R, H) -> (E, T, R, V)"""
    flat = torch.baddbmm(weights["leave.bias"], h.flatten(1, 2), weights["leave.weight"])
    return flat.view(*h.shape[:3], -1)


class BoundChar:
    """A stack of E ingredients over one table's rows."""

    def __init__(self, tensors: CharTensors, tokens: Tensor, lengths: Tensor, member: Tensor) -> None:
        self.tensors, self.member, self.lengths = tensors, member, lengths
        self.told = tokens.transpose(1, 2)  # (menageries, T, rows)
        begin = torch.full_like(self.told[:, :1], BEGIN)
        self.inputs = torch.cat([begin, self.told[:, :-1]], dim=1)
        self.drawable = tensors.drawable[member][:, None, None]
        self.unseen = tensors.unseen[member][:, None, None]

    def loss(self, weights: Weights, rows: Tensor, share: Tensor, by: Noise) -> Tensor:
        """(E,) nats a character of rows (E, R) with shares (E, R)."""
        inputs, told, each = self._rows(rows, share)
        kept = self._kept(by, rows.shape[1], told.shape[1]) if bool((by.dropout > 0).any()) else []
        out = logits(weights, hidden(weights, inputs, self.tensors.sizes.layers, kept))
        logp = torch.log_softmax(out + self.drawable, dim=-1)
        return -(self._true(logp, told, self.unseen) * each).sum((-1, -2))

    def judge(
        self,
        weights: Weights,
        rows: Tensor,
        share: Tensor,
        masks: int,
        scales: Tensor,
        mix: Tensor | None = None,
    ) -> Judged:
        """Loss (E, S) at S scales of the logits, accuracy (E,) at the first scale; there is nothing to mask.

        ``mix`` (E,): judge instead the ensemble, the mean of probabilities by these shares (then E is 1).
        """
        del masks
        size = self._at_a_time(len(rows))
        blocks = zip(torch.split(rows, size, dim=1), torch.split(share, size, dim=1), strict=True)
        parts = [self._judge(weights, r, s, scales, mix) for r, s in blocks]
        lost, right = (torch.stack(part).sum(0) for part in zip(*parts, strict=True))
        return Judged(lost, right)

    def losses(
        self, weights: Weights, rows: Tensor, masks: int, scale: float = 1.0, mix: Tensor | None = None
    ) -> Tensor:
        """(E, R) loss of each row by itself, in nats a character; with ``mix`` the ensemble's, (1, R)."""
        del masks
        blocks = torch.split(rows, self._at_a_time(len(rows)), dim=1)
        return torch.cat([self._lost(weights, block, scale, mix) for block in blocks], dim=1)

    def _at_a_time(self, models: int) -> int:
        """So many rows of each of these models fit into bounded memory."""
        return max(1, AT_A_TIME // (models * self.told.shape[1] * 4 * self.tensors.sizes.width))

    def _lost(self, weights: Weights, rows: Tensor, scale: float, mix: Tensor | None) -> Tensor:
        inputs, told, each = self._rows(rows, torch.ones(rows.shape))
        logp = self._logp(logits(weights, hidden(weights, inputs, self.tensors.sizes.layers)), scale, mix)
        told, each = told[: len(logp)], each[: len(logp)]
        return -(self._true(logp, told, self.unseen[: len(logp)]) * each).sum(1)

    def _judge(
        self, weights: Weights, rows: Tensor, share: Tensor, scales: Tensor, mix: Tensor | None
    ) -> tuple[Tensor, Tensor]:
        inputs, told, each = self._rows(rows, share)
        out = logits(weights, hidden(weights, inputs, self.tensors.sizes.layers))
        scored = [self._score(out, told, each, float(scale), mix) for scale in scales]
        return torch.stack([loss for loss, _ in scored], dim=-1), scored[0][1]

    def _score(
        self, out: Tensor, told: Tensor, each: Tensor, scale: float, mix: Tensor | None
    ) -> tuple[Tensor, Tensor]:
        """(E,) loss and accuracy of logits at one scale; of the ensemble: (1,)."""
        logp = self._logp(out, scale, mix)
        told, each = told[: len(logp)], each[: len(logp)]
        loss = -(self._true(logp, told, self.unseen[: len(logp)]) * each).sum((-1, -2))
        return loss, ((logp.argmax(-1) == told) * each).sum((-1, -2))

    def _logp(self, out: Tensor, scale: float, mix: Tensor | None) -> Tensor:
        """(E, T, R, V) log probabilities of logits at one scale; of the ensemble: (1, T, R, V)."""
        logp = torch.log_softmax(out * scale + self.drawable, dim=-1)
        return (
            logp
            if mix is None
            else torch.logsumexp(logp + mix.log()[:, None, None, None], dim=0, keepdim=True)
        )

    @staticmethod
    def _true(logp: Tensor, told: Tensor, unseen: Tensor) -> Tensor:
        """(E, T, R) log probability of each symbol that came; an unknown one has that of all unseen."""
        found = logp.gather(-1, told[..., None])[..., 0]
        return torch.where(told == UNKNOWN, unseen, found)

    def _rows(self, rows: Tensor, share: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """(E, T, R) each: inputs, symbols that came, and their weights; T is the longest of the rows."""
        lengths = self.lengths[rows]
        steps = int(lengths.max())
        where = (self.member[:, None, None], torch.arange(steps)[:, None], rows[:, None])
        within = torch.arange(steps)[None, :, None] < lengths[:, None]
        return self.inputs[where], self.told[where], within * (share / lengths)[:, None]

    def _kept(self, by: Noise, rows: int, steps: int) -> list[Tensor]:
        """Dropout's factors (E, T, R, H) between layers; neither longer nor more rows change a row's."""
        sizes = self.tensors.sizes
        keys = [key + row for key in by.keys for row in range(rows)]
        between = sizes.layers - 1
        drop = by.dropout.repeat_interleave(rows)
        flat = noise.kept(keys, by.step, noise.DROPOUT, steps * between * sizes.width, drop)
        each = flat.view(len(by.keys), rows, steps, between, sizes.width).transpose(1, 2)
        return list(each.unbind(3))
