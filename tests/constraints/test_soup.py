"""Constraints in a soup: they hold in all rows it ever draws, or it says why they cannot."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from stockpot.configuration import configured
from stockpot.constraints.drawing import distinct, filled
from stockpot.constraints.rules import Rules
from stockpot.constraints.sieve import Sieve
from stockpot.cook import Clock, provenance, tasted
from stockpot.errors import ConfigError, ConstraintError, DrawError
from stockpot.soup import Soup
from stockpot.table import of_frame
from tests.small import QUICK, quick

GIVEN = ("a + b == total", "low <= high", "combinations(city, land)")


def rules_table(rows: int = 60) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    a, b, low = rng.integers(0, 30, rows), rng.integers(0, 30, rows), np.round(rng.normal(20, 5, rows), 1)
    city = rng.choice(["x", "y", "z"], rows).astype(object)
    table = {"a": a, "b": b, "total": a + b, "low": low, "high": np.round(low + rng.exponential(4, rows), 1)}
    land = pd.Series(city).map({"x": "A", "y": "A", "z": "B"})
    frame = pd.DataFrame(table | {"city": city, "land": land})
    frame.loc[7, "land"] = "Zanzibar"  # a combination of one row alone
    return frame


@pytest.fixture(scope="module")
def soup():
    return quick(rules_table(), folds=0, constraints=GIVEN)


def holds(rows: pd.DataFrame) -> bool:
    lands = set(map(tuple, rows[["city", "land"]].to_numpy()))
    sums = bool((rows["a"] + rows["b"] == rows["total"]).all())
    return (
        sums and bool((rows["low"] <= rows["high"]).all()) and lands <= {("x", "A"), ("y", "A"), ("z", "B")}
    )


def test_every_row_holds_and_the_share_that_did_is_told(soup):
    sieve = Sieve(soup.ladle.rules)
    rows = pd.concat([block for block, _ in soup.blocks(1100, sieve=sieve)], ignore_index=True)
    assert holds(rows)
    assert 0.05 < sieve.share < 1
    assert (rows.dtypes == rules_table().dtypes).all()
    pd.testing.assert_frame_equal(rows, soup.sample(1100))


def test_a_folder_keeps_them_and_no_combination_of_one_row(soup, tmp_path):
    folder = soup.save(tmp_path / "soup")
    loaded = Soup.load(folder)
    pd.testing.assert_frame_equal(loaded.sample(50, seed=3), soup.sample(50, seed=3))
    assert b"Zanzibar" not in (folder / "constraints.json").read_bytes()


def test_what_nothing_breaks_changes_no_row(soup):
    plain = replace(soup.ladle, rules=Rules())
    bounded = replace(plain, rules=Rules.read(["a > -1"], soup.schema))
    pd.testing.assert_frame_equal(bounded.draw(80, 1), plain.draw(80, 1))


def test_without_constraints_a_folder_is_what_it_was(tmp_path):
    made = quick(rules_table()[["a", "low"]], folds=0)
    folder = made.save(tmp_path / "soup")
    assert not (folder / "constraints.json").exists()
    assert "constraints" not in (folder / "provenance.json").read_text()


def test_some_can_be_added_to_drawn_rows(soup):
    rows = soup.sample(40, constraints=["total > 20", "unique(a, b)"])
    assert holds(rows)
    assert (rows["total"] > 20).all()
    assert not rows.duplicated(["a", "b"]).any()


def test_unique_keys_last_from_block_to_block(soup, monkeypatch):
    monkeypatch.setattr("stockpot.draw.BLOCK", 20)
    rows = soup.sample(60, constraints="unique(a, b)")
    assert not rows.duplicated(["a", "b"]).any()


def test_what_hardly_a_row_holds_ends_in_a_sentence(soup):
    with pytest.raises(DrawError, match=r"drawn rows 0 hold '.*low > high \+ 100'.*fewer than one in 1,000"):
        soup.sample(10, constraints="low > high + 100")
    with pytest.raises(DrawError, match=r"hold '.*unique\(land\)'"):
        soup.sample(10, constraints="unique(land)")


def test_real_rows_that_break_one_are_counted_unless_it_is_forced():
    table = rules_table()
    table.loc[[4, 9], "high"] = 0.0
    with pytest.raises(ConstraintError) as error:
        quick(table, folds=0, constraints=["low <= high"])
    assert str(error.value).startswith(
        "2 of 60 real rows break the constraint 'low <= high', the first is row 4"
    )
    forced = quick(table, folds=0, constraints=["low <= high"], constraints_force=True)
    rows = forced.sample(50)
    assert (rows["low"] <= rows["high"]).all()


def test_a_fault_of_spelling_is_an_option_s():
    with pytest.raises(ConfigError, match=r"Option 'constraints' is 'a ='.* no condition"):
        quick(rules_table(), constraints=["a ="])


def test_detected_ones_are_imposed_when_asked_for():
    made = quick(rules_table(), folds=0, constraints=["detected"])
    assert {"a + b == total", "low <= high"} <= set(made.ladle.rules.texts)
    assert holds(made.sample(30).assign(land=lambda rows: rows["land"]))


def test_each_fold_s_soup_has_the_combinations_of_its_own_rows():
    tally = tasted(of_frame(rules_table()), configured(QUICK | {"constraints": GIVEN}), Clock())
    rules = [tally.ladle(number, {0: 1.0}).rules for number in (0, tally.kitchen.main)]
    assert [one.texts for one in rules] == [GIVEN, GIVEN]
    assert holds(tally.rows(0, {0: 1.0}).head(50))
    assert provenance(tally.kitchen, tally.tasting)["plan"]["constraints"] == list(GIVEN)


def test_sets_are_independent_tables(soup):
    first, second = soup.sample_sets(2, 30, seed=5)
    pd.testing.assert_frame_equal(first, soup.sample(30, seed=5))
    assert not first.equals(second)
    assert holds(second)
    for wrong in (0, -1, 1.5, True, 10**6):
        with pytest.raises(ConfigError, match="sets"):
            soup.sample_sets(wrong, 30)


def test_a_row_that_was_picked_twice_makes_room_for_another():
    assert distinct(np.array([2, 2, 0]), 4).tolist() == [2, 0, 1]


def test_a_line_with_conditions_is_drawn_until_it_holds(soup):
    rules = Rules.read(["b > a"], soup.schema)
    asked = []

    def draw(batch: int, lines: np.ndarray) -> tuple[pd.DataFrame, np.ndarray]:
        """Line 0 needs a second batch, line 1 a third; nothing of the first one is valid for line 2."""
        asked.append(lines)
        frame = pd.DataFrame({"a": np.array([1.0, 2.0, 0.0])[lines], "b": float(batch + 1)})
        return frame, np.full(len(lines), True) & ((lines != 2) | (batch > 0))

    def check(frame: pd.DataFrame, _lines: np.ndarray) -> tuple[pd.DataFrame, np.ndarray]:
        return frame, rules.keep(frame)

    lines, invalid = filled(draw, check, Sieve(rules), np.arange(3))
    assert lines["b"].tolist() == [2.0, 3.0, 2.0]
    assert invalid == 1
    assert [set(lines) for lines in asked] == [{0, 1, 2}, {0, 1, 2}, {1}]


def test_lines_of_one_key_take_the_rows_that_they_find_apart(soup):
    """Both lines could be 1, 2 or 3, and draw 1 first."""
    rules = Rules.read(["unique(a)"], soup.schema)
    lines, _ = filled(
        lambda _, lines: (
            pd.DataFrame({"a": 1.0 + np.arange(len(lines)) % 3}),
            np.full(len(lines), True),
        ),
        lambda frame, _: (frame, rules.keep(frame)),
        Sieve(rules),
        np.arange(3),
    )
    assert sorted(lines["a"]) == [1.0, 2.0, 3.0]


def test_a_line_without_hope_is_soon_known_by_the_number_that_a_person_gave_it(soup):
    rules, drawn = Rules.read(["b > a"], soup.schema), []

    def draw(_batch: int, lines: np.ndarray) -> tuple[pd.DataFrame, np.ndarray]:
        drawn.append(len(lines))
        return pd.DataFrame({"a": 1.0, "b": np.where(lines == 7, 0.0, 2.0)}), np.full(len(lines), True)

    with pytest.raises(DrawError, match=r"rows drawn for row 3, counted from 0, none .* holds 'b > a'"):
        filled(draw, lambda rows, _: (rows, rules.keep(rows)), Sieve(rules), np.arange(900) // 2)
    drawn.clear()
    with pytest.raises(DrawError, match="row 0"):
        filled(
            draw,
            lambda rows, _: (rows, np.full(len(rows), False)),
            Sieve(rules),
            np.arange(900),
        )
    assert sum(drawn) < 30_000
