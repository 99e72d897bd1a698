"""What holds of every registered recipe. A new one is tested by being registered."""

from __future__ import annotations

import copy
from dataclasses import replace

import pytest
import torch
from torch import nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from stockpot.errors import BlendError
from stockpot.recipes import RECIPES
from stockpot.recipes.choosing import uniform
from stockpot.recipes.making import NOTHING, decide, make
from stockpot.recipes.mix import average
from stockpot.recipes.mixture import Mixture
from stockpot.recipes.pot import Pot
from tests.recipes.pots import (
    SHAPES,
    aids,
    bumpy,
    drawn,
    far_from,
    floating,
    menagerie,
    mixture_of,
    pot_of,
    soup_of,
)

TARGET = drawn(50)
every = pytest.mark.parametrize("name", RECIPES)


def equal(one, other):
    return one.keys() == other.keys() and all(torch.equal(one[n], other[n]) for n in one)


def close(one, other, **tolerance):
    assert one.keys() == other.keys()
    for name, value in one.items():
        torch.testing.assert_close(value, other[name], **tolerance)


@every
def test_the_soup_of_one_is_that_one(name):
    base, states = menagerie(1)
    close(soup_of(name, pot_of(states, far_from(TARGET)), base, states, still=True), states[1])


@every
@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.bfloat16])
def test_the_soup_of_copies_is_the_copy(name, dtype):
    base, (state, *_) = drawn(0, dtype=dtype), menagerie(1, dtype)[1].values()
    states = {number: copy.deepcopy(state) for number in range(5)}
    close(soup_of(name, pot_of(states, far_from(TARGET)), base, states, still=True), state)


@every
def test_order_does_not_matter(name):
    """Of merit neither, to a recipe that does not ask for it; of the files never."""
    base, states = menagerie(5)
    pot = pot_of(states, far_from(TARGET))
    turned = pot if RECIPES[name].ranked else pot_of(states, far_from(TARGET), order=pot.order[::-1])
    backwards = dict(reversed(states.items()))
    ours, theirs = soup_of(name, pot, base, states), soup_of(name, turned, base, backwards)
    close(ours, theirs, atol=1e-4, rtol=1e-4)  # what is fitted by steps ends where its rounding says


@every
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.float16, torch.bfloat16])
def test_names_shapes_dtypes_and_integer_buffers_survive(name, dtype):
    base, states = menagerie(4, dtype)
    soup = soup_of(name, pot_of(states, far_from(TARGET)), base, states)
    assert {n: (v.shape, v.dtype) for n, v in soup.items()} == {
        n: (v.shape, v.dtype) for n, v in states[1].items()
    }
    assert soup["leave.seen"].tolist() == [7, 9]
    assert all(value.isfinite().all() for value in soup.values())


@every
@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_short_floats_are_blended_in_wide_precision(name, dtype):
    """What is made of short floats is what is made of the same numbers in float64, rounded once."""
    base, states = menagerie(60, dtype)
    wide = {n: {k: v.double() if k in SHAPES else v for k, v in state.items()} for n, state in states.items()}
    mixture = replace(mixture_of(name, pot_of(dict(list(states.items())[:3]), far_from(TARGET))), layers={})
    some = states if RECIPES[name].find is uniform else mixture.proportions
    mixture = replace(mixture, proportions=dict.fromkeys(some, 1 / len(some)))
    told = aids({n: v.double() for n, v in base.items()}, wide, list(some))
    made, exact = make(mixture, states, told), make(mixture, wide, told)
    assert equal(floating(made), {n: v.to(dtype) for n, v in floating(exact).items()})


def test_a_sum_in_short_floats_would_drift():
    """So the promise above is no empty one."""
    states = {i: {"w": torch.full((1,), 1.0, dtype=torch.float16)} for i in range(1000)}
    states[0]["w"] += 1  # they are not all the same
    drifting = sum(state["w"] * 0.001 for state in states.values())
    assert drifting.item() < 0.999
    assert make(Mixture("uniform", dict.fromkeys(states, 0.001)), states)["w"].item() == 1 + 2**-10


@every
def test_ingredients_are_left_alone(name):
    base, states = menagerie(4)
    kept = copy.deepcopy((base, states))
    soup = soup_of(name, pot_of(states, far_from(TARGET)), base, states)
    for value in soup.values():
        value.add_(1)
    assert equal(base, kept[0])
    assert all(equal(states[number], kept[1][number]) for number in states)


