"""The first two questions, asked of one seed's cook: what stands beside the soup, and how to choose."""

from __future__ import annotations

import pandas as pd

from stockpot import rivals
from stockpot.ablation.arms import Arm
from stockpot.ablation.bench import Bench, blended, joined, known
from stockpot.ablation.extent import Extent
from stockpot.errors import DrawError
from stockpot.kitchen import survivors
from stockpot.rivals import Rival
from stockpot.score.detection import detection
from stockpot.score.utility import utility
from stockpot.tally import SCORED_ROWS, Tally

SCORED_SIZE = 6
"""Rows are drawn of soups up to this size, and scored: beyond it quality does not move."""


def standing(tally: Tally, extent: Extent) -> list[Arm]:
    """1. The soup and all that stands beside it."""
    bench = Bench.of(tally)
    del extent
    return [Arm(one.name, _stood(tally, bench, one)) for one in rivals.rivals(tally, bench.judges)]


def _stood(tally: Tally, bench: Bench, one: Rival) -> dict[str, float]:
    losses = rivals.losses(tally, one, bench.judges)
    found = {"loss": losses.own, "loss_plain": losses.plain, "loss_refitted": losses.refitted}
    found |= {"steps": float(one.steps), "scale": one.scale}
    rows = _drawn(tally, one)
    if rows is None:
        return found
    learn, unseen = bench.kitchen.table.frame, bench.judges.frame
    found |= bench.scores(rows)
    found["detection"] = detection(learn, unseen, rows, bench.kinds)
    found["utility"] = utility(learn, unseen, rows, bench.kinds)
    return known(found)


def _drawn(tally: Tally, one: Rival) -> pd.DataFrame | None:
    try:
        return rivals.rows(tally, one, SCORED_ROWS, tally.kitchen.plan.seed)
    except DrawError:
        return None


def selection(tally: Tally, extent: Extent) -> list[Arm]:
    """2. The best so many by held-out loss and by held-out accuracy, as tasting found them."""
    bench, stack = Bench.of(tally), {n: v[tally.kitchen.main] for n, v in tally.weights.items()}
    sound, arms = survivors(tally.weights), []
    for criterion, sign, place in (("loss", 1, 0), ("accuracy", -1, 1)):
        order = sorted(sound, key=lambda i: sign * tally.tasting.merits[i][place])
        sizes = [size for size in extent.sizes if size <= len(order)]
        blends = joined([blended(stack, order[:size]) for size in sizes] + [blended(stack, order[1:2])])
        judged = bench.judge(blends)
        names = [*(f"{criterion} {size}" for size in sizes), f"{criterion} second"]
        for i, name in enumerate(names):
            figures = {"loss": judged.fitted[i], "loss_plain": judged.plain[i]}
            size = sizes[i] if i < len(sizes) else 1
            one = {n: v[i : i + 1] for n, v in blends.items()}
            rows = bench.rows(one) if size <= SCORED_SIZE else None
            arms.append(Arm(name, figures | bench.scores(rows), {"size": size}))
    return [*arms, *_better_of_two(arms)]


def _better_of_two(arms: list[Arm]) -> list[Arm]:
    """Of the two best ingredients, the one with the better rows: the article's thing to beat."""
    named = {arm.name: arm.figures for arm in arms}
    found = []
    for criterion in ("loss", "accuracy"):
        pair = [named[f"{criterion} 1"], named[f"{criterion} second"]]
        names = [n for n in ("quality", "fidelity") if all(n in one for one in pair)]
        best = {name: max(one[name] for one in pair) for name in names}
        found.append(Arm(f"{criterion} better of two", best | {"loss": min(one["loss"] for one in pair)}))
    return found
