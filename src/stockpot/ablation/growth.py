"""The fourth question's answer: how many ingredients, which, and what spoils a soup."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

from stockpot.ablation.arms import Found
from stockpot.ablation.words import NOISE, amount, signed, turned
from stockpot.score.intervals import Interval

FIVE = 5
"""The article saw the score fall beyond so many, and asked whether it rises again."""

Curve = Mapping[int, str]
"""Size -> arm."""


def sizes(found: Found) -> list[str]:
    """4."""
    curve = {int(found.at(name)["size"]): name for name in found.names if name.startswith("by loss ")}
    return [
        _peak(found, curve),
        _five(found, curve),
        _rise(found, curve),
        _order(found, curve),
        _thirds(found),
        _spoiler(found),
    ]


def _peak(found: Found, curve: Curve) -> str:
    means = {size: mean.value for size, name in curve.items() if (mean := found.mean(name, "loss"))}
    peak = min(means, key=means.__getitem__)
    return f"In order of loss the curve is best at {peak} of {max(means)} ingredients (seen in hindsight)."


def _five(found: Found, curve: Curve) -> str:
    if FIVE not in curve:
        return ""
    largest = max(curve)
    first, after = found.less(curve[1], curve[FIVE], "loss"), found.less(curve[FIVE], curve[largest], "loss")
    if first is None or after is None:
        return ""
    way = ("better" if after.value > 0 else "worse") if after.apart else "neither better nor worse"
    return (
        f"From one to five ingredients the soup gains {signed(first)}; from five to {largest} it gains "
        f"{signed(after)}: the larger soup is {way}."
    )


def _rise(found: Found, curve: Curve) -> str:
    """Of the curve beyond five: its largest fall, and its largest recovery after that."""
    gaps = {
        (a, b): less
        for a, b in combinations(sorted(size for size in curve if size >= FIVE), 2)
        if (less := found.less(curve[b], curve[a], "loss"))
    }
    if not gaps:
        return ""
    fall = max(gaps, key=lambda pair: gaps[pair].value)
    later = [pair for pair in gaps if pair[0] >= fall[1]]
    told = (
        f"Beyond five, the largest fall is from {fall[0]} to {fall[1]} (of {len(gaps)} pairs, in "
        f"hindsight): {signed(turned(gaps[fall]))}"
    )
    if not later:
        return f"{told}; no larger soup follows that could rise again."
    rise = min(later, key=lambda pair: gaps[pair].value)
    return f"{told}; the largest rise after it is from {rise[0]} to {rise[1]}: {signed(turned(gaps[rise]))}."


def _order(found: Found, curve: Curve) -> str:
    gaps = {
        size: less
        for size, name in curve.items()
        if size < max(curve) and (less := found.less(f"at random {size}", name, "loss"))
    }
    apart = [f"{size} ({amount(less, 3, sign=True)})" for size, less in gaps.items() if less.apart]
    start = "What it gains to choose by the loss on left-out rows, not at random,"
    if not apart:
        return f"{start} {NOISE} at any size."
    return f"{start} can be told at sizes {', '.join(apart)}, and {NOISE} at the others."


def _thirds(found: Found) -> str:
    middle, worst = (found.less(f"{part} third", "best third", "loss") for part in ("middle", "worst"))
    if middle is None or worst is None:
        return ""
    return (
        f"The soup of the middle third loses to that of the best third {signed(middle)}; that of the worst "
        f"third {signed(worst)}."
    )


def _spoiler(found: Found) -> str:
    known = {
        name: (accuracy.value, change)
        for name in found.names
        if (accuracy := found.mean(name, "accuracy")) and (change := found.mean(name, "change"))
    }
    bad = {name: at for name, (at, change) in known.items() if change.apart and change.value > 0}
    fine = [at for name, (at, _) in known.items() if name not in bad]
    if not bad:
        return (
            f"No ingredient that was added, down to an accuracy of {min(fine):.3f}, spoils the soup: its "
            f"change {NOISE}, or is a gain."
        )
    worst: str = max(bad, key=lambda name: known[name][1].value)
    most: Interval = known[worst][1]
    return (
        f"Of {len(known)} ingredients that were added to a good soup, {len(bad)} spoil it, most the one with "
        f"{worst.removeprefix('added: ')} ({amount(most, 3, sign=True)} nats a token); "
        f"{_threshold(list(bad.values()), fine)}."
    )


def _threshold(bad: list[float], fine: list[float]) -> str:
    if not fine:
        return "none is harmless"
    if max(bad) < min(fine):
        return f"an accuracy below {(max(bad) + min(fine)) / 2:.3f} spoils it"
    return f"accuracy does not tell: spoilers reach {max(bad):.3f}, harmless ones go down to {min(fine):.3f}"
