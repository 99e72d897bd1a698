"""The questions, asked of one seed: what is trained and judged. ``telling`` puts the answers in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from stockpot import noise
from stockpot.ablation.arms import Arm
from stockpot.ablation.barrier import barrier
from stockpot.ablation.bench import Bench, blended, figures_of, joined, known, repeated, varied
from stockpot.ablation.comparing import selection, standing
from stockpot.ablation.contest import contest
from stockpot.ablation.extent import Extent
from stockpot.ablation.memory import memory
from stockpot.deal import deal
from stockpot.families.base import Weights
from stockpot.rivals import run_settings
from stockpot.tally import Tally
from stockpot.train import Lot

MARGINALS, BASE, UNTRAINED = "no net", "the base alone", "soup of untrained"
ONCE, TWICE = "one ingredient", "the same ingredient twice"
USUAL, APART, BARE = "shared base", "different initialisations", "shared start, no base"
SEEDS, IN_TURN, RANDOM, HALF, HYPER, BOTH = (
    "nothing but the noise",
    "subsets in turn",
    "random subsets",
    "random halves",
    "hyperparameters",
    "subsets and hyperparameters",
)


def controls(tally: Tally, extent: Extent) -> list[Arm]:
    """3. Soups that theory foretells."""
    bench = Bench.of(tally)
    lots = bench.lots[: extent.few]
    usual = bench.train(lots)[0]
    start = {name: value[:1] for name, value in bench.kitchen.program.start(bench.kitchen.plan.seed).items()}
    longer = [
        replace(lot, settings=replace(lot.settings, steps=lot.settings.steps + _base_steps(bench)))
        for lot in lots
    ]
    bare = bench.train(longer, repeated(start, len(lots)))[0]
    pair = joined([{n: v[:1] for n, v in usual.items()}] * 2)
    once, twice = (blended(pair, range(count)) for count in (1, 2))
    untrained = blended(repeated(bench.base, len(lots)), range(len(lots)))
    return [
        Arm(MARGINALS, {"soup": bench.judge(bench.base, [0.0]).plain[0]}),
        Arm(BASE, {"soup": bench.judge(bench.base).plain[0]}),
        Arm(UNTRAINED, _compared(bench, untrained, bench.base)),
        Arm(ONCE, {"soup": bench.judge(once).plain[0]}),
        Arm(TWICE, _compared(bench, twice, once)),
        Arm(USUAL, figures_of(bench, usual)),
        Arm(BARE, figures_of(bench, bare)),
        Arm(APART, figures_of(bench, bench.train(lots, bench.apart(len(lots)))[0])),
    ]


def _base_steps(bench: Bench) -> int:
    return bench.kitchen.plan.base.steps


def _compared(bench: Bench, ours: Weights, theirs: Weights) -> dict[str, float]:
    """How far apart two models' weights are at most, and the loss of the first."""
    far = max(float((ours[name] - theirs[name]).abs().max()) for name in ours)
    return {"soup": bench.judge(ours).plain[0], "far": far}


