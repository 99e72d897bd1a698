"""The eighth question: what do single ingredients, soups and the ensemble remember of their learning rows?

Two ways to look: do their *rows* repeat learning rows, beside what fresh real rows do; and can whoever holds
the weights tell learning rows from others by their *losses*?
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from stockpot import noise
from stockpot.ablation.arms import Arm
from stockpot.ablation.bench import Bench, known
from stockpot.ablation.extent import Extent
from stockpot.ablation.membership import Held, Suspects
from stockpot.kitchen import survivors
from stockpot.recipes.choosing import equal
from stockpot.recipes.mixture import Mixture, Proportions
from stockpot.rivals import ALL, ENSEMBLE, SHIPPED
from stockpot.score.compare import reference
from stockpot.score.membership import auc
from stockpot.score.privacy import nearer_train, nearest
from stockpot.tally import Tally

SINGLE, REAL, BASE, NO_NET, NOBODY = "single ingredient", "real rows", "base", "no net", "never saw any"
UNSEEN, LEFT_OUT, BY_BASE = (
    "single: learned or unseen",
    "single: learned or left out",
    "single: left out or unseen",
)
SINGLES = 3
"""So many are drawn from; all are attacked."""


def memory(tally: Tally, extent: Extent) -> list[Arm]:
    """8. Copies, and membership inference."""
    del extent
    bench, sound = Bench.of(tally), survivors(tally.weights)
    suspects = Suspects(tally, tally.kitchen.told(bench.judges), sound)
    every, shipped = equal(sound), tally.tasting.taste(tally.tasting.shipped).mixture
    soups: dict[str, Mixture | Proportions] = {SHIPPED: shipped, ALL: every}
    return [
        Arm(REAL, _real(bench)),
        Arm(
            SINGLE, _mean([_drawn(tally, bench, {i: 1.0}) for i in _some(tally, sound)]) | _singles(suspects)
        ),
        *(
            Arm(name, _drawn(tally, bench, soup) | known(suspects.attacked(suspects.soup(soup))))
            for name, soup in soups.items()
        ),
        Arm(
            ENSEMBLE,
            _drawn(tally, bench, every, ensemble=True) | known(suspects.attacked(suspects.ensemble(every))),
        ),
        Arm(BASE, known(suspects.attacked(suspects.base()))),
        Arm(NO_NET, known(suspects.attacked(suspects.base(scale=0.0)))),
        Arm(NOBODY, _nobody(suspects)),
        *_by_base(tally, suspects),
    ]


def _some(tally: Tally, sound: Sequence[int]) -> list[int]:
    luck = np.random.default_rng(noise.key("remembers", tally.kitchen.plan.seed))
    return [int(i) for i in luck.permutation(sound)[:SINGLES]]


def _mean(found: Sequence[dict[str, float]]) -> dict[str, float]:
    """Of what some of them have."""
    names = dict.fromkeys(name for one in found for name in one)
    return {name: float(np.mean([one[name] for one in found if name in one])) for name in names}


def _singles(suspects: Suspects) -> dict[str, float]:
    """Of all ingredients, each against all rows; its members are the table's, with those that it left out."""
    return _mean([known(suspects.attacked(held)) for held in suspects.singles])


def _nobody(suspects: Suspects) -> dict[str, float]:
    """Each out-model in the target's place: it saw neither sort of row, so that 0.5 is due."""
    outs, total = suspects.outs, suspects.outs.sum(axis=0)
    held = [Held(one, (total - one) / (len(outs) - 1)) for one in outs]
    return _mean([known(suspects.attacked(one)) for one in held])


def _by_base(tally: Tally, suspects: Suspects) -> list[Arm]:
    """Of single ingredients: rows that they learned from, rows that only their base and codec saw, and rows
    that nothing saw.
    """
    kitchen = tally.kitchen
    found: dict[str, list[dict[str, float]]] = {UNSEEN: [], LEFT_OUT: [], BY_BASE: []}
    for number, held in zip(suspects.sound, suspects.singles, strict=True):
        part = kitchen.plan.ingredients[number].subset
        learned, left = kitchen.deal.subset(kitchen.main, part), kitchen.deal.left_out(kitchen.main, part)
        pairs = {
            UNSEEN: (learned, suspects.others),
            LEFT_OUT: (learned, left),
            BY_BASE: (left, suspects.others),
        }
        for name, (ours, theirs) in pairs.items():
            found[name].append(known(suspects.attacked(held, ours, theirs)))
    return [Arm(name, figures) for name, each in found.items() if (figures := _mean(each))]


def _drawn(
    tally: Tally, bench: Bench, what: Mixture | Proportions, *, ensemble: bool = False
) -> dict[str, float]:
    """What drawn rows give away; nothing where hardly a valid row is drawn."""
    rows = tally.drawn(tally.kitchen.main, what, ensemble=ensemble)
    if rows is None:
        return {}
    told = bench.yardstick.score(rows).known("copy_rate", "verbatim", "nearer_train")
    near = nearest(bench.kitchen.table.frame, rows, bench.kinds)
    return known(told | {"nearest": float(np.mean(near)), "auc_rows": _auc_of_rows(bench, rows)})


def _auc_of_rows(bench: Bench, rows: pd.DataFrame) -> float:
    """Of who has the drawn rows alone: a real row looks learned from if one of them lies near."""
    near = [nearest(rows, real.frame, bench.kinds) for real in (bench.kitchen.table, bench.judges)]
    return auc(-near[0], -near[1])


def _real(bench: Bench) -> dict[str, float]:
    """What fresh real rows reach: of those that judge, one half, with the other as the unseen."""
    learn, judges, kinds = bench.kitchen.table.frame, bench.judges.frame, bench.kinds
    order = np.random.default_rng(noise.key("halves")).permutation(len(judges))
    first, second = (judges.iloc[part] for part in np.array_split(order, 2))
    told = reference(learn, judges, kinds).known("copy_rate", "verbatim")
    told |= {"nearer_train": nearer_train(learn.sample(frac=1, random_state=0), first, second, kinds)}
    return known(told | {"nearest": float(np.mean(nearest(learn, judges, kinds)))})
