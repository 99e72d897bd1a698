"""What a recipe is handed to blend: the second of its two halves."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from stockpot.families.base import Symmetry
from stockpot.recipes.mixture import layer_of

Tensors = Mapping[str, Tensor]


@dataclass(frozen=True)
class Mix:
    """Ingredients of one menagerie, side by side: only floating tensors, all in float64.

    ``stack``: name -> (n, ...). ``shares`` (n,) sum to 1; ``layers``: a layer's own. ``numbers``: the
    ingredients' own, to key what is random. ``base``: where all of them started. ``fisher``: name ->
    (n, ...), the diagonal of each one's Fisher information. ``trajectory``: name -> (n, snapshots, ...), each
    one's way from the base, evenly spread, its end last. ``symmetry``: which hidden units may change places.
    A recipe finds what it says that it needs; all else may be None.
    """

    stack: Tensors
    shares: Tensor
    numbers: Sequence[int]
    layers: Mapping[str, Tensor] = field(default_factory=dict)
    knobs: Mapping[str, float] = field(default_factory=dict)
    base: Tensors | None = None
    fisher: Callable[[], Tensors] | None = None
    trajectory: Callable[[], Tensors] | None = None
    symmetry: Symmetry | None = None

    def shares_of(self, tensor: str) -> Tensor:
        """(n,)"""
        return self.layers.get(layer_of(tensor), self.shares)


Blend = Callable[[Mix], Tensors]
"""From a mix to the soup's tensors."""


def average(mix: Mix) -> Tensors:
    """The sum of share x tensor."""
    return {name: torch.tensordot(mix.shares_of(name), value, 1) for name, value in mix.stack.items()}
