"""From ingredients to proportions: the recipes that pick.

`best` is a recipe too, so the thing to beat is no special case.
"""

from __future__ import annotations

from collections.abc import Sequence

from stockpot.recipes.mixture import Proportions
from stockpot.recipes.pot import Pot


def equal(numbers: Sequence[int]) -> Proportions:
    """The same share of each."""
    return {number: 1 / len(numbers) for number in numbers}


def best(pot: Pot) -> Proportions:
    """The first ingredient alone: what a soup has to beat."""
    return {pot.order[0]: 1.0}


def uniform(pot: Pot) -> Proportions:
    """Equal shares of all (Wortsman et al., 'Model soups', ICML 2022)."""
    return equal(pot.order)


def greedy(pot: Pot) -> Proportions:
    """Go through the ingredients once and keep each that lowers the held-out loss of the uniform blend so
    far.

    Wortsman et al., 'Model soups', ICML 2022. On an equal loss the ingredient stays out: the smaller soup is
    as good.
    """
    if pot.judge is None:
        raise ValueError("greedy needs a judge")
    bowl = [pot.order[0]]
    lowest = pot.judge(equal(bowl))
    for number in pot.order[1:]:
        loss = pot.judge(equal([*bowl, number]))
        if loss < lowest:
            bowl, lowest = [*bowl, number], loss
    return equal(bowl)
