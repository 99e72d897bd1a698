"""Lines, planes and pairs: the losses there, what foretells a gain, and what is said of it."""

from dataclasses import replace

import pytest
import torch

from stockpot.ablation.arms import Arm, Found
from stockpot.ablation.barrier import ALIGNED, ALL, APART, ONE_BASE, UNLIKE, USUAL, _shared, _trained, barrier
from stockpot.ablation.bench import Bench, Judged, blended
from stockpot.ablation.extent import Extent
from stockpot.ablation.lines import Kin, Walk, grid, pairs_of, plane, walk
from stockpot.ablation.pairs import Pair, averages, decided, foretold, means, rank_correlation
from stockpot.ablation.telling import tell
from stockpot.configuration import configured
from stockpot.cook import Clock, tasted
from stockpot.table import of_frame
from tests.small import QUICK, frame

FLAT = Pair((0, 0), (0, 0), (0, 0), (0, 0), (1, 1), 0, 0, 0, 0)
ENDS = Judged(torch.zeros(2, 2, 1), torch.zeros(2))
TIP = (0.5, 3**0.5 / 2)
SMALL = Extent(
    2,
    2,
    2,
    1,
    (1, 3),
    (1,),
    (1,),
    ("constant",),
    2,
    ((1, 1), (3, 1), (1, 2)),
    kin=3,
    points=3,
    side=2,
    drawn=1,
)


@pytest.fixture(scope="module")
def tally():
    options = QUICK | {"holdout": 0.5, "subsets": {"count": 3}}
    return tasted(of_frame(frame(60)), configured(options), Clock())


@pytest.fixture(scope="module")
def bench(tally):
    return Bench.of(tally)


@pytest.fixture(scope="module")
def stack(bench):
    return bench.train(bench.lots)[0]


@pytest.fixture(scope="module")
def arms(tally):
    return barrier(tally, SMALL)


def walked(*losses):
    """One pair with these losses on its way, on both halves and the learning rows."""
    way = torch.tensor([losses], dtype=torch.float64)
    return Walk(way[None].repeat(2, 1, 1), way, torch.linspace(0, 1, len(losses), dtype=torch.float64), ENDS)


def test_a_barrier_is_the_highest_loss_less_the_straight_line():
    way = walked(1, 4, 9, 4, 5)
    assert way.above[0, 0].tolist() == [0, 2, 6, 0, 0]
    assert way.barrier[:, 0].tolist() == [6, 6]
    assert way.barrier_learned.tolist() == [6]


def test_a_loss_that_sags_all_the_way_has_a_barrier_below_0():
    assert walked(4, 2, 0, 1, 4).barrier[0, 0] == -2


