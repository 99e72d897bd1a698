"""Which columns are of personal data or of regular strings, and how fresh values of a column are made."""

from __future__ import annotations

import ipaddress
import re
from collections import Counter
from collections.abc import Sequence
from itertools import takewhile

import numpy as np

from stockpot.afresh import Afresh
from stockpot.afresh.people import given_names
from stockpot.afresh.shapes import SHARED, outline, shapes_of, widened

LEAST = 8
"""Fewer values say nothing of their form."""
COVERED = 0.8
"""So large a share of regular strings must be of shapes that rows share."""
ALONE = 0.5
"""... and so large a share of the rows have a value that no other row has."""
KNOWN_NAMES = 0.3
"""So large a share of a column of names must be names that faker knows."""
_UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_HEX = re.compile(r"[0-9a-f]{16,}|[0-9A-F]{16,}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}")
_URL = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_PHONE = re.compile(r"\+?[\d\s().\-/]{7,22}(?:\s?(?:x|ext\.?)\s?\d+)?")
_PHONE_NAME = re.compile(r"phone|mobile|telefon|telephone|fax|(?:^|[^a-z])(?:tel|cell)(?:$|[^a-z])")
_WORDS = re.compile(r"[^\W\d_][^\W\d_.'\u2019-]*\.?(?:[ '\u2019-][^\W\d_][^\W\d_.'\u2019-]*\.?)*")
_NAMES = {
    "first_name": ("firstname", "givenname", "forename", "vorname", "prenom"),
    "last_name": ("lastname", "surname", "familyname", "nachname"),
    "name": ("name", "fullname", "customername", "patientname", "employeename", "personname", "clientname"),
}
_REGULAR = re.compile(r"(?=.*\d)(?:(?<![A-Za-z])[A-Za-z]{1,4}(?![A-Za-z])|[0-9 .\-/+()_#:])+")


def personal(name: str, texts: Sequence[str], locale: str) -> str:
    """SDV's sdtype of the personal data that all the texts are, or ''."""
    if len(texts) < LEAST:
        return ""
    if all(_EMAIL.fullmatch(text) for text in texts):
        return "email"
    if all(_URL.fullmatch(text) for text in texts):
        return "url"
    if all(_is_address(text) for text in texts):
        return "ipv4" if all("." in text for text in texts) else "ipv6"
    if _are_phones(name, texts):
        return "phone_number"
    return _named(name, texts, locale)


def _is_address(text: str) -> bool:
    if text.count(".") != 3 and text.count(":") < 2:
        return False
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _are_phones(name: str, texts: Sequence[str]) -> bool:
    if not all(_PHONE.fullmatch(text) and sum(map(str.isdecimal, text)) >= 7 for text in texts):
        return False
    told = all(text.startswith("+") for text in texts) or all("(" in text for text in texts)
    return told or _PHONE_NAME.search(name.casefold()) is not None


def _named(name: str, texts: Sequence[str], locale: str) -> str:
    """Names of persons: by the column's name, and by names that are known."""
    bare = re.sub(r"[^a-z]", "", name.casefold())
    what = next((sdtype for sdtype, names in _NAMES.items() if bare in names), "")
    if not what or not all(_WORDS.fullmatch(text) for text in texts):
        return ""
    if what == "name" and sum(" " in text for text in texts) < COVERED * len(texts):
        return ""
    firsts = [re.split(r"[ -]", text)[0].casefold() for text in texts]
    known = given_names(locale, "last_name" if what == "last_name" else "first_name")
    return what if np.mean([first in known for first in firsts]) >= KNOWN_NAMES else ""


def regular(counts: Counter[str]) -> bool:
    """Postcodes, plates, telephone numbers: strings of a few shapes of digits and letters, of which most rows
    have one of their own.
    """
    rows = counts.total()
    if len(counts) < 2 * LEAST or sum(n == 1 for n in counts.values()) <= ALONE * rows:
        return False
    if not all(len(text) <= 24 and _REGULAR.fullmatch(text) for text in counts):
        return False
    alike = Counter(outline(text) for text in counts)
    return sum(n for n in alike.values() if n >= LEAST / 2) >= COVERED * len(counts)


def key_form(texts: Sequence[str], *, unique: bool, numbers: bool = False) -> Afresh:
    """How fresh ids are made beside the real ones: none of the made ones is among them, if ``unique``.
    ``numbers``: the column holds numbers, and fresh ones are whole ones.
    """
    distinct = list(dict.fromkeys(texts))
    if numbers and (unique or len(distinct) < SHARED):
        known = [int(float(text)) for text in distinct] or [0]
        return Afresh("count", unique=True, beyond=_outward(min(known), max(known)))
    if digits := _random_digits(distinct):
        return digits
    shapes = shapes_of(distinct) if len(distinct) > 1 else ()
    if not unique and shapes:
        return Afresh("shapes", shapes=shapes)
    counted = _counted(distinct)
    if counted:
        return counted
    if shapes:
        return Afresh("shapes", unique=True, shapes=((widened(shapes[0][0], distinct), 1.0),))
    return Afresh("count", unique=True, prefix=_strange(distinct))


def _random_digits(texts: Sequence[str]) -> Afresh | None:
    """UUIDs, and hexadecimal numbers of one length."""
    upper = any(text != text.lower() for text in texts)
    if texts and all(_UUID.fullmatch(text) for text in texts):
        return Afresh("uuid", unique=True, upper=upper)
    if texts and all(_HEX.fullmatch(text) for text in texts) and len(set(map(len, texts))) == 1:
        return Afresh("hex", unique=True, width=len(texts[0]), upper=upper)
    return None


def _counted(texts: Sequence[str]) -> Afresh | None:
    """Numbers that go on, between what all begin and end with."""
    if not texts:
        return None
    prefix = _shared_start(texts).rstrip("0123456789") if len(texts) > 1 else ""
    parts = [re.fullmatch(rf"{re.escape(prefix)}(\d{{1,18}})(\D*)", text) for text in texts]
    known = [match for match in parts if match]
    if len(known) < len(texts) or len({match[2] for match in known}) > 1:
        return None
    numbers = [int(match[1]) for match in known]
    padded = any(match[1] != str(int(match[1])) for match in known)
    width = max(len(match[1]) for match in known) if padded else 0
    return Afresh(
        "count",
        unique=True,
        prefix=prefix,
        suffix=known[0][2],
        width=width,
        beyond=_outward(min(numbers), max(numbers)),
    )


def _shared_start(texts: Sequence[str]) -> str:
    places = takewhile(lambda chars: len(set(chars)) == 1, zip(*texts, strict=False))
    return "".join(chars[0] for chars in places)


def _outward(least: int, most: int) -> int:
    """A round number above the largest, which tells no more than the size of the range."""
    grain = 10 ** (len(str(most - least)) - 1) if most > least else 10
    return int((most // grain + 1) * grain)


def _strange(texts: Sequence[str]) -> str:
    prefix = "id-"
    while any(text.startswith(prefix) for text in texts):
        prefix = f"new-{prefix}"
    return prefix