@every
@pytest.mark.parametrize("loss", [far_from, bumpy])
def test_shares_are_positive_and_sum_to_1(name, loss):
    _, states = menagerie(5)
    for settings in RECIPES[name].settings():
        mixture = decide(RECIPES[name], pot_of(states, loss(TARGET)), settings)
        for shares in (mixture.proportions, *mixture.layers.values()):
            assert sum(shares.values()) == pytest.approx(1)
            assert min(shares.values()) > 0
            assert shares.keys() <= states.keys()
            assert list(shares) == sorted(shares)


@every
def test_the_same_pot_gives_the_same_soup(name):
    base, states = menagerie(5)
    one, other = (soup_of(name, pot_of(states, bumpy(TARGET)), base, states) for _ in range(2))
    assert equal(one, other)


NEVER_WORSE_THAN = {"greedy": "best", "restarts": "greedy", "learned": "uniform", "searched": "uniform"}


@pytest.mark.parametrize("loss", [far_from, bumpy])
@pytest.mark.parametrize("name", NEVER_WORSE_THAN)
def test_on_the_rows_that_choose_a_judged_recipe_is_never_worse_than_a_simpler_one(name, loss):
    for seed in range(5):
        _, states = menagerie(6)
        pot = pot_of(states, loss(drawn(60 + seed)))
        ours, theirs = mixture_of(name, pot), mixture_of(NEVER_WORSE_THAN[name], pot)
        assert pot.judge(ours.proportions) <= pot.judge(theirs.proportions)


@pytest.mark.parametrize("name", ["greedy", "restarts", "learned", "learned_layers", "searched"])
def test_where_loss_is_convex_a_judged_recipe_beats_the_best_single(name):
    """The target lies between the ingredients."""
    _, states = menagerie(4)
    target = {n: sum(state[n] for state in states.values()) / 4 for n in SHAPES}
    pot = pot_of(states, far_from(target))
    assert pot.judge(mixture_of(name, pot).proportions) < pot.losses[pot.order[0]] / 2


@every
def test_what_a_recipe_needs_and_has_not_got_is_told(name):
    _, states = menagerie(3)
    recipe, pot = RECIPES[name], pot_of(states, far_from(TARGET))
    if recipe.needs & {"judge", "slope", "losses"}:
        with pytest.raises(BlendError, match=f"^Recipe '{name}' needs .*: use another recipe\\.$"):
            decide(recipe, replace(pot, judge=None, slope=None, losses={}), recipe.usual)
    if recipe.needs & {"base", "fisher", "trajectory", "symmetry"}:
        with pytest.raises(BlendError, match=f"^Recipe '{name}' needs .*\\.$"):
            make(mixture_of(name, pot), states, NOTHING)
    if not recipe.needs:
        make(decide(recipe, Pot(list(states)), recipe.usual), states)


@every
def test_a_recipe_that_only_chooses_says_by_what(name):
    """Or files would be blended by it in equal shares, as if it had chosen."""
    recipe = RECIPES[name]
    assert recipe.find is uniform or recipe.blend is not average or not recipe.needs_no_data


def nets(count):
    torch.manual_seed(0)
    return [nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2)) for _ in range(count)]


def averaged(some, **how):
    model = AveragedModel(some[0], **how)
    for net in some:
        model.update_parameters(net)
    return dict(model.module.state_dict())


def test_uniform_is_torchs_average():
    some = nets(5)
    made = make(
        Mixture("uniform", dict.fromkeys(range(5), 0.2)), {i: net.state_dict() for i, net in enumerate(some)}
    )
    close(made, averaged(some))


@pytest.mark.parametrize(
    ("name", "knobs", "last", "how"),
    [
        ("swa", {}, 4, {}),
        ("ema", {"decay": 0.9}, 8, {"multi_avg_fn": get_ema_multi_avg_fn(0.9)}),
        ("ema", {"decay": 0.5}, 8, {"multi_avg_fn": get_ema_multi_avg_fn(0.5)}),
    ],
)
def test_averages_of_a_way_are_torchs(name, knobs, last, how):
    way = nets(8)
    states = [net.state_dict() for net in way]
    told = replace(
        NOTHING, trajectory=lambda: {n: torch.stack([s[n] for s in states])[None] for n in states[0]}
    )
    made = make(Mixture(name, {0: 1.0}, knobs=knobs), {0: states[-1]}, told)
    close(made, averaged(way[-last:], **how))
