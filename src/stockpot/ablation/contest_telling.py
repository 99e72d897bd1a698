"""The ninth question's answer: which recipe wins, by loss and by rows, and at what cost."""

from __future__ import annotations

from stockpot.ablation.arms import Found
from stockpot.ablation.words import MEASURES, NOISE, amount, gain, grouped
from stockpot.taste import ENSEMBLE

USUAL, FIRST = "uniform", "best"


def contest(found: Found) -> list[str]:
    """9."""
    recipes = [name for name in found.names if name != ENSEMBLE]
    others = [name for name in recipes if name != USUAL]
    return [
        _order(found, recipes),
        *(grouped(found, USUAL, others, figure) for figure in ("loss", "fidelity")),
        _over_best(found, recipes),
        _bound(found),
        _cost(found, recipes),
    ]


def _order(found: Found, recipes: list[str]) -> str:
    means = {name: mean.value for name in recipes if (mean := found.mean(name, "loss"))}
    order = sorted(means, key=means.__getitem__)
    told = ", ".join(f"{name} {means[name]:.3f}" for name in order)
    return f"Held-out loss of each recipe's soup, mean over seeds, lowest first: {told}."


def _over_best(found: Found, recipes: list[str]) -> str:
    """Which recipes are worth more than the best single ingredient."""
    told: dict[bool, list[str]] = {True: [], False: []}
    for name in (one for one in recipes if one != FIRST):
        less = found.less(name, FIRST, "loss")
        if less is not None and less.apart:
            better = gain(less, MEASURES["loss"])
            told[better.value > 0].append(f"{name} {amount(better, 3, sign=True)}")
    ways = {True: "Over the best single ingredient these gain in held-out loss", False: "These lose to it"}
    parts = [f"{ways[way]}: {'; '.join(names)}." for way, names in told.items() if names]
    return " ".join(parts) or f"What recipes gain over the best single ingredient in held-out loss {NOISE}."


def _bound(found: Found) -> str:
    less = found.less(USUAL, ENSEMBLE, "loss")
    if less is None:
        return ""
    told = amount(less, 3, sign=True) + ("" if less.apart else f", which {NOISE}")
    return f"The ensemble is the bound: the loss of the uniform soup less the ensemble's is {told}."


def _cost(found: Found, recipes: list[str]) -> str:
    means = {name: mean.value for name in recipes if (mean := found.mean(name, "seconds"))}
    dear = sorted((name for name in means if means[name] >= 1), key=lambda name: -means[name])
    told = ", ".join(f"{name} {means[name]:.0f}" for name in dear)
    return (
        f"CPU seconds of choosing and blending: {told}; each of the others less than one."
        if told
        else "Choosing and blending takes each of them less than a CPU second."
    )