def test_a_walk_begins_and_ends_at_its_ingredients_and_passes_their_soup(bench, stack):
    way = walk(bench, Kin(stack, ((0, 2),)), 3)
    ends, soup = (
        bench.judge(stack, [1.0]).halves[..., 0],
        bench.judge(blended(stack, [0, 2]), [1.0]).halves[..., 0],
    )
    torch.testing.assert_close(way.halves[:, 0, [0, 2]], ends[:, [0, 2]], rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(way.halves[:, 0, 1], soup[:, 0], rtol=1e-4, atol=1e-5)


def test_a_pair_of_the_same_ingredient_has_no_barrier_gap_or_gain(bench, stack):
    kin = Kin({n: v[[1, 1]] for n, v in stack.items()}, ((0, 1),), bench.base)
    (pair,) = pairs_of(bench, kin, walk(bench, kin, 3))
    assert pair.barrier == pair.gain == pair.midpoint == pytest.approx((0, 0), abs=1e-5)
    assert pair.gap == (0, 0)
    assert pair.distance == 0
    assert pair.cosine == pytest.approx(1)


def test_the_gain_is_what_the_midpoint_lies_below_the_mean_less_half_the_gap(bench, stack):
    kin = Kin(stack, ((0, 1),))
    way = walk(bench, kin, 3)
    (pair,) = pairs_of(bench, kin, way)
    for half in (0, 1):
        assert pair.midpoint[half] == pytest.approx(-pair.barrier[half] - pair.gap[half] / 2, abs=1e-5)


def test_a_plane_goes_through_its_corners_and_their_soup(bench, stack):
    found = plane(bench, stack, [(0, 0), (1, 0), TIP, (0.5, TIP[1] / 3)])
    told = [*bench.judge(stack, [1.0]).plain, *bench.judge(blended(stack, range(3)), [1.0]).plain]
    assert found == pytest.approx(told, abs=1e-5)


def test_a_grid_reaches_beyond_all_corners():
    xs, ys = zip(*grid(3), strict=True)
    assert (min(xs) < 0, max(xs) > 1) == (True, True)
    assert (min(ys) < 0, max(ys) > TIP[1]) == (True, True)
    assert len(xs) == 9


def pairs(*numbers):
    """(barrier on the first half, gain on both) of each."""
    return [replace(FLAT, barrier=(b, b), midpoint=(g, g), gain=(g, g)) for b, g in numbers]


def test_a_number_is_held_against_the_gain_on_the_other_half():
    """On the same half the barrier would foretell each gain; on the other one it foretells the opposite."""
    some = [replace(FLAT, barrier=(-n, -n), gain=(n, n)) for n in (1, 2, 3)]
    turned = [replace(FLAT, barrier=(-n, n), gain=(n, -n)) for n in (1, 2, 3)]
    assert foretold(some)["rank barrier"] == pytest.approx(-1)
    assert foretold(turned)["rank barrier"] == pytest.approx(1)


def test_what_never_differs_or_is_rare_or_unknown_has_no_rank():
    assert rank_correlation([1, 1, 1], [1, 2, 3]) != rank_correlation([1, 1, 1], [1, 2, 3])
    assert rank_correlation([1, 2], [1, 2]) != 1
    assert rank_correlation([1, float("nan"), 3], [1, 2, 3]) != 1
    assert rank_correlation([1, 2, 3], [1, 2, 3]) == pytest.approx(1)


def test_a_rule_is_right_where_it_averages_and_gains_or_does_neither():
    found = decided(pairs((-1, 4), (1, -2), (-1, -2), (1, 4)))
    assert found["right barrier"] == 0.5
    assert found["right always"] == 0.5
    assert found["right midpoint"] == 1
    assert found["gains always"] == 1
    assert found["gains barrier"] == 0.5
    assert found["gains midpoint"] == found["gains hindsight"] == 2


@pytest.mark.parametrize(("height", "below"), [(-0.01, True), (0.01, True), (0.03, False)])
def test_a_barrier_below_two_percent_of_the_loss_is_tolerated(height, below):
    assert averages("tolerance", replace(FLAT, barrier=(height, height)), 0) is below
    assert averages("barrier", replace(FLAT, barrier=(height, height)), 0) is (height < 0)


def test_the_means_are_those_of_the_pairs():
    assert means(pairs((1, 2), (3, 4)))["barrier"] == 2
    assert means(pairs((1, 2), (3, 4)))["gain"] == 3


def test_every_kind_of_pairs_is_asked_about(arms):
    count = {arm.name: arm.figures["pairs"] for arm in arms if "pairs" in arm.figures}
    assert count[USUAL] == count[UNLIKE] == count[APART] == count[ALIGNED] == 3
    assert count[ONE_BASE] == 12
    assert count[ALL] == 18


def test_alignment_brings_different_initialisations_nearer(arms):
    distance = {arm.name: arm.figures["distance"] for arm in arms if "distance" in arm.figures}
    assert distance[USUAL] < distance[ALIGNED] < distance[APART]


def test_the_same_seed_gives_the_same_answer(tally, arms):
    assert barrier(tally, SMALL) == arms


def test_ingredients_that_diverged_are_no_pairs():
    stack = {"a": torch.tensor([[1.0], [float("inf")], [3.0]]), "b": torch.zeros(3, 2)}
    kin = _shared(stack, None)
    assert kin.stack["a"].tolist() == [[1.0], [3.0]]
    assert kin.pairs == ((0, 1),)


def test_ingredients_of_several_lengths_learn_what_they_would_together(bench):
    lots = [
        replace(lot, settings=replace(lot.settings, steps=n))
        for lot, n in zip(bench.lots, (4, 2, 4), strict=True)
    ]
    ours, theirs = _trained(bench, lots), bench.train(lots)[0]
    for name in theirs:
        torch.testing.assert_close(ours[name], theirs[name], rtol=1e-4, atol=1e-5)


def told(**figures):
    """The sentences of two seeds, each figure once a seed, of all pairs of both sorts."""
    seeds = [[Arm(of, {n: v[s] for n, v in figures.items()}) for of in (ONE_BASE, ALL)] for s in (0, 1)]
    return " ".join(tell("barrier", Found(seeds)))


def test_a_barrier_that_is_worth_looking_at_is_told_apart():
    gains = {"gains always": [0.01, 0.011], "gains midpoint": [0.03, 0.032]}
    said = told(**gains, **{"gains barrier": [0.02, 0.021]})
    assert "and not always, gains a pair of all pairs +0.0100 (" in said
    assert "and not at the line, gains a pair of all pairs +0.0105 (" in said


def test_a_barrier_that_tells_nothing_is_called_noise():
    gains = {"gains always": [0.01, 0.03], "gains midpoint": [0.02, 0.02]}
    said = told(**gains, **{"gains barrier": [0.02, 0.02]})
    assert "gains a pair of all pairs of one base +0.0000 (-0.1271 to +0.1271), which cannot be told" in said


@pytest.mark.parametrize(
    ("after", "words"),
    [
        (
            3.0,
            "+3.005 (+2.941 to +3.069) with the one aligned to the other: lower by +1.000 (+1.000 to",
        ),
        (
            -1.0,
            "-0.995 (-1.059 to -0.931) with the one aligned to the other: lower by +5.000 (+5.000 to",
        ),
        (
            6.0,
            "+6.005 (+5.941 to +6.069) with the one aligned to the other: higher by +2.000 (+2.000 to",
        ),
    ],
)
def test_what_alignment_does_to_the_barrier_is_told(after, words):
    seeds = [[Arm(APART, {"learned": 4.0 + s}), Arm(ALIGNED, {"learned": after + s})] for s in (0.0, 0.01)]
    said = " ".join(tell("barrier", Found(seeds)))
    assert words in said
    assert ("25 % of it" in said) is (after == 3)


def test_no_rank_correlation_is_told_beyond_one_and_no_share_beyond_all():
    said = told(**{"rank midpoint": [0.8, 1.0], "right always": [0.9, 1.0], "gains always": [1.0, 1.0]})
    assert "+0.90 (-0.37 to +1.00)" in said
    assert "averaging always 95 (31 to 100)" in said
