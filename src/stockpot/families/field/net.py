"""The field family's net, for a whole stack of ingredients at once: forward, loss and judge.

Axes, always in this order: E ingredients, R rows, D fields, K tokens. The logit of a token is the log
marginal of the learning rows (fixed) plus smooth functions of its bin's normal score, weighed by the net.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from stockpot import noise
from stockpot.families.base import Judged, Noise, Weights
from stockpot.families.field.tensors import FieldTensors

CHUNK_ROWS = 4096
"""So many rows, over all ingredients and masks, are judged at once."""


def logits(weights: Weights, x: Tensor, basis: Tensor, kept: Sequence[Tensor] = ()) -> Tensor:
    """(E, R, inputs) -> (E, R, D * K): what the net adds to the log marginals."""
    return torch.bmm(forward(weights, x, kept), basis)


def forward(weights: Weights, x: Tensor, kept: Sequence[Tensor] = ()) -> Tensor:
    """(E, R, inputs) -> (E, R, outputs). ``kept`` are dropout's factors of the two hidden layers."""
    h = torch.nn.functional.silu(torch.baddbmm(weights["enter.bias"], x, weights["enter.weight"]))
    h = h * kept[0] if kept else h
    h = h + torch.nn.functional.silu(torch.baddbmm(weights["inner.bias"], h, weights["inner.weight"]))
    h = h * kept[1] if kept else h
    return torch.baddbmm(weights["leave.bias"], h, weights["leave.weight"]) + torch.bmm(
        x, weights["skip.weight"]
    )


def visible(draws: Tensor, count: Tensor) -> Tensor:
    """The ``count`` fields of lowest draws are visible: (..., D) uniforms and (...) counts -> 0 or 1."""
    rank = (draws[..., :, None] > draws[..., None, :]).sum(-1)
    return (rank < count[..., None]).float()


