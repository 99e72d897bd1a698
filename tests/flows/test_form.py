"""The run form: what Prefect makes of the flows' parameters, and what its server takes of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from prefect.utilities.schema_tools.validation import ValidationError, validate

from stockpot.flows.ablate import ablate
from stockpot.flows.benchmark import benchmark
from stockpot.flows.cook import cook

FLOWS = (cook, ablate, benchmark)


def schema_of(flow: Any) -> dict[str, Any]:
    return flow.parameters.model_dump()


def options(schema: dict[str, Any], within: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """(name, schema) of every option, those of groups too."""
    definitions, name = schema["definitions"], schema["properties"]["config"]["$ref"].split("/")[-1]
    todo = [(within, definitions[name])]
    while todo:
        prefix, group = todo.pop()
        for option, each in group["properties"].items():
            below = definitions[each["$ref"].split("/")[-1]] if "$ref" in each else None
            yield f"{prefix}{option}", {**(below or {}), **each}
            if below:
                todo.append((f"{prefix}{option}.", below))


def check(flow: Any, **given: Any) -> None:
    """As the server does when a form is submitted."""
    validate({"config": given}, schema_of(flow), raise_on_error=True, ignore_required=True)


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)
def test_every_field_of_the_form_has_a_title_and_a_description(flow):
    lacking = [name for name, each in options(schema_of(flow)) if {"title", "description"} - set(each)]
    assert lacking == []


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)
def test_no_field_is_a_switch_between_types_or_a_box_for_json(flow):
    plain = {"string", "integer", "number", "boolean"}
    for name, each in options(schema_of(flow)):
        assert "anyOf" not in each, name
        kind = each["items"]["type"] if each.get("type") == "array" else each.get("type")
        assert kind in plain or "$ref" in each, name


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)
def test_every_number_has_its_range(flow):
    for name, each in options(schema_of(flow)):
        number = each["items"] if each.get("type") == "array" else each
        if number.get("type") in ("integer", "number"):
            assert {"minimum", "exclusiveMinimum"} & set(number), name


def test_what_is_set_first_comes_first():
    first = [name for name, _ in options(schema_of(cook))][:4]
    assert first == ["table", "rows", "out", "model"]


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)
def test_an_untouched_form_is_taken(flow):
    check(flow, **schema_of(flow)["properties"]["config"]["default"])


@pytest.mark.parametrize(
    ("flow", "given"),
    [
        (cook, {"rows": 0}),
        (cook, {"table": ""}),
        (cook, {"folds": 21}),
        (cook, {"alert_below": 101}),
        (cook, {"model": "oak"}),
        (cook, {"net": {"width": 3}}),
        (cook, {"grid": {"steps": [0]}}),
        (ablate, {"learn": 7}),
        (benchmark, {"tables": ["no such table"]}),
        (benchmark, {"methods": ["no such method"]}),
    ],
)
def test_what_is_out_of_range_is_refused_before_a_run_exists(flow, given):
    with pytest.raises(ValidationError):
        check(flow, **given)
