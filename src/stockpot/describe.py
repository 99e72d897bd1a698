"""A column's description, read off its values: form, resolution, and what a person should read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from stockpot import units
from stockpot.afresh import Afresh
from stockpot.afresh.detecting import key_form, personal
from stockpot.afresh.people import LOCALE, METHODS, check_locale
from stockpot.column import Column
from stockpot.errors import SchemaError
from stockpot.sdtypes import SDTYPES, Sdtype, check, datetime_form, decimals_of, is_key, sdtype_of
from stockpot.values import as_numbers, as_stamps, as_text, datetime_format, holds, is_number
from stockpot.written import Written, form_of

PADDINGS = ("", "dm", "d", "m", "dmH", "H", "I", "dmI")
"""Which letters of a datetime's format may stand without a leading zero, as they are tried."""
LOOKED_AT = 1000
"""So many different texts tell how a column is padded."""
_OFFSET = re.compile(r"Z|[+-]\d\d:?\d\d$")
_FRACTION = re.compile(r"\.(\d+)")


def described(name: str, series: pd.Series, given: str | None, form: str, locale: str = LOCALE) -> Column:
    """The column as it is, or as a person says (SchemaError if its values deny that)."""
    said, what = _said(name, series, given, locale)
    if said is not None:
        check(name, series, said, form)
    sdtype = said or sdtype_of(name, series, locale)
    plain = Column(
        name=name,
        sdtype=sdtype,
        dtype=str(series.dtype),
        decimals=None,
        format=_format(series, form) if sdtype == "datetime" or holds(series) == "datetime" else "",
        holds=holds(series),
        missing=bool(series.isna().any()),
        levels=_levels(series),
        ordered=isinstance(series.dtype, pd.CategoricalDtype) and bool(series.dtype.ordered),
    )
    found = _special(plain, series, what, locale, said=said is not None)
    return replace(found, note=_note(found, series))


def _said(name: str, series: pd.Series, given: str | None, locale: str) -> tuple[Sdtype | None, str]:
    """(our sdtype, SDV's of personal data) of what a person said."""
    if given is None:
        return None, ""
    if given in METHODS:
        return "pii", given
    if given == "numerical" and _is_timed(series):
        return "timedelta", ""
    if given == "pii" and not (what := personal(name, _texts(series), locale)):
        raise SchemaError(
            f"Column {name!r} cannot be called pii alone, since its values do not tell which kind: "
            f"call it one of {', '.join(METHODS)}."
        )
    known = next((sdtype for sdtype in SDTYPES if sdtype == given), None)
    return known, what if given == "pii" else ""


def _is_timed(series: pd.Series) -> bool:
    """Durations, which SDV calls numerical."""
    if holds(series) == "timedelta":
        return True
    texts = _texts(series) if holds(series) == "text" else []
    return bool(texts) and not all(map(is_number, texts)) and units.spans(texts) != ""


def _special(column: Column, series: pd.Series, what: str, locale: str, *, said: bool) -> Column:
    """With what only its sdtype has. Ids that are merely regular (postcodes) need not be unique, unless a
    person ``said`` that they are ids.
    """
    if column.sdtype == "numerical":
        return _numerical(column, series)
    if column.sdtype == "datetime":
        return _dated(column, series)
    if column.sdtype == "timedelta":
        return _timed(column, series)
    if column.sdtype == "id":
        numbers = column.holds in ("integer", "number")
        unique = bool(series.dropna().is_unique) and (said or numbers or is_key(column.name, as_text(series)))
        return replace(column, afresh=key_form(_texts(series), unique=unique, numbers=numbers))
    if column.sdtype == "pii":
        check_locale(locale)
        kind = what or personal(column.name, _texts(series), locale)
        unique = bool(series.dropna().is_unique)
        return replace(column, afresh=Afresh("pii", unique=unique, what=kind, locale=locale))
    return column


def _texts(series: pd.Series) -> list[str]:
    return list(dict.fromkeys(str(text) for text in as_text(series) if text is not None))


def _numerical(column: Column, series: pd.Series) -> Column:
    written = None
    if column.holds in ("text", "mixed") and (texts := _texts(series)):
        written = form_of(texts)
        if written is not None and written.plain:
            written = None if all(map(is_number, texts)) else written
    numbers = as_numbers(series) if written is None else _read(series, written)
    return replace(column, decimals=decimals_of(numbers), written=written)


