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
from stockpot.figures import Kind
from stockpot.kitchen import chosen, menagerie, survivors
from stockpot.recipes import RECIPES
from stockpot.recipes.mixture import Mixture
from stockpot.recipes.recipe import Recipe
from stockpot.rivals import Rival
from stockpot.score.compare import Yardstick
from stockpot.tally import SCORED_ROWS, Tally
from stockpot.taste import ENSEMBLE, Candidate, Tasters


def contest(tally: Tally, extent: Extent) -> list[Arm]:
    """9. Every recipe, and the ensemble as the bound."""
    del extent
    bench = Bench.of(tally)
    tasters = Tasters(tally.stock, tally.tasting.seasons, survivors(tally.weights))
    found = [_of_recipe(tally, bench.yardstick, one, tasters.afresh()) for one in RECIPES.values()]
    return [*found, _of_ensemble(tally, bench.yardstick)]


def _of_recipe(tally: Tally, judge: Yardstick, recipe: Recipe, tasters: Tasters) -> Arm:
    stock, main = tally.stock, tally.kitchen.main
    folds, count = range(tally.kitchen.plan.folds), len(tally.kitchen.plan.ingredients)
    start = time.process_time()
    mixture = tasters.choose(Candidate("loss", count if recipe.ranked else 0, recipe.name), folds)
    weights = stock.soup(main, mixture)
    seconds = time.process_time() - start
    size = len(mixture.proportions)
    kind: Kind = "single" if size == 1 else "soup"
    steps = rivals.menagerie_steps(tally.kitchen)
    rival = Rival(recipe.name, kind, weights, tally.tasting.seasons[main].scale(size), steps)
    return Arm(recipe.name, _judged(tally, judge, rival) | _bowl(mixture) | {"seconds": seconds})


def _bowl(mixture: Mixture) -> dict[str, float]:
    """How many ingredients are in it, by number and by weight (1 over the sum of squared shares)."""
    shares = list(mixture.proportions.values())
    return {"ingredients": len(shares), "effective": 1 / sum(share**2 for share in shares)} | mixture.knobs


def _of_ensemble(tally: Tally, judge: Yardstick) -> Arm:
    """The mean of all ingredients' probabilities."""
    main, taste = tally.kitchen.main, tally.tasting.taste(ENSEMBLE)
    weights, mix = chosen(menagerie(tally.weights, main), taste.proportions)
    scale, steps = tally.tasting.seasons[main].ensemble, rivals.menagerie_steps(tally.kitchen)
    rival = Rival(ENSEMBLE, "ensemble", weights, scale, steps, mix)
    return Arm(ENSEMBLE, _judged(tally, judge, rival) | {"ingredients": len(mix), "seconds": 0.0})


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
    scores = judge.score(drawn)
    told = {"fidelity": scores.fidelity, "quality": scores.quality, "copy_rate": scores.copy_rate}
    told |= {"nearer_train": scores.nearer_train}
    return known(found | {name: value for name, value in told.items() if value is not None})
