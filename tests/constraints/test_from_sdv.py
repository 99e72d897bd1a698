"""SDV's constraints, in the three forms in which they are public."""

from __future__ import annotations

import json

import pytest

from stockpot.constraints.from_sdv import texts_of
from stockpot.errors import ConstraintError


def of(name: str, **parameters: object) -> list[str]:
    return texts_of({"constraint_class": name, "constraint_parameters": parameters})


def test_each_class_has_a_spelling():
    pair = {"low_column_name": "low", "high_column_name": "my high"}
    assert of("Inequality", **pair) == ["low <= `my high`"]
    assert of("Inequality", **pair, strict_boundaries=True) == ["low < `my high`"]
    assert of("Range", **pair, middle_column_name="m") == ["low < m < `my high` and low < `my high`"]
    assert of("ScalarInequality", column_name="a", relation=">=", value=3) == ["a >= 3"]
    assert of("ScalarInequality", column_name="a", relation="<", value="2024-01-01") == ["a < '2024-01-01'"]
    assert of("ScalarRange", column_name="a", low_value=1, high_value=2) == ["1 < a < 2"]
    assert of("Positive", column_name="a") == ["a >= 0"]
    assert of("Negative", column_name="a", strict_boundaries=True) == ["a < 0"]
    assert of("FixedIncrements", column_name="a", increment_value=5) == ["a % 5 == 0"]
    assert of("FixedCombinations", column_names=["a", "b"]) == ["combinations(a, b)"]
    assert of("OneHotEncoding", column_names=["a", "b"]) == ["one_hot(a, b)"]
    assert of("Unique", column_names=["a"]) == ["unique(a)"]


def test_older_metadata_and_files_are_read(tmp_path):
    old = {"constraint": "sdv.constraints.tabular.Positive", "column_name": "a"}
    (tmp_path / "rules.json").write_text(json.dumps({"constraints": [old, "b > 1"]}))
    assert texts_of(str(tmp_path / "rules.json")) == ["a >= 0", "b > 1"]


def less(low: int, high: int) -> bool:
    return low < high


def test_an_object_of_sdv_is_read_by_what_it_was_made_with():
    kind = type("Range", (), {"__module__": "sdv.cag.range"})
    one = kind()
    one._low_column_name, one._middle_column_name, one._high_column_name = "a", "b", "c"
    one._operator, one.table_name = less, None
    assert texts_of([one]) == ["a < b < c and a < c"]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"constraint_class": "Custom"}, "'Custom' is not read"),
        ({"constraint_class": "Unique", "constraint_parameters": {}}, "lacks its parameter 'column_names'"),
        ({"a": 1}, "is no constraint of SDV's"),
        (3, "A int is no constraint"),
        ("none.json", "There is no file none.json"),
        (
            {
                "constraint_class": "ScalarInequality",
                "constraint_parameters": {"column_name": "a", "relation": "~"},
            },
            "the relation '~'",
        ),
    ],
)
def test_what_is_not_read_is_a_sentence(given, told):
    with pytest.raises(ConstraintError) as error:
        texts_of(given)
    assert told in str(error.value)
