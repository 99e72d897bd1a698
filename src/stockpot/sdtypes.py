"""Which sdtype a column's content speaks for, and whether a given one is true.

Detection is conservative: what pandas stores as numbers is numerical, what it stores as text is categorical,
unless the content says otherwise in every row.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Literal, get_args

import numpy as np
import pandas as pd

from stockpot.afresh.detecting import personal, regular
from stockpot.afresh.people import LOCALE
from stockpot.errors import SchemaError
from stockpot.units import spans
from stockpot.values import Floats, as_numbers, as_text, has_leading_zero, holds, is_integer, is_number
from stockpot.written import form_of

Sdtype = Literal["numerical", "categorical", "boolean", "datetime", "timedelta", "id", "pii", "text"]
SDTYPES: tuple[Sdtype, ...] = get_args(Sdtype)

MOST_DECIMALS = 12
"""A column of so many digits after the point is not rounded at all."""

FEW_NUMBERS = 10
"""Numbers stored as text are categories up to so many different ones (grades, codes), numerical above; so
are amounts of money, and times of hours and minutes.
"""

FORMATS = (
    "%Y-%m-%d",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%d %H:%M:%S.%f",
    "%Y-%m-%dT%H:%M:%S.%f",
    "%Y-%m-%d %H:%M:%S%z",
    "%Y-%m-%dT%H:%M:%S%z",
    "%Y-%m-%dT%H:%M:%S.%f%z",
    "%Y/%m/%d",
    "%Y/%m/%d %H:%M:%S",
    "%d.%m.%Y",
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y %H:%M:%S",
    "%m/%d/%Y",  # before day/month: what American spreadsheets write, and what pandas reads
    "%d/%m/%Y",
    "%m/%d/%Y %H:%M",
    "%d/%m/%Y %H:%M",
    "%m/%d/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M:%S",
    "%m/%d/%Y %I:%M %p",
    "%m/%d/%Y %I:%M:%S %p",
    "%m/%d/%y",
    "%d/%m/%y",
    "%d-%m-%Y",
    "%d %b %Y",
    "%d %B %Y",
    "%b %d, %Y",
    "%B %d, %Y",
    "%d-%b-%Y",
    "%Y-%m",
)
_DATE_LIKE = re.compile(
    r"\d{1,4}[-/. ]\w{1,9}[-/. ]\d{1,4}(?!\d).*|[A-Za-z]{3,9} \d{1,2}, \d{4}|(1[6-9]|20)\d\d-(0[1-9]|1[0-2])"
)
_ID_LAST = {"id", "ids", "key", "no", "nr", "number", "uuid", "guid", "rownames", "rowname"}
_ID_WHOLE = re.compile(
    r"(row|user|patient|customer|subject|person|case|order|record|client|member|item)(id|no|nr)"
)
_UUID = re.compile(r"[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")


def sdtype_of(name: str, series: pd.Series, locale: str = LOCALE) -> Sdtype:
    """The sdtype that the column's content speaks for; names of persons are known in a locale."""
    kind = holds(series)
    if kind == "boolean":
        return "boolean"
    if isinstance(series.dtype, pd.CategoricalDtype):
        return "categorical"  # someone said so
    if kind in ("datetime", "date"):
        return "datetime"
    if kind == "timedelta":
        return "timedelta"
    if kind in ("integer", "number"):
        return "id" if _numbers_rows(name, series) else "numerical"
    return _text_sdtype(name, as_text(series), locale)


def datetime_form(texts: Sequence[str]) -> str:
    """The strftime format that all the texts follow, or '' (they are no datetimes)."""
    if not texts or not all(_DATE_LIKE.fullmatch(t.strip()) for t in texts):
        return ""
    for form in FORMATS:
        first, rest = texts[:20], texts[20:]  # most formats fail at once
        if all(_follows(part, form) for part in (first, rest)):
            return form
    return ""


def _follows(texts: Sequence[str], form: str) -> bool:
    values = pd.Series(list(texts), dtype=object)
    return bool(pd.to_datetime(values, format=form, errors="coerce", utc=True).notna().all())


def decimals_of(numbers: Floats) -> int:
    """Most digits after the point in any of the numbers, at most MOST_DECIMALS.

    A number within four units in the last place of a shorter one counts as that one (0.84 computed as
    0.8400000000000001).
    """
    rest = np.unique(numbers[np.isfinite(numbers)])
    rest = rest[np.abs(rest) < 2.0**52]  # above it there is nothing after the point
    for decimals in range(MOST_DECIMALS):
        rest = rest[np.abs(np.round(rest, decimals) - rest) > 4 * np.spacing(np.abs(rest))]
        if not len(rest):
            return decimals
    return MOST_DECIMALS


