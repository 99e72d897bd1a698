"""Datetimes and durations as whole numbers of the column's own resolution, and back.

A column of dates is days since 1970 (or months, or years, where all are the first of one), one to the minute
is minutes. What is counted is the wall clock: in a zone of summer time midnight stays midnight. Durations are
counted from nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from stockpot.values import Floats, Texts

if TYPE_CHECKING:
    from stockpot.schema import Column

Unit = Literal["Y", "M", "D", "h", "m", "s", "ms", "us"]
"""As numpy writes them."""
NANOSECONDS: dict[str, int] = {
    "D": 86_400 * 10**9,
    "h": 3_600 * 10**9,
    "m": 60 * 10**9,
    "s": 10**9,
    "ms": 10**6,
    "us": 10**3,
}
FIRST, LAST = np.datetime64("1678-01-01", "ns"), np.datetime64("2261-12-31T23:59:59", "ns")
"""What nanoseconds in 64 bits hold."""
DAY = NANOSECONDS["D"]
UTC = "UTC"
_CLOCK = re.compile(r"(\d+):(\d\d)(?::(\d\d)(\.\d+)?)?")
_SPAN = re.compile(r"-?\d+ days?(?: \+?\d\d:\d\d:\d\d(?:\.\d+)?)?")

Stamps = npt.NDArray[np.datetime64]
Ints = npt.NDArray[np.int64]


def counted(values: pd.Series, column: Column) -> Floats:
    """Canonical texts of a datetime or timedelta column as whole units, NaN where missing."""
    gone = values.isna().to_numpy()
    if bool(gone.all()):
        return np.full(len(values), np.nan)
    if column.sdtype == "timedelta":
        whole = _nanoseconds(values) // NANOSECONDS[column.unit]
    else:
        stamps = walls(values, column.format, column.zone)
        whole = _whole(stamps, column.unit)
    return np.where(gone, np.nan, whole.astype(np.float64))


def told(numbers: Floats, column: Column) -> Texts:
    """Whole units as the column's canonical texts, None where missing; what no column can hold is clipped."""
    gone = np.isnan(numbers)
    whole = np.round(np.where(gone, 0, numbers)).astype(np.int64)
    words = _spans(whole, column) if column.sdtype == "timedelta" else _dates(whole, column)
    out = np.array(words, dtype=object)
    out[gone] = None
    return out


def unit_of(stamps: Stamps) -> Unit:
    """The coarsest unit that tells all the datetimes: years and months if all are the first of one."""
    known = stamps[~np.isnat(stamps)]
    for unit in ("Y", "M"):
        if len(known) and bool((known.astype(f"datetime64[{unit}]").astype("datetime64[ns]") == known).all()):
            return unit
    return span_unit_of(known.astype(np.int64))


def span_unit_of(nanoseconds: Ints) -> Unit:
    """The coarsest unit, days at most, of which all durations are whole numbers."""
    units: tuple[Unit, ...] = ("D", "h", "m", "s", "ms")
    return next((unit for unit in units if not (nanoseconds % NANOSECONDS[unit]).any()), "us")


def walls(values: pd.Series, form: str, zone: str = "") -> Stamps:
    """Texts of a strftime format as wall clock; NaT where missing."""
    if "%z" not in form:
        return _plain(pd.to_datetime(values, format=form))
    stamps = pd.to_datetime(values, format=form, utc=True)
    return _plain(stamps.dt.tz_convert(zone if is_zone(zone) else UTC).dt.tz_localize(None))


def is_zone(zone: str) -> bool:
    """Whether this is a zone's name, and not how a text writes UTC."""
    return bool(zone) and zone not in ("Z", "+0000", "+00:00")


