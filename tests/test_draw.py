"""Drawing in blocks: what a seed means, and how temperature and raking enter."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from stockpot import draw
from stockpot.families.base import Drawn
from tests.small import frame, quick


@pytest.fixture(scope="module")
def ladle():
    return quick(frame(40), folds=0).ladle


def test_a_block_depends_on_seed_and_number_alone(ladle):
    once, again = (ladle.block(20, 5, 3)[0] for _ in range(2))
    pd.testing.assert_frame_equal(once, again)
    assert not once.equals(ladle.block(20, 5, 4)[0])
    assert not once.equals(ladle.block(20, 6, 3)[0])


def test_any_number_of_rows_comes_in_blocks(ladle, monkeypatch):
    monkeypatch.setattr(draw, "BLOCK", 20)
    blocks = [frame for frame, _ in ladle.blocks(50, 0)]
    assert [len(block) for block in blocks] == [20, 20, 10]
    pd.testing.assert_frame_equal(ladle.draw(50, 0), pd.concat(blocks, ignore_index=True))
    assert not blocks[0].equals(blocks[1])


class Recorder:
    """A program that notes what it was asked for, and rejects as many rows as it gives."""

    def draw(self, weights, menagerie, count, generator, scale, mix=None):
        self.count, self.scale = count, scale
        return Drawn(pd.DataFrame({"a": [1.0] * count}), count)


def test_rows_are_drawn_as_trained_over_the_temperature(ladle):
    program = Recorder()
    replace(ladle, program=program, temperature=2.0, rake=0).block(10, 0)
    assert program.scale == pytest.approx(0.5)


def test_raking_draws_so_many_times_the_rows_and_none_draws_no_more(ladle):
    program = Recorder()
    assert replace(ladle, program=program, rake=0).block(10, 0)[1] == 10
    assert program.count == 10
    frame_, _ = replace(ladle, rake=3).block(10, 0)
    assert len(frame_) == 10


def test_raked_rows_come_from_the_drawn_ones(ladle):
    all_of_them = replace(ladle, rake=0).block(80, 0)[0].astype(str)
    kept = replace(ladle, rake=8).block(10, 0)[0].astype(str)
    assert set(map(tuple, kept.to_numpy())) <= set(map(tuple, all_of_them.to_numpy()))


def test_missing_values_keep_their_rate_where_many_categories_are_rare():
    rng = np.random.default_rng(0)
    kinds = np.array([*"ab" * 15, *map(str, range(30)), *[None] * 30], dtype=object)
    rows = quick(pd.DataFrame({"kind": kinds, "size": rng.normal(size=90).round(1)}), folds=0).sample(1000)
    assert set(rows["kind"].dropna()) == {"a", "b"}
    assert rows["kind"].isna().mean() == pytest.approx(1 / 3, abs=0.05)
