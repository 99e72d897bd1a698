"""Numbers as people write them: $1,234.50, 1.234,50 €, 12 %, 3,5 kg.

A column is of one form if all its texts follow it: what stands before and behind the number, the sign's
place, what parts thousands and what stands for the point.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

MARKS = r"[$€£¥₹₽₩₺฿]|US\$|CA\$|A\$|USD|EUR|GBP|CHF|JPY|CNY|INR|AUD|CAD|SEK|NOK|DKK|PLN|CZK|Rs\.?|R\$|kr\.?"
BEFORE = re.compile(rf"(?:(?:{MARKS})[ \u00a0\u202f]?)?")
BEHIND = re.compile(
    rf"[ \u00a0\u202f]?(?:[%‰]|{MARKS}|°[CF]?)|[ \u00a0\u202f][A-Za-zµ²³/]{{1,8}}|[a-zµ][A-Za-zµ²³/]{{0,4}}|"
)
SEPARATORS = (
    ("", "."),
    (",", "."),
    ("", ","),
    (".", ","),
    (" ", ","),
    ("\u00a0", ","),
    ("\u202f", ","),
    (" ", "."),
    ("'", "."),
    ("\u2019", "."),
)
"""(thousands, point), as they are tried; with a mark of thousands at least one text must have one."""
_PARTS = re.compile(r"(-?)(\D*?)(-?)(\d.*?\d|\d)(\D*)")


@dataclass(frozen=True)
class Written:
    """``sign``: whether a minus stands 'before' what stands before the number, or 'behind' it. ``fixed``: all
    texts have as many digits after the point.
    """

    prefix: str = ""
    suffix: str = ""
    thousands: str = ""
    point: str = "."
    sign: str = "before"
    fixed: bool = False

    def read(self, text: str) -> float:
        """ValueError for a text of another form."""
        minus = text.startswith(("-", f"{self.prefix}-"))
        bare = text.removeprefix("-").removeprefix(self.prefix).removeprefix("-")
        plain = bare.removesuffix(self.suffix) if self.suffix else bare
        number = plain.replace(self.thousands, "") if self.thousands else plain
        value = float(number.replace(self.point, ".") if self.point != "." else number)
        return -value if minus else value

    def write(self, value: float, decimals: int) -> str:
        """With at most so many digits after the point."""
        text = f"{abs(value):,.{decimals}f}"
        if not self.fixed and "." in text:
            text = text.rstrip("0").rstrip(".")
        minus = "-" if value < 0 and text.strip("0.,") else ""
        parted = text.translate({ord(","): self.thousands, ord("."): self.point})
        front = f"{minus}{self.prefix}" if self.sign == "before" else f"{self.prefix}{minus}"
        return f"{front}{parted}{self.suffix}"

    @property
    def plain(self) -> bool:
        """Whether a program would write it so."""
        return (self.prefix, self.suffix, self.thousands, self.point) == ("", "", "", ".")


def form_of(texts: Sequence[str]) -> Written | None:
    """The form that all the texts follow; None if there is none."""
    parts = [_PARTS.fullmatch(text) for text in texts]
    known = [match.groups() for match in parts if match]
    if not texts or len(known) < len(texts):
        return None
    fronts, ends = {front for _, front, _, _, _ in known}, {end for *_, end in known}
    signs = {"before" if outer else "behind" for outer, _, inner, _, _ in known if outer or inner}
    if len(fronts) > 1 or len(ends) > 1 or len(signs) > 1:
        return None
    front, end = fronts.pop(), ends.pop()
    if not (BEFORE.fullmatch(front) and BEHIND.fullmatch(end)):
        return None
    return _parted([number for *_, number, _ in known], front, end, signs.pop() if signs else "before")


def _parted(numbers: Sequence[str], front: str, end: str, sign: str) -> Written | None:
    for thousands, point in SEPARATORS:
        mark, dot = re.escape(thousands), re.escape(point)
        whole = rf"(?:[1-9]\d{{0,2}}(?:{mark}\d{{3}})+|0|[1-9]\d{{0,2}})" if thousands else r"(?:0|[1-9]\d*)"
        pattern = re.compile(rf"{whole}(?:{dot}(\d+))?")
        found = [match for number in numbers if (match := pattern.fullmatch(number))]
        if len(found) == len(numbers) and (not thousands or any(thousands in n for n in numbers)):
            digits = {len(match[1] or "") for match in found}
            return Written(front, end, thousands, point, sign, len(digits) == 1)
    return None
