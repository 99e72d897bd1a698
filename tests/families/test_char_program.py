"""The char family's net: the LSTM against torch's own, padding, judging, drawing."""

import json

import numpy as np
import pandas as pd
import pytest
import torch

from stockpot import noise
from stockpot.blend import blend
from stockpot.errors import UserError
from stockpot.families.base import Noise
from stockpot.families.char import lstm
from stockpot.families.char.codec import UNKNOWN
from stockpot.families.char.program import CharFamily
from stockpot.optimise import Settings
from stockpot.schema import Column, Schema
from stockpot.train import Lot, padded, train

SCHEMA = Schema((Column("a", "categorical", "object", None), Column("b", "numerical", "int64", 0)))
ROWS = pd.DataFrame({"a": ["x", "x", "yy", "yy"] * 5, "b": [1.0, 1.0, 22.0, 22.0] * 5})
NET = {"width": 8, "embedding": 6}
QUICK = Settings(learning_rate=0.02, steps=60, dropout=0.2, optimiser="rmsprop", batch=8)
ALL = np.arange(len(ROWS))


def made(frames=(ROWS,)):
    return CharFamily().fit(list(frames), SCHEMA, NET)


def repeated(weights, count):
    return {name: value.expand(count, *value.shape[1:]).clone() for name, value in weights.items()}


def one(weights, number):
    return {name: value[number : number + 1] for name, value in weights.items()}


def quiet(count, dropout=0.0, keys=None):
    return Noise(keys or list(range(count)), 1, torch.full((count,), dropout), torch.zeros(count))


@pytest.fixture(scope="module")
def learned():
    """Two ingredients of one base."""
    program = made()
    start = repeated(program.start(0), 2)
    lots = [Lot(noise.key(i), QUICK, ALL, ALL) for i in range(2)]
    return program, train(program.bind(ROWS, [0, 0]), start, lots)[0]


def ours(weight):
    """torch's gates (input, forget, cell, output) in our order, columns for rows."""
    i, f, g, o = weight.chunk(4)
    return torch.cat([i, f, o, g]).T


def test_the_stacked_lstm_is_torchs_own_in_values_and_gradients():
    torch.manual_seed(0)
    nets = [torch.nn.LSTM(3, 4) for _ in range(2)]
    x = torch.randn(2, 5, 3, 3)
    into = torch.stack([ours(net.weight_ih_l0.data) for net in nets])
    bias = torch.stack([ours((net.bias_ih_l0 + net.bias_hh_l0).data[:, None]) for net in nets])
    gates = torch.baddbmm(bias, x.flatten(1, 2), into).view(2, 5, 3, 16).requires_grad_()
    weight = torch.stack([ours(net.weight_hh_l0.data) for net in nets]).requires_grad_()
    wanted = torch.randn(2, 5, 3, 4)
    h = lstm.layer(gates, weight)
    (h * wanted).sum().backward()
    for e, net in enumerate(nets):
        plain, _ = net(x[e])
        (plain * wanted[e]).sum().backward()
        torch.testing.assert_close(h[e], plain)
        torch.testing.assert_close(weight.grad[e], ours(net.weight_hh_l0.grad))
        torch.testing.assert_close(gates.grad[e].sum((0, 1)), ours(net.bias_ih_l0.grad[:, None])[0])


def test_one_step_at_a_time_is_all_steps_at_once():
    torch.manual_seed(0)
    gates, weight = torch.randn(2, 4, 3, 20), torch.randn(2, 5, 20)
    state = (torch.zeros(2, 3, 5), torch.zeros(2, 3, 5))
    for t in range(4):
        state = lstm.advance(gates[:, t].clone(), weight, state)
    torch.testing.assert_close(state[0], lstm.layer(gates, weight)[:, -1])


