"""A recipe: which ingredients, in which shares, and how they become one model."""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from stockpot.recipes.choosing import uniform
from stockpot.recipes.mix import Blend, average
from stockpot.recipes.pot import Find

Need = Literal["judge", "losses", "slope", "base", "fisher", "trajectory", "symmetry"]
"""What of a pot or a mix a recipe asks for."""
FROM_FILES: frozenset[Need] = frozenset({"base", "symmetry"})
"""What is to be had of checkpoints without data."""


@dataclass(frozen=True)
class Recipe:
    """``find`` chooses, ``blend`` mixes. ``ranked``: it asks for the order of merit. ``knobs``: values that
    tasting tries, the first one where nothing can be tried; ``ranges``: above which number a knob must be,
    and what it may be at most. ``paper``: where it comes from.
    """

    name: str
    find: Find = uniform
    blend: Blend = average
    needs: frozenset[Need] = frozenset()
    ranked: bool = False
    knobs: Mapping[str, Sequence[float]] = field(default_factory=dict)
    ranges: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    paper: str = ""

    @property
    def idea(self) -> str:
        """What the function that makes it another recipe than the next says of itself."""
        return inspect.getdoc(self.find if self.blend is average else self.blend) or ""

    @property
    def needs_no_data(self) -> bool:
        return self.needs <= FROM_FILES

    @property
    def usual(self) -> dict[str, float]:
        """The first of each knob's values."""
        return {knob: values[0] for knob, values in self.knobs.items()}

    def settings(self) -> Iterator[dict[str, float]]:
        """Every combination of the knobs, the usual one first."""
        for values in itertools.product(*self.knobs.values()):
            yield dict(zip(self.knobs, values, strict=True))