def _read(series: pd.Series, written: Written) -> np.ndarray:
    return np.array([np.nan if t is None else written.read(t) for t in as_text(series)], dtype=np.float64)


def _dated(column: Column, series: pd.Series) -> Column:
    texts = pd.Series(as_text(series, column.format), dtype=object).dropna()
    if column.holds == "datetime":
        zone = as_stamps(series).dt.tz
        column = replace(column, zone="" if zone is None else str(zone))
    else:
        column = _as_text(column, list(dict.fromkeys(texts))[:LOOKED_AT], texts)
    if texts.empty:
        return replace(column, unit="D")
    return replace(column, unit=units.unit_of(units.walls(texts, column.format, column.zone)))


def _as_text(column: Column, some: Sequence[str], texts: pd.Series) -> Column:
    """How datetimes in text are written: their offset, fractions, and numbers without leading zeros."""
    if "%z" in column.format:
        offsets = {match[0] for text in texts.unique() if (match := _OFFSET.search(text))}
        if len(offsets) == 1:
            column = replace(column, format=column.format.replace("%z", offsets.pop()))
        else:
            utc = "Z" if "Z" in offsets else "+00:00" if any(":" in one for one in offsets) else "+0000"
            return replace(column, zone=utc, decimals=_fraction(some))
    column = replace(column, decimals=_fraction(some) if "%f" in column.format else None)
    stamps = pd.Series(units.walls(pd.Series(some, dtype=object), column.format))
    for letters in PADDINGS:
        tried = replace(column, unpadded="".join(one for one in letters if f"%{one}" in column.format))
        if len(some) and units.written(stamps, tried) == list(some):
            return tried
    return column


def _fraction(texts: Sequence[str]) -> int | None:
    """Digits of a second's fraction, if all texts have as many, and fewer than six."""
    digits = {len(match[1]) if (match := _FRACTION.search(text)) else 0 for text in texts}
    most = max(digits, default=0)
    return most if len(digits) == 1 and 0 < most < 6 else None


def _timed(column: Column, series: pd.Series) -> Column:
    texts = _texts(series)
    spent = units.nanoseconds(texts)
    unit = units.span_unit_of(spent) if len(spent) else "D"
    if column.holds == "timedelta":
        return replace(column, unit=unit)
    unpadded = "H" if any(re.match(r"\d:", text) for text in texts) else ""
    return replace(column, unit=unit, format=units.spans(texts), unpadded=unpadded, decimals=_fraction(texts))


def _format(series: pd.Series, form: str) -> str:
    if holds(series) == "datetime":
        return datetime_format(series)
    return form or datetime_form(list(dict.fromkeys(t for t in as_text(series) if t is not None)))


def _levels(series: pd.Series) -> tuple[str, ...]:
    if not isinstance(series.dtype, pd.CategoricalDtype):
        return ()
    words = as_text(pd.Series(series.dtype.categories))
    counts = series.cat.codes.value_counts()
    return tuple(str(word) for code, word in enumerate(words) if int(counts.get(code, 0)) != 1)


def _note(column: Column, series: pd.Series) -> str:
    name, how = column.name, column.afresh
    if bool(series.isna().all()):
        return f"Column {name!r} has no value in any row: it stays empty."
    if how is not None:
        return _afresh_note(name, how)
    if column.holds == "mixed":
        return f"Column {name!r} is taken as text: its values are of several kinds, or of a rare one."
    if not bool(series.isna().any()) and series.nunique() == 1:
        return f"Column {name!r} has the same value in every row, and will in every drawn row."
    if column.zone and not units.is_zone(column.zone):
        return f"Column {name!r} has several offsets from UTC: drawn datetimes are written in UTC."
    return ""


def _afresh_note(name: str, how: Afresh) -> str:
    if how.kind == "pii":
        return (
            f"Column {name!r} holds personal data ({how.what}): it is not learned, and faker makes "
            f"fresh values ({how.locale})."
        )
    if how.kind == "shapes" and not how.unique:
        return (
            f"Column {name!r} holds regular strings that hardly repeat: they are not learned, and fresh ones "
            "are made in the shapes that rows share."
        )
    longer = " (they are longer than the real ones)" if how.kind == "shapes" else ""
    return (
        f"Column {name!r} is an id: it is not learned, and fresh ones are made, none of them a real "
        f"one{longer}."
    )
