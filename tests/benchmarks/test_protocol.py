import numpy as np
import pandas as pd
import pytest

from stockpot.benchmarks import protocol
from stockpot.benchmarks.protocol import Deal, cut, deal, items, load, reference, score, split
from stockpot.score.rails import copy


def test_every_item_is_listed_once():
    small, large = items("tables"), items("truth")
    assert (len(small), len(large)) == (12, 6)
    assert len({(item.package, item.name) for item in small + large}) == 18


def test_penguins_are_dealt_as_the_example_was():
    penguins = next(item for item in items("tables") if item.name == "penguins")
    dealt = split(load(penguins), 0)
    assert (len(dealt.train), len(dealt.holdout)) == (80, 264)
    assert set(dealt.train["species"]) == {"Adelie", "Chinstrap", "Gentoo"}


def test_columns_that_name_a_row_are_dropped():
    credit = next(item for item in items("tables") if item.name == "Credit")
    assert not {"ID", "rownames"} & set(load(credit))


def test_a_level_spelt_none_is_no_missing_value():
    arthritis = next(item for item in items("tables") if item.name == "Arthritis")
    assert "None" in set(load(arthritis)["Improved"])


def test_a_small_table_is_split_by_share():
    dealt = split(pd.DataFrame({"n": range(100)}), 0)
    assert (len(dealt.train), len(dealt.holdout)) == (60, 40)
    assert sorted([*dealt.train["n"], *dealt.holdout["n"]]) == list(range(100))


def test_at_most_a_thousand_rows_judge():
    assert len(split(pd.DataFrame({"n": range(3000)}), 0).holdout) == 1000


def test_a_large_tables_holdout_stays_and_its_learning_rows_are_nested():
    frame = pd.DataFrame({"n": range(3000)})
    few, many = cut(frame, 1, 30), cut(frame, 1, 80)
    assert few.holdout.equals(many.holdout)
    assert few.train["n"].tolist() == many.train["n"].tolist()[:30]
    assert many.fresh is not None
    assert not set(many.fresh["n"]) & {*many.train["n"], *many.holdout["n"]}


def test_deal_cuts_only_where_rows_are_given():
    frame = pd.DataFrame({"n": range(1200)})
    assert deal(frame, 0, None).fresh is None
    assert len(deal(frame, 0, 50).train) == 50


@pytest.fixture
def dealt(monkeypatch):
    """A table of 60 rows, and forests that cost nothing."""
    for forest in ("detection", "utility"):
        monkeypatch.setattr(protocol, forest, lambda *_: 0.5)
    draw = np.random.RandomState(0)
    frame = pd.DataFrame({"n": draw.normal(size=60), "c": draw.choice(["a", "b"], 60)})
    return Deal(frame[:30], frame[30:], frame[10:])


def test_copied_rows_leak(dealt):
    found = score(dealt, copy(dealt.train, 40))
    assert found.copy_rate == 1
    assert found.nearer_train > 0.9
    assert found.verbatim == 1


def test_the_reference_has_an_oracle_where_there_are_fresh_rows(dealt):
    assert reference(dealt).fidelity_oracle is not None
    assert reference(Deal(dealt.train, dealt.holdout)).fidelity_oracle is None
