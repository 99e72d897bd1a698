"""Which constraints a cook imposes: those that a person gave, and if asked those that were detected."""

from __future__ import annotations

from stockpot.config import DETECTED, CookConfig
from stockpot.constraints.detect import detect
from stockpot.constraints.rules import Broken, Rules, drawn
from stockpot.errors import ConstraintError
from stockpot.table import Table
from stockpot.transform import transform_of


def constraints_of(table: Table, learning: Table, config: CookConfig) -> tuple[str, ...]:
    """As sentences. ConstraintError for one that cannot be read, or that real rows break (unless forced).

    ``table`` is all rows, so that a row's number is the person's; what is detected comes from ``learning``.
    """
    if not config.constraints:
        return ()
    given = [text for text in config.constraints if text != DETECTED]
    rules = Rules.read(given, table.schema)
    broken = rules.broken(table.canonical)
    if broken and not config.constraints_force:
        raise ConstraintError(_sentence(broken, table))
    found = detect(learning.canonical, table.schema) if DETECTED in config.constraints else []
    texts = tuple(dict.fromkeys([*rules.texts, *(one.text for one in found)]))
    learned = drawn(transform_of(table.schema, config.model))
    return Rules.read(texts, table.schema).of_learned(learned).fitted(learning.canonical).texts


def offered(table: Table, imposed: tuple[str, ...]) -> str:
    """One sentence on what holds in every row and is not imposed, or ""."""
    found = [one.text for one in detect(table.canonical, table.schema) if one.text not in imposed]
    if not found:
        return ""
    named = "', '".join(found[:3]) + "'" + (f" and {len(found) - 3} more" if len(found) > 3 else "")
    holds = "constraint holds" if len(found) == 1 else "constraints hold"
    return (
        f"{len(found)} {holds} in every real row and need not in drawn ones ('{named}): --constraints "
        "detected imposes what is found, --constraint one of them, and `stockpot constraints` lists all."
    )


def kept_sentence(count: int, tried: int, kept: int) -> str:
    """What constraints cost, in a sentence."""
    told = "One constraint holds" if count == 1 else f"{count} constraints hold"
    return f"{told} in every drawn row; {kept / max(tried, 1):.1%} of {tried:,} candidates held on their own."


def _sentence(broken: list[Broken], table: Table) -> str:
    one = broken[0]
    more = f" ({len(broken) - 1} other constraints are broken too)" if len(broken) > 1 else ""
    rows = (
        f"{one.rows} of {table.rows} real rows break"
        if one.rows > 1
        else f"One of {table.rows} real rows breaks"
    )
    return (
        f"{rows} the constraint '{one.text}', the first is row {one.first} counted from 0{more}: mend the "
        "rows or the constraint, or add --constraints-force to draw rows that hold it all the same."
    )
