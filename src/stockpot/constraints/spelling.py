"""From a person's sentence to a syntax tree of harmless parts, and back from names to sentences.

What ``DataFrame.query`` takes, less all that could run code or look beyond the row: no ``@``, no names but
columns and a few functions, no attributes but a few methods, no subscripts. ``&``, ``|`` and ``~`` bind like
``and``, ``or`` and ``not``; a column whose name is no word stands in backticks.
"""

from __future__ import annotations

import ast
import io
import keyword
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass, field

from stockpot.errors import ConstraintError

MOST = 2000
"""Characters of a constraint, at most."""
DEEPEST = 60
"""Layers of its tree, at most."""
SHAPES = ("unique", "combinations", "one_hot")
"""Constraints that are no condition of one row's values, spelt as functions of columns."""
FUNCTIONS = ("abs", "round", "floor", "ceil", "sqrt", "log", "log10", "exp", "isna", "notna")
METHODS = (
    *("isna", "notna", "isnull", "notnull", "isin", "between", "abs", "round"),
    *("str.len", "str.startswith", "str.endswith", "str.contains"),
)
FIELDS = ("dt.year", "dt.month", "dt.day", "dt.hour", "dt.minute", "dt.dayofweek")
_ALLOWED = (
    *(ast.Expression, ast.BoolOp, ast.BinOp, ast.UnaryOp, ast.Compare, ast.Call, ast.Name, ast.Constant),
    *(ast.List, ast.Tuple, ast.Set, ast.Attribute, ast.Load, ast.And, ast.Or, ast.Not, ast.Invert),
    *(ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow, ast.UAdd, ast.USub),
    *(ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn),
)
_WORDS = {"&": "and", "|": "or", "~": "not"}


@dataclass(frozen=True)
class Sentence:
    """A constraint as it was written, its tree, and the columns that it names, in order.

    ``columns`` maps each name in the tree to the column that it stands for.
    """

    text: str
    tree: ast.expr
    columns: dict[str, str] = field(repr=False)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.columns[n.id] for n in _names(self.tree)))


def read(text: str) -> Sentence:
    """ConstraintError, in one sentence, for what is no constraint or would do more than compare values."""
    text = " ".join(text.split())
    if not text or len(text) > MOST:
        raise ConstraintError(
            f"A constraint is a sentence of at most {MOST} characters, as in 'low <= high'."
        )
    plain, quoted = _plain(text)
    try:
        tree = ast.parse(plain, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ConstraintError(
            f"{text!r} is no condition: write it as in 'low <= high' or 'a + b == total', names that are no "
            "words in backticks."
        ) from None
    if _deep(tree):
        raise ConstraintError(f"{text[:40]!r} ... is nested too deep: write it as several constraints.")
    _refuse(tree, text)
    columns = {node.id: quoted.get(node.id, node.id) for node in _names(tree)}
    return Sentence(text, tree.body, columns)


def spelt(name: str) -> str:
    """A column's name as a sentence says it: in backticks unless it is a word."""
    word = name.isidentifier() and not keyword.iskeyword(name) and name not in (*SHAPES, *FUNCTIONS)
    return name if word else f"`{name}`"


def shape(sentence: Sentence) -> str:
    """``unique``, ``combinations``, ``one_hot``, or "" for a condition."""
    tree = sentence.tree
    if not isinstance(tree, ast.Call) or not isinstance(tree.func, ast.Name) or tree.func.id not in SHAPES:
        return ""
    if tree.keywords or not tree.args or not all(isinstance(a, ast.Name) for a in tree.args):
        raise ConstraintError(f"{sentence.text!r} takes columns, as in '{tree.func.id}(a, b)'.")
    return tree.func.id


def _plain(text: str) -> tuple[str, dict[str, str]]:
    """Python's spelling of the sentence, and the names that stood in backticks."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        raise ConstraintError(f"{text!r} has a backtick without another: put names between two.")
    quoted = {f"_column_{i}_": part for i, part in enumerate(parts) if i % 2}
    joined = "".join(f" _column_{i}_ " if i % 2 else part for i, part in enumerate(parts))
    return _worded(joined, text), quoted


def _worded(plain: str, text: str) -> str:
    """``&``, ``|`` and ``~`` as words; what is inside quotes stays."""
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(plain.strip()).readline))
    except (tokenize.TokenError, SyntaxError):
        raise ConstraintError(f"{text!r} is no condition: a bracket or quote is not closed.") from None
    for token in tokens:
        if token.string == "@":
            raise ConstraintError(f"{text!r} has an '@': a constraint knows only columns and values.")
    return " ".join(_WORDS.get(t.string, t.string) for t in tokens if t.string.strip())


def _deep(tree: ast.AST) -> bool:
    layer = [tree]
    for _ in range(DEEPEST):
        layer = [child for node in layer for child in ast.iter_child_nodes(node)]
    return bool(layer)


def _refuse(tree: ast.Expression, text: str) -> None:
    """A ConstraintError for the first part that is not harmless."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            _refuse_call(node, text)
        elif isinstance(node, ast.Name) and node.id.startswith("__"):
            raise ConstraintError(f"{text!r} names {node.id!r}: a constraint knows only columns and values.")
        elif not isinstance(node, _ALLOWED):
            what = type(node).__name__.lower()
            raise ConstraintError(
                f"{text!r} has a part that constraints do not take ({what}): compare columns and values."
            )
    called = {id(n.func) for n in ast.walk(tree) if isinstance(n, ast.Call)}
    inner = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Attribute)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and id(node) not in called | inner and dotted(node) not in FIELDS:
            raise ConstraintError(f"{text!r} asks for {dotted(node)!r}: {_OFFER}.")


def _refuse_call(node: ast.Call, text: str) -> None:
    name = node.func.id if isinstance(node.func, ast.Name) else dotted(node.func)
    known = name in (*FUNCTIONS, *SHAPES) if isinstance(node.func, ast.Name) else name in METHODS
    if not known:
        raise ConstraintError(f"{text!r} calls {name or 'something'!r}: {_OFFER}.")
    if node.keywords:
        raise ConstraintError(f"{text!r} names an argument of {name!r}: give values alone.")


_OFFER = f"constraints know the functions {', '.join(FUNCTIONS)} and the methods {', '.join(METHODS)}"


def dotted(node: ast.expr) -> str:
    """``str.len`` of ``name.str.len``: the attributes, without what they are of."""
    found: list[str] = []
    while isinstance(node, ast.Attribute):
        found.insert(0, node.attr)
        node = node.value
    return ".".join(found)


def owner(node: ast.expr) -> ast.expr:
    """What attributes are of."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return node


def _names(tree: ast.AST) -> Iterator[ast.Name]:
    """The tree's names in the order of the text, less those that are called."""
    called = {id(n.func) for n in ast.walk(tree) if isinstance(n, ast.Call)}
    found = [n for n in ast.walk(tree) if isinstance(n, ast.Name) and id(n) not in called]
    return iter(sorted(found, key=lambda n: n.col_offset))