def test_training_learns_the_rows_and_is_the_same_again(learned):
    program, weights = learned
    rows, share = padded([ALL, ALL])
    before = program.bind(ROWS, [0, 0]).judge(repeated(program.start(0), 2), rows, share, 1, torch.ones(1))
    after = program.bind(ROWS, [0, 0]).judge(weights, rows, share, 1, torch.ones(1))
    assert bool((after.loss < before.loss / 2).all())
    assert bool((after.accuracy > 0.7).all())
    lots = [Lot(noise.key(i), QUICK, ALL, ALL) for i in range(2)]
    again = train(program.bind(ROWS, [0, 0]), repeated(program.start(0), 2), lots)[0]
    assert all(torch.equal(again[name], value) for name, value in weights.items())


def test_an_ingredient_learns_the_same_alone():
    program = made()
    short = Settings(learning_rate=0.01, steps=5, dropout=0.2, optimiser="rmsprop", batch=8)
    lots = [Lot(noise.key(i), short, ALL[: 10 + i], ALL) for i in range(3)]
    stacked = train(program.bind(ROWS, [0] * 3), repeated(program.start(0), 3), lots)[0]
    alone = train(program.bind(ROWS, [0]), program.start(0), lots[1:2])[0]
    for name, value in alone.items():
        torch.testing.assert_close(one(stacked, 1)[name], value, atol=1e-5, rtol=1e-4)


def test_a_wider_menagerie_changes_nothing_for_the_others():
    wide = pd.DataFrame({"a": ["abcdefgh", "abcdefgh"] * 10, "b": [345678.0] * 20})
    narrow, both = made(), made([ROWS, wide])
    start, padded_start = narrow.start(3), both.start(3)
    rows, share = padded([ALL])
    few = narrow.bind(ROWS, [0]).loss(start, rows, share, quiet(1, 0.5))
    many = both.bind(ROWS, [0]).loss(one(padded_start, 0), rows, share, quiet(1, 0.5))
    torch.testing.assert_close(few, many)
    known = narrow.tensors.codecs[0].symbols
    assert torch.equal(start["embed.weight"][0], padded_start["embed.weight"][0, :known])
    assert torch.equal(start["layer0.hidden.weight"][0], padded_start["layer0.hidden.weight"][1])


def test_longer_rows_in_the_batch_do_not_change_a_rows_dropout():
    program = made()
    bound = program.bind(ROWS, [0])
    short, long = (bound._kept(quiet(1, 0.5), rows, steps)[0] for rows, steps in ((2, 3), (4, 6)))
    assert torch.equal(short, long[:, :3, :2])
    assert not torch.equal(short[:, :, 0], short[:, :, 1])


def test_loss_without_noise_is_what_judge_says(learned):
    program, weights = learned
    bound = program.bind(ROWS, [0, 0])
    rows, share = padded([ALL, ALL[:3]])
    judged = bound.judge(weights, rows, share, 8, torch.tensor([1.0, 0.5]))
    torch.testing.assert_close(bound.loss(weights, rows, share, quiet(2)), judged.loss[:, 0])
    assert judged.loss.shape == (2, 2)


def test_judging_in_blocks_changes_nothing(learned, monkeypatch):
    program, weights = learned
    bound = program.bind(ROWS, [0, 0])
    rows, share = padded([ALL, ALL])
    whole = bound.judge(weights, rows, share, 1, torch.ones(1))
    monkeypatch.setattr("stockpot.families.char.net.AT_A_TIME", 1)
    parts = bound.judge(weights, rows, share, 1, torch.ones(1))
    torch.testing.assert_close(whole.loss, parts.loss)
    torch.testing.assert_close(whole.accuracy, parts.accuracy)


def test_an_ensemble_of_one_is_its_ingredient(learned):
    program, weights = learned
    rows, share = padded([ALL])
    alone = program.bind(ROWS, [0]).judge(one(weights, 0), rows, share, 1, torch.ones(1))
    mixed = program.bind(ROWS, [0, 0]).judge(
        weights, rows.expand(2, -1), share.expand(2, -1), 1, torch.ones(1), torch.tensor([1.0, 0.0])
    )
    torch.testing.assert_close(mixed.loss, alone.loss)
    assert mixed.accuracy.shape == (1,)


