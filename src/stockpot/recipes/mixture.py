"""What a recipe decides: a soup on paper. It can be made of any menagerie's ingredients."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Proportions = Mapping[int, float]
"""Ingredient number -> share; shares sum to 1."""


@dataclass(frozen=True)
class Mixture:
    """A recipe's choice. ``layers``: a layer's own shares, where they are not the same for all (then
    ``proportions`` are their mean); ``knobs``: the recipe's settings.
    """

    recipe: str
    proportions: dict[int, float]
    layers: dict[str, dict[int, float]] = field(default_factory=dict)
    knobs: dict[str, float] = field(default_factory=dict)

    @property
    def key(self) -> tuple[object, ...]:
        """Equal for equal mixtures, in whatever order their ingredients are named."""
        layers = tuple((layer, tuple(sorted(own.items()))) for layer, own in sorted(self.layers.items()))
        return self.recipe, tuple(sorted(self.proportions.items())), layers, tuple(sorted(self.knobs.items()))


def layer_of(tensor: str) -> str:
    """The layer that a tensor belongs to: ``layer0.input.weight`` is of ``layer0``."""
    return tensor.partition(".")[0]
