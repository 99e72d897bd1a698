"""A condition on one column's values, as in SQL's WHERE: a missing value meets none but 'is missing'.

It is a rule of rows like a constraint's, so whatever checks drawn rows checks it too; and families draw from
what holds of it, where they can.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from stockpot.constraints.cells import Cells, Truths, of_column
from stockpot.constraints.rule import Rule
from stockpot.constraints.spelling import Sentence
from stockpot.errors import ConditionError
from stockpot.schema import Column, Schema

Op = Literal["in", "not in", "<", "<=", ">", ">="]
ORDERS: dict[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
ORDERED = ("number", "time", "span")


@dataclass(frozen=True)
class Condition(Rule):
    """``values``: canonical ones of the column, None for missing; of an order, the one that bounds it.

    ``bound`` goes before ``values`` of an order: a datetime or duration, which may lie between two of the
    column's own, in nanoseconds.
    """

    name: str
    op: Op
    values: tuple[object, ...]
    bound: np.datetime64 | np.timedelta64 | None = None

    @classmethod
    def of(
        cls, text: str, schema: Schema, name: str, op: Op, values: tuple[object, ...], bound: Any = None
    ) -> Condition:
        """ConditionError for an order where there is none."""
        made = cls(Sentence(text, ast.Constant(value=True), {}), schema, name, op, values, bound)
        made.check()
        return made

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name,)

    @property
    def column(self) -> Column:
        return self.schema.column(self.name)

    @property
    def listed(self) -> tuple[object, ...] | None:
        """The only values that meet it, where it lists them."""
        return self.values if self.op == "in" else None

    def check(self) -> None:
        told = of_column(_series(self.values, self.column), self.column)
        if self.op in ORDERS and told.kind not in ORDERED and not told.order:
            raise ConditionError(
                f"'{self.text}' cannot be asked: column {self.name!r} is {self.column.sdtype} and has no "
                "order; use = or in."
            )
        if self.op in ORDERS and told.order and self.values[0] not in told.order:
            raise ConditionError(
                f"'{self.text}' cannot be asked: column {self.name!r} has no level {self.values[0]!r} "
                f"(it has {', '.join(told.order)})."
            )

    def holds(self, frame: pd.DataFrame) -> Truths:
        return self.meets(frame[self.name])

    def meets(self, values: pd.Series) -> Truths:
        """(rows,) True for the column's canonical values that meet it."""
        cells = of_column(values, self.column)
        if self.op in ORDERS:
            return self._compared(cells)
        told = of_column(_series([v for v in self.values if v is not None], self.column), self.column)
        among = np.isin(cells.values, told.values) if cells.kind != "text" else _among(cells, told)
        found: Truths = (cells.known & among) | (~cells.known & (None in self.values))
        return found if self.op == "in" else np.asarray(~found & (cells.known | (None in self.values)))

    def _compared(self, cells: Cells) -> Truths:
        if self.bound is not None:
            than: Any = self.bound
        else:
            than = of_column(_series(self.values, self.column), self.column).values[0]
        values: Any = cells.values
        if cells.order:
            place = {level: i for i, level in enumerate(cells.order)}
            values, than = np.array([place.get(v, -1) for v in cells.values]), place[than]
        found: Truths = cells.known & ORDERS[self.op](values, than)
        return found


def _among(cells: Cells, told: Cells) -> Truths:
    known = set(told.values)
    return np.array([value in known for value in cells.values], dtype=bool)


def _series(values: object, column: Column) -> pd.Series:
    dtype = "float64" if column.sdtype == "numerical" else object
    return pd.Series(list(values), dtype=dtype)  # type: ignore[call-overload]
