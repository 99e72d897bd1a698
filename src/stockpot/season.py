"""Seasoning: by how much a menagerie's logits are scaled where its models are judged, from left-out rows.

Each row is left out by some ingredients. The ingredients that left out the same part, blended, are a small
soup that never saw it: its loss there, over all parts, chooses the soup's scale. It costs no rows. (Smaller
soups need blunter logits than the whole one; where a part has one ingredient, the soup's scale is its own.)
Calibration by one scale: Guo et al., 'On Calibration of Modern Neural Networks', ICML 2017.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from stockpot.families.base import Weights
from stockpot.kitchen import Kitchen, Menageries, menagerie, soup
from stockpot.recipes.choosing import equal
from stockpot.train import padded

LEFT_OUT_ROWS = 256
"""About so many row-masks judge each part."""


@dataclass(frozen=True)
class Season:
    """One menagerie's choice: the scales of a single ingredient, of a soup and of the ensemble. ``loss`` is
    the small soups' on left-out rows, nats a token.
    """

    single: float
    soup: float
    ensemble: float
    loss: float

    def scale(self, ingredients: int) -> float:
        """The scale of a blend of so many ingredients."""
        return self.single if ingredients == 1 else self.soup


def season(kitchen: Kitchen, weights: Menageries, number: int, sound: Sequence[int] | None = None) -> Season:
    """Choose for menagerie ``number``, from its own rows alone and its ``sound`` ingredients (None: all)."""
    parts = _parts(kitchen, number, range(len(kitchen.plan.ingredients)) if sound is None else sound)
    scales = kitchen.plan.scales
    if not parts:
        return Season(scales[0], scales[0], scales[0], float("nan"))
    stack = menagerie(weights, number)
    judged = [judge(kitchen, stack, number, parts) for judge in (_singles, _small_soups, _ensembles)]
    single, soups, ensemble = (scales[int(losses.argmin())] for losses in judged)
    return Season(single, soups, ensemble, loss=float(judged[1].min()))


def _parts(kitchen: Kitchen, number: int, sound: Sequence[int]) -> dict[int, list[int]]:
    """Subset -> the ingredients that learned from it, for the subsets that leave something out."""
    found: dict[int, list[int]] = defaultdict(list)
    for spec in (kitchen.plan.ingredients[i] for i in sound):
        if len(kitchen.deal.left_out(number, spec.subset)):
            found[spec.subset].append(spec.number)
    return dict(found)


def _left_out(kitchen: Kitchen, number: int, subsets: Sequence[int]) -> tuple[Tensor, Tensor]:
    return padded([kitchen.deal.left_out(number, subset) for subset in subsets])


def _judged(kitchen: Kitchen, stack: Weights, number: int, subsets: Sequence[int]) -> Tensor:
    """(S,) loss at each scale, mean over the stack, whose e-th left out subset ``subsets[e]``."""
    rows, share = _left_out(kitchen, number, subsets)
    bound, scales = kitchen.bound(number, len(subsets)), torch.tensor(kitchen.plan.scales)
    return bound.judge(stack, rows, share, kitchen.masks(rows.shape[1], LEFT_OUT_ROWS), scales).loss.mean(0)


def _small_soups(kitchen: Kitchen, stack: Weights, number: int, parts: dict[int, list[int]]) -> Tensor:
    blends = [soup(stack, equal(members)) for members in parts.values()]
    joined = {name: torch.cat([one[name] for one in blends]) for name in stack}
    return _judged(kitchen, joined, number, list(parts))


def _singles(kitchen: Kitchen, stack: Weights, number: int, parts: dict[int, list[int]]) -> Tensor:
    pairs = [(member, subset) for subset, members in parts.items() for member in members]
    chosen = {name: value[[member for member, _ in pairs]] for name, value in stack.items()}
    return _judged(kitchen, chosen, number, [subset for _, subset in pairs])


def _ensembles(kitchen: Kitchen, stack: Weights, number: int, parts: dict[int, list[int]]) -> Tensor:
    losses = []
    for subset, members in parts.items():
        rows, share = _left_out(kitchen, number, [subset] * len(members))
        chosen = {name: value[members] for name, value in stack.items()}
        mix = torch.full((len(members),), 1 / len(members))
        bound, scales = kitchen.bound(number, len(members)), torch.tensor(kitchen.plan.scales)
        losses.append(
            bound.judge(chosen, rows, share, kitchen.masks(rows.shape[1], LEFT_OUT_ROWS), scales, mix).loss[0]
        )
    return torch.stack(losses).mean(0)
