"""Each question's answer in sentences, made from its figures over seeds, win or lose."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from stockpot import rivals
from stockpot.ablation import questions as q
from stockpot.ablation.arms import Found
from stockpot.ablation.barrier_telling import barrier
from stockpot.ablation.contest_telling import contest
from stockpot.ablation.growth import sizes
from stockpot.ablation.memory_telling import memory
from stockpot.ablation.theory import controls
from stockpot.ablation.words import LOSS, MEASURES, NOISE, amount, grouped, judged, signed

TITLES = {
    "standing": "Does the soup beat what stands beside it, and how much of that is calibration?",
    "selection": "Are ingredients better chosen by accuracy or by loss?",
    "controls": "Do soups behave as theory foretells?",
    "sizes": "How many ingredients, which, and what spoils a soup?",
    "variety": "What should ingredients differ in: rows, hyperparameters, or both?",
    "regimes": "In which regime does a soup gain, and in which does it lose?",
    "barrier": "Does one number, before any sampling, tell whether two ingredients should be averaged?",
    "memory": "What do soups, single ingredients and the ensemble remember of their learning rows?",
    "contest": "Which recipe makes the best soup, by held-out loss and by its rows, and at what cost?",
}


def tell(question: str, found: Found) -> list[str]:
    """The answer of one question."""
    return [sentence for sentence in TELL[question](found) if sentence]


def standing(found: Found) -> list[str]:
    """1."""
    others = [name for name in found.names if name != rivals.SHIPPED]
    told = [grouped(found, rivals.SHIPPED, others, figure) for figure in MEASURES]
    return [*told, _calibrated(found), *_left_by_calibration(found)]


def _calibrated(found: Found) -> str:
    names = (rivals.RANDOM, rivals.ONE_NET, rivals.SWA, rivals.SHIPPED, rivals.ENSEMBLE)
    gains = {name: less for name in names if (less := found.less(name, name, "loss_plain", "loss"))}
    told = [f"{name} {amount(less, 3, sign=True)}" for name, less in gains.items()]
    return f"One scale for the logits, chosen on left-out rows, gains in held-out loss: {'; '.join(told)}."


def _left_by_calibration(found: Found) -> list[str]:
    """What one scale leaves of the soup's gain over a single."""
    plain = found.less(rivals.RANDOM, rivals.SHIPPED, "loss_plain")
    both = found.less(rivals.RANDOM, rivals.SHIPPED, "loss")
    bare = found.less(rivals.RANDOM, rivals.SHIPPED, "loss", "loss_plain")
    if plain is None or both is None or bare is None:
        return []
    share = f" {100 * (1 - both.value / plain.value):.0f} % of it is calibration." if plain.apart else ""
    first = (
        f"As trained, the soup gains over a random single {signed(plain)}; with both calibrated it gains "
        f"{signed(both)}.{share}"
    )
    return [first, f"The soup as trained gains over a calibrated random single {signed(bare)}."]


def selection(found: Found) -> list[str]:
    """2."""
    pairs = [
        judged(
            found.less("accuracy 2", "loss 2", figure),
            MEASURES[figure],
            "the soup of the two best by accuracy",
            "that of the two best by loss",
        )
        for figure in ("quality", "loss")
    ]
    return [_two(found, "accuracy"), _two(found, "loss"), *pairs, _all_sizes(found)]


def _two(found: Found, by: str) -> str:
    first, second = (found.mean(f"{by} {place}", "quality") for place in ("1", "second"))
    soup, less = found.mean(f"{by} 2", "quality"), found.less(f"{by} 2", f"{by} better of two", "quality")
    if first is None or second is None or soup is None or less is None:
        return ""
    return (
        f"The two best by {by} draw rows of quality {first.value:.1f} and {second.value:.1f}, their soup "
        f"{soup.value:.1f}: it gains over the better of the two {signed(less, 1)}."
    )


def _all_sizes(found: Found) -> str:
    sizes = [int(name.removeprefix("loss ")) for name in found.names if name.removeprefix("loss ").isdigit()]
    gaps = {n: less for n in sizes if (less := found.less(f"accuracy {n}", f"loss {n}", "loss"))}
    apart = [f"{n} ({'loss' if less.value > 0 else 'accuracy'})" for n, less in gaps.items() if less.apart]
    if not apart:
        return f"By held-out loss, which way of choosing is better {NOISE} at any of {len(gaps)} sizes."
    told = ", ".join(apart)
    return f"By held-out loss, the better way of choosing can be told at these sizes alone: {told}."


def variety(found: Found) -> list[str]:
    """5."""
    losses = {name: mean.value for name in found.names if (mean := found.mean(name, "soup_fitted"))}
    order = sorted(losses, key=losses.__getitem__)
    listed = ", ".join(f"{name} {losses[name]:.3f}" for name in order)
    gains = {n: g for n in order if (g := found.less(n, n, "single_fitted", "soup_fitted"))}
    widest = max(gains, key=lambda name: gains[name].value)
    return [
        f"Loss of the calibrated soup, the best first: {listed}.",
        *(
            judged(found.less(q.BOTH, n, "soup_fitted"), LOSS, f"the soup of {q.BOTH}", f"that of {n}")
            for n in found.names
            if n != q.BOTH
        ),
        f"Averaging gains most over calibrated ones with {widest} (in hindsight): {signed(gains[widest])}.",
    ]


def regimes(found: Found) -> list[str]:
    """6."""
    return [
        _map(found, "gain", "the best single ingredient, both as trained"),
        _map(found, "gain_over_fitted", "the calibrated best single, the soup as trained"),
        _map(found, "gain_fitted", "the best single, both calibrated"),
    ]


def _map(found: Found, figure: str, over: str) -> str:
    known = {name: mean for name in found.names if (mean := found.mean(name, figure))}
    won = sum(mean.apart and mean.value > 0 for mean in known.values())
    lost = sum(mean.apart and mean.value < 0 for mean in known.values())
    low, *_, high = sorted(known, key=lambda name: known[name].value) * 2
    return (
        f"Over {over}: the soup gains in {won} of {len(known)} regimes, loses in {lost}, and {NOISE} in "
        f"{len(known) - won - lost}. In hindsight the most: {amount(known[high], 3, sign=True)} nats a "
        f"token at {_regime(found, high)}, the least: {amount(known[low], 3, sign=True)} at "
        f"{_regime(found, low)}."
    )


def _regime(found: Found, name: str) -> str:
    at = found.at(name)
    schedule = "decayed" if at["decayed"] else "constant"
    return f"{at['rate']:.3g} x the rate ({schedule}), {at['steps']:g} x the steps, {at['base']:g} x the base"


TELL: Mapping[str, Callable[[Found], list[str]]] = {
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
