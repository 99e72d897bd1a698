"""Training a stack: each ingredient learns what it would learn alone.

The same to 1e-5 of a tensor's largest weight, not bitwise: a batched matrix product of one ingredient runs
through another kernel than one of seven, and sums in another order.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
import torch

from stockpot import noise
from stockpot.families.base import Judged
from stockpot.kitchen import menagerie, train_base, train_batch
from stockpot.optimise import Settings
from stockpot.train import Feed, Lot, epoch_steps, padded, train
from tests.small import frame, kitchen

ROWS = np.arange(10)


def assert_same(ours, theirs, precision=1e-5):
    for name, value in ours.items():
        torch.testing.assert_close(value, theirs[name], rtol=0, atol=precision * float(value.abs().max()))


@pytest.fixture(scope="module")
def cooking():
    made = kitchen(
        frame(40), subsets={"count": 8}, grid={"steps": [30], "learning_rate": [0.002, 0.003, 0.004]}
    )
    return made, train_base(made)


def test_an_ingredients_weights_are_the_same_in_a_batch_of_1_7_or_24(cooking):
    made, base = cooking
    alone = train_batch(made, base, [5])
    for count in (7, 24):
        batch = train_batch(made, base, range(count))
        assert_same({n: v[:, 5:6] for n, v in batch.items()}, alone)


def test_ingredients_differ_and_have_moved(cooking):
    made, base = cooking
    batch = train_batch(made, base, [0, 1, 8])
    for name, value in batch.items():
        assert not torch.equal(value[:, 0], value[:, 1])  # another subset
        assert not torch.equal(value[:, 0], value[:, 2])  # another learning rate
        assert not torch.equal(value[:, 0], base[name])


def test_the_same_batch_is_the_same_bitwise(cooking):
    made, base = cooking
    once, again = (train_batch(made, base, [0, 1]) for _ in range(2))
    assert all(torch.equal(once[name], again[name]) for name in once)


def test_a_menagerie_learns_what_it_would_learn_without_the_others(cooking):
    made, base = cooking
    together = train_batch(made, base, [3])
    bound, lot = made.bound(0), made.lot(0, made.plan.ingredients[3])
    alone = train(bound, {n: v[:1] for n, v in menagerie_of(base, 0).items()}, [lot])[-1]
    assert_same(alone, menagerie(together, 0))


def menagerie_of(base, number):
    return {name: value[number][None] for name, value in base.items()}


def test_fractions_are_stops_on_one_way(cooking):
    made, base = cooking
    lots = [made.lot(0, made.plan.ingredients[0])]
    start = menagerie_of(base, 0)
    third, whole = train(made.bound(0), start, lots, (1 / 3, 1.0))
    shorter = [
        Lot(lots[0].key, Settings(**(vars(lots[0].settings) | {"steps": 10})), lots[0].rows, lots[0].left_out)
    ]
    assert_same(third, train(made.bound(0), start, shorter)[-1], precision=0)
    assert not torch.equal(third["leave.weight"], whole["leave.weight"])


def test_training_lowers_the_loss(cooking):
    made, base = cooking
    trained = menagerie(train_batch(made, base, [0]), 2)
    rows, share = padded([np.arange(40)])
    before, after = (
        made.bound(2).judge(w, rows, share, 6, torch.ones(1)).loss.item()
        for w in (menagerie_of(base, 2), trained)
    )
    assert after < before


def test_padded_rows_have_no_share():
    rows, shares = padded([np.array([4, 7]), np.array([1, 2, 3])])
    assert rows.tolist() == [[4, 7, 0], [1, 2, 3]]
    assert shares[0].tolist() == [0.5, 0.5, 0]
    assert shares.sum(1).tolist() == pytest.approx([1, 1])


def test_full_batches_show_all_rows_every_step():
    rows, _ = Feed([Lot(1, Settings(0.1, 3), ROWS, ROWS)])(2)
    assert rows[0].tolist() == ROWS.tolist()


def test_small_batches_show_each_row_once_an_epoch_in_an_order_of_their_own():
    lot = Lot(1, Settings(0.1, 9, batch=4), ROWS, ROWS)
    other = Lot(2, Settings(0.1, 9, batch=4), ROWS[:5], ROWS)
    feed, alone = Feed([lot, other]), Feed([lot])
    assert epoch_steps(lot) == 3
    epochs = [
        [row for step in steps for row in alone(step)[0][0].tolist()] for steps in ((1, 2, 3), (4, 5, 6))
    ]
    assert sorted(epochs[0]) == sorted(epochs[1]) == ROWS.tolist()
    assert epochs[0] != epochs[1]
    assert feed(2)[0][0].tolist() == alone(2)[0][0].tolist()


class Slide:
    """A bound whose weight slides down and whose left-out losses are told beforehand, by step."""

    def __init__(self, losses: Sequence[float]) -> None:
        self.losses, self.looks = list(losses), 0

    def loss(self, weights, rows, share, by):
        return weights["w"].sum(-1)

    def judge(self, weights, rows, share, masks, scales, mix=None):
        self.looks += 1
        told = self.losses[self.looks - 1]
        return Judged(torch.full((len(rows), 1), told), torch.zeros(len(rows)))


def slid(losses: Sequence[float], **settings) -> tuple[float, int]:
    """(the weight that is kept, how often it was looked at)"""
    bound = Slide(losses)
    lot = Lot(
        noise.key(0), Settings(**({"learning_rate": 1.0, "optimiser": "rmsprop"} | settings)), ROWS, ROWS
    )
    kept = train(bound, {"w": torch.zeros(1, 1)}, [lot])[0]
    return kept["w"].item(), bound.looks


def test_patience_stops_and_keeps_the_best():
    losses = [5, 4, 6, 6, 6, 6, 6, 6]
    best, looks = slid(losses, steps=8, patience=2)
    assert looks == 4
    assert best == slid(losses, steps=2, patience=2)[0]


def test_a_gain_of_less_than_a_thousandth_is_none():
    assert slid([5, 4.9995, 4.999, 4.9985], steps=4, patience=3)[0] == slid([5], steps=1, patience=3)[0]


def test_a_training_that_ends_within_its_first_epoch_keeps_its_last_step():
    impatient, patient = (slid([5], steps=2, batch=4, patience=p)[0] for p in (0, 3))
    assert patient == impatient
