"""What is never learned and made afresh: ids, regular strings, personal data."""

import re
import uuid

import numpy as np
import pandas as pd
import pytest

from stockpot.afresh import Afresh, made
from stockpot.afresh.shapes import shapes_of, widened
from stockpot.errors import DrawError, SchemaError
from stockpot.schema import Schema, detect

ROWS = 30
LUCK = np.random.default_rng(0)


def column(values, name="x", **options):
    frame = pd.DataFrame({name: values, "other": [1, 2] * (len(values) // 2)})
    return detect(frame, **options).column(name)


def fresh(found, rows=2000, key=7):
    """In two blocks, as a draw makes them."""
    return [*made(found, 1000, key, 0), *made(found, rows - 1000, key, 1000)]


IDS = {
    "run": list(range(1, ROWS + 1)),
    "text": [str(i + 100) for i in range(ROWS)],
    "P": [f"P-{i:03d}" for i in range(ROWS)],
    "unpadded": [f"P{i}x" for i in range(ROWS)],
    "uuid": [str(uuid.UUID(int=i * 12345678987654321)) for i in range(1, ROWS + 1)],
    "hex": ["".join(LUCK.choice(list("0123456789abcdef"), 20)) + "a" for _ in range(ROWS)],
    "shape": [f"{'ABCDEF'[i % 6]}{'KLMNO'[i // 6]}{i % 10}" for i in range(ROWS)],
    "letters": [f"{'abcdef'[i % 6]}{'klmno'[i // 6]}" for i in range(ROWS)],
}


@pytest.mark.parametrize("name", IDS)
def test_fresh_ids_are_unique_over_all_blocks_and_none_is_a_real_one(name):
    found = column(IDS[name], "row_id")
    assert found.sdtype == "id"
    drawn = fresh(found)
    assert len(set(drawn)) == len(drawn)
    assert not set(drawn) & set(map(str, IDS[name]))
    assert drawn == fresh(found)
    assert "none of them a real one" in found.note


def test_fresh_ids_have_the_form_of_the_real_ones():
    assert all(re.fullmatch(r"P-\d{3}", text) for text in made(column(IDS["P"]), 100, 0, 0))
    assert all(re.fullmatch(r"P\d+x", text) for text in made(column(IDS["unpadded"], "id"), 100, 0, 0))
    assert all(uuid.UUID(text).version == 4 for text in made(column(IDS["uuid"]), 100, 0, 0))
    assert all(re.fullmatch(r"[A-Z]{2}\d{2}", text) for text in made(column(IDS["shape"]), 100, 0, 0))


def test_an_id_goes_on_beyond_a_round_number_that_does_not_tell_the_largest():
    assert column([*range(1, 30), 34], "case_no").afresh.beyond == 40
    assert column([*range(1000, 1029), 1340], "case_no").afresh.beyond == 1400


def test_a_dtype_that_is_too_small_for_fresh_ids_is_a_sentence():
    found = column(np.arange(1, ROWS + 1, dtype="int8"))
    assert len(made(found, 80, 0, 0)) == 80
    with pytest.raises(DrawError, match="'x' is int8, which holds 87 fresh ids and no more"):
        made(found, 90, 0, 0)


def test_regular_strings_that_hardly_repeat_are_made_in_the_shapes_that_rows_share():
    codes = [f"{'ABC'[i % 3]}{i % 10} {i % 9}{'DE'[i % 2]}{'FGH'[i % 3]}" for i in range(60)]
    values = [*[*dict.fromkeys(codes)][:41], "X1 2 YZ9"]
    found = column(values)
    assert found.sdtype == "id"
    assert not found.afresh.unique
    assert all(re.fullmatch(r"[A-Z]\d \d[A-Z]{2}", text) for text in made(found, 200, 0, 0))
    assert "regular strings that hardly repeat" in found.note


def test_a_shape_that_one_row_alone_has_is_not_kept():
    assert shapes_of(["A1", "B2", "secret"]) == (("[A-Z][0-9]", 1.0),)
    assert shapes_of(["Q1-7"] * 5 + ["Q1-7"]) == (("Q1\\-7", 1.0),)


def test_a_shape_is_widened_until_no_real_text_has_it():
    assert widened("[A-Z][1-9]", ["A1", "B22"]) == "[A-Z][1-9][0-9][0-9]"


PEOPLE = {
    "email": [f"anna{i}@example.org" for i in range(ROWS)],
    "url": [f"https://example.org/{i}" for i in range(ROWS)],
    "ipv4": [f"10.0.{i}.7" for i in range(ROWS)],
    "phone_number": [f"+49 30 1234{i:03d}" for i in range(ROWS)],
    "name": [
        f"{a} {b}" for a in ("Anna", "James", "Mary") for b in ["Smith", "Jones", "Brown", "Hall", "Lee"]
    ]
    * 2,
    "first_name": ["Anna", "James", "Mary", "Robert", "Linda", "John", "Lisa", "Paul", "Mark", "Karen"] * 3,
}


@pytest.mark.parametrize("what", PEOPLE)
def test_personal_data_is_known_by_its_content_and_made_by_faker(what):
    found = column(PEOPLE[what], what)
    assert (found.sdtype, found.afresh.what) == ("pii", what)
    drawn = made(found, 50, 3, 0).tolist()
    assert drawn == made(found, 50, 3, 0).tolist()
    assert drawn != made(found, 50, 3, 50).tolist()
    assert not found.afresh.unique or len(set(drawn)) == 50
    assert f"personal data ({what})" in found.note


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("name", [f"Mazda RX{i}" for i in range(ROWS)]),
        ("name", ["oak tree", "elm tree", "ash tree"] * 10),
        ("version", ["1.2.3", "1.2.4"] * 15),
        ("amount", [f"{i}000000" for i in range(1, 31)]),
    ],
)
def test_what_only_looks_like_personal_data_is_none(name, values):
    assert column(values, name).sdtype != "pii"


def test_personal_data_of_a_locale_and_of_none():
    found = column(["Rome", "Oslo"] * 15, given={"x": "city"}, locale="de_DE")
    assert found.afresh == Afresh("pii", what="city", locale="de_DE")
    assert found.to_sdv() == {"sdtype": "city", "pii": True}
    with pytest.raises(SchemaError, match="'locale' is 'xx_XX', which faker does not know"):
        column(["Rome", "Oslo"] * 15, given={"x": "city"}, locale="xx_XX")
    with pytest.raises(SchemaError, match="'x' cannot be called pii alone"):
        column(["Rome", "Oslo"] * 15, given={"x": "pii"})


def test_a_schema_with_columns_made_afresh_survives_its_json_and_holds_no_real_value():
    frame = pd.DataFrame({name: IDS[name] for name in ("P", "shape")} | {"email": PEOPLE["email"]})
    found = detect(frame)
    told = str(found.to_json())
    assert Schema.from_json(found.to_json()) == found
    assert not any(str(value) in told for name in frame for value in frame[name])
