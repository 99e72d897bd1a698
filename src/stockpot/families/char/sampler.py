"""Drawing rows from the char net, a character at a time, many rows at once."""

from __future__ import annotations

from collections import Counter

import pandas as pd
import torch
from torch import Tensor

from stockpot.errors import DrawError
from stockpot.families.base import Drawn, Weights
from stockpot.families.char import lstm
from stockpot.families.char.codec import BEGIN, END
from stockpot.families.char.net import symbol_gates
from stockpot.families.char.tensors import CharTensors

AT_ONCE = 1024
LEAST_AT_ONCE = 64
SPARE = 1.25
"""So many times as many rows are drawn as are wanted, as long as all are valid."""
PATIENCE = 50
"""Drawing is given up when so many times the wanted rows have been drawn."""
LEAST_TRIES = 2 * AT_ONCE


def draw_rows(
    tensors: CharTensors,
    weights: Weights,
    menagerie: int,
    count: int,
    generator: torch.Generator,
    scale: float,
    mix: Tensor | None = None,
) -> Drawn:
    """``count`` valid rows. ``scale`` multiplies the logits; ``mix`` (E,): the ensemble.

    DrawError if too few of the drawn rows are valid.
    """
    walk = Walk(tensors, weights, menagerie, scale, torch.ones(1) if mix is None else mix)
    frames: list[pd.DataFrame] = []
    faults: Counter[str] = Counter()
    valid = 0
    while valid < count:
        tried = valid + faults.total()
        if tried >= max(LEAST_TRIES, PATIENCE * count):
            raise DrawError(_failure(valid, tried, count, faults))
        rate = (valid + 1) / (tried + 1)
        wanted = min(AT_ONCE, max(LEAST_AT_ONCE, int(SPARE * (count - valid) / rate)))
        frame, wrong = tensors.codecs[menagerie].decode(walk(wanted, generator).numpy())
        frames.append(frame)
        faults += wrong
        valid += len(frame)
    rows = [frame for frame in frames if len(frame)]
    drawn = pd.concat(rows, ignore_index=True) if rows else tensors.codecs[menagerie].frame([])
    return Drawn(drawn.iloc[:count], faults.total())


def _failure(valid: int, tried: int, count: int, faults: Counter[str]) -> str:
    why, often = faults.most_common(1)[0]
    return (
        f"Only {valid} of {tried} drawn rows were valid, and {count} are wanted (most often {why}, in {often}"
        " rows): train longer, use a lower temperature, or use --model field."
    )


class Walk:
    """Draws one block of rows after the other."""

    def __init__(self, tensors: CharTensors, weights: Weights, m: int, scale: float, mix: Tensor) -> None:
        self.weights, self.sizes, self.scale = weights, tensors.sizes, scale
        self.log_mix = mix.log()[:, None, None]
        self.table = symbol_gates(weights)
        self.drawable = tensors.drawable[m]
        self.longest = tensors.codecs[m].longest

    @torch.no_grad()
    def __call__(self, count: int, generator: torch.Generator) -> Tensor:
        """(count, time) symbols; rows that ended go on with END."""
        states = self.begin(count)
        last = torch.full((count,), BEGIN)
        ended = torch.zeros(count, dtype=torch.bool)
        told = []
        for _ in range(self.longest):
            chances = self.chances(last, states)
            last = torch.multinomial(chances, 1, generator=generator)[:, 0].masked_fill_(ended, END)
            told.append(last)
            ended = ended | (last == END)
            if bool(ended.all()):
                break
        return torch.stack(told, dim=1)

    def begin(self, count: int) -> list[lstm.State]:
        """The states of rows of which nothing is written."""
        none = torch.zeros(len(self.log_mix), count, self.sizes.width)
        return [(none, none)] * self.sizes.layers

    def chances(self, last: Tensor, states: list[lstm.State]) -> Tensor:
        """(count, V) probabilities of the next symbol; ``states`` move on."""
        gates = self.table[:, last]
        for number in range(self.sizes.layers):
            name = f"layer{number}"
            if number:
                into = self.weights[f"{name}.input.weight"]
                gates = torch.baddbmm(self.weights[f"{name}.bias"], states[number - 1][0], into)
            states[number] = lstm.advance(gates, self.weights[f"{name}.hidden.weight"], states[number])
        out = torch.baddbmm(self.weights["leave.bias"], states[-1][0], self.weights["leave.weight"])
        logp = torch.log_softmax(out * self.scale + self.drawable, dim=-1)
        return torch.softmax(torch.logsumexp(logp + self.log_mix, dim=0), dim=-1)