def test_a_character_never_seen_costs_all_models_the_same(learned):
    program, weights = learned
    strange = pd.DataFrame({"a": ["ß"], "b": [1.0]})
    bound = program.bind(strange, [0, 0])
    logp = torch.log_softmax(torch.randn(2, 1, 1, program.tensors.sizes.symbols), dim=-1)
    told = torch.full((2, 1, 1), UNKNOWN)
    scored = bound._true(logp, told, bound.unseen)
    assert torch.equal(scored[0], scored[1])
    assert torch.isfinite(bound.judge(weights, *padded([[0], [0]]), 1, torch.ones(1)).loss).all()


def test_drawn_rows_are_valid_and_the_same_again(learned):
    program, weights = learned
    drawn = [program.draw(one(weights, 0), 0, 30, torch.Generator().manual_seed(4), 1.0) for _ in range(2)]
    assert len(drawn[0].frame) == 30
    assert list(drawn[0].frame.columns) == ["a", "b"]
    assert set(drawn[0].frame["a"]) <= {"x", "yy"}
    pd.testing.assert_frame_equal(drawn[0].frame, drawn[1].frame)
    assert drawn[0].rejected == drawn[1].rejected


def test_no_rows_is_an_empty_frame(learned):
    program, weights = learned
    drawn = program.draw(one(weights, 0), 0, 0, torch.Generator(), 1.0)
    assert list(drawn.frame.columns) == ["a", "b"]
    assert len(drawn.frame) == 0


def test_an_ensemble_draws_too(learned):
    program, weights = learned
    drawn = program.draw(weights, 0, 5, torch.Generator().manual_seed(0), 1.0, torch.tensor([0.5, 0.5]))
    assert len(drawn.frame) == 5


def test_a_net_that_learned_nothing_says_so_in_a_sentence():
    program = made()
    mute = {name: torch.zeros_like(value) for name, value in program.start(0).items()}
    mute["leave.bias"][0, 0, 3] = 50.0  # nothing but delimiters
    sentence = r"^Only 0 of \d+ drawn rows were valid, and 2 are wanted \(most often the row"
    with pytest.raises(UserError, match=sentence):
        program.draw(mute, 0, 2, torch.Generator().manual_seed(0), 1.0)


def test_a_soup_of_ingredients_of_one_base_draws_as_they_do(learned):
    program, weights = learned
    states = [{n: v[i] for n, v in weights.items()} for i in range(2)]
    soup = {name: value[None] for name, value in blend(states, [0.5, 0.5]).items()}
    rows, share = padded([ALL])
    judged = program.bind(ROWS, [0]).judge(soup, rows, share, 1, torch.ones(1))
    assert float(judged.accuracy) > 0.7


def test_a_program_survives_json_and_can_be_cut_to_one_menagerie(learned):
    program, _ = learned
    back = CharFamily().from_json(json.loads(json.dumps(program.to_json())))
    assert back == program
    wide = pd.DataFrame({"a": ["abcdefgh", "abcdefgh"] * 10, "b": [345678.0] * 20})
    both = made([ROWS, wide])
    assert both.only(0).shapes == both.shapes
    assert both.only(1).unseen(wide, 0) == 0


def test_every_sdtype_can_be_written_as_text():
    kinds = ("numerical", "categorical", "boolean", "datetime", "id", "text")
    CharFamily().refuse(Schema(tuple(Column(kind, kind, "object", None) for kind in kinds)))


def test_the_mean_of_the_rows_losses_is_what_judge_says(learned):
    program, weights = learned
    rows, share = padded([np.arange(7)] * 2)
    bound, mix, half = program.bind(ROWS, [0, 0]), torch.tensor([0.3, 0.7]), torch.tensor([0.5])
    each, both = bound.losses(weights, rows, 1, 0.5), bound.losses(weights, rows, 1, 0.5, mix)
    torch.testing.assert_close(each.mean(1), bound.judge(weights, rows, share, 1, half).loss[:, 0])
    torch.testing.assert_close(both.mean(1), bound.judge(weights, rows, share, 1, half, mix).loss[:, 0])
    assert each.shape == (2, 7)
    assert both.shape == (1, 7)
