"""Menageries: no row of a fold reaches its own one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch

from stockpot.kitchen import Kitchen, chosen, gather, menagerie, soup, train_base
from stockpot.season import Season, season
from stockpot.stock import train_all
from tests.small import frame, kitchen

FAR, PLACE = 987654.321, "Zanzibar-Unique"


def planted(row: int) -> pd.DataFrame:
    """A table whose row ``row`` holds a number far out, more digits than the others, a category and missing
    values.
    """
    table = frame(40)
    table["count"] = table["count"].astype(float)
    table.loc[row, "size"] = FAR
    table.loc[row, "kind"] = PLACE
    table.loc[row, "count"] = np.nan
    table["healthy"] = table["healthy"].astype(object)
    table.loc[row, "healthy"] = None
    return table


def replaced(row: int, by: int) -> pd.DataFrame:
    """The same table with that row said again as another one of its fold."""
    table = planted(row)
    table.loc[row] = table.loc[by]
    return table


def cooked(table: pd.DataFrame) -> tuple[Kitchen, Any, Any, Season]:
    made = kitchen(table, subsets={"count": 3}, grid={"steps": [6], "learning_rate": [0.003]})
    base = train_base(made)
    weights = train_all(made).ingredients
    return made, base, weights, season(made, weights, 0)


@pytest.fixture(scope="module")
def pair():
    """Two cooks whose tables differ in one row of fold 0."""
    row, other = kitchen(frame(40), subsets={"count": 3}).deal.folds[0][:2]
    return cooked(planted(int(row))), cooked(replaced(int(row), int(other)))


def codecs_of(made: Kitchen) -> Any:
    return [made.program.only(m).to_json()["codecs"] for m in range(made.deal.menageries)]


def test_the_planted_row_is_dealt_into_fold_0_of_both(pair):
    (ours, *_), (theirs, *_) = pair
    assert all(np.array_equal(a, b) for a, b in zip(ours.deal.folds, theirs.deal.folds, strict=True))
    assert PLACE in set(ours.held_out(0)["kind"])
    assert PLACE not in set(ours.learning(0)["kind"])


def test_a_folds_rows_do_not_reach_its_codec_and_do_reach_the_others(pair):
    ours, theirs = (codecs_of(made) for made, *_ in pair)
    assert ours[0] == theirs[0]
    assert ours[1] != theirs[1]
    assert ours[-1] != theirs[-1]


def test_a_folds_rows_do_not_reach_its_base_and_do_reach_the_main_one(pair):
    (made, ours, *_), (other, theirs, *_) = pair
    assert (
        made.program.shapes == other.program.shapes
    )  # else the padding, and with it the rounding, would differ
    assert all(torch.equal(ours[name][0], theirs[name][0]) for name in ours)
    assert not torch.equal(ours["enter.weight"][-1], theirs["enter.weight"][-1])


def test_a_folds_rows_do_not_reach_its_ingredients_and_do_reach_the_main_ones(pair):
    ours, theirs = (cooked[2] for cooked in pair)
    assert all(torch.equal(ours[name][0], theirs[name][0]) for name in ours)
    assert not torch.equal(ours["enter.weight"][-1], theirs["enter.weight"][-1])


def test_a_folds_rows_do_not_reach_its_scales(pair):
    assert pair[0][3] == pair[1][3]


def test_a_soup_of_one_menagerie_is_the_blend_of_its_ingredients():
    weights = {"w": torch.tensor([[[1.0], [3.0], [8.0]], [[0.0], [0.0], [0.0]]])}
    one = menagerie(weights, 0)
    assert soup(one, {0: 0.5, 1: 0.5})["w"].tolist() == [[2.0]]
    assert soup(one, {2: 1.0})["w"].tolist() == [[8.0]]
    stack, mix = chosen(one, {2: 0.75, 0: 0.25})
    assert stack["w"].tolist() == [[8.0], [1.0]]
    assert mix.tolist() == [0.75, 0.25]


def test_batches_side_by_side_are_in_the_ingredients_order():
    batches = [{"w": torch.tensor([[1, 2], [5, 6]])}, {"w": torch.tensor([[3], [7]])}]
    assert gather(batches)["w"].tolist() == [[1, 2, 3], [5, 6, 7]]