def spans(texts: Sequence[str]) -> str:
    """The form that all texts of durations share: 'days' (1 days 02:00:00), '[h]:%M:%S', '[h]:%M', the same
    with %H for times of the day; or ''.
    """
    if all(_SPAN.fullmatch(text) for text in texts):
        return "days"
    found = [_CLOCK.fullmatch(text) for text in texts]
    known = [match for match in found if match and int(match[2]) < 60 and int(match[3] or 0) < 60]
    seconds = {match[3] is not None for match in known}
    if len(known) < len(texts) or len(seconds) != 1:
        return ""
    hours = "%H" if all(int(match[1]) < 24 for match in known) else "[h]"
    return f"{hours}:%M:%S" if seconds.pop() else f"{hours}:%M"


def nanoseconds(texts: Sequence[str]) -> Ints:
    """Of texts of durations."""
    return _nanoseconds(pd.Series(list(texts), dtype=object))


def _nanoseconds(values: pd.Series) -> Ints:
    known = with_seconds(values).fillna("0 days")
    return pd.to_timedelta(known).to_numpy().astype("timedelta64[ns]").astype(np.int64)


def with_seconds(values: pd.Series) -> pd.Series:
    """Texts of durations as pandas reads them: 5:07 is 5:07:00. Missing ones stay."""
    return values.where(values.isna(), values.astype(str).str.replace(r"^(\d+:\d\d)$", r"\1:00", regex=True))


def _plain(stamps: pd.Series) -> Stamps:
    return stamps.to_numpy().astype("datetime64[ns]")


def _whole(stamps: Stamps, unit: str) -> Ints:
    if unit in ("Y", "M"):
        return stamps.astype(f"datetime64[{unit}]").astype(np.int64)
    return stamps.astype(np.int64) // NANOSECONDS[unit]


def _dates(whole: Ints, column: Column) -> list[str]:
    first, last = (_whole(np.array([end]), column.unit)[0] for end in (FIRST, LAST))
    code = column.unit
    stamps = np.clip(whole, first, last).astype(f"datetime64[{code}]").astype("datetime64[ns]")
    return written(pd.Series(np.clip(stamps, FIRST, LAST)), column)


def written(stamps: pd.Series, column: Column) -> list[str]:
    """Wall clocks as the column writes them."""
    form, unpadded = column.format, column.unpadded
    if "%z" in form and is_zone(column.zone):
        summer = np.ones(len(stamps), dtype=bool)
        stamps = stamps.dt.tz_localize(column.zone, ambiguous=summer, nonexistent="shift_forward")
    elif "%z" in form:
        form = form.replace("%z", column.zone)
    for letter in unpadded:
        form = form.replace(f"%{letter}", f"\2%{letter}")
    if "%f" in form and column.decimals is not None:
        form = form.replace("%f", "%f\1")
    words = stamps.dt.strftime(form)
    if unpadded:
        words = words.str.replace("\0020", "", regex=False).str.replace("\2", "", regex=False)
    if "\1" in form and column.decimals is not None:
        words = words.str.replace(rf"(\d{{{column.decimals}}})\d*\x01", r"\1", regex=True)
    return list(words)


def _spans(whole: Ints, column: Column) -> list[str]:
    size = NANOSECONDS[column.unit]
    most = np.iinfo(np.int64).max // size
    spent = np.clip(whole, -most, most) * size
    if column.format in ("", "days"):
        return [str(pd.Timedelta(int(n), unit="ns")) for n in spent]
    if column.format.startswith("%H"):
        spent = np.minimum(spent, DAY - size)
    return [_clock(max(0, int(n)), column) for n in spent]


def _clock(nanoseconds: int, column: Column) -> str:
    seconds, rest = divmod(nanoseconds, 10**9)
    hours = str(seconds // 3600) if "H" in column.unpadded else f"{seconds // 3600:02d}"
    text = f"{hours}:{seconds // 60 % 60:02d}"
    if not column.format.endswith("%S"):
        return text
    fraction = f".{rest:09d}"[: column.decimals + 1] if column.decimals else ""
    return f"{text}:{seconds % 60:02d}{fraction}"
