"""All constraints of a soup: read once, fitted to the rows that it learned from, and kept in its folder.

They hold no value of one row alone: a bound is the person's own, and a combination is shared by several rows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np
import pandas as pd

from stockpot.constraints.cells import Truths
from stockpot.constraints.rule import (
    SHARED,
    Combinations,
    Definition,
    Key,
    Multiple,
    Rule,
    Unique,
    keys,
    rule_of,
)
from stockpot.errors import ConstraintError
from stockpot.schema import Schema
from stockpot.transform import Transform


@dataclass(frozen=True)
class Broken:
    """A constraint that real rows break: how many do, and the first, counted from 0 as pandas counts."""

    text: str
    rows: int
    first: int


@dataclass(frozen=True)
class Rules:
    """Constraints in the order in which they were given. ``given``: by the cook, for rows that obey them;
    ``added``: for some drawn rows only.
    """

    given: tuple[Rule, ...] = ()
    added: tuple[Rule, ...] = ()

    @classmethod
    def read(cls, texts: Iterable[str], schema: Schema) -> Rules:
        """ConstraintError for the first that cannot be read, or does not fit the columns."""
        found = tuple(rule_of(text, schema) for text in dict.fromkeys(texts))
        _refuse_circles(found)
        return cls(found)

    def __bool__(self) -> bool:
        return bool(self.all)

    @property
    def all(self) -> tuple[Rule, ...]:
        return self.given + self.added

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(one.text for one in self.all)

    @property
    def uniques(self) -> tuple[Unique, ...]:
        return tuple(one for one in self.all if isinstance(one, Unique))

    @property
    def reshape(self) -> bool:
        """Whether those for some rows only give the rows other marginals: all but keys and distances do."""
        return not all(one.even for one in self.added)

    def of_learned(self, learned: Collection[str]) -> Rules:
        """Less keys with a column that is made afresh and never repeats. ConstraintError for what asks more
        of a column that no model draws.
        """
        return replace(
            self,
            given=tuple(one for one in self.given if _is_drawn(one, learned)),
            added=tuple(one for one in self.added if _is_drawn(one, learned)),
        )

    def fitted(self, frame: pd.DataFrame) -> Rules:
        """With what they take from the canonical rows that a soup learns from."""
        return replace(self, given=tuple(_fitted(one, frame) for one in self.given))

    def plus(self, texts: Iterable[str], schema: Schema) -> Rules:
        """These and some for drawn rows only, which no table is at hand for."""
        more = tuple(rule_of(text, schema) for text in dict.fromkeys(texts) if text not in self.texts)
        for one in more:
            if isinstance(one, Combinations):
                raise ConstraintError(
                    f"{one.text!r} cannot be added to a soup, which holds no table to look them up in: give "
                    "it to the cook."
                )
        _refuse_circles((*self.all, *more))
        return self.beside(*more)

    def beside(self, *more: Rule) -> Rules:
        """These and others for drawn rows only."""
        return replace(self, added=self.added + more)

    def mend(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Canonical rows of the table, with what follows from other columns reckoned anew."""
        for one in _ordered(self.all):
            frame = one.mend(frame)
        return frame

    def keep(self, frame: pd.DataFrame) -> Truths:
        """(rows,) True where every constraint of a row by itself holds."""
        kept = np.ones(len(frame), dtype=bool)
        for one in self.all:
            if not isinstance(one, Unique):
                kept &= one.holds(frame)
        return kept

    def broken(self, frame: pd.DataFrame) -> list[Broken]:
        """What canonical rows break."""
        found = [(one.text, np.flatnonzero(~one.holds(frame))) for one in self.all]
        return [Broken(text, len(rows), int(rows[0])) for text, rows in found if len(rows)]

    def to_json(self) -> list[Mapping[str, object]]:
        """For the soup's folder."""
        return [_plain(one) for one in self.given]

    @classmethod
    def from_json(cls, data: Sequence[Mapping[str, Any]], schema: Schema) -> Rules:
        return cls(tuple(_from_plain(one, schema) for one in data))


def drawn(transform: Transform) -> list[str]:
    """Columns whose values a model draws; of others it learns nothing, or only what is missing."""
    own = {column.name: column.sdtype for column in transform.schema.columns}
    learned = transform.learned.columns
    return [c.name for c in learned if c.sdtype != "categorical" or own[c.name] == "categorical"]


def _is_drawn(rule: Rule, learned: Collection[str]) -> bool:
    made = [name for name in rule.names if name not in learned]
    if made and isinstance(rule, Unique) and any(rule.schema.column(name).sdtype == "id" for name in made):
        return False
    if made:
        raise ConstraintError(
            f"{rule.text!r} is about column {made[0]!r}, which is made afresh and not learned: leave it out."
        )
    return True


def _fitted(rule: Rule, frame: pd.DataFrame) -> Rule:
    if not isinstance(rule, Combinations):
        return rule
    counts = pd.Series(keys(frame, rule.names)).value_counts()
    allowed = frozenset(cast("Key", key) for key, n in counts.items() if n >= SHARED)
    if not allowed:
        raise ConstraintError(
            f"{rule.text!r} allows nothing: no combination is shared by {SHARED} rows, and a soup keeps none "
            "of one row alone."
        )
    return replace(rule, allowed=allowed)


def _plain(rule: Rule) -> Mapping[str, object]:
    if isinstance(rule, Combinations) and rule.allowed is not None:
        return {"constraint": rule.text, "allowed": sorted(map(list, rule.allowed), key=repr)}
    return {"constraint": rule.text}


def _from_plain(data: Mapping[str, Any], schema: Schema) -> Rule:
    rule = rule_of(data["constraint"], schema)
    if not isinstance(rule, Combinations):
        return rule
    return replace(rule, allowed=frozenset(tuple(key) for key in data["allowed"]))


def _ordered(rules: Sequence[Rule]) -> list[Rule]:
    """Those that mend, each after those that give what it reckons with, a column by one of them alone."""
    found: dict[str, Rule] = {}
    for one in rules:
        if isinstance(one, Definition | Multiple):
            found.setdefault(one.target, one)
    done: list[Rule] = []

    def visit(target: str, path: frozenset[str]) -> None:
        rule = found[target]
        for name in rule.names:
            if name in found and name != target and name not in path:
                visit(name, path | {target})
        if rule not in done:
            done.append(rule)

    for target in found:
        visit(target, frozenset())
    return done


def _refuse_circles(rules: Sequence[Rule]) -> None:
    """Each of two columns cannot follow from the other by another rule: rows would hold by chance alone."""
    gives: dict[str, Definition] = {}
    for one in rules:
        if isinstance(one, Definition):
            gives.setdefault(one.target, one)
    for target, one in gives.items():
        for name in one.names:
            other = gives.get(name)
            if other and other is not one and target in other.names and other.target != target:
                raise ConstraintError(
                    f"Constraints {one.text!r} and {other.text!r} each give what the other needs: leave one "
                    "out, or write both with the same column alone on a side."
                )
