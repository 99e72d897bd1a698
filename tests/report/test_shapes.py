"""Columns reduced to what is drawn, and associations, by hand."""

import math

import numpy as np
import pandas as pd
import pytest

from stockpot.report.association import associations
from stockpot.report.shapes import TOP, farthest, kind_of, shapes


def shape_of(real, synthetic):
    made, _ = shapes(pd.DataFrame({"x": real}), pd.DataFrame({"x": synthetic}))
    return made[0]


def test_shares_of_categories_are_of_all_rows_and_missing_stands_apart():
    shape = shape_of(["a", "a", "b", None], ["a", "b", "b", "b"])
    assert shape.labels == ("a", "b")
    assert shape.real == (0.5, 0.25)
    assert shape.synthetic == (0.25, 0.75)
    assert shape.missing == (0.25, 0.0)
    assert shape.distance == pytest.approx(0.5)


def test_shares_of_numbers_and_missing_add_up_to_one():
    shape = shape_of([0.5, 1.5, 2.25, math.nan] * 9, [0.5, math.inf, 2.75, 9.125] * 9)
    assert sum(shape.real) + shape.missing[0] == pytest.approx(1)
    assert sum(shape.synthetic) + shape.missing[1] == pytest.approx(1)
    assert shape.missing == (0.25, 0.25)


def test_equal_columns_are_at_distance_zero_and_disjoint_ones_at_one():
    numbers = list(np.linspace(0, 1, 40))
    assert shape_of(numbers, numbers).distance == 0
    assert shape_of(numbers, [9.5, 10.25] * 20).distance == 1


def test_chance_is_what_two_samples_of_one_source_show():
    random = np.random.default_rng(0)
    numbers = [shape_of(random.random(80), random.random(500)) for _ in range(60)]
    letters = [shape_of(random.choice(list("abcd"), 80), random.choice(list("abcd"), 500)) for _ in range(60)]
    for made in (numbers, letters):
        assert np.mean([s.distance for s in made]) == pytest.approx(
            np.mean([s.chance for s in made]), rel=0.15
        )


def test_many_categories_are_twelve_and_the_rest():
    names = [f"c{i:03}" for i in range(200)]
    shape = shape_of(["c000"] * 5 + names, names * 2)
    assert len(shape.labels) == TOP + 1
    assert shape.labels[0] == "c000"
    assert shape.labels[-1] == "others (188)"
    assert sum(shape.real) == pytest.approx(1)
    assert sum(shape.synthetic) == pytest.approx(1)


def test_few_whole_numbers_are_bars_in_their_own_order():
    shape = shape_of([10, 2, 2, 9] * 5, [2.0, 10.0, math.nan, 9.0])
    assert shape.labels == ("2", "9", "10")
    assert shape.missing == (0, 0.25)


def test_a_truth_is_the_same_in_both_tables():
    assert shape_of([True, False], pd.Series([True, False], dtype="object")).distance == 0


def test_bins_are_whole_steps_so_that_rounding_makes_no_comb():
    random = np.random.default_rng(0)
    shape = shape_of(25 * random.integers(100, 200, 300), 25 * random.integers(100, 200, 300))
    widths = np.diff(shape.edges) / 25
    assert widths == pytest.approx(np.round(widths))


def test_sizes_that_span_decades_are_binned_by_their_logarithm():
    shape = shape_of(10.0 ** np.linspace(0, 6, 99), 10.0 ** np.linspace(0, 6, 50))
    assert shape.tenfold
    assert shape.edges[-1] < 7


def test_one_far_value_does_not_squeeze_the_others_into_one_bin():
    shape = shape_of([*np.linspace(-1, 1, 400), 1e9], np.linspace(-1, 1, 400))
    assert max(shape.real) < 0.5


@pytest.mark.parametrize("dtype", ["float64", "object"])
def test_a_column_without_a_value_is_all_missing(dtype):
    nothing = pd.Series([None] * 9, dtype=dtype)
    shape = shape_of(nothing, nothing)
    assert shape.missing == (1.0, 1.0)


def test_times_are_days_with_or_without_a_zone():
    days = pd.Series(pd.date_range("2024-01-01", periods=30))
    assert kind_of(days) == "times"
    plain, zoned = shape_of(days, days), shape_of(days.dt.tz_localize("Asia/Tokyo"), days.astype(str))
    assert plain.kind == zoned.kind == "times"
    assert plain.distance == 0
    assert plain.missing == (0, 0)


def test_nullable_types_of_pandas_are_read():
    whole = pd.Series([1, 2, None] * 30, dtype="Int64")
    many = pd.Series([*range(40), None], dtype="Int64")
    assert shape_of(whole, whole).missing == (pytest.approx(1 / 3), pytest.approx(1 / 3))
    assert shape_of(many, many).kind == "numbers"
    assert shape_of(pd.Series(["a", None], dtype="category"), ["a", "a"]).real == (0.5,)


def test_an_id_and_a_lacking_column_are_left_out_with_a_sentence():
    real = pd.DataFrame({"id": [f"row {i}" for i in range(30)], "gone": range(30)})
    made, left_out = shapes(real, real[["id"]])
    assert made == []
    assert "'id'" in left_out[0]
    assert "'gone'" in left_out[1]


def test_the_columns_that_differ_most_stay_in_the_order_of_the_table():
    real = pd.DataFrame({"same": ["a", "b"], "far": ["a", "b"], "near": ["a", "b"], "none": [None, None]})
    drawn = pd.DataFrame({"same": ["a", "b"], "far": ["c", "c"], "near": ["a", "a"], "none": [None, None]})
    assert [shape.name for shape in farthest(shapes(real, drawn)[0], 2)] == ["far", "near"]


def association(a, b):
    frame = pd.DataFrame({"a": a, "b": b})
    return associations(frame, {name: kind_of(frame[name]) for name in frame})[0, 1]


def test_ranks_that_rise_or_fall_together_are_one_and_minus_one():
    x = np.linspace(0.5, 3.25, 30)
    assert association(x, np.exp(x)) == pytest.approx(1)
    assert association(x, -x) == pytest.approx(-1)


def test_categories_that_tell_each_other_are_one():
    assert association(list("abc") * 10, list("xyz") * 10) == pytest.approx(1)


def test_a_category_that_tells_a_number_is_near_one():
    assert association(["a"] * 20 + ["b"] * 20, [*np.linspace(0, 1, 20), *np.linspace(9, 10, 20)]) > 0.8


def test_chance_makes_no_association_of_many_categories():
    random = np.random.default_rng(0)
    letters = list("abcdefghij")
    values = [association(random.choice(letters, 80), random.choice(letters, 80)) for _ in range(20)]
    assert np.mean(values) < 0.1


def test_nothing_is_said_of_a_constant_or_too_few_rows():
    assert math.isnan(association(["a"] * 9, list("abc") * 3))
    assert math.isnan(association([1.5, None] * 20, [None, 2.5] * 20))


def test_numbers_are_compared_on_the_rows_that_have_both():
    x = np.linspace(0.25, 9, 40)
    assert association(np.where(x > 5, math.nan, x), x) == pytest.approx(1)