def sizes(tally: Tally, extent: Extent) -> list[Arm]:
    """4. Soups of one to many, from the best down and at random; thirds; and what spoils a soup."""
    bench = Bench.of(tally)
    lots = _many(bench, extent.most)
    stack = bench.train(lots)[0]
    merit = bench.left_out_losses(stack, lots)
    order = [int(i) for i in np.argsort(merit, kind="stable")]
    luck = [
        list(np.random.default_rng(noise.key("order", tally.kitchen.plan.seed, i)).permutation(len(lots)))
        for i in range(extent.orders)
    ]
    arms = []
    for size in extent.sizes:
        tried = joined([blended(stack, [int(i) for i in one[:size]]) for one in (order, *luck)])
        judged = bench.judge(tried)
        found = {"loss": judged.fitted[0], "loss_plain": judged.plain[0]}
        rows = bench.rows({name: value[:1] for name, value in tried.items()})
        arms.append(Arm(f"by loss {size}", found | bench.scores(rows), {"size": size}))
        random = {"loss": float(np.mean(judged.fitted[1:])), "loss_plain": float(np.mean(judged.plain[1:]))}
        arms.append(Arm(f"at random {size}", random, {"size": size}))
    third = max(1, len(lots) // 3)
    parts = {"best": order[:third], "middle": order[third : 2 * third], "worst": order[-third:]}
    for name, part in parts.items():
        judged = bench.judge(blended(stack, part))
        arms.append(Arm(f"{name} third", {"loss": judged.fitted[0], "loss_plain": judged.plain[0]}))
    return [*arms, *_spoiled(bench, extent)]


def _many(bench: Bench, count: int) -> list[Lot]:
    """As many of the plan's ingredients as asked, with more seeds."""
    plan = bench.kitchen.plan
    seeds = -(-count // (plan.subsets * len(plan.points)))
    return [bench.kitchen.lot(0, spec) for spec in replace(plan, seeds=seeds).ingredients[:count]]


def _spoiled(bench: Bench, extent: Extent) -> list[Arm]:
    """One more ingredient, trained too little, too long or too hot, in a good soup; beside one more good."""
    lots = bench.lots[: extent.few]
    bad = [
        replace(varied(lots[0], rate, steps), key=noise.key("spoiler", i))
        for i, (rate, steps) in enumerate(extent.spoilers)
    ]
    good, added = bench.train(lots)[0], bench.train(bad)[0]
    alone = bench.judge(added)
    mixed = joined(
        [
            blended(joined([good, {n: v[i : i + 1] for n, v in added.items()}]), range(len(lots) + 1))
            for i in range(len(bad))
        ]
    )
    before, after = bench.judge(blended(good, range(len(lots)))), bench.judge(mixed)
    return [
        Arm(
            f"added: rate x {rate:g}, steps x {steps:g}",
            known(
                {
                    "accuracy": float(alone.accuracy[i]),
                    "alone": alone.plain[i],
                    "change": after.fitted[i] - before.fitted[0],
                }
            ),
            {"rate": rate, "steps": steps},
        )
        for i, (rate, steps) in enumerate(extent.spoilers)
    ]


def variety(tally: Tally, extent: Extent) -> list[Arm]:
    """5. What ingredients differ in: rows, hyperparameters, both, or the noise alone."""
    bench = Bench.of(tally)
    count, rows, seed = extent.many, bench.kitchen.table.rows, tally.kitchen.plan.seed
    usual, everything = run_settings(bench.kitchen), np.arange(rows)
    turns = min(count, 8)
    dealt = {
        IN_TURN: deal(rows, 0, turns, None, seed).subsets,
        RANDOM: deal(rows, 0, count, 1 - 1 / turns, seed).subsets,
        HALF: deal(rows, 0, count, 0.5, seed).subsets,
    }
    factors = [(2.0 ** (-1 + 2 * i / max(1, count - 1)), 0.5 + (i % 3) / 2) for i in range(count)]
    grid = [
        replace(usual, learning_rate=min(1.0, usual.learning_rate * r), dropout=min(0.9, usual.dropout * d))
        for r, d in factors
    ]
    arms = []
    for name in (SEEDS, IN_TURN, RANDOM, HALF, HYPER, BOTH):
        subsets = dealt.get(IN_TURN if name == BOTH else name, (everything,))
        lots = [
            Lot(
                noise.key("variety", seed, i),
                grid[i] if name in (HYPER, BOTH) else usual,
                subsets[i % len(subsets)],
                everything,
            )
            for i in range(count)
        ]
        stack = bench.train(lots)[0]
        drawn = bench.scores(bench.rows(blended(stack, range(count))))
        arms.append(Arm(name, figures_of(bench, stack) | drawn))
    return arms


def regimes(tally: Tally, extent: Extent) -> list[Arm]:
    """6. The soup's gain over its best ingredient, by rate, steps, schedule and the base's length."""
    bench = Bench.of(tally)
    longest = max(extent.bases)
    base = replace(bench.kitchen.plan.base, steps=max(1, round(longest * _base_steps(bench))))
    start = {name: value[:1] for name, value in bench.kitchen.program.start(bench.kitchen.plan.seed).items()}
    rows = bench.kitchen.deal.learning(0)
    lot = Lot(bench.kitchen.plan.seed, base, rows, rows)
    bases = bench.train([lot], start, [factor / longest for factor in extent.bases])
    found = []
    for factor, own in zip(extent.bases, bases, strict=True):
        for schedule in extent.schedules:
            found += _of_base(bench, extent, factor, own, decayed=schedule == "decayed")
    return found


def _of_base(bench: Bench, extent: Extent, factor: float, base: Weights, *, decayed: bool) -> list[Arm]:
    """All rates and steps from one base. At a constant rate a shorter training is part of the longest."""
    lots = bench.lots[: extent.pot]
    longest = max(extent.steps)
    lengths = extent.steps if decayed else (longest,)
    arms = []
    for rate in extent.rates:
        stacks: dict[float, Weights] = {}
        for length in lengths:
            asked = [_asked(lot, rate, length, decayed=decayed) for lot in lots]
            marks = (1.0,) if decayed else [steps / longest for steps in extent.steps]
            trained = bench.train(asked, repeated(base, len(lots)), marks)
            stacks |= dict(zip((length,) if decayed else extent.steps, trained, strict=True))
        for steps, stack in stacks.items():
            name = f"{'decayed' if decayed else 'constant'} {rate:.3g} {steps:g} {factor:g}"
            at = {"decayed": float(decayed), "rate": rate, "steps": steps, "base": factor}
            arms.append(Arm(name, _gains(figures_of(bench, stack)), at))
    return arms


def _asked(lot: Lot, rate: float, steps: float, *, decayed: bool) -> Lot:
    lot = varied(lot, rate, steps)
    return replace(lot, settings=replace(lot.settings, schedule="decayed" if decayed else "constant"))


def _gains(found: dict[str, float]) -> dict[str, float]:
    gains = {
        "gain": found["best"] - found["soup"],
        "gain_fitted": found["best_fitted"] - found["soup_fitted"],
    }
    gains["gain_over_fitted"] = found["best_fitted"] - found["soup"]
    return known(found | gains)


Question = Callable[[Tally, Extent], list[Arm]]
QUESTIONS: Mapping[str, Question] = {
    "standing": standing,
    "selection": selection,
    "controls": controls,
    "sizes": sizes,
    "variety": variety,
    "regimes": regimes,
    "barrier": barrier,
    "memory": memory,
    "contest": contest,
}
"""By name, in their order."""