def check(name: str, series: pd.Series, sdtype: Sdtype, form: str = "") -> None:
    """SchemaError if the column's values deny the sdtype, or the format of its datetimes."""
    texts = list(dict.fromkeys(t for t in as_text(series) if t is not None))
    kind = holds(series)
    if sdtype in ("id", "pii") and kind in ("boolean", "datetime", "date", "timedelta"):
        raise SchemaError(
            f"The schema says that column {name!r} is {sdtype}, but it holds {kind} values: say so."
        )
    if sdtype == "numerical" and kind not in ("integer", "number") and form_of(texts) is None:
        odd = (t for t in texts if not is_number(t) and form_of([t]) is None)
        wrong = next(odd, next((t for t in texts if not is_number(t)), None))
        if wrong is not None:
            raise SchemaError(_lie(name, sdtype, f"{wrong!r} is no number", "categorical or text"))
    if sdtype == "boolean" and len(texts) > 2:
        raise SchemaError(_lie(name, sdtype, f"{texts[2]!r} is its third value", "categorical"))
    if sdtype == "datetime" and kind not in ("datetime", "date"):
        _check_datetimes(name, texts, form)
    if sdtype == "timedelta" and kind != "timedelta" and texts and not spans(texts):
        wrong = next((t for t in texts if not spans([t])), texts[0])
        raise SchemaError(
            _lie(name, sdtype, f"{wrong!r} is no duration like the others", "categorical or text")
        )


def _check_datetimes(name: str, texts: list[str], form: str) -> None:
    if not texts or (_follows(texts, form) if form else datetime_form(texts)):
        return
    wrong = next((t for t in texts if not (_follows([t], form) if form else datetime_form([t]))), texts[0])
    why = f"{wrong!r} is no datetime in " + (f"the format {form!r}" if form else "a format that all share")
    raise SchemaError(_lie(name, "datetime", why, "categorical or text"))


def _lie(name: str, sdtype: str, why: str, mend: str) -> str:
    return f"The schema says that column {name!r} is {sdtype}, but {why}: call it {mend}, or mend the value."


def _numbers_rows(name: str, series: pd.Series) -> bool:
    """Whether integers only tell rows apart: unique, none missing, and called an id or a run from 0 or 1."""
    numbers = as_numbers(series)
    if not len(numbers) or not bool((numbers == np.trunc(numbers)).all()):  # NaN fails too
        return False
    return len(np.unique(numbers)) == len(numbers) and (says_id(name) or _is_run(numbers))


def _is_run(numbers: Floats) -> bool:
    start = numbers.min()
    return bool(start in (0.0, 1.0) and numbers.max() - start == len(numbers) - 1)


def says_id(name: str) -> bool:
    """Whether a column's name calls it an id: patient_id, customerNo, ID; not 'humid', 'no_children'."""
    words = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", name)
    tokens = [t for t in re.split(r"[^A-Za-z0-9]+", words.lower()) if t]
    return bool(tokens) and (
        tokens[-1] in _ID_LAST or tokens[0] == "id" or bool(_ID_WHOLE.fullmatch(name.lower()))
    )


def _text_sdtype(name: str, values: np.ndarray, locale: str) -> Sdtype:
    counts = Counter(v for v in values if v is not None)
    distinct = list(counts)
    if not distinct:
        return "categorical"
    return (
        _timed(distinct)
        or _numbered(name, distinct, unique=len(distinct) == len(values))
        or _afresh(name, values, counts, locale)
        or ("text" if _is_prose(distinct, counts.total()) else "categorical")
    )


def _timed(distinct: Sequence[str]) -> Sdtype | None:
    if datetime_form(distinct):
        return "datetime"
    form = spans(distinct)
    return "timedelta" if form and (form.endswith(("S", "days")) or len(distinct) > FEW_NUMBERS) else None


def _numbered(name: str, distinct: Sequence[str], *, unique: bool) -> Sdtype | None:
    """Numbers, as a program or a person writes them."""
    if all(map(is_number, distinct)) and not any(map(has_leading_zero, distinct)):
        runs = all(map(is_integer, distinct)) and (says_id(name) or _is_run(np.array(distinct, dtype=float)))
        if unique and runs:
            return "id"
        return "numerical" if len(distinct) > FEW_NUMBERS else "categorical"
    written = form_of(distinct) if len(distinct) > FEW_NUMBERS else None
    return None if written is None or written.plain else "numerical"


def _afresh(name: str, values: np.ndarray, counts: Counter[str], locale: str) -> Sdtype | None:
    """What is never learned: personal data, ids, and regular strings."""
    if personal(name, list(counts), locale):
        return "pii"
    return "id" if is_key(name, values) or regular(counts) else None


def is_key(name: str, values: np.ndarray) -> bool:
    """Whether texts tell rows apart: none comes twice, and they are of one shape, or the column says so."""
    distinct = list(dict.fromkeys(values))
    if None in distinct or len(distinct) < len(values):
        return False
    return _share_a_shape(distinct) or (says_id(name) and not any(" " in v.strip() for v in distinct))


def _share_a_shape(distinct: Sequence[str]) -> bool:
    """UUIDs, or one format of letters and digits (P-001, AB12)."""
    if all(_UUID.fullmatch(v) for v in distinct):
        return True
    shape = _shape(distinct[0])
    return "9" in shape and " " not in shape and all(_shape(v) == shape for v in distinct)


def _shape(text: str) -> str:
    return re.sub(r"[^\W\d_]", "A", re.sub(r"\d", "9", text))


def _is_prose(distinct: Sequence[str], rows: int) -> bool:
    """Names and sentences: hardly a value comes twice, or most do not and they are long."""
    share = len(distinct) / rows
    if rows >= 20 and share >= 0.9:
        return True
    length, words = np.mean([len(v) for v in distinct]), np.mean([len(v.split()) for v in distinct])
    return bool(rows >= 8 and share > 0.5 and (length >= 40 or words >= 5))
