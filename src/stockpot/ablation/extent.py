"""How much is trained for the questions: enough to tell, and minutes rather than hours."""

from __future__ import annotations

from dataclasses import dataclass

from stockpot.optimise import Schedule


@dataclass(frozen=True)
class Extent:
    """``most``: the largest soup; ``few``, ``many``: ingredients of a small soup, and of an arm of the fifth
    question; ``orders``: random orders; ``pot``: ingredients of each soup of the map. Rates, steps and bases
    are factors of the settings that the questions are asked around. ``spoilers``: (rate, steps) of the
    ingredients that are added to a good soup. Of the seventh question, ``kin``: ingredients whose pairs are
    looked at, ``points`` of a line, ``side`` of a plane's grid, and pairs of each kind whose rows are
    ``drawn``.
    """

    most: int
    few: int
    many: int
    orders: int
    rates: tuple[float, ...]
    steps: tuple[float, ...]
    bases: tuple[float, ...]
    schedules: tuple[Schedule, ...]
    pot: int
    spoilers: tuple[tuple[float, float], ...]
    kin: int
    points: int
    side: int
    drawn: int

    @property
    def unlike(self) -> tuple[tuple[float, float], ...]:
        """(rate, steps) of ingredients that are not alike: of the spoilers, as many as are affordable."""
        return self.spoilers[-self.kin - 2 :]

    @property
    def sizes(self) -> tuple[int, ...]:
        """Of the soups of a curve."""
        wanted = (1, 2, 3, 4, 5, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128)
        return (*(size for size in wanted if size < self.most), self.most)


SPOILERS = ((1, 0.05), (1, 0.2), (1, 1), (1, 4), (3, 1), (10, 0.2), (10, 1), (30, 1))
EXTENTS = {
    "field": Extent(
        most=128,
        few=8,
        many=24,
        orders=4,
        rates=(1 / 3, 1, 3, 10),
        steps=(0.25, 1, 3),
        bases=(0.1, 1, 10),
        schedules=("decayed", "constant"),
        pot=4,
        spoilers=SPOILERS,
        kin=6,
        points=9,
        side=11,
        drawn=2,
    ),
    "char": Extent(
        most=32,
        few=4,
        many=6,
        orders=2,
        rates=(1 / 3, 1, 2),
        steps=(0.5, 1, 2),
        bases=(1,),
        schedules=("constant",),
        pot=2,
        spoilers=SPOILERS[:-1],
        kin=3,
        points=5,
        side=5,
        drawn=1,
    ),
}


def extent(model: str) -> Extent:
    """Of a family."""
    return EXTENTS[model]


def cost(extent: Extent, steps: int, base: int, ingredients: int, menageries: int) -> int:
    """Optimiser steps of one ingredient each, all questions together: what an estimate rests on."""
    cook = menageries * (ingredients * steps + base) + 5 * ingredients * steps
    controls = extent.few * (3 * steps + base)
    spoil = sum(round(factor * steps) for _, factor in extent.spoilers) + extent.few * steps
    longest = max(extent.steps) if "constant" in extent.schedules else 0
    apart = sum(extent.steps) if "decayed" in extent.schedules else 0
    regimes = len(extent.rates) * len(extent.bases) * extent.pot * round((longest + apart) * steps)
    kin = extent.kin * (4 * steps + base) + sum(round(factor * steps) for _, factor in extent.unlike)
    return cook + controls + extent.most * steps + spoil + 6 * extent.many * steps + regimes + kin
