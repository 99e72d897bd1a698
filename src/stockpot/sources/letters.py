"""Bytes as text: which encoding.

A byte order mark says it; what is valid UTF-8 is UTF-8. What is not is read as Windows-1252 (of which Latin-1
is the part that files have) if it looks like it: words that are mostly of plain letters with some accents in
them, nowhere a sign in the middle of a word. Anything else is not guessed at. A file that has other
letters in UTF-8 is a damaged file of UTF-8.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from stockpot.errors import TableError

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""The longer first: UTF-32's mark begins with that of UTF-16."""
WESTERN = "cp1252"
NAMES = {"utf-16": "UTF-16", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16", "utf-32": "UTF-32"}
_WORD = re.compile(r"[^\W\d_]+")
_INSIDE = re.compile(r"[^\W\d_][\u0080-\uffff][^\W\d_]")
_JOINS = set("\u2019\u2018\u00b4\u00b7\u00aa\u00ba\u00ad")
"""Signs beyond ASCII that stand between letters."""


@dataclass(frozen=True)
class Decoded:
    """The text; ``told``: what its encoding is, if it is not UTF-8, with a word to judge it by."""

    text: str
    told: str = ""


def decoded(data: bytes, name: str, encoding: str | None = None, *, guess: bool = True) -> Decoded:
    """The text; TableError says where the bytes are of another encoding. ``guess``: Windows-1252 may do."""
    if encoding is not None:
        return Decoded(_decode(data, name, encoding).removeprefix("\ufeff"))
    found = next((known for mark, known in MARKS if data.startswith(mark)), None) or _wide(data)
    if found is not None:
        text = _decode(data, name, found).removeprefix("\ufeff")
        return Decoded(text, NAMES.get(found, ""))
    try:
        return Decoded(data.decode("utf-8"))
    except UnicodeDecodeError:
        western = _western(data) if guess else None
    if western is None:
        _decode(data, name, "utf-8")
    assert western is not None
    return Decoded(western, f"Windows-1252 letters ({_example(western)!r})")


def _decode(data: bytes, name: str, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(10) + 1
        byte = f": 0x{data[error.start]:02X}" if error.start < len(data) else ""
        known = "UTF-8" if encoding.startswith("utf-8") else encoding
        mend = "save it as UTF-8, or name its encoding (--source.encoding)"
        raise TableError(f"{name} is not {known} (byte {error.start}, line {line}{byte}): {mend}.") from None


def _wide(data: bytes) -> str | None:
    """UTF-16 without a mark: of plain letters every other byte is zero."""
    head = data[:4096]
    if len(head) < 4 or 0 not in head:
        return None
    even, odd = head[::2].count(0) / len(head[::2]), head[1::2].count(0) / len(head[1::2])
    if odd > 0.5 and even < 0.1:
        return "utf-16-le"
    return "utf-16-be" if even > 0.5 and odd < 0.1 else None


def _western(data: bytes) -> str | None:
    """The text, if it looks like Windows-1252."""
    loose = data.decode("utf-8", "surrogateescape")
    broken = sum("\udc80" <= sign <= "\udcff" for sign in loose)
    if sum(sign > "\x7f" for sign in loose) >= 2 * broken:  # as many whole ones: UTF-8, and damaged
        return None
    try:
        text = data.decode(WESTERN)
    except UnicodeDecodeError:
        return None
    return text if _looks_western(text) else None


def _looks_western(text: str) -> bool:
    if any(m[0][1] not in _JOINS and not m[0][1].isalpha() for m in _INSIDE.finditer(text)):
        return False
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    letters = "".join(words)
    return 2 * sum(not sign.isascii() for sign in letters) <= len(letters)


def _example(text: str) -> str:
    """The first word with a letter beyond ASCII, or the first such sign."""
    words = (word for word in _WORD.findall(text) if not word.isascii())
    return next(words, next(sign for sign in text if not sign.isascii()))[:20]
