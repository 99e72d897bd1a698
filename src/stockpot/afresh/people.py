"""Personal data by faker: what a value is called in SDV's sdtypes, and fresh ones in a locale.

A value is drawn by the number of its row alone, so any block of a draw can be made by itself. Where no value
may come twice, what can carry the row's number carries it (an address of e-mail, a telephone number); of
names, the first letters of a middle name do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from stockpot.afresh import Afresh
from stockpot.errors import SchemaError
from stockpot.values import Texts

LOCALE = "en_US"
METHODS = {
    "address": "address",
    "administrative_unit": "administrative_unit",
    "bban": "bban",
    "city": "city",
    "company": "company",
    "country": "country",
    "country_code": "country_code",
    "credit_card": "credit_card_number",
    "credit_card_number": "credit_card_number",
    "date_of_birth": "date_of_birth",
    "email": "email",
    "first_name": "first_name",
    "full_name": "name",
    "iban": "iban",
    "ipv4": "ipv4",
    "ipv4_address": "ipv4",
    "ipv6": "ipv6",
    "ipv6_address": "ipv6",
    "job": "job",
    "last_name": "last_name",
    "license_plate": "license_plate",
    "mac_address": "mac_address",
    "name": "name",
    "phone_number": "phone_number",
    "postcode": "postcode",
    "ssn": "ssn",
    "state": "state",
    "street_address": "street_address",
    "swift": "swift11",
    "swift11": "swift11",
    "swift8": "swift8",
    "url": "url",
    "user_agent": "user_agent",
    "user_agent_string": "user_agent",
    "user_name": "user_name",
}
"""SDV's sdtype -> faker's method."""
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_TRIES = 20


def check_locale(locale: str) -> None:
    """SchemaError for a locale that faker does not have."""
    _faker(locale)


def people(name: str, how: Afresh, rows: int, key: int, start: int) -> Texts:
    """Fresh values of the rows after the first ``start``."""
    fake = _faker(how.locale or LOCALE)
    say = _method(fake, name, how)
    found: list[str] = []
    seen: set[str] = set()
    fake.seed_instance(f"{key} {start}")
    for number in range(start, start + rows):
        text = _said(say)
        for _ in range(_TRIES if how.unique else 0):
            if text not in seen:
                break
            text = _said(say)
        text = _numbered(text, how.what, number, key) if how.unique else text
        seen.add(text)
        found.append(text)
    return np.array(found, dtype=object)


def _said(say: Callable[[], Any]) -> str:
    return re.sub(r"\s*\n\s*", ", ", str(say()))


def _method(fake: Any, name: str, how: Afresh) -> Callable[[], Any]:
    method = getattr(fake, METHODS[how.what], None) or getattr(_faker(LOCALE), METHODS[how.what], None)
    if method is None:
        raise SchemaError(f"Column {name!r}: faker knows no {how.what} in {how.locale}: give another locale.")
    said: Callable[[], Any] = method
    return said


@lru_cache(maxsize=8)
def _faker(locale: str) -> Any:
    from faker import Faker

    try:
        return Faker(locale)
    except (AttributeError, ValueError):
        raise SchemaError(
            f"Option 'locale' is {locale!r}, which faker does not know: give one such as en_US or de_DE."
        ) from None


def _numbered(text: str, what: str, number: int, key: int) -> str:
    """The text with its row's number in it, where it can hold one: two rows' never agree."""
    method = METHODS[what]
    if method == "email":
        user, _, host = text.partition("@")
        return f"{user.rstrip('0123456789')}{number + 1}@{host}"
    if method == "user_name":
        return f"{text.rstrip('0123456789')}{number + 1}"
    if method == "url":
        return f"{text.rstrip('/')}/{number + 1}"
    if method == "name" and number >= 1000:
        first, _, rest = text.partition(" ")
        return f"{first} {_initials(number // 1000)} {rest}"
    if method in ("phone_number", "credit_card_number", "ssn", "ipv4"):
        return _dialled(text, method, number, key)
    return text


def _initials(number: int) -> str:
    """1: A., 26: Z., 27: A. A. ..."""
    letters = []
    while number:
        number, letter = divmod(number - 1, 26)
        letters.append(f"{LETTERS[letter]}.")
    return " ".join(reversed(letters))


def _dialled(text: str, method: str, number: int, key: int) -> str:
    if method == "ipv4":
        place = (number * 2654435761 + key) % 2**32
        return ".".join(str(place >> shift & 255) for shift in (24, 16, 8, 0))
    digits = [i for i, char in enumerate(text.partition("x")[0]) if char.isdecimal()][-7:]
    place = (number * 7654321 + key) % 10 ** len(digits)
    chars = list(text)
    for i, digit in zip(digits, f"{place:0{len(digits)}d}", strict=True):
        chars[i] = digit
    return "".join(chars)


def given_names(locale: str, what: str) -> frozenset[str]:
    """Lower-case first or last names that faker has, of a locale and of the usual one."""
    found: set[str] = set()
    for one in {locale or LOCALE, LOCALE}:
        for provider in _faker(one).get_providers():
            names: dict[str, Any] | Sequence[str] = getattr(provider, f"{what}s", ())
            found |= {str(name).casefold() for name in names}
    return frozenset(found)
