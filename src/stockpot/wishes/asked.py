"""Wishes as keyword arguments, bound to a soup's columns."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import TypedDict

import numpy as np
import pandas as pd

from stockpot.constraints.cells import Truths
from stockpot.constraints.from_sdv import texts_of
from stockpot.constraints.rule import Rule, Unique, rule_of, spelling
from stockpot.constraints.rules import drawn
from stockpot.draw import Ladle, conditional
from stockpot.errors import ConditionError, ConfigError
from stockpot.wishes.apart import Apart
from stockpot.wishes.condition import Condition
from stockpot.wishes.lines import completions, lines_of
from stockpot.wishes.reading import is_real
from stockpot.wishes.spelling import Where, conditions
from stockpot.wishes.wishes import Balance, Lines, Wishes, refuse_afresh, tests_of

MOST_TEMPERATURE = 10.0


class Asked(TypedDict, total=False):
    """What may be wished of drawn rows.

    ``constraints``: sentences such as 'low <= high', or SDV's. ``where``: conditions on single columns,
    'species=Gentoo' or {'species': 'Gentoo'}, which hold in every row. ``balance``: a column of categories
    whose levels come equally often. ``distinct``: no two rows are the same. ``apart``: the least distance to
    a row of ``apart_from``, Gower's, in (0, 1). ``temperature``: instead of the cook's. ``emphasis``:
    column -> factor on how much its values depend on the others, 1 is as learned.
    """

    constraints: object
    where: Where | None
    balance: str | None
    distinct: bool
    apart: float | None
    apart_from: pd.DataFrame | None
    temperature: float | None
    emphasis: Mapping[str, float] | None


def wishing(ladle: Ladle, asked: Asked, partial: pd.DataFrame | None = None, each: int = 1) -> Ladle:
    """What draws rows as wished; with ``partial`` rows, their completions. UserError says what cannot be."""
    unknown = next((name for name in asked if name not in Asked.__annotations__), None)
    if unknown is not None:
        raise ConfigError(f"There is no wish {unknown!r}: it is one of {', '.join(Asked.__annotations__)}.")
    texts = texts_of(asked.get("constraints") or ())
    found = conditions(asked.get("where"), ladle.schema)
    for one in found:
        refuse_afresh(one, ladle.transform)
    rules = ladle.rules.plus(texts, ladle.schema).of_learned(drawn(ladle.transform)) if texts else ladle.rules
    lines = None if partial is None else lines_of(partial, ladle.schema, found)
    balance = _balance(ladle, asked.get("balance"), found, lines)
    made = replace(
        ladle,
        rules=rules.beside(*found, *_rules(ladle, asked)),
        temperature=_temperature(asked.get("temperature"), ladle),
        wishes=Wishes(
            tests_of(found, ladle.transform),
            balance,
            lines,
            completions(each),
            _emphasis(ladle, asked.get("emphasis")),
        ),
    )
    if made.wishes:
        _refuse(made)
    return made


def _rules(ladle: Ladle, asked: Asked) -> list[Rule]:
    found: list[Rule] = []
    if asked.get("distinct"):
        rule = rule_of(spelling("unique", drawn(ladle.transform)), ladle.schema)
        found.append(Distinct(rule.sentence, rule.schema))
    if asked.get("apart") is not None or asked.get("apart_from") is not None:
        found.append(Apart.of(asked.get("apart"), asked.get("apart_from"), ladle.schema))
    return found


class Distinct(Unique):
    """No two rows have the same values, missing ones among them."""

    def _open(self, frame: pd.DataFrame) -> Truths:
        return np.zeros(len(frame), dtype=bool)


def _temperature(given: object, ladle: Ladle) -> float:
    if given is None:
        return ladle.temperature
    if not _is_number(given) or not 0 < float(given) <= MOST_TEMPERATURE:  # type: ignore[arg-type]
        raise ConfigError(f"A temperature of {given!r} was asked for: give one above 0, at most 10.")
    return float(given)  # type: ignore[arg-type]


def _emphasis(ladle: Ladle, given: Mapping[str, float] | None) -> dict[str, float]:
    names = drawn(ladle.transform)
    if not isinstance(given or {}, Mapping):
        raise ConfigError(f"An emphasis of {given!r} was asked for: give {{column: factor}}.")
    for name, factor in (given or {}).items():
        ladle.schema.column(str(name))
        if name not in names:
            raise ConfigError(f"Column {name!r} is made afresh and not learned: it takes no emphasis.")
        if not _is_number(factor) or not 0 <= factor <= MOST_TEMPERATURE:
            raise ConfigError(f"An emphasis of {factor!r} on column {name!r}: give a number from 0 to 10.")
    return {name: float(factor) for name, factor in (given or {}).items()}


def _is_number(value: object) -> bool:
    return is_real(value) and not isinstance(value, bool) and math.isfinite(value)


def _balance(
    ladle: Ladle, name: str | None, found: tuple[Condition, ...], lines: Lines | None
) -> Balance | None:
    if name is None:
        return None
    if not isinstance(name, str):
        raise ConfigError(f"A balance of {name!r} was asked for: give the name of one column.")
    if lines is not None:
        raise ConditionError("Rows cannot be completed and balanced at once: balance a sample.")
    column = ladle.schema.column(name)
    if column.sdtype not in ("categorical", "boolean"):
        raise ConditionError(
            f"Column {name!r} is {column.sdtype}: rows are balanced by a column of categories."
        )
    margin = next((one for one in ladle.margins.columns if one.name == name), None)
    levels = pd.Series(list(margin.levels) if margin else [], dtype=object)
    for one in found:
        levels = levels[one.meets(levels)] if one.name == name else levels
    if not len(levels):
        raise ConditionError(f"Column {name!r} has no level left to balance by: loosen its conditions.")
    return Balance(name, tuple(levels))


def _refuse(ladle: Ladle) -> None:
    """What the family knows that no drawn row can be, before any is drawn."""
    wishes, program = ladle.wishes, conditional(ladle.program)
    lines = wishes.at(1, 0, 0) if wishes.lines is None else wishes.lines
    program.refuse(ladle.menagerie, wishes.given(lines, ladle.transform))
