"""What a sentence's tree says of each row of a canonical frame, without running any of it as code."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from stockpot.constraints.cells import (
    CALLED,
    Array,
    Cells,
    Kind,
    Truths,
    as_span,
    as_time,
    of_column,
    of_value,
)
from stockpot.constraints.spelling import Sentence, dotted, owner
from stockpot.errors import ConstraintError
from stockpot.schema import Schema

CLOSE = 1e-9
"""Numbers that differ by less than this share are equal: 0.1 + 0.2 is 0.3."""
_ORDERED: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_ARITHMETIC: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: np.add,
    ast.Sub: np.subtract,
    ast.Mult: np.multiply,
    ast.Div: np.divide,
    ast.FloorDiv: np.floor_divide,
    ast.Mod: np.mod,
    ast.Pow: np.power,
}
_FUNCTIONS: dict[str, Callable[[Array], Array]] = {
    "abs": np.abs,
    "floor": np.floor,
    "ceil": np.ceil,
    "sqrt": np.sqrt,
    "log": np.log,
    "log10": np.log10,
    "exp": np.exp,
}


class Evaluator:
    """Reads trees over one canonical frame. A ConstraintError says what does not fit."""

    def __init__(self, sentence: Sentence, frame: pd.DataFrame, schema: Schema) -> None:
        self.text, self.tree, self.columns = sentence.text, sentence.tree, sentence.columns
        self.frame, self.schema = frame, schema

    def truth(self, tree: ast.expr) -> Cells:
        """The tree as a condition."""
        return self._of(tree, "truth")

    def cells(self, tree: ast.expr) -> Cells:
        """The value of any tree."""
        reader: Callable[[Any], Cells] = getattr(self, f"_{type(tree).__name__.lower()}", self._other)
        with np.errstate(all="ignore"):
            return reader(tree)

    def _of(self, tree: ast.expr, kind: Kind) -> Cells:
        found = self.cells(tree)
        if found.kind != kind:
            part = "it" if tree is self.tree else ast.unparse(tree)
            raise ConstraintError(
                f"{self.text!r}: {self._named(part)} gives {CALLED[found.kind]}, and {CALLED[kind]} "
                "belong there."
            )
        return found

    def _named(self, part: str) -> str:
        for name, column in self.columns.items():
            part = part.replace(name, column)
        return part

    def _other(self, tree: ast.expr) -> Cells:
        del tree
        raise ConstraintError(f"{self.text!r} has a list where a value belongs: write 'column in [1, 2]'.")

    def _constant(self, tree: ast.Constant) -> Cells:
        if not isinstance(tree.value, bool | int | float | str):
            raise ConstraintError(f"{self.text!r} has {tree.value!r}: give numbers, text, True or False.")
        return of_value(tree.value)

    def _name(self, tree: ast.Name) -> Cells:
        name = self.columns[tree.id]
        return of_column(self.frame[name], self.schema.column(name))

    def _boolop(self, tree: ast.BoolOp) -> Cells:
        parts = [self.truth(part) for part in tree.values]
        ends = parts[0]
        for part in parts[1:]:
            ends = both(ends, part) if isinstance(tree.op, ast.And) else either(ends, part)
        return ends

    def _unaryop(self, tree: ast.UnaryOp) -> Cells:
        if isinstance(tree.op, ast.Not | ast.Invert):
            return inverse(self.truth(tree.operand))
        inner = self._of(tree.operand, "number")
        sign = -1.0 if isinstance(tree.op, ast.USub) else 1.0
        return Cells("number", sign * inner.values, inner.known)

    def _binop(self, tree: ast.BinOp) -> Cells:
        left, right = self._paired(self.cells(tree.left), self.cells(tree.right), spans=True)
        kind = _sum_kind(left.kind, right.kind, tree.op)
        if kind is None:
            raise ConstraintError(
                f"{self.text!r} cannot reckon with {CALLED[left.kind]} and {CALLED[right.kind]} so: use "
                "numbers."
            )
        values = _ARITHMETIC[type(tree.op)](left.values, right.values)
        known = left.known & right.known
        return Cells(kind, values, known & np.isfinite(values) if kind == "number" else known)

    def _compare(self, tree: ast.Compare) -> Cells:
        sides = [tree.left, *tree.comparators]
        found = [self._one(a, op, b) for a, op, b in zip(sides, tree.ops, sides[1:], strict=False)]
        ends = found[0]
        for part in found[1:]:
            ends = both(ends, part)
        return ends

    def _one(self, first: ast.expr, op: ast.cmpop, second: ast.expr) -> Cells:
        if isinstance(op, ast.In | ast.NotIn):
            found = self._among(self.cells(first), second)
            return found if isinstance(op, ast.In) else inverse(found)
        left, right = self._paired(self.cells(first), self.cells(second))
        known = left.known & right.known
        if isinstance(op, ast.Eq | ast.NotEq):
            same = _equal(left, right)
            return Cells("truth", same if isinstance(op, ast.Eq) else ~same, known)
        left, right = self._ranked(left, right)
        known = left.known & right.known
        holds = _ORDERED[type(op)](left.values, right.values)
        close = _equal(left, right)
        equal_too = isinstance(op, ast.LtE | ast.GtE)
        return Cells("truth", (holds | close) if equal_too else (holds & ~close), known)

    def _paired(self, left: Cells, right: Cells, *, spans: bool = False) -> tuple[Cells, Cells]:
        """Both of one kind: a constant text beside a datetime is one, beside a span a span."""
        if left.kind == "text" and right.kind in ("time", "span"):
            right, left = self._paired(right, left, spans=spans)
            return left, right
        if left.kind in ("time", "span") and right.kind == "text":
            as_spans = left.kind == "span" or spans
            read = as_span(right) if as_spans else as_time(right)
            if read is None:
                what = "span of time, as in '3 days'" if as_spans else "datetime, as in '2024-01-31'"
                raise ConstraintError(f"{self.text!r} has {right.values[0]!r}, which is no {what}.")
            return left, read
        if left.kind != right.kind and not spans:
            raise ConstraintError(
                f"{self.text!r} compares {CALLED[left.kind]} with {CALLED[right.kind]}: compare like with "
                "like."
            )
        return left, right

    def _ranked(self, left: Cells, right: Cells) -> tuple[Cells, Cells]:
        """Ordered categories as numbers: their place in the order."""
        if left.kind != "text":
            return left, right
        order = left.order or right.order
        if not order:
            raise ConstraintError(
                f"{self.text!r} asks which text is greater: only numbers, datetimes and ordered categories "
                "are."
            )
        return _places(left, order), _places(right, order)

    def _among(self, left: Cells, tree: ast.expr) -> Cells:
        if not isinstance(tree, ast.List | ast.Tuple | ast.Set):
            raise ConstraintError(f"{self.text!r} looks into no list: write 'column in [1, 2]'.")
        same = np.zeros(len(left.values), dtype=bool)
        for part in tree.elts:
            one, other = self._paired(left, self.cells(part))
            same = same | _equal(one, other)
        return Cells("truth", same, left.known)

    def _call(self, tree: ast.Call) -> Cells:
        if isinstance(tree.func, ast.Name):
            return self._applied(tree.func.id, tree.args)
        return self._applied(dotted(tree.func), [owner(tree.func), *tree.args])

    def _applied(self, name: str, given: list[ast.expr]) -> Cells:
        if not given:
            raise ConstraintError(f"{self.text!r} calls {name!r} of nothing: give it a column.")
        first, rest = given[0], given[1:]
        if name in ("isna", "isnull", "notna", "notnull"):
            known = self.cells(first).known
            return Cells("truth", known if name.startswith("not") else ~known, np.ones_like(known))
        if name == "isin":
            return self._among(self.cells(first), *self._exactly(name, rest, 1))
        if name == "between":
            low, high = self._exactly(name, rest, 2)
            return both(self._one(low, ast.LtE(), first), self._one(first, ast.LtE(), high))
        if name.startswith("str."):
            return self._texts(name, self._of(first, "text"), rest)
        return self._numbers(name, self._of(first, "number"), rest)

    def _exactly(self, name: str, given: list[ast.expr], count: int) -> list[ast.expr]:
        if len(given) != count:
            raise ConstraintError(f"{self.text!r} gives {name!r} {len(given)} values: it takes {count}.")
        return given

    def _numbers(self, name: str, of: Cells, given: list[ast.expr]) -> Cells:
        if name == "round":
            digits = self._of(given[0], "number").values if given else np.array([0.0])
            return Cells("number", np.round(of.values, int(digits[0]) if len(digits) else 0), of.known)
        self._exactly(name, given, 0)
        values = _FUNCTIONS[name](of.values)
        return Cells("number", values, of.known & np.isfinite(values))

    def _texts(self, name: str, of: Cells, given: list[ast.expr]) -> Cells:
        if name == "str.len":
            self._exactly(name, given, 0)
            return Cells("number", np.array([float(len(v)) for v in of.values]), of.known)
        part = str(self._of(self._exactly(name, given, 1)[0], "text").values[0])
        tests: Mapping[str, Callable[[str], bool]] = {
            "str.startswith": lambda v: v.startswith(part),
            "str.endswith": lambda v: v.endswith(part),
            "str.contains": lambda v: part in v,
        }
        return Cells("truth", np.array([tests[name](str(v)) for v in of.values], dtype=bool), of.known)

    def _attribute(self, tree: ast.Attribute) -> Cells:
        times = self._of(owner(tree), "time")
        index = pd.DatetimeIndex(np.where(times.known, times.values, np.datetime64(0, "ns")))
        found = getattr(index, dotted(tree).removeprefix("dt."))
        return Cells("number", np.asarray(found, dtype=np.float64), times.known)


def both(left: Cells, right: Cells) -> Cells:
    """False where one is, whatever the other; else true where both are."""
    left_no, right_no = left.known & ~left.values, right.known & ~right.values
    false = left_no | right_no
    known: Truths = (left.known & right.known) | false
    return Cells("truth", known & ~false, known)


def either(left: Cells, right: Cells) -> Cells:
    """True where one is, whatever the other; else false where both are."""
    return inverse(both(inverse(left), inverse(right)))


def inverse(cells: Cells) -> Cells:
    """True where they are false; what is unknown stays so."""
    return Cells("truth", ~cells.values.astype(bool), cells.known)


def _equal(left: Cells, right: Cells) -> Truths:
    if left.kind != "number":
        return np.asarray(left.values == right.values, dtype=bool)
    reach = np.maximum(np.maximum(np.abs(left.values), np.abs(right.values)), 1.0)
    near: Truths = np.abs(left.values - right.values) <= CLOSE * reach
    return near


def _places(cells: Cells, order: tuple[str, ...]) -> Cells:
    place = {level: float(i) for i, level in enumerate(order)}
    values = np.array([place.get(str(v), -1.0) for v in cells.values], dtype=np.float64)
    return Cells("number", values, cells.known & (values >= 0))


def _sum_kind(left: Kind, right: Kind, op: ast.operator) -> Kind | None:
    """What comes of two kinds under an operator, or None."""
    if left == right == "number":
        return "number"
    if isinstance(op, ast.Sub) and (left, right) in (("time", "time"), ("span", "span")):
        return "span"
    if isinstance(op, ast.Sub | ast.Add) and (left, right) == ("time", "span"):
        return "time"
    return "span" if isinstance(op, ast.Add) and left == right == "span" else None
