"""The ninth question, asked of one seed's cook: which recipe makes the best soup of the same ingredients?

Each recipe chooses on all folds, is made of the main menagerie, and is judged by rows that no stage saw.
``seconds``: CPU time of choosing and making it, the training and judging of single ingredients left out that
all share.
"""

from __future__ import annotations

import time

import numpy as np

from stockpot import rivals
from stockpot.ablation.arms import Arm
from stockpot.ablation.bench import Bench, known
from stockpot.ablation.extent import Extent
from stockpot.errors import DrawError
from stockpot.kitchen import survivors
from stockpot.recipes import RECIPES
from stockpot.recipes.mixture import Mixture
from stockpot.rivals import Rival
from stockpot.score.compare import Yardstick
from stockpot.tally import SCORED_ROWS, Tally
from stockpot.taste import ENSEMBLE, Tasters, of_all


def contest(tally: Tally, extent: Extent) -> list[Arm]:
    """9. Every recipe, and the ensemble as the bound."""
    del extent
    bench = Bench.of(tally)
    tasters = Tasters(tally.stock, tally.tasting.seasons, survivors(tally.weights))
    found = [_of_recipe(tally, bench.yardstick, name, tasters.afresh()) for name in RECIPES]
    every = tally.tasting.taste(ENSEMBLE).proportions
    bound = rivals.ensemble(tally, every)
    told = {"ingredients": len(every), "seconds": 0.0}
    return [*found, Arm(ENSEMBLE, _judged(tally, bench.yardstick, bound) | told)]


def _of_recipe(tally: Tally, judge: Yardstick, name: str, tasters: Tasters) -> Arm:
    kitchen, start = tally.kitchen, time.process_time()
    candidate = of_all(name, "loss", len(kitchen.plan.ingredients))
    mixture = tasters.choose(candidate, range(kitchen.plan.folds))
    rival = rivals.blended(tally, name, mixture)
    seconds = time.process_time() - start
    return Arm(name, _judged(tally, judge, rival) | _bowl(mixture) | {"seconds": seconds})


def _bowl(mixture: Mixture) -> dict[str, float]:
    """How many ingredients are in it, by number and by weight (1 over the sum of squared shares)."""
    shares = list(mixture.proportions.values())
    return {"ingredients": len(shares), "effective": 1 / sum(share**2 for share in shares)} | mixture.knobs


def _judged(tally: Tally, judge: Yardstick, rival: Rival) -> dict[str, float]:
    """Loss of the unseen rows, and what drawn rows reach; nothing of rows where hardly any is valid."""
    if tally.holdout is None:
        raise ValueError("a contest needs rows that judge")
    rows = np.arange(tally.holdout.rows)
    own, plain = rivals.judged(tally, rival, tally.holdout, [rival.scale, 1.0], rows)
    found = {"loss": own, "loss_plain": plain}
    try:
        drawn = rivals.rows(tally, rival, SCORED_ROWS, tally.kitchen.plan.seed)
    except DrawError:
        return known(found)
    return known(found | judge.score(drawn).known("fidelity", "quality", "copy_rate", "nearer_train"))
