"""Sentences are made from the numbers: a gain, a loss, and noise."""

import pytest

from stockpot import rivals
from stockpot.ablation.arms import Arm, Found
from stockpot.ablation.questions import APART, BARE, BASE, MARGINALS, TWICE, UNTRAINED, USUAL
from stockpot.ablation.telling import tell
from stockpot.ablation.words import LOSS, NOISE, amount, grouped, judged
from stockpot.score.intervals import Interval

GAIN, LOST, NOTHING = Interval(-2.0, -3.0, -1.0), Interval(2.0, 1.0, 3.0), Interval(1.0, -1.0, 3.0)


def planted(**arms):
    """Arm -> figure -> one value a seed."""
    seeds = len(next(iter(next(iter(arms.values())).values())))
    return Found(
        [
            [Arm(name, {f: v[s] for f, v in figures.items()}) for name, figures in arms.items()]
            for s in range(seeds)
        ]
    )


@pytest.mark.parametrize(
    ("interval", "words"), [(GAIN, "The soup beats it"), (LOST, "The soup loses to it"), (NOTHING, NOISE)]
)
def test_a_difference_is_told_as_its_interval_says(interval, words):
    assert words in judged(interval, LOSS, "the soup", "it")


def test_one_seed_has_no_interval_and_proves_nothing():
    assert NOISE in judged(Interval(-2.0, None, None), LOSS, "the soup", "it")
    assert amount(Interval(-2.0, None, None), 1) == "-2.0 (one seed: no interval)"


def test_rivals_are_grouped_by_what_can_be_told():
    found = planted(
        soup={"loss": [1, 1, 1]},
        bad={"loss": [3, 3.1, 3]},
        good={"loss": [0, 0.1, 0]},
        like={"loss": [0, 2, 1]},
    )
    told = grouped(found, "soup", ["bad", "good", "like"], "loss")
    assert "It beats bad +2.033" in told
    assert "It loses to good -0.967" in told
    assert f"Its gain {NOISE} over like +0.000" in told


def test_of_figures_that_are_better_high_a_higher_one_wins():
    found = planted(soup={"fidelity": [90, 91]}, other={"fidelity": [80, 81]})
    assert "It beats other +10.0" in grouped(found, "soup", ["other"], "fidelity")


def controls(far, apart):
    arms = {
        name: {"soup": [1.0, 1.1], "single": [1.2, 1.3], "soup_fitted": [1.0, 1.1]} for name in (USUAL, BARE)
    }
    arms |= {MARGINALS: {"soup": [2.0, 2.0]}, BASE: {"soup": [1.5, 1.5]}}
    arms |= {TWICE: {"soup": [1.0, 1.0], "far": far}, UNTRAINED: {"soup": [1.5, 1.5], "far": [0.0, 0.0]}}
    return planted(**arms, **{APART: {"soup": apart, "single": [1.2, 1.3], "soup_fitted": apart}})


def test_what_behaves_as_theory_says_is_told_so():
    told = " ".join(tell("controls", controls([0.0, 0.0], [2.1, 2.2])))
    assert told.count("As theory says") == 3
    assert "ingredients of different initialisations make a worse soup" in told


def test_what_does_not_behave_as_theory_says_is_told_so():
    told = " ".join(tell("controls", controls([0.0, 0.5], [0.5, 0.6])))
    assert told.count("Against theory") == 2


def test_what_cannot_be_told_of_theory_is_called_noise():
    told = " ".join(tell("controls", controls([0.0, 0.0], [0.5, 1.9])))
    assert f"What theory says {NOISE} here" in told


def sized(curve, spoil):
    seeds = []
    for shift in (0.0, 0.001, 0.002):
        arms = [
            Arm(f"{way} {n}", {"loss": loss + shift * (n == 5)}, {"size": n})
            for n, loss in curve.items()
            for way in ("by loss", "at random")
        ]
        arms += [Arm(f"{part} third", {"loss": 1.0}) for part in ("best", "middle", "worst")]
        arms += [
            Arm("added: a", {"accuracy": 0.2, "change": spoil + shift}),
            Arm("added: b", {"accuracy": 0.4, "change": -shift}),
        ]
        seeds.append(arms)
    return Found(seeds)


def test_a_curve_that_falls_after_five_and_rises_again_is_told():
    told = " ".join(tell("sizes", sized({1: 2.0, 5: 1.0, 8: 1.5, 16: 1.2}, 0.1)))
    assert "the curve is best at 5 of 16" in told
    assert "the larger soup is worse" in told
    assert "largest fall is from 5 to 8 (of 3 pairs, in hindsight): -0.4" in told
    assert "largest rise after it is from 8 to 16: +0.300" in told
    assert "an accuracy below 0.300 spoils it" in told


def test_where_nothing_spoils_the_soup_it_is_told():
    told = " ".join(tell("sizes", sized({1: 1.0, 5: 1.0, 8: 1.0}, -0.1)))
    assert "No ingredient that was added, down to an accuracy of 0.200, spoils the soup" in told


@pytest.mark.parametrize(
    ("gain", "words"), [(0.5, "gains in 1 of 1 regimes"), (-0.5, "loses in 1"), (0.0, f"{NOISE} in 1")]
)
def test_regimes_are_counted_by_what_can_be_told(gain, words):
    at = {"decayed": 1.0, "rate": 3.0, "steps": 1.0, "base": 1.0}
    seeds = [
        [Arm("x", dict.fromkeys(("gain", "gain_fitted", "gain_over_fitted"), gain + e), at)]
        for e in (-0.01, 0.01, 0.0)
    ]
    told = tell("regimes", Found(seeds))
    assert all(words in sentence for sentence in told)
    assert "3 x the rate (decayed)" in told[0]


def test_a_soup_of_two_is_held_against_the_better_of_its_two():
    figures = {"quality": [44, 45], "loss": [1, 1]}
    arms = {
        f"{by} {place}": figures for by in ("accuracy", "loss") for place in ("1", "second", "better of two")
    }
    arms |= {f"{by} 2": {"quality": [61, 62.1], "loss": [1, 1]} for by in ("accuracy", "loss")}
    seeds = planted(**arms).seeds
    found = Found([[Arm(a.name, a.figures, {"size": 2}) for a in seed] for seed in seeds])
    assert "it gains over the better of the two +17.1 (+16.4" in tell("selection", found)[0]


def test_calibration_is_told_with_its_share_of_the_gain():
    soup, single = (
        {"loss": [1.0, 1.0], "loss_plain": [1.1, 1.1]},
        {"loss": [1.2, 1.2], "loss_plain": [1.5, 1.5]},
    )
    told = " ".join(tell("standing", planted(**{rivals.SHIPPED: soup, rivals.RANDOM: single})))
    assert "50 % of it is calibration." in told
