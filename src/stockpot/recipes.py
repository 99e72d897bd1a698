"""Recipes: from ingredients to proportions (ingredient number -> share, shares sum to 1).

A recipe is handed the ingredients in order of merit and, if it must judge a blend, a function that tells the
blend's held-out loss. It knows no tensor. `best` is a recipe too, so the thing to beat is no special case.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

Proportions = Mapping[int, float]
Judge = Callable[[Proportions], float]
"""Held-out loss of the blend, lower is better."""


def best(order: Sequence[int], judge: Judge | None = None) -> Proportions:
    """The first ingredient alone: what a soup has to beat."""
    del judge
    return {order[0]: 1.0}


def uniform(order: Sequence[int], judge: Judge | None = None) -> Proportions:
    """Equal shares of all (Wortsman et al., 'Model soups', ICML 2022)."""
    del judge
    return {number: 1 / len(order) for number in order}


def greedy(order: Sequence[int], judge: Judge | None = None) -> Proportions:
    """Go through the ingredients once and keep each that lowers the held-out loss of the uniform blend so
    far.

    Wortsman et al., 'Model soups', ICML 2022. On an equal loss the ingredient stays out: the smaller soup is
    as good.
    """
    if judge is None:
        raise ValueError("greedy needs a judge")
    bowl = [order[0]]
    lowest = judge(uniform(bowl))
    for number in order[1:]:
        loss = judge(uniform([*bowl, number]))
        if loss < lowest:
            bowl, lowest = [*bowl, number], loss
    return uniform(bowl)


Recipe = Callable[[Sequence[int], Judge | None], Proportions]
RECIPES: Mapping[str, Recipe] = {"best": best, "uniform": uniform, "greedy": greedy}
"""Every recipe by name: register a new one here."""
