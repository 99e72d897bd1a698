"""What a constraint may say: conditions over columns, and nothing that runs code."""

from __future__ import annotations

import pytest

from stockpot.constraints.spelling import read, shape, spelt
from stockpot.errors import ConstraintError


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("low <= high", ("low", "high")),
        ("a + b == total", ("a", "b", "total")),
        ("10 <= `bill length` < 40", ("bill length",)),
        ("kind in ['oak', 'a & b'] & ~(size > 3 | size.isna())", ("kind", "size")),
        ("unique(a, `b c`)", ("a", "b c")),
        ("`it's` > 0", ("it's",)),
    ],
)
def test_a_constraint_names_its_columns(text, names):
    assert read(text).names == names


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('true')",
        "a.__class__ == 1",
        "@a > 1",
        "open('x') == 1",
        "a.to_csv('x')",
        "a.str.replace('a', 'b') == 'b'",
        "(lambda: 1)() == 1",
        "[x for x in a] == 1",
        "a[0] > 1",
        "f'{a}' == 'b'",
        "a := 1",
        "a = 1",
        "low <=",
        "a > 1; b > 2",
        "`a > 1",
        "'a",
        "(a > 1",
        "",
        "a.values > 1",
        "round(a, decimals=1) > 2",
        "unique(a + 1)",
        "a > 1" + " and a > 1" * 400,
        "-" * 1500 + "a > 0",
    ],
)
def test_what_is_no_condition_or_could_do_more_is_a_sentence(text):
    with pytest.raises(ConstraintError) as error:
        shape(read(text))
    assert "\n" not in str(error.value)
    assert str(error.value).endswith(".")


@pytest.mark.parametrize("name", ["a b", "class", "2nd", "abs", "unique"])
def test_a_name_that_is_no_word_stands_in_backticks(name):
    assert spelt(name) == f"`{name}`"
    assert read(f"{spelt(name)} > 1").names == (name,)
