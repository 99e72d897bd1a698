"""Numbers as people write them."""

import pandas as pd
import pytest

from stockpot.canonical import canonical, restore
from stockpot.errors import SchemaError
from stockpot.schema import Schema, detect
from stockpot.written import form_of

NUMBERS = [1234.5, 0.25, 17, 88.1, 1e6, 3, 4, 5, 6, 7, 8, 9]


@pytest.mark.parametrize(
    ("texts", "first"),
    [
        ([f"${x:,.2f}" for x in NUMBERS], 1234.5),
        ([f"-${x:,.2f}" for x in NUMBERS], -1234.5),
        ([f"{x:.2f}".replace(".", ",") + " €" for x in NUMBERS], 1234.5),
        ([f"{x:,.2f}".translate({44: 46, 46: 44}) for x in NUMBERS], 1234.5),
        ([f"{x:,.0f}".replace(",", " ") + " kg" for x in range(1000, 1012)], 1000),
        ([f"{x} %" for x in range(12)], 0),
        ([f"{x}%" for x in range(10, 22)], 10),
        ([f"EUR {x:,.0f}" for x in range(995, 1007)], 995),
        ([f"{x:g}kg" for x in NUMBERS[:4] + list(range(20, 30))], 1234.5),
    ],
)
def test_a_number_of_one_form_is_learned_as_a_number_and_written_as_it_was(texts, first):
    frame = pd.DataFrame({"x": [*texts, None]}).fillna(float("nan"))
    schema = detect(frame)
    assert schema.column("x").sdtype == "numerical"
    values = canonical(frame, schema)
    assert values["x"][0] == first
    pd.testing.assert_frame_equal(restore(values, schema), frame)
    assert Schema.from_json(schema.to_json()) == schema


@pytest.mark.parametrize(
    "texts",
    [
        ["$1", "2 €"],
        ["P1", "P2"],
        ["1,23", "1,234.5", "x"],
        ["12 kg", "12 lb"],
        ["007 kg", "12 kg"],
        ["1-2", "3-4"],
        [],
    ],
)
def test_texts_that_do_not_follow_one_form_are_no_numbers(texts):
    assert form_of(texts) is None


def test_few_amounts_are_categories_as_few_numbers_in_text_are():
    assert detect(pd.DataFrame({"x": ["$5", "$10"] * 9})).column("x").sdtype == "categorical"
    told = detect(pd.DataFrame({"x": ["$5", "$10"] * 9}), {"x": "numerical"})
    assert told.column("x").written is not None
    with pytest.raises(SchemaError, match="'five' is no number"):
        detect(pd.DataFrame({"x": ["$5", "five"] * 9}), {"x": "numerical"})
