"""The seventh question's answer: whether one number tells which ingredients should be averaged."""

from __future__ import annotations

from stockpot.ablation.arms import Found
from stockpot.ablation.barrier import ALIGNED, ALL, APART, HALVES, HOT, ONE_BASE, PLANES, UNLIKE, USUAL
from stockpot.ablation.pairs import FORETELLERS, RULES
from stockpot.ablation.words import amount, signed, turned
from stockpot.score.intervals import Interval

KINDS = (USUAL, HOT, HALVES, UNLIKE, APART, ALIGNED)
NUMBERS = {
    "midpoint": "the gain on one half of the rows",
    "barrier": "the barrier on one half of the rows",
    "learned": "the barrier on the learning rows",
    "gap": "the gap between the two losses",
    "distance": "the distance of their weights",
    "cosine": "the cosine of what each added to the base",
}
ASKED = {
    "always": "always",
    "barrier": "where the barrier is below 0",
    "tolerance": "where it is below 2 % of the loss",
    "learned": "where that on the learning rows is below 0",
    "midpoint": "where one half of the rows shows a gain",
}


def barrier(found: Found) -> list[str]:
    """7."""
    return [
        _heights(found),
        _aligned(found, "learned", "learning rows"),
        _aligned(found, "barrier", "rows that none learned from"),
        _gains(found),
        *(_ranks(found, of) for of in (ONE_BASE, ALL)),
        *(_rules(found, of) for of in (ONE_BASE, ALL)),
        *(_beside_always(found, of) for of in (ONE_BASE, ALL)),
        *(_beside_midpoint(found, of) for of in (ONE_BASE, ALL)),
        _fidelity(found),
        _planes(found),
    ]


def _heights(found: Found) -> str:
    return (
        "Barrier between two ingredients: the highest loss on the line between them, less the straight line "
        f"between their own, in nats a token; below 0 the loss sags all the way: {_each(found, 'barrier')}."
    )


def _each(found: Found, figure: str) -> str:
    known = {kind: mean for kind in KINDS if (mean := found.mean(kind, figure))}
    return "; ".join(f"{kind} {amount(mean, 3, sign=True)}" for kind, mean in known.items())


def _aligned(found: Found, figure: str, rows: str) -> str:
    before, after = found.mean(APART, figure), found.mean(ALIGNED, figure)
    less = found.less(APART, ALIGNED, figure)
    if before is None or after is None or less is None:
        return ""
    way, by = ("higher", turned(less)) if less.value < 0 else ("lower", less)
    share = f", {100 * less.value / before.value:.0f} % of it" if 0 < less.value <= before.value else ""
    return (
        f"On {rows} the barrier between different initialisations is {amount(before, 3, sign=True)}, and "
        f"{amount(after, 3, sign=True)} with the one aligned to the other: {way} by {signed(by)}{share}."
    )


def _gains(found: Found) -> str:
    return (
        f"Over the better of the two (the other half chose it) their average gains, as trained: "
        f"{_each(found, 'gain')}. Calibrated: {_each(found, 'gain_fitted')}."
    )


def _ranks(found: Found, of: str) -> str:
    known = {n: mean for n in FORETELLERS if (mean := found.mean(of, f"rank {n}"))}
    told = "; ".join(
        f"{NUMBERS[name]} {amount(_within(mean, -1, 1), 2, sign=True)}" for name, mean in known.items()
    )
    if not told:
        return ""
    return f"Rank correlation (Spearman's) with the gain on the other half, over {of}: {told}."


def _rules(found: Found, of: str) -> str:
    right = {rule: mean for rule in RULES if (mean := found.mean(of, f"right {rule}"))}
    gains = {rule: mean for rule in (*RULES, "hindsight") if (mean := found.mean(of, f"gains {rule}"))}
    shares = "; ".join(f"{ASKED[rule]} {amount(_percent(mean), 0)}" for rule, mean in right.items())
    most = "; ".join(f"{ASKED.get(rule, 'by hindsight')} {mean.value:+.4f}" for rule, mean in gains.items())
    if not shares:
        return ""
    return (
        f"Of {of}, so many % are decided rightly by averaging {shares}. Averaging so, and else keeping the "
        f"better of the two, gains a pair, in nats a token: {most}."
    )


def _percent(share: Interval) -> Interval:
    low, high = (None if end is None else 100 * end for end in (share.low, share.high))
    return _within(Interval(100 * share.value, low, high), 0, 100)


def _within(interval: Interval, least: float, most: float) -> Interval:
    """Cut where no value can be: Student's interval does not know of it."""
    low, high = (None if end is None else min(max(end, least), most) for end in (interval.low, interval.high))
    return Interval(interval.value, low, high)


def _beside_always(found: Found, of: str) -> str:
    less = found.less(of, of, "gains barrier", "gains always")
    start = f"To average only where the barrier is below 0, and not always, gains a pair of {of}"
    return f"{start} {signed(less, 4)}." if less else ""


def _beside_midpoint(found: Found, of: str) -> str:
    """Is the line worth walking, where its middle alone could be judged?"""
    less = found.less(of, of, "gains midpoint", "gains barrier")
    start = f"To look at the midpoint alone, and not at the line, gains a pair of {of}"
    return f"{start} {signed(less, 4)}." if less else ""


def _fidelity(found: Found) -> str:
    kinds = {kind: mean for kind in KINDS if (mean := found.mean(kind, "fidelity"))}
    if not kinds:
        return ""
    told = "; ".join(f"{kind} {amount(mean, 1, sign=True)}" for kind, mean in kinds.items())
    rank = found.mean(ALL, "rank fidelity")
    how = f" Its rank correlation with the barrier is {signed(_within(rank, -1, 1), 2)}." if rank else ""
    return f"Gain of averaging in the fidelity of drawn rows, points of 100: {told}.{how}"


def _planes(found: Found) -> str:
    low = {kind: mean for kind in PLANES if (mean := found.mean(f"plane, {kind}", "lowest"))}
    corner = {kind: found.mean(f"plane, {kind}", "corner") for kind in low}
    told = "; ".join(
        f"{kind}: the best of the three {amount(best, 3, sign=True)}, the lowest point "
        f"{amount(low[kind], 3, sign=True)}"
        for kind, best in corner.items()
        if best
    )
    return f"On the plane through three, loss less that of their soup (in hindsight): {told}." if told else ""
