"""Conditions as a person gives them: 'species=Gentoo', 'size > 3', 'year in (2007, 2008)', 'sex is missing';
or in Python {"species": "Gentoo", "year": [2007, 2008], "sex": None}.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from typing import Any, cast

from stockpot.errors import ConditionError
from stockpot.schema import Schema, nearest
from stockpot.wishes.condition import ORDERS, Condition, Op
from stockpot.wishes.reading import exact, point, value_of

_OP = re.compile(
    r"\s*(?P<sign><=|>=|!=|==|=|<|>)\s*(?P<value>.*)|\s+(?P<word>not\s+in|in)(?:\s+|(?=\())(?P<values>.*)"
    r"|\s+is\s+(?P<un>not\s+)?(?:missing|null|na)\s*",
    re.DOTALL | re.IGNORECASE,
)
HOW = "write it as 'column=value', 'column >= value', 'column in (a, b)' or 'column is missing'"

Where = str | Mapping[str, Any] | Iterable[str]


def conditions(where: Where | None, schema: Schema) -> tuple[Condition, ...]:
    """All must hold. ConditionError says which cannot be read, or which two contradict each other."""
    if where is None:
        return ()
    if isinstance(where, Mapping):
        return tuple(_of_value(str(name), value, schema) for name, value in where.items())
    if not isinstance(where, Iterable):
        raise ConditionError(f"Condition '{where}' cannot be read: {HOW}.")
    texts = [where] if isinstance(where, str) else list(where)
    return tuple(_of_text(str(text), schema) for text in texts)


def _of_text(given: str, schema: Schema) -> Condition:
    text = " ".join(given.split())  # as it is told
    name, rest = _named(given, text, schema)
    found = _OP.fullmatch(rest)
    if found is None:
        raise ConditionError(f"Condition '{text}' cannot be read: {HOW}.")
    if found["sign"]:
        return _signed(text, schema, name, found["sign"], _unquoted(found["value"]))
    if found["word"]:
        op = cast("Op", " ".join(found["word"].lower().split()))
        _refuse_commas(found["values"], text, schema, name)
        return _listing(text, schema, name, op, _items(found["values"], text))
    return Condition.of(text, schema, name, "not in" if found["un"] else "in", (None,))


def _named(given: str, text: str, schema: Schema) -> tuple[str, str]:
    """The column that the condition begins with, and the rest. The longest name goes first."""
    for name in sorted(schema.names, key=len, reverse=True):
        for said in (given, given.lstrip()):
            for spelt in (f"`{name}`", name):
                if said.startswith(spelt) and _OP.fullmatch(said[len(spelt) :]):
                    return name, said[len(spelt) :]
    head = re.split(r"[<>=!]|\s+(?:in|is|not)\s", text, maxsplit=1)[0].strip().strip("`")
    if head in schema.names or not _looks_like_one(text):
        shell = ", in a shell with the quotes" * (text in schema.names)  # '>' and the rest went elsewhere
        raise ConditionError(f"Condition '{text}' cannot be read: {HOW}{shell}.")
    raise ConditionError(
        f"Condition '{text}' names column {head!r}, which the rows lack{nearest(head, schema.names)}."
    )


def _looks_like_one(text: str) -> bool:
    return re.search(r"[<>=]|\s(?:in|is)\s", text) is not None


def _signed(text: str, schema: Schema, name: str, sign: str, said: str) -> Condition:
    if sign in ORDERS:
        return _bounded(text, schema, name, cast("Op", sign), said)
    op: Op = "not in" if sign == "!=" else "in"
    return _listing(text, schema, name, op, [said if said else None])


def _bounded(text: str, schema: Schema, name: str, op: Op, said: Any) -> Condition:
    column = schema.column(name)
    if said == "":
        raise ConditionError(f"Condition '{text}' names no value: {HOW}.")
    value = value_of(said, column, text)
    if value is None:
        raise ConditionError(f"Condition '{text}' compares with a missing value: {HOW}.")
    return Condition.of(text, schema, name, op, (value,), point(said, column, text))


def _listing(text: str, schema: Schema, name: str, op: Op, said: Iterable[Any]) -> Condition:
    column = schema.column(name)
    read = [(value_of(one, column, text), one) for one in said]
    values = tuple(
        dict.fromkeys(exact(value, one, column, text) if op == "in" else value for value, one in read)
    )
    if not values:
        raise ConditionError(f"Condition '{text}' lists no value: {HOW}.")
    return Condition.of(text, schema, name, op, values)


def _refuse_commas(said: str, text: str, schema: Schema, name: str) -> None:
    """ConditionError for a list such as ($0.00, $1,234.50), whose commas say two things."""
    form, bare = schema.column(name).written, re.sub(r"(['\"]).*?\1", "", said)
    if form and "," in (form.thousands, form.point) and re.search(r"\d,\d", bare):
        raise ConditionError(
            f"Condition '{text}' can be read in two ways, for numbers of column {name!r} have commas too: "
            "put each value in quotes."
        )


def _items(said: str, text: str) -> list[str | None]:
    inner = said.strip()
    if inner[:1] in "([{" and inner[-1:] in ")]}":
        inner = inner[1:-1]
    try:
        (row,) = csv.reader([inner], skipinitialspace=True, quotechar="'" if "'" in inner else '"')
    except (csv.Error, ValueError):
        raise ConditionError(f"Condition '{text}' lists no value: {HOW}.") from None
    if len(row) > 1 and not row[-1].strip():  # a comma behind the last one
        row = row[:-1]
    return [_unquoted(one) or None for one in row]


def _unquoted(said: str) -> str:
    said = said.strip()
    return said[1:-1] if len(said) > 1 and said[0] == said[-1] and said[0] in "'\"" else said


def _of_value(name: str, value: Any, schema: Schema) -> Condition:
    """Of Python: a value, None for missing, or several of which any will do."""
    if name not in schema.names:
        raise ConditionError(
            f"A condition names column {name!r}, which the rows lack{nearest(name, schema.names)}."
        )
    several = isinstance(value, Iterable) and not isinstance(value, str | bytes)
    text = f"{name}={value}"
    if several:
        text = f"{name} in ({', '.join(map(str, value))})"
    elif value is None:
        text = f"{name} is missing"
    return _listing(text, schema, name, "in", list(value) if several else [value])
