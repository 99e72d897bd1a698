"""The third question's answer: what theory foretells, and whether it came so."""

from __future__ import annotations

from stockpot.ablation import questions as q
from stockpot.ablation.arms import Found
from stockpot.ablation.words import NOISE, amount, signed

ROUNDING = 1e-6
"""So far apart may two weights lie that are equal but for an average in single precision."""


def controls(found: Found) -> list[str]:
    """3."""
    return [
        _same(found, q.TWICE, "the soup of the same ingredient twice", "that ingredient"),
        _same(found, q.UNTRAINED, "the soup of untrained ingredients", "the base"),
        _apart(found),
        _bare(found),
        _usual(found),
    ]


def _same(found: Found, name: str, ours: str, what: str) -> str:
    far = max(found.values(name, "far").values())
    if far <= ROUNDING:
        return f"As theory says, {ours} is {what}: no weight differs by more than {far:.0e}."
    return f"Against theory, {ours} is not {what}: a weight differs by {far:.2g}."


def _apart(found: Found) -> str:
    """They are held against a soup with a shared base: overfitted ingredients gain by any averaging."""
    soup, single = found.mean(q.APART, "soup"), found.mean(q.APART, "single")
    less, floor = found.less(q.APART, q.USUAL, "soup"), found.less(q.APART, q.MARGINALS, "soup")
    if soup is None or single is None or less is None or floor is None:
        return ""
    verdict, than = ("As theory says", "worse") if less.value > 0 else ("Against theory", "better")
    if not less.apart:
        verdict, than = f"What theory says {NOISE} here", "worse"
    return (
        f"{verdict}: ingredients of different initialisations make a {than} soup than those of one base: "
        f"its loss is {amount(less, 3, sign=True)} more. It is {soup.value:.3f}, its ingredients' mean "
        f"{single.value:.3f}; less that of a net which adds nothing to the marginals it is "
        f"{amount(floor, 3, sign=True)}."
    )


def _bare(found: Found) -> str:
    own, less = found.less(q.BARE, q.BARE, "single", "soup"), found.less(q.BARE, q.USUAL, "soup_fitted")
    if own is None or less is None:
        return ""
    return (
        "Without base training (the same first weights, as many steps in all), the soup gains over its "
        f"ingredients' mean {signed(own)}. Calibrated, its loss less that of the soup with a base is "
        f"{signed(less)}."
    )


def _usual(found: Found) -> str:
    own = found.less(q.USUAL, q.USUAL, "single", "soup")
    return f"With a shared base, the soup gains over its ingredients' mean {signed(own)}." if own else ""