class BoundField:
    """A stack of E ingredients over one table's rows."""

    def __init__(self, program: FieldTensors, tokens: Tensor, member: Tensor) -> None:
        self.program, self.member = program, member
        self.told = tokens
        blocks = [
            f[torch.arange(len(tokens))[:, None], tokens[:, :, j]] for j, f in enumerate(program.features)
        ]
        self.shown = torch.cat(blocks, dim=-1)  # (menageries, rows, features)
        self.basis, self.marginal = program.basis[member], program.marginal[member]
        self._judging: dict[int, Tensor] = {}

    def loss(self, weights: Weights, rows: Tensor, share: Tensor, by: Noise) -> Tensor:
        """(E,) nats a hidden field: rows (E, R) with shares (E, R) that sum to 1, fields hidden at random."""
        program, (e, r), d = self.program, rows.shape, self.program.fields
        draws = noise.uniform(by.keys, by.step, noise.MASKS, r * (d + 1)).view(e, r, d + 1)
        seen = visible(draws[..., :d], (draws[..., d] * d).floor())
        kept = self._kept(by, r) if bool((by.dropout > 0).any()) else []
        logp = self._logp(logits(weights, self._inputs(rows, seen), self.basis, kept))
        told = self.told[self.member[:, None], rows]
        gain = logp.gather(-1, told[..., None])[..., 0]
        if bool((by.smoothing > 0).any()):
            near = program.neighbours[self.member[:, None, None], torch.arange(d), told]
            soft = (logp.clamp_min(-50) * near).sum(-1)
            gain = gain + by.smoothing[:, None, None] * (soft - gain)
        hidden = 1 - seen
        return -((gain * hidden).sum(-1) / hidden.sum(-1).clamp_min(1) * share).sum(-1)

    def _kept(self, by: Noise, rows: int) -> list[Tensor]:
        count = rows * self.program.width
        flat = noise.kept(by.keys, by.step, noise.DROPOUT, 2 * count, by.dropout)
        # interleaved, so that a row's masks do not depend on how many rows follow it
        both = flat.view(len(by.keys), rows, 2, self.program.width)
        return [both[:, :, 0], both[:, :, 1]]

    def _inputs(self, rows: Tensor, seen: Tensor) -> Tensor:
        features = self.shown[self.member[:, None], rows] * seen[..., self.program.owner]
        return torch.cat([features, seen], dim=-1)

    def _logp(self, added: Tensor) -> Tensor:
        e, r, _ = added.shape
        return torch.log_softmax(added.view(e, r, self.program.fields, -1) + self.marginal[:, None], dim=-1)

    def judge(
        self,
        weights: Weights,
        rows: Tensor,
        share: Tensor,
        masks: int,
        scales: Tensor,
        mix: Tensor | None = None,
    ) -> Judged:
        """Loss (E, S) at each of S scales of the logits, accuracy (E,) at the first, under ``masks`` fixed
        masks a row.

        ``mix`` (E,): judge instead the ensemble, the mean of probabilities by these shares (then E is 1).
        """
        chunk = max(1, CHUNK_ROWS // rows.numel())
        parts = [range(t, min(t + chunk, masks)) for t in range(0, masks, chunk)]
        judged = [self._judge(weights, rows, share, turns, masks, scales, mix) for turns in parts]
        return Judged(_sum_of([j.loss for j in judged]), _sum_of([j.accuracy for j in judged]))

    def _judge(
        self,
        weights: Weights,
        rows: Tensor,
        share: Tensor,
        turns: range,
        masks: int,
        scales: Tensor,
        mix: Tensor | None,
    ) -> Judged:
        """The part of the turns' masks."""
        added, told, each = self._asked(weights, rows, share, turns, masks)
        if mix is not None:
            each, told = each[:1], told[:1]
        logps = [self._mixed(added * scale, mix) for scale in scales]
        losses = [-(logp.gather(-1, told[..., None])[..., 0] * each).sum((-1, -2)) for logp in logps]
        return Judged(torch.stack(losses, dim=-1), ((logps[0].argmax(-1) == told) * each).sum((-1, -2)))

    def losses(
        self, weights: Weights, rows: Tensor, masks: int, scale: float = 1.0, mix: Tensor | None = None
    ) -> Tensor:
        """(E, R) loss of each row by itself, under the masks of ``judge``; with ``mix`` the ensemble's,
        (1, R).
        """
        lost = [self._lost(weights, rows, turn, masks, scale, mix) for turn in range(masks)]
        return _sum_of(lost)

    def _lost(
        self, weights: Weights, rows: Tensor, turn: int, masks: int, scale: float, mix: Tensor | None
    ) -> Tensor:
        """One turn's part."""
        added, told, each = self._asked(weights, rows, torch.ones(rows.shape), range(turn, turn + 1), masks)
        logp = self._mixed(added * scale, mix)
        told, each = told[: len(logp)], each[: len(logp)]
        return -(logp.gather(-1, told[..., None])[..., 0] * each).sum(-1)

    def _asked(
        self, weights: Weights, rows: Tensor, share: Tensor, turns: range, masks: int
    ) -> tuple[Tensor, Tensor, Tensor]:
        """What the net adds to the log marginals, the tokens that it should say, and their shares of the
        loss.
        """
        many = rows.repeat(1, len(turns))
        seen = self._fixed(many, torch.tensor(turns).repeat_interleave(rows.shape[1]), masks)
        hidden = 1 - seen
        each = (
            hidden
            / hidden.sum(-1, keepdim=True).clamp_min(1)
            * share.repeat(1, len(turns))[..., None]
            / masks
        )
        added = logits(weights, self._inputs(many, seen), self.basis)
        return added, self.told[self.member[:, None], many], each

    def _mixed(self, added: Tensor, mix: Tensor | None) -> Tensor:
        logp = self._logp(added)
        return (
            logp
            if mix is None
            else torch.logsumexp(logp + mix.log()[:, None, None, None], dim=0, keepdim=True)
        )

    def _fixed(self, rows: Tensor, turns: Tensor, masks: int) -> Tensor:
        """(E, R, D) masks that depend on the row's number and the turn alone; a row's turns show every number
        of fields.
        """
        d, total = self.program.fields, self.told.shape[1]
        if masks not in self._judging:
            flat = noise.uniform([noise.key("judge")], 0, noise.JUDGE, masks * total * d)
            self._judging[masks] = flat.view(masks, total, d)
        return visible(self._judging[masks][turns, rows], (rows + turns) % d)


def _sum_of(parts: Sequence[Tensor]) -> Tensor:
    return torch.stack(list(parts)).sum(0)
