"""The field family's codec: what its tokens say, and of whom."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from stockpot.errors import SchemaError
from stockpot.families import base
from stockpot.families.field.codec import FieldCodec, layout, refuse
from stockpot.families.field.columns import Category, Number
from stockpot.schema import Column, Schema
from stockpot.table import of_frame
from tests.small import frame

RNG = np.random.default_rng(0)


def text(*values: str | None) -> pd.Series:
    return pd.Series(list(values), dtype=object)


def number(*values: float | None, decimals: int = 0) -> Number:
    return Number.fit("n", pd.Series(values, dtype=float), decimals, 32, 6)


def test_a_category_of_one_row_is_rare_and_never_drawn():
    made = Category.fit("c", text("a", "a", "b", None))
    assert made.levels == ("a",)
    assert made.tokens(text("a", "b", "never seen", None)).tolist() == [0, 1, 1, 2]
    assert made.drawable.tolist() == [True, False, True]


def test_true_and_false_tell_of_nobody_and_are_kept():
    made = Category.fit("c", text("True", "True", "False"), ("False", "True"))
    assert made.levels == ("False", "True")


def test_unseen_values_are_counted_and_scored_by_reserved_tokens():
    category, count = Category.fit("c", text("a", "a", "b", "b")), number(1, 1, 2, 2, 3, 3)
    assert category.unseen(text("a", "z", None)) == 2
    assert category.tokens(text("z", None)).tolist() == [2, 3]
    values = pd.Series([1.0, -50.0, 50.0, np.nan])
    assert count.unseen(values) == 3
    assert count.tokens(values).tolist() == [0, 0, 2, 3]


def test_a_missing_value_is_drawn_only_if_one_was_missing():
    assert not number(1, 1, 2).drawable[-1]
    assert number(1, 1, None).drawable[-1]
    assert np.isnan(number(1, 1, None).decode(np.array([1]), RNG)).all()


def test_where_nothing_may_be_said_everything_is_missing():
    made = Category.fit("c", text("a", "b", "c"))
    assert made.drawable.tolist() == [False, True]
    assert made.decode(np.array([1, 1]), RNG).tolist() == [None, None]


def test_decoded_tokens_are_those_of_their_values():
    table = of_frame(frame(60))
    codec = FieldCodec.fit(table.canonical, table.schema, 32, 6)
    tokens = codec.tokens(table.canonical)
    again = codec.tokens(codec.decode(tokens, RNG))
    assert np.array_equal(tokens, again)
    assert codec.unseen(table.canonical) == 0


def test_a_codec_in_json_is_the_same_codec():
    table = of_frame(frame(60))
    codec = FieldCodec.fit(table.canonical, table.schema, 32, 6)
    assert FieldCodec.from_json(json.loads(json.dumps(codec.to_json()))) == codec


def test_precision_is_read_off_the_learning_rows():
    assert number(1, 2, 3, 4, decimals=5).bins.decimals == 0


def test_a_number_that_one_row_alone_knows_is_never_said():
    frame_ = pd.DataFrame({"n": [np.nan] * 9 + [987654.321], "c": list("aabbccddee")}).astype({"n": float})
    table = of_frame(frame_)
    codec = FieldCodec.fit(table.canonical, table.schema, 32, 6)
    assert "987654" not in json.dumps(codec.to_json())


def test_more_bins_than_outputs_share_smooth_functions():
    many, few = Number.fit("n", pd.Series(np.arange(80.0)), 0, 32, 6), number(1, 1, 2, 2)
    assert many.outputs().shape == (7, 33)  # six functions of the bin, one of 'missing'
    assert few.outputs().tolist() == np.eye(3).tolist()
    assert many.features().shape[0] == 33
    assert np.isfinite(many.features()).all()


def test_label_smoothing_moves_a_share_to_neighbours_only():
    near = Number.fit("n", pd.Series(np.arange(80.0)), 0, 8, 6).neighbours()
    assert near.sum(1) == pytest.approx(1)
    assert near[3].nonzero()[0].tolist() == [1, 2, 4, 5]
    assert near[-1, -1] == 1
    assert number(1, 1).neighbours().tolist() == np.eye(2).tolist()


def test_a_layout_is_the_widest_of_each_field():
    table = of_frame(frame(60))
    codecs = [FieldCodec.fit(table.canonical[:rows], table.schema, 32, 6) for rows in (10, 60)]
    assert layout(codecs).tokens == tuple(map(max, zip(*(layout([c]).tokens for c in codecs), strict=True)))


def test_a_column_that_cannot_be_learned_is_named():
    schema = Schema((Column("born", "datetime", "object", None),))
    with pytest.raises(SchemaError, match=r"'born' holds datetime values.*leave it out"):
        refuse(schema)


def test_listed_numbers_come_as_often_as_their_bin_draws_them():
    made = number(*[0.0] * 4, *[2.0] * 5)

    def asked(*values):
        return made.allowed(base.Test("n", lambda told: told.isin(values).to_numpy(), values))

    both = asked(1.0, 2.0)
    assert both.shares.tolist() == pytest.approx([0, 1, 0], abs=1e-5)
    assert (both.pools[1] == 2).mean() > 0.99  # 1 lies in its bin, and no row says it
    assert set(asked(1.0).pools[1]) == {1.0}
    assert asked(1.0).shares.any()
