"""What is offered holds in every row and hardly would by chance; the silly is left out."""

from __future__ import annotations

import numpy as np
import pandas as pd

from stockpot.constraints.detect import detect
from stockpot.constraints.rules import Rules
from stockpot.table import of_frame


def found(**columns: object) -> list[str]:
    table = of_frame(pd.DataFrame(columns))
    texts = [one.text for one in detect(table.canonical, table.schema)]
    assert not Rules.read(texts, table.schema).fitted(table.canonical).broken(table.canonical)
    return texts


def ints(low: int, high: int, seed: int, rows: int = 60) -> np.ndarray:
    return np.random.default_rng(seed).integers(low, high, rows)


def test_an_order_of_two_columns_that_overlap():
    low = ints(0, 90, 0)
    assert found(low=low, high=low + ints(0, 9, 1)) == ["low <= high"]


def test_columns_that_never_overlap_say_nothing():
    assert found(age=ints(20, 60, 0), year=ints(1990, 2020, 1)) == []


def test_what_two_orders_imply_is_left_out():
    a = ints(0, 90, 0)
    b = a + ints(0, 9, 1)
    assert found(a=a, b=b, c=b + ints(0, 9, 2)) == ["a <= b", "b <= c"]


def test_datetimes_and_sums_in_odd_names():
    start = pd.Timestamp("2024-01-01") + pd.to_timedelta(ints(0, 300, 0), unit="D")
    days = pd.to_timedelta(ints(1, 9, 1), unit="D")
    assert found(start=start, end=start + days) == ["start < end"]
    a, b = ints(0, 90, 2), ints(0, 90, 3)
    assert found(**{"a 1": a, "b": b, "all": a + b}) == ["`a 1` + b == all"]


def test_two_parts_of_a_whole():
    asleep = ints(10, 190, 0) / 10
    assert found(asleep=asleep, awake=np.round(24 - asleep, 1)) == ["asleep + awake == 24"]


def test_a_measured_number_is_no_part_of_a_key():
    income = np.round(np.random.default_rng(0).normal(50, 10, 60), 3)
    income[0] = income[1]
    cards = ints(1, 5, 1)
    cards[0] = 9
    assert found(income=income, cards=cards) == []


def test_few_rows_are_no_support():
    a = ints(0, 90, 0, 12)
    assert found(a=a, b=a + ints(0, 9, 1, 12)) == []


def test_combinations_that_never_meet_by_rule_and_not_by_chance():
    rng = np.random.default_rng(0)
    city = rng.choice(["x", "y", "z", "w"], 80)
    land = pd.Series(city).map({"x": "A", "y": "A", "z": "B", "w": "B"})
    assert found(city=city, land=land) == ["combinations(city, land)"]
    assert found(city=city, other=rng.choice(["A", "B"], 80)) == []


def test_keys_of_two_columns_and_one_hot_columns():
    when = np.tile(np.arange(8), 10)
    assert "unique(who, at)" in found(who=np.repeat(np.arange(10) * 3 + 1, 8), at=when)
    kind = np.random.default_rng(1).integers(0, 3, 60)
    hot = {f"is_{i}": (kind == i).astype(int) for i in range(3)}
    assert found(**hot) == ["one_hot(is_0, is_1, is_2)"]
