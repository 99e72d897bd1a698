"""Equations, read as the definition of one column by the others: ``a + b == total``."""

from __future__ import annotations

import ast
from collections import Counter
from typing import TypeAlias

from stockpot.constraints.spelling import Sentence

Terms: TypeAlias = "Counter[str]"
"""Column -> its factor; "" -> the constant."""


def defined(sentence: Sentence) -> tuple[str, ast.expr] | None:
    """(a name of the tree, the formula that gives it) of an equation, or None.

    The column is the one that stands alone on a side (the right one of two), or of a sum of columns the last
    that is named: ``a + b + c == 100`` gives c.
    """
    tree = sentence.tree
    if not isinstance(tree, ast.Compare) or len(tree.ops) != 1 or not isinstance(tree.ops[0], ast.Eq):
        return None
    left, right = tree.left, tree.comparators[0]
    for alone, other in ((right, left), (left, right)):
        if (
            isinstance(alone, ast.Name)
            and not isinstance(other, ast.Constant)
            and alone.id not in _ids(other)
        ):
            return alone.id, other
    return _solved(left, right)


def multiple(sentence: Sentence) -> tuple[str, float] | None:
    """(a name of the tree, k) of ``column % k == 0``, or None."""
    tree = sentence.tree
    if not isinstance(tree, ast.Compare) or len(tree.ops) != 1 or not isinstance(tree.ops[0], ast.Eq):
        return None
    left, right = tree.left, tree.comparators[0]
    if not isinstance(left, ast.BinOp) or not isinstance(left.op, ast.Mod) or not _is_number(right, 0):
        return None
    name, step = left.left, left.right
    if not isinstance(name, ast.Name) or not isinstance(step, ast.Constant):
        return None
    whole = isinstance(step.value, int | float) and step.value > 0
    return (name.id, float(step.value)) if whole else None  # type: ignore[arg-type]


def _is_number(tree: ast.expr, value: float) -> bool:
    return isinstance(tree, ast.Constant) and tree.value == value and not isinstance(tree.value, bool)


def _ids(tree: ast.expr) -> set[str]:
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def _solved(left: ast.expr, right: ast.expr) -> tuple[str, ast.expr] | None:
    terms, others = _terms(left), _terms(right)
    if terms is None or others is None:
        return None
    terms.subtract(others)
    names = [name for name, factor in terms.items() if name and factor in (1, -1)]
    if len([name for name in terms if name]) < 2 or not names:
        return None
    target = names[-1]
    return target, _formula(terms, target)


def _formula(terms: Terms, target: str) -> ast.expr:
    """What the other terms say of the target."""
    sign = -terms[target]
    found: ast.expr = ast.Constant(sign * terms[""])
    for name, factor in terms.items():
        if name and name != target and factor:
            part = ast.BinOp(ast.Constant(sign * factor), ast.Mult(), ast.Name(name))
            found = ast.BinOp(found, ast.Add(), part)
    return found


def _terms(tree: ast.expr, sign: float = 1) -> Terms | None:
    """A sum's terms, or None for what is no sum of columns and constants."""
    if isinstance(tree, ast.Name):
        return Counter({tree.id: sign})
    if isinstance(tree, ast.Constant) and isinstance(tree.value, int | float):
        return Counter({"": sign * tree.value})
    if isinstance(tree, ast.UnaryOp) and isinstance(tree.op, ast.USub):
        return _terms(tree.operand, -sign)
    if isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.Add | ast.Sub):
        left = _terms(tree.left, sign)
        right = _terms(tree.right, sign if isinstance(tree.op, ast.Add) else -sign)
        if left is not None and right is not None:
            left.update(right)
            return left
    return None
