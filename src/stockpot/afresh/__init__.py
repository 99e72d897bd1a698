"""Values that are never learned, made afresh: ids, regular strings, and what tells who a person is.

None of it is told by the real values but their form: what all of them begin with, how long they are, which
shapes two or more rows share, and a number that none of them reaches, rounded outward.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from stockpot.errors import DrawError
from stockpot.values import Texts

if TYPE_CHECKING:
    from stockpot.schema import Column

Kind = Literal["count", "uuid", "hex", "shapes", "pii"]


@dataclass(frozen=True)
class Afresh:
    """How fresh values of a column are made.

    count: ``prefix``, a number from ``beyond`` + 1 on, of ``width`` digits at least, and ``suffix``.
    uuid, hex: random, hex of ``width`` digits; ``upper``: in capitals.
    shapes: (a simple regular expression, its share of the rows), letters and digits drawn at random.
    pii: by faker, ``what`` is SDV's sdtype, in a ``locale``.
    ``unique``: no value comes twice in a draw.
    """

    kind: Kind
    unique: bool = False
    prefix: str = ""
    suffix: str = ""
    width: int = 0
    beyond: int = 0
    upper: bool = False
    shapes: tuple[tuple[str, float], ...] = ()
    what: str = ""
    locale: str = ""


def made(column: Column, rows: int, key: int, start: int) -> Texts:
    """``rows`` canonical values of a column that is not learned, after the first ``start`` of a draw."""
    how = column.afresh
    if how is None:
        raise ValueError(f"column {column.name!r} is learned")
    if how.kind == "count":
        return _counted(column, how, rows, start)
    if how.kind == "shapes":
        from stockpot.afresh.shapes import drawn, numbered

        return numbered(how, rows, key, start) if how.unique else drawn(how, rows, key, start)
    if how.kind == "pii":
        from stockpot.afresh.people import people

        return people(column.name, how, rows, key, start)
    return _random(how, rows, key, start)


def _counted(column: Column, how: Afresh, rows: int, start: int) -> Texts:
    first = how.beyond + 1 + start
    most = _most(column)
    if most is not None and first + rows - 1 > most:
        raise DrawError(
            f"Column {column.name!r} is {column.dtype}, which holds {max(0, most - how.beyond)} fresh ids "
            "and no more: draw fewer rows, or give the column a wider dtype."
        )
    words = [f"{how.prefix}{n:0{how.width}d}{how.suffix}" for n in range(first, first + rows)]
    return np.array(words, dtype=object)


def _most(column: Column) -> int | None:
    name = column.dtype.lower().removesuffix("[pyarrow]")
    if column.holds != "integer" or not name.startswith(("int", "uint")):
        return None
    return int(np.iinfo(name).max)


def _random(how: Afresh, rows: int, key: int, start: int) -> Texts:
    """Digits of 128 bits are never drawn twice."""
    luck = np.random.default_rng([key, start])
    width = 32 if how.kind == "uuid" else how.width
    words = ["".join(row) for row in np.array(list("0123456789abcdef"))[luck.integers(0, 16, (rows, width))]]
    if how.kind == "uuid":
        variants = luck.integers(8, 12, rows)
        words = [_version_4(word, int(variant)) for word, variant in zip(words, variants, strict=True)]
    return np.array([word.upper() if how.upper else word for word in words], dtype=object)


def _version_4(digits: str, variant: int) -> str:
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant:x}{digits[17:20]}-{digits[20:]}"
