"""Recipes that blend, by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
import torch

from stockpot.errors import BlendError
from stockpot.recipes.angles import best_two
from stockpot.recipes.making import Aids, make
from stockpot.recipes.mixture import Mixture
from stockpot.recipes.pot import Pot
from tests.recipes.pots import SYMMETRY, drawn


def blended(name, values, *, base=None, shares=(), knobs=None, **aids):
    """The soup of one-tensor ingredients: a list of numbers each."""
    states = {i: {"w": torch.tensor(value, dtype=torch.float64)} for i, value in enumerate(values)}
    proportions = dict(enumerate(shares or [1 / len(values)] * len(values)))
    told = Aids(base=None if base is None else {"w": torch.tensor(base, dtype=torch.float64)}, **aids)
    return make(Mixture(name, proportions, knobs=knobs or {}), states, told)["w"].tolist()


def test_model_stock_goes_two_thirds_of_the_way_where_two_are_60_degrees_apart():
    """2 cos / (1 + cos) with cos 1/2; the average of the ways is (3, 1.5, 1.5)."""
    assert blended("model_stock", [[4.0, 4, 1], [4.0, 1, 4]], base=[1.0, 1, 1]) == pytest.approx([3, 2, 2])


def test_model_stock_trusts_more_of_as_wide_an_angle_more():
    """3 cos / (1 + 2 cos) with cos 1/2 is 3/4; the average of the ways is 4, 4, 4."""
    three = [[6.0, 6, 0], [6.0, 0, 6], [0.0, 6, 6]]
    assert blended("model_stock", three, base=[0.0, 0, 0]) == pytest.approx([3, 3, 3])


@pytest.mark.parametrize("values", [[[2.0, 0], [0.0, 2]], [[2.0, 0], [-1.0, 0]]])
def test_model_stock_stays_at_the_base_where_ingredients_do_not_agree(values):
    assert blended("model_stock", values, base=[0.0, 0]) == pytest.approx([0, 0])


def test_model_stock_keeps_a_tensor_that_nobody_moved():
    assert blended("model_stock", [[1.0, 2], [1.0, 2]], base=[1.0, 2]) == [1, 2]


@pytest.mark.parametrize(("scale", "soup"), [(1.0, [4]), (2.0, [7]), (0.0, [1])])
def test_task_arithmetic_scales_the_mean_of_what_was_learned(scale, soup):
    assert blended("task_arithmetic", [[3.0], [5.0]], base=[1.0], knobs={"scale": scale}) == soup


def test_ties_trims_elects_and_averages_those_that_agree():
    """Kept: (4, -3, 0, 0) and (-2, -5, 0, 0); elected: +, -; the second entry is the mean of both."""
    vectors = [[4.0, -3, 1, 0], [-2.0, -5, 0, 1]]
    assert blended("ties", vectors, base=[0.0] * 4, knobs={"density": 0.5, "scale": 1}) == [4, -4, 0, 0]
    assert blended("ties", vectors, base=[0.0] * 4, knobs={"density": 0.5, "scale": 0.5}) == [2, -2, 0, 0]


def test_ties_of_all_entries_leaves_out_only_who_disagrees():
    vectors = [[4.0, -3, 1, 0], [-2.0, -5, 0, 1]]
    assert blended("ties", vectors, base=[0.0] * 4, knobs={"density": 1, "scale": 1}) == [4, -4, 1, 1]


def test_ties_trims_over_all_tensors_of_an_ingredient():
    states = {i: {"a": torch.tensor([9.0, 8.0]), "b": torch.tensor([1.0, i])} for i in range(2)}
    base = {"a": torch.zeros(2), "b": torch.zeros(2)}
    soup = make(Mixture("ties", {0: 0.5, 1: 0.5}, knobs={"density": 0.5, "scale": 1}), states, Aids(base))
    assert (soup["a"].tolist(), soup["b"].tolist()) == ([9, 8], [0, 0])


def test_dare_drops_at_random_and_enlarges_the_rest():
    values = [[4.0] * 4000, [4.0] * 3999 + [5.0]]
    soup = blended("dare", values, base=[0.0] * 4000, knobs={"density": 0.5})
    assert set(soup[:-1]) == {0, 4, 8}  # neither kept, one, both: each twice as large, half a share each
    assert math.fsum(soup) / 4000 == pytest.approx(4, abs=0.2)


def test_dare_drops_by_the_ingredients_number_and_the_tensors_name():
    def soup(number, name):
        one, other = torch.full((64,), 1.0), torch.zeros(64)
        mixture = Mixture("dare", {0: 0.5, number: 0.5}, knobs={"density": 0.5})
        return make(mixture, {0: {name: other}, number: {name: one}}, Aids({name: other}))[name]

    assert torch.equal(soup(3, "w"), soup(3, "w"))
    assert not torch.equal(soup(3, "w"), soup(4, "w"))
    assert not torch.equal(soup(3, "w"), soup(3, "v"))


@pytest.mark.parametrize(("floor", "soup"), [(0.0, 3.0), (1.0, 2.5), (1e9, 2.0)])
def test_fisher_gives_who_is_surer_more_say(floor, soup):
    """Information 1 and 3, whose mean is 2: with a floor of 1 they count 1.5 and 2.5."""
    told = {"w": torch.tensor([[1.0], [3.0]])}
    found = blended("fisher", [[0.0], [4.0]], knobs={"floor": floor}, fisher=lambda: told)
    assert found == pytest.approx([soup])


def test_fisher_of_weights_that_no_row_moves_is_their_average():
    told = {"w": torch.zeros(2, 1)}
    assert blended("fisher", [[0.0], [4.0]], knobs={"floor": 0.1}, fisher=lambda: told) == [2]


def test_slerp_goes_along_the_arc():
    assert blended("slerp", [[2.0, 0], [0.0, 2]]) == pytest.approx([math.sqrt(2), math.sqrt(2)])
    third = blended("slerp", [[2.0, 0], [0.0, 2]], shares=(2 / 3, 1 / 3))
    assert third == pytest.approx([2 * math.cos(math.pi / 6), 1])


@pytest.mark.parametrize(
    ("values", "soup"),
    [([[1.0, 0], [3.0, 0]], [2, 0]), ([[1.0, 0], [-1.0, 0]], [0, 0]), ([[0.0, 0], [4.0, 2]], [2, 1])],
)
def test_slerp_is_the_line_where_there_is_no_arc(values, soup):
    assert blended("slerp", values) == pytest.approx(soup)


def test_slerp_takes_the_two_best_and_refuses_three():
    assert best_two(Pot([5, 1, 2])) == {5: 0.5, 1: 0.5}
    with pytest.raises(BlendError) as error:
        blended("slerp", [[1.0], [2.0], [3.0]])
    assert str(error.value) == (
        "Cannot blend 3 ingredients by 'slerp': it takes two, so name two or use another recipe."
    )


@pytest.mark.parametrize(("snapshots", "soup"), [([0.0, 0, 2, 4], 3), ([0.0, 9, 1, 2, 3], 2), ([5.0], 5)])
def test_swa_averages_the_second_half(snapshots, soup):
    way = {"w": torch.tensor(snapshots).view(1, -1, 1)}
    assert blended("swa", [[9.0]], trajectory=lambda: way) == pytest.approx([soup])


def test_ema_halves_the_past_with_every_snapshot():
    way = {"w": torch.tensor([8.0, 4.0, 2.0]).view(1, -1, 1)}  # 8/4 + 4/4 + 2/2
    assert blended("ema", [[9.0]], trajectory=lambda: way, knobs={"decay": 0.5}) == [4]


def test_aligned_finds_the_units_of_a_shuffled_twin():
    one = drawn(3)
    turned = [2, 0, 3, 1]
    twin = one | {
        "enter.weight": one["enter.weight"][:, turned],
        "enter.bias": one["enter.bias"][turned],
        "leave.weight": one["leave.weight"][turned],
    }
    soup = make(Mixture("aligned", {0: 0.5, 1: 0.5}), {0: one, 1: twin}, Aids(symmetry=SYMMETRY))
    plain = make(Mixture("uniform", {0: 0.5, 1: 0.5}), {0: one, 1: twin})
    for name, value in one.items():
        torch.testing.assert_close(soup[name], value)
    assert not torch.allclose(plain["enter.weight"], one["enter.weight"])


def test_shares_that_differ_by_layer_are_heeded_by_every_blend_that_adds():
    one, other = ({"a.w": torch.tensor([v]), "b.w": torch.tensor([v])} for v in (2.0, 6.0))
    layers = {"a": {0: 1.0}, "b": {0: 0.25, 1: 0.75}}
    mixture = Mixture("uniform", {0: 0.625, 1: 0.375}, layers, {"scale": 1.0})
    base = {name: torch.zeros(1) for name in one}
    for name in ("uniform", "task_arithmetic"):
        soup = make(replace(mixture, recipe=name), {0: one, 1: other}, Aids(base))
        assert (soup["a.w"].item(), soup["b.w"].item()) == (2, 5)
