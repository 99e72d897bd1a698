"""Constraints and sets in a cook: in the stages' artefacts, and in what a person is told."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from stockpot import reporting, stages
from stockpot.configuration import configured
from stockpot.constraints.settle import offered
from stockpot.dish import rows_key, soup_key
from stockpot.errors import ConstraintError
from stockpot.larder import prepare
from stockpot.table import of_frame
from tests.constraints.test_soup import holds, rules_table
from tests.cooked import cooked

LOW = "low <= high"


@pytest.fixture(scope="module")
def cook(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cook")
    out, config = cooked(folder, rules_table(), folds=0, constraints=[LOW, "a + b == total"], sets=2)
    return out, prepare(config)


def test_the_soup_of_a_cook_has_them(cook):
    out, dish = cook
    assert dish.plan.constraints == (LOW, "a + b == total")
    told = json.loads((out / "soup" / "constraints.json").read_text())
    assert [one["constraint"] for one in told] == list(dish.plan.constraints)


def test_each_set_is_an_artefact_of_its_own_whose_rows_hold(cook):
    _, dish = cook
    made = [stages.folder_of(dish, stages.make_rows(dish, 40, "csv", number)) for number in (0, 1)]
    first, second = (pd.read_csv(folder / "synthetic.csv") for folder in made)
    assert not first.equals(second)
    assert (first["low"] <= first["high"]).all()
    assert (second["a"] + second["b"] == second["total"]).all()
    assert rows_key(dish, 40, "csv", 0) == rows_key(dish, 40, "csv")


def test_what_they_cost_and_what_else_holds_is_told(cook):
    _, dish = cook
    told = reporting.notes(dish, stages.read_tasting(dish), {"tried": 200, "kept": 150})
    assert "2 constraints hold in every drawn row; 75.0% of 200 candidates held on their own." in told
    assert not any("--constraints detected" in note and LOW in note for note in told)


def test_one_sentence_offers_what_was_found():
    told = offered(of_frame(rules_table()), ())
    assert told.startswith(
        "3 constraints hold in every real row and need not in drawn ones ('a + b == total', '"
    )
    assert told.count(". ") == 0
    assert offered(of_frame(rules_table()[["a", "low"]]), ()) == ""


def test_others_have_other_keys(tmp_path):
    config = {"table": str(tmp_path / "t.csv"), "store": str(tmp_path / "store"), "folds": 0}
    rules_table().to_csv(tmp_path / "t.csv", index=False)
    plain = prepare(configured(config))
    assert soup_key(plain) != soup_key(prepare(configured(config | {"constraints": [LOW]})))
    assert plain.plan.constraints == ()


def test_the_first_row_that_breaks_one_is_the_person_s_even_beside_a_holdout(tmp_path):
    table = rules_table()
    table.loc[50, "high"] = 0.0
    table.to_csv(tmp_path / "t.csv", index=False)
    config = {"table": str(tmp_path / "t.csv"), "store": str(tmp_path / "store"), "holdout": 0.2}
    with pytest.raises(
        ConstraintError, match=r"^One of 60 real rows breaks .*the first is row 50 counted from 0"
    ):
        prepare(configured(config | {"constraints": [LOW]}))
    assert holds(rules_table().drop(index=7))
