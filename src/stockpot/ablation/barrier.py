"""The seventh question, asked of one seed: does one number, before any row is drawn, tell whether two
ingredients should be averaged? The loss on the line between the two, and on the plane through three.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations, groupby

import numpy as np
import torch

from stockpot import noise
from stockpot.ablation.arms import Arm
from stockpot.ablation.bench import Bench, blended, joined, known, varied
from stockpot.ablation.extent import Extent
from stockpot.ablation.lines import Kin, Walk, grid, midpoints, pairs_of, plane, walk
from stockpot.ablation.pairs import Pair, decided, foretold, means, rank_correlation
from stockpot.alignment import aligned
from stockpot.deal import deal
from stockpot.families.base import Weights
from stockpot.kitchen import survivors
from stockpot.tally import Tally
from stockpot.train import Lot

USUAL, HOT, HALVES, UNLIKE = "as usual", "hot", "random halves", "unlike settings"
APART, ALIGNED = "different initialisations", "different, aligned"
ONE_BASE, ALL = "all pairs of one base", "all pairs"
PLANES = (USUAL, APART, ALIGNED)
DOT = "dot"
"""In ``Arm.at``: a point of a picture that no table lists."""

Drawn = tuple[float, float]
"""Barrier, and gain in fidelity, of a pair."""


def barrier(tally: Tally, extent: Extent) -> list[Arm]:
    """7. Pairs of one base, and of different initialisations, before and after alignment."""
    bench = Bench.of(tally)
    shown, lists, drawn = [], {}, {}
    for name, kin in _kin(bench, extent).items():
        way = walk(bench, kin, extent.points)
        lists[name] = pairs_of(bench, kin, way)
        drawn[name] = _drawn(bench, kin, way.ends.plain, lists[name], extent.drawn)
        shown += [*_lines(name, way), *_dots(name, lists[name])]
        shown += _plane(bench, name, kin, extent.side) if name in PLANES else []
    of = {name: [name] for name in lists} | {ONE_BASE: [n for n in lists if n not in (APART, ALIGNED)]}
    return [*(_of(name, some, lists, drawn) for name, some in (of | {ALL: list(lists)}).items()), *shown]


def _of(
    name: str, some: Sequence[str], lists: Mapping[str, list[Pair]], drawn: Mapping[str, list[Drawn]]
) -> Arm:
    """All figures of the pairs of some kinds together."""
    pairs = [pair for one in some for pair in lists[one]]
    rows = [two for one in some for two in drawn[one]]
    fidelity = {
        "fidelity": float(np.mean([gain for _, gain in rows])) if rows else np.nan,
        "rank fidelity": rank_correlation([told for told, _ in rows], [gain for _, gain in rows]),
    }
    found = {"pairs": float(len(pairs))} | means(pairs) | foretold(pairs) | decided(pairs) | fidelity
    return Arm(name, known(found))


def _kin(bench: Bench, extent: Extent) -> dict[str, Kin]:
    """All that are compared, by name; those that diverged stay out."""
    lots = bench.lots[: extent.kin]
    hot = [varied(lot, extent.rates[-1], 1) for lot in lots]
    unlike = [
        replace(varied(lots[i % len(lots)], *factors), key=noise.key("unlike", i))
        for i, factors in enumerate(extent.unlike)
    ]
    asked = {USUAL: lots, HOT: hot, HALVES: _halves(bench, len(lots)), UNLIKE: unlike}
    found = {name: _shared(_trained(bench, some), bench.base) for name, some in asked.items()}
    apart = _shared(bench.train(lots, bench.apart(len(lots)))[0], None)
    return {
        name: kin
        for name, kin in (found | {APART: apart, ALIGNED: _aligned(bench, apart)}).items()
        if kin.pairs
    }


def _trained(bench: Bench, lots: Sequence[Lot]) -> Weights:
    """From the base, those of one length together: a stack takes as many steps as its longest."""
    lengths = [lot.settings.steps for lot in lots]
    order = sorted(range(len(lots)), key=lengths.__getitem__)
    groups = [list(group) for _, group in groupby(order, key=lengths.__getitem__)]
    stack = joined([bench.train([lots[i] for i in group])[0] for group in groups])
    return {name: value[np.argsort(order)] for name, value in stack.items()}


def _shared(stack: Weights, base: Weights | None) -> Kin:
    """All pairs of what did not diverge."""
    finite = survivors({name: value[None] for name, value in stack.items()})
    sound = {name: value[finite] for name, value in stack.items()}
    return Kin(sound, tuple(combinations(range(len(finite)), 2)), base)


def _aligned(bench: Bench, kin: Kin) -> Kin:
    """The second of each pair, its hidden units renumbered to lie where the first one's do.

    The second and third stand first, aligned with the first: the plane goes through these.
    """
    states = [{n: v[i] for n, v in kin.stack.items()} for i in range(len(next(iter(kin.stack.values()))))]
    moved = [aligned(states[j], states[i], bench.kitchen.program.symmetry) for i, j in kin.pairs]
    stack = {n: torch.stack([one[n] for one in [*states, *moved]]) for n in kin.stack}
    return Kin(stack, tuple((i, len(states) + place) for place, (i, _) in enumerate(kin.pairs)))


def _halves(bench: Bench, count: int) -> list[Lot]:
    """Each learns from a random half of the rows."""
    seed, rows, lots = bench.kitchen.plan.seed, bench.kitchen.table.rows, bench.lots
    halves = deal(rows, 0, count, 0.5, seed).subsets
    return [replace(lot, rows=half) for lot, half in zip(lots, halves, strict=False)]


def _lines(name: str, way: Walk) -> list[Arm]:
    """The mean over pairs of how far the loss lies above the straight line, point by point."""
    heights = way.above.mean((0, 1)).tolist()
    return [
        Arm(f"{name} at {share:.2f}", known({"above": height}), {"share": share, DOT: 1})
        for share, height in zip(way.shares.tolist(), heights, strict=True)
    ]


def _dots(name: str, pairs: Sequence[Pair]) -> list[Arm]:
    """Each pair: its numbers by the first half of the judging rows, its gain by the second."""
    return [
        Arm(
            f"{name} pair {place}",
            known({"barrier": pair.barrier[0], "midpoint": pair.midpoint[0], "gain": pair.gain[1]}),
            {"pair": place, DOT: 1},
        )
        for place, pair in enumerate(pairs)
    ]


def _plane(bench: Bench, name: str, kin: Kin, side: int) -> list[Arm]:
    """Of three of a kind: losses less that of their soup."""
    three = _three(name, kin)
    if three is None:
        return []
    soup = bench.judge(blended(three, range(3))).plain[0]
    places = grid(side)
    losses = plane(bench, three, places)
    found = [
        Arm(f"{name} at {x:.2f} {y:.2f}", known({"above": loss - soup}), {"x": x, "y": y, DOT: 1})
        for (x, y), loss in zip(places, losses, strict=True)
    ]
    corners = plane(bench, three, [(0, 0), (1, 0), (0.5, 3**0.5 / 2)])
    heights = known({"corner": min(corners) - soup, "lowest": min(losses) - soup})
    return [Arm(f"plane, {name}", heights), *found]


def _three(name: str, kin: Kin) -> Weights | None:
    if len(kin.pairs) < 3:
        return None
    numbers = [kin.pairs[0][0], kin.pairs[0][1], kin.pairs[1][1]] if name == ALIGNED else [0, 1, 2]
    return {n: v[numbers] for n, v in kin.stack.items()}


def _drawn(bench: Bench, kin: Kin, losses: Sequence[float], pairs: Sequence[Pair], count: int) -> list[Drawn]:
    """Of some pairs, evenly spread: the midpoint's fidelity less that of the one with the lower loss."""
    places = sorted({round(x) for x in np.linspace(0, len(pairs) - 1, min(count, len(pairs)))})
    soups = midpoints(kin)
    better = {place: min(kin.pairs[place], key=losses.__getitem__) for place in places}
    alone = {number: _fidelity(bench, kin.stack, number) for number in set(better.values())}
    found = []
    for place in places:
        ours, theirs = _fidelity(bench, soups, place), alone[better[place]]
        if ours is not None and theirs is not None:
            found.append((float(np.mean(pairs[place].barrier)), ours - theirs))
    return found


def _fidelity(bench: Bench, stack: Weights, place: int) -> float | None:
    return bench.scores(bench.rows({n: v[place : place + 1] for n, v in stack.items()})).get("fidelity")
