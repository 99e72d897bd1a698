"""The field family's net: padding, masks, loss and judge."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
import torch

from stockpot import noise
from stockpot.families.base import Noise
from stockpot.families.field.codec import FieldCodec, layout
from stockpot.families.field.net import BoundField, visible
from stockpot.families.field.program import FieldFamily, FieldProgram
from stockpot.families.field.tensors import FieldTensors
from stockpot.table import of_frame
from stockpot.train import padded
from tests.small import frame

ONE = torch.ones(1)


@pytest.fixture(scope="module")
def table():
    return of_frame(frame(60))


@pytest.fixture(scope="module")
def codecs(table):
    """A narrow one of 15 rows, and a wide one of all."""
    return [FieldCodec.fit(table.canonical[:rows], table.schema, 32, 6) for rows in (15, 60)]


@pytest.fixture(scope="module")
def program(codecs):
    return FieldProgram(FieldTensors.of(codecs, 8))


def slots(narrow, wide):
    """Where the narrow layout's columns lie in the wide one's."""
    starts = np.cumsum([0, *wide])
    return [starts[j] + k for j, size in enumerate(narrow) for k in range(size)]


def test_padding_changes_no_first_weight(codecs):
    alone, among = FieldTensors.of(codecs[:1], 8), FieldTensors.of(codecs, 8)
    assert among.sizes != alone.sizes
    own, beside = alone.start(7), among.start(7)
    d = alone.fields
    into = [*slots(alone.sizes.features, among.sizes.features), *range(among.inputs - d, among.inputs)]
    out = slots(alone.sizes.outputs, among.sizes.outputs)
    assert torch.equal(own["enter.weight"][0], beside["enter.weight"][0][into])
    assert torch.equal(own["inner.weight"][0], beside["inner.weight"][0])
    assert torch.equal(own["leave.weight"][0], beside["leave.weight"][0][:, out])


def test_first_weights_depend_on_the_seed(program):
    assert not torch.equal(program.start(1)["enter.weight"], program.start(2)["enter.weight"])
    assert torch.equal(program.start(1)["leave.weight"], program.start(1)["leave.weight"])


def test_padding_changes_no_training_loss(codecs, table):
    by = Noise([noise.key("a")], 3, torch.tensor([0.2]), torch.tensor([0.1]))
    rows, share = padded([np.arange(15)])
    losses = []
    for some in (codecs[:1], codecs):
        tensors = FieldTensors.of(some, 8)
        weights = {name: value[:1] for name, value in tensors.start(7).items()}
        bound = FieldProgram(tensors).bind(table.canonical, [0])
        losses.append(bound.loss(weights, rows, share, by))
    torch.testing.assert_close(losses[0], losses[1], rtol=1e-6, atol=1e-6)


def test_padding_rows_change_nothing(program, table):
    bound, by = program.bind(table.canonical, [1]), Noise([5], 1, torch.tensor([0.2]), torch.zeros(1))
    weights = {name: value[1:] for name, value in program.start(0).items()}
    rows, share = padded([np.arange(10)])
    more, shares = padded([np.arange(10), np.arange(50)])
    torch.testing.assert_close(
        bound.loss(weights, rows, share, by), bound.loss(weights, more[:1], shares[:1], by), rtol=1e-6, atol=0
    )


def test_the_number_of_visible_fields_is_uniform():
    d = 5
    u = noise.uniform([1], 1, noise.MASKS, 60_000 * (d + 1)).view(60_000, d + 1)
    seen = visible(u[:, :d], (u[:, d] * d).floor())
    share = torch.bincount(seen.sum(-1).long(), minlength=d + 1) / 60_000
    assert share.tolist() == pytest.approx([0.2] * 5 + [0], abs=0.01)
    assert seen.mean(0).tolist() == pytest.approx([0.4] * d, abs=0.01)  # no field is preferred


def test_the_loss_is_that_of_the_marginals_before_the_net_has_learned(program, table):
    bound = program.bind(table.canonical, [1])
    weights = {name: torch.zeros_like(value[1:]) for name, value in program.start(0).items()}
    rows, share = padded([np.arange(60)])
    told = bound.told[1]
    gain = program.tensors.marginal[1].gather(1, told.T).mean(1)
    judged = bound.judge(weights, rows, share, 6, torch.tensor([1.0, 0.3]))
    assert judged.loss[0].tolist() == pytest.approx([-float(gain.mean())] * 2, rel=0.03)


def test_fixed_masks_are_the_same_for_all_ingredients_and_show_every_number_of_fields(program, table):
    d = program.tensors.fields
    bound = program.bind(table.canonical, [0, 1, 1])
    rows = torch.arange(60).repeat(3, 1)
    masks = torch.stack([bound._fixed(rows, torch.full((60,), turn), d) for turn in range(d)])
    assert torch.equal(masks[:, 0], masks[:, 1])
    assert torch.equal(masks[:, 0], masks[:, 2])
    for row in range(60):
        assert sorted(masks[:, 0, row].sum(-1).tolist()) == list(range(d))
    again = program.bind(table.canonical, [1])
    assert torch.equal(again._fixed(rows[:1], torch.full((60,), 2), d)[0], masks[2, 0])


def test_a_judgement_does_not_depend_on_the_others_in_the_stack(program, table):
    weights = {n: v[[0, 1, 1]] + 0.1 * torch.randn_like(v[[0, 1, 1]]) for n, v in program.start(0).items()}
    rows, share = padded([np.arange(60)] * 3)
    scales = torch.tensor([1.0, 0.5])
    all_three = program.bind(table.canonical, [0, 1, 1]).judge(weights, rows, share, 12, scales)
    last = {n: v[2:] for n, v in weights.items()}
    alone = program.bind(table.canonical, [1]).judge(last, rows[2:], share[2:], 12, scales)
    torch.testing.assert_close(all_three.loss[2:], alone.loss, rtol=1e-5, atol=1e-6)
    torch.testing.assert_close(all_three.accuracy[2:], alone.accuracy, rtol=1e-5, atol=1e-6)


def test_an_ensemble_of_one_is_that_one_and_of_two_lies_at_or_below_their_mean(program, table):
    torch.manual_seed(0)
    weights = {n: v[[1, 1]] + 0.2 * torch.randn_like(v[[1, 1]]) for n, v in program.start(0).items()}
    rows, share = padded([np.arange(60)] * 2)
    bound = program.bind(table.canonical, [1, 1])
    each = bound.judge(weights, rows, share, 12, ONE)
    both = bound.judge(weights, rows, share, 12, ONE, torch.tensor([0.5, 0.5]))
    assert both.loss.shape == (1, 1)
    assert both.loss.item() < each.loss.mean().item()
    first = {n: v[:1] for n, v in weights.items()}
    one = program.bind(table.canonical, [1]).judge(first, rows[:1], share[:1], 12, ONE, ONE)
    assert one.loss.item() == pytest.approx(each.loss[0].item(), rel=1e-5)
    assert one.accuracy.item() == pytest.approx(each.accuracy[0].item(), rel=1e-5)


def test_unseen_values_are_scored_finitely_and_alike_by_all(program, table):
    odd = table.canonical.copy()
    odd.loc[0, ["kind", "size"]] = ["yew", 1e9]
    odd.loc[1, "count"] = np.nan
    bound = program.bind(odd, [0, 1])
    weights = {n: torch.zeros_like(v) for n, v in program.start(0).items()}
    rows, share = padded([np.arange(3)] * 2)
    assert torch.isfinite(bound.judge(weights, rows, share, 6, ONE).loss).all()
    reserved = 0.5 / (60 + 0.5 * len(program.tensors.codecs[1].fields[1].counts))
    j = 1  # nothing of 'count' was missing
    assert bound.told[1, 1, j] == len(program.tensors.codecs[1].fields[j].counts) - 1
    assert program.tensors.marginal[1, j, bound.told[1, 1, j]].item() == pytest.approx(
        math.log(reserved), rel=1e-5
    )


def test_drawn_rows_follow_the_marginals_before_the_net_has_learned(program, table):
    weights = {name: torch.zeros_like(value[1:]) for name, value in program.start(0).items()}
    drawn = program.draw(weights, 1, 3000, torch.Generator().manual_seed(0), 1.0).frame
    real = table.canonical
    assert list(drawn) == list(real)
    assert len(drawn) == 3000
    for name in ("kind", "healthy", "grade"):
        gap = drawn[name].value_counts(normalize=True) - real[name].value_counts(normalize=True)
        assert gap.abs().max() < 0.04
    assert drawn["size"].isna().mean() == pytest.approx(real["size"].isna().mean(), abs=0.04)
    assert drawn["size"].mean() == pytest.approx(real["size"].mean(), abs=1)


def test_an_ensemble_of_the_same_twice_draws_what_it_draws_alone(program):
    one = {name: value[1:] for name, value in program.start(0).items()}
    twice = {name: torch.cat([value, value]) for name, value in one.items()}
    alone = program.draw(one, 1, 50, torch.Generator().manual_seed(3), 0.8).frame
    mixed = program.draw(twice, 1, 50, torch.Generator().manual_seed(3), 0.8, torch.tensor([0.5, 0.5])).frame
    pd.testing.assert_frame_equal(alone, mixed)


def test_the_program_of_one_menagerie_draws_the_same(program):
    weights = {name: value[1:] for name, value in program.start(0).items()}
    only = FieldFamily().from_json(program.only(1).to_json())
    ours, theirs = (
        p.draw(weights, m, 40, torch.Generator().manual_seed(1), 1.0).frame
        for p, m in ((program, 1), (only, 0))
    )
    pd.testing.assert_frame_equal(ours, theirs)
    assert only.shapes == program.shapes


def test_layouts_differ_so_that_padding_is_tested(codecs):
    assert layout(codecs[:1]) != layout(codecs[1:])
    assert isinstance(
        FieldProgram(FieldTensors.of(codecs, 8)).bind(of_frame(frame(60)).canonical, [0]), BoundField
    )


def test_the_mean_of_the_rows_losses_is_what_judge_says(program, table):
    weights = {n: v[[0, 1, 1]] + 0.1 * torch.randn_like(v[[0, 1, 1]]) for n, v in program.start(0).items()}
    rows, share = padded([np.arange(20)] * 3)
    bound, mix = program.bind(table.canonical, [0, 1, 1]), torch.tensor([0.2, 0.3, 0.5])
    each, both = bound.losses(weights, rows, 12, 0.5), bound.losses(weights, rows, 12, 0.5, mix)
    half = torch.tensor([0.5])
    torch.testing.assert_close(each.mean(1), bound.judge(weights, rows, share, 12, half).loss[:, 0])
    torch.testing.assert_close(both.mean(1), bound.judge(weights, rows, share, 12, half, mix).loss[:, 0])
    assert each.shape == (3, 20)
    assert both.shape == (1, 20)
