"""One column of a table: what it is, and what it takes to give drawn values its form again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from stockpot.afresh import Afresh
from stockpot.sdtypes import Sdtype
from stockpot.values import Holds
from stockpot.written import Written


@dataclass(frozen=True)
class Column:
    """dtype: the pandas dtype of the real column ("int64", "object", "category").
    decimals: numerical: digits after the point seen (0 for integers, 12: do not round); of datetimes and
    durations in text: digits of a second's fraction, where all have as many; else None.
    note: one sentence that a person should read (constant, all missing ...), or "".
    format: datetime: the strftime format of its text; timedelta in text: its form; else "".
    holds: what the values are inside an object or category column.
    missing: whether any value of the real column is missing.
    levels, ordered: of a pandas category dtype; levels that one row alone has are left out.
    unit: datetime, timedelta: what their whole numbers count (``stockpot.units``).
    zone: datetime: the zone of a dtype that has one; of text with several offsets, how it writes UTC.
    unpadded: datetime, timedelta: letters of the format whose numbers stand without a leading zero.
    written: numerical in text: the form of money, percentages and the like.
    afresh: id, pii: never learned, and how fresh values are made.
    """

    name: str
    sdtype: Sdtype
    dtype: str
    decimals: int | None
    note: str = ""
    format: str = ""
    holds: Holds = "text"
    missing: bool = False
    levels: tuple[str, ...] = ()
    ordered: bool = False
    unit: str = ""
    zone: str = ""
    unpadded: str = ""
    written: Written | None = None
    afresh: Afresh | None = None

    def to_json(self) -> dict[str, Any]:
        """All fields, but for those of special columns where they say nothing."""
        plain = {**asdict(self), "levels": list(self.levels)}
        if self.afresh is not None:
            plain["afresh"]["shapes"] = [list(shape) for shape in self.afresh.shapes]
        return {name: value for name, value in plain.items() if name not in _SPECIAL or value}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Column:
        read = {**data, "levels": tuple(data["levels"])}
        if read.get("written"):
            read["written"] = Written(**read["written"])
        if read.get("afresh"):
            shapes = tuple((str(shape), float(share)) for shape, share in read["afresh"]["shapes"])
            read["afresh"] = Afresh(**{**read["afresh"], "shapes": shapes})
        return cls(**read)

    def to_sdv(self) -> dict[str, Any]:
        """As SDV's metadata describes it."""
        if self.written is not None or (self.sdtype == "timedelta" and self.holds != "timedelta"):
            return {"sdtype": "categorical"}  # SDV knows neither money in text nor durations
        if self.sdtype in ("numerical", "timedelta"):
            whole = self.decimals == 0 and self.dtype.lower().startswith(("int", "uint"))
            return {"sdtype": "numerical", "computer_representation": "Int64" if whole else "Float"}
        if self.sdtype == "datetime" and self.format:
            return {"sdtype": "datetime", "datetime_format": self.format}
        if self.sdtype == "pii" and self.afresh is not None:
            return {"sdtype": self.afresh.what, "pii": True}
        return {"sdtype": self.sdtype}


_SPECIAL = tuple(field.name for field in fields(Column)[10:])
