"""From ingredients to proportions: the recipes that pick, or weigh by merit.

`best` is a recipe too, so the thing to beat is no special case.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from stockpot import noise
from stockpot.recipes.mixture import Proportions
from stockpot.recipes.pot import Pot

RESTARTS = 5
"""So many random orders are tried beside the order of merit."""


def equal(numbers: Sequence[int]) -> Proportions:
    """The same share of each."""
    return {number: 1 / len(numbers) for number in numbers}


def best(pot: Pot) -> Proportions:
    """The first ingredient alone: what a soup has to beat.

    It needs the order of merit, and has no knobs.
    """
    return {pot.order[0]: 1.0}


def uniform(pot: Pot) -> Proportions:
    """Equal shares of all.

    It needs nothing but ingredients of one base, and has no knobs. Where all are about as good it is as good
    as any; a few that were spoiled spoil it.
    """
    return equal(pot.order)


def greedy(pot: Pot) -> Proportions:
    """Go through the ingredients once and keep each that lowers the held-out loss of the uniform blend so
    far.

    It needs a judge, and has no knobs. For ingredients of which some are bad. On an equal loss the ingredient
    stays out: the smaller soup is as good.
    """
    assert pot.judge is not None
    return equal(_bowl(pot.judge, pot.order)[1])


def restarts(pot: Pot) -> Proportions:
    """Greedy, begun anew in random orders; of all bowls the one with the lowest held-out loss is kept.

    It needs a judge, and six times greedy's time. Where the order of merit is mostly luck: what comes first
    is never thrown out. It is never worse than greedy on the rows that choose, and chooses harder on them.
    """
    assert pot.judge is not None
    rng = np.random.default_rng(noise.key("restarts", pot.seed))
    orders = [rng.permutation(sorted(pot.order)).tolist() for _ in range(RESTARTS)]
    bowls = [_bowl(pot.judge, order) for order in (pot.order, *orders)]
    return equal(min(bowls, key=lambda found: found[0])[1])


def _bowl(judge: Callable[[Proportions], float], order: Sequence[int]) -> tuple[float, list[int]]:
    """The greedy bowl of an order, and its loss."""
    bowl = [order[0]]
    lowest = judge(equal(bowl))
    for number in order[1:]:
        loss = judge(equal([*bowl, number]))
        if loss < lowest:
            bowl, lowest = [*bowl, number], loss
    return lowest, bowl


def weighted(pot: Pot) -> Proportions:
    """Shares that fall with the ingredient's own held-out loss: the softmax of minus loss over temperature.

    It needs the losses of single ingredients and no judge of soups. Knob: ``temperature``, in units of the
    losses' standard deviation; a high one is uniform, a low one best. Where all are of use, some of more.
    """
    losses = {number: pot.losses[number] for number in pot.order if np.isfinite(pot.losses[number])}
    if len(set(losses.values())) < 2:
        return equal(list(losses) or pot.order)
    above = np.array(list(losses.values())) - min(losses.values())
    parts = np.exp(-above / (pot.knobs["temperature"] * above.std()))
    return dict(zip(losses, (parts / parts.sum()).tolist(), strict=True))


def gate(pot: Pot) -> Proportions:
    """Go through the ingredients once and leave out each one behind a barrier: halfway between it and the
    soup so far the held-out loss is higher than at either end. Equal shares of the rest.

    It needs a judge, and has no knobs. Where some ingredients may lie in another basin (other first weights,
    or too hot a training): it asks whether they can be averaged, not whether they are good.
    """
    assert pot.judge is not None
    bowl = [pot.order[0]]
    loss = pot.judge(equal(bowl))
    for number in pot.order[1:]:
        halfway = {**{n: share / 2 for n, share in equal(bowl).items()}, number: 0.5}
        if pot.judge(halfway) <= max(loss, pot.judge({number: 1.0})):
            bowl.append(number)
            loss = pot.judge(equal(bowl))
    return equal(bowl)
