"""Numbers as sentences. An interval that holds 0 is noise, and is called so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stockpot.ablation.arms import Found
from stockpot.score.intervals import Interval

NOISE = "cannot be told from noise"


@dataclass(frozen=True)
class Measure:
    """A figure's name for people, its digits, its unit, and whether lower is better."""

    label: str
    digits: int
    unit: str
    lower: bool


LOSS = Measure("held-out loss", 3, "nats a token", lower=True)
MEASURES = {
    "loss": LOSS,
    "fidelity": Measure("fidelity", 1, "points of 100", lower=False),
    "quality": Measure("quality", 1, "points of 100", lower=False),
    "utility": Measure("utility", 1, "points of skill", lower=False),
    "detection": Measure("detection", 3, "AUC", lower=True),
    "copy_rate": Measure("copy rate", 4, "share of rows", lower=True),
}


def amount(interval: Interval, digits: int, *, sign: bool = False) -> str:
    """``0.021 (0.012 to 0.030)``."""
    plus = "+" if sign else ""
    value = f"{interval.value:{plus}.{digits}f}"
    if interval.low is None or interval.high is None:
        return f"{value} (one seed: no interval)"
    return f"{value} ({interval.low:{plus}.{digits}f} to {interval.high:{plus}.{digits}f})"


def turned(interval: Interval) -> Interval:
    """Theirs less ours."""
    low = None if interval.high is None else -interval.high
    high = None if interval.low is None else -interval.low
    return Interval(0.0 - interval.value, low, high)


def gain(interval: Interval, measure: Measure) -> Interval:
    """Of a difference: above 0 is better, whichever way the figure runs."""
    return turned(interval) if measure.lower else interval


def judged(interval: Interval | None, measure: Measure, ours: str, theirs: str) -> str:
    """One sentence on a difference, ours less theirs."""
    if interval is None:
        return f"{_large(ours)} and {theirs} cannot be compared: hardly a valid row was drawn."
    better = gain(interval, measure)
    told = amount(better, measure.digits, sign=True)
    if not better.apart:
        return f"The gain in {measure.label} of {ours} over {theirs} is {told} {measure.unit}, which {NOISE}."
    verb = "beats" if better.value > 0 else "loses to"
    return f"{_large(ours)} {verb} {theirs} in {measure.label}: a gain of {told} {measure.unit}."


def grouped(found: Found, ours: str, others: Sequence[str], figure: str) -> str:
    """Whom ours beats in a figure, to whom it loses, and from whom it cannot be told."""
    measure = MEASURES[figure]
    groups: dict[str, list[str]] = {"beats": [], "loses to": [], "noise": []}
    for other in others:
        less = found.less(ours, other, figure)
        if less is not None:
            better = gain(less, measure)
            group = ("beats" if better.value > 0 else "loses to") if better.apart else "noise"
            groups[group].append(f"{other} {amount(better, measure.digits, sign=True)}")
    parts = [f"it {verb} {'; '.join(groups[verb])}" for verb in ("beats", "loses to") if groups[verb]]
    if groups["noise"]:
        parts.append(f"its gain {NOISE} over {'; '.join(groups['noise'])}")
    return f"By {measure.label} (gain in {measure.unit}): {'. '.join(map(_large, parts))}." if parts else ""


def signed(interval: Interval, digits: int = 3) -> str:
    """``+0.021 (+0.012 to +0.030)``, and whether that is noise."""
    return amount(interval, digits, sign=True) + ("" if interval.apart else f", which {NOISE}")


def _large(text: str) -> str:
    return text[:1].upper() + text[1:]
