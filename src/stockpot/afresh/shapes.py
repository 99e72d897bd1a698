"""Shapes of regular strings: which places hold digits, capitals or small letters, and what stands between.

A shape is a simple regular expression, one piece a place: [0-9], [1-9], [A-Z], [a-z], or a character that all
its rows share there.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

import numpy as np

from stockpot.afresh import Afresh
from stockpot.values import Texts

CLASSES = {
    "[0-9]": "0123456789",
    "[1-9]": "123456789",
    "[A-Z]": "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "[a-z]": "abcdefghijklmnopqrstuvwxyz",
}
SHARED = 2
"""So many rows must be of a shape before it is kept."""
SAME = 5
"""... and so many before a letter or digit that they share is."""
_PIECE = re.compile(r"\[[^\]]+\]|\\.|.", re.DOTALL)


def pieces(shape: str) -> list[str]:
    """The characters that each place may hold."""
    found: list[str] = _PIECE.findall(shape)
    return [CLASSES.get(piece, piece[-1]) for piece in found]


def outline(text: str) -> str:
    """A text with its letters and digits as A, a and 9: texts of one outline are of one shape."""
    return "".join(_kind(char) for char in text)


def _kind(char: str) -> str:
    if char.isdecimal():
        return "9"
    if char.isalpha():
        return "a" if char.islower() else "A"
    return char


def shapes_of(texts: Sequence[str]) -> tuple[tuple[str, float], ...]:
    """The shapes that two or more of the texts share, with their shares of them, the commonest first."""
    counts = Counter(outline(text) for text in texts)
    kept = sorted((o for o, n in counts.items() if n >= SHARED), key=lambda o: (-counts[o], o))
    total = sum(counts[o] for o in kept)
    return tuple(
        (_shape([t for t in texts if outline(t) == o], o), round(counts[o] / total, 3)) for o in kept
    )


def _shape(texts: Sequence[str], kinds: str) -> str:
    whole = all(text[0] != "0" for text in texts)
    places = []
    for place, kind in enumerate(kinds):
        held = {text[place] for text in texts}
        if kind not in "9Aa" or (len(held) == 1 and len(texts) >= SAME):
            places.append(re.escape(held.pop()))
        else:
            first = place == 0 and whole
            places.append({"9": "[1-9]" if first else "[0-9]", "A": "[A-Z]", "a": "[a-z]"}[kind])
    return "".join(places)


def widened(shape: str, texts: Sequence[str]) -> str:
    """The shape with further places of its last kind, so many that no text has its outline."""
    known = {outline(text) for text in texts}
    found: list[str] = _PIECE.findall(shape)
    free = [place for place, piece in enumerate(found) if piece in CLASSES]
    last = max((p for p in free if found[p] in ("[0-9]", "[1-9]")), default=max(free, default=len(found) - 1))
    more = {"[1-9]": "[0-9]"}.get(found[last], found[last]) if free else "[0-9]"
    while outline("".join(piece[0] for piece in pieces("".join(found)))) in known:
        found.insert(last + 1, more)
    return "".join(found)


def drawn(how: Afresh, rows: int, key: int, start: int) -> Texts:
    """Texts of the shapes, each as often as the rows say."""
    luck = np.random.default_rng([key, start])
    shares = np.array([share for _, share in how.shapes])
    picked = luck.choice(len(shares), rows, p=shares / shares.sum())
    out = np.empty(rows, dtype=object)
    for number, (shape, _) in enumerate(how.shapes):
        mine = np.flatnonzero(picked == number)
        out[mine] = _filled(pieces(shape), luck, len(mine))
    return out


def _filled(places: Sequence[str], luck: np.random.Generator, rows: int) -> list[str]:
    columns = [np.array(list(place))[luck.integers(0, len(place), rows)] for place in places]
    return ["".join(row) for row in zip(*columns, strict=True)] if rows else []


def numbered(how: Afresh, rows: int, key: int, start: int) -> Texts:
    """Texts of the first shape of which no two in a draw are alike: the draw's numbers, shuffled by key. When
    its space is used up, a place is added.
    """
    return np.array([_nth(how.shapes[0][0], key, n) for n in range(start, start + rows)], dtype=object)


def _nth(shape: str, key: int, number: int) -> str:
    places = pieces(shape)
    space = math.prod(map(len, places))
    if number >= space:
        last = max((p for p, place in enumerate(places) if len(place) > 1), default=len(places) - 1)
        wider = _PIECE.findall(shape)
        return _nth("".join([*wider[: last + 1], "[0-9]", *wider[last + 1 :]]), key, number - space)
    rest = (number * _stride(key, space) + key) % space
    text = []
    for place in reversed(places):
        rest, digit = divmod(rest, len(place))
        text.append(place[digit])
    return "".join(reversed(text))


def _stride(key: int, space: int) -> int:
    """A number without a divisor in common with the space: its multiples go through all of it."""
    found = (key % space) | 1
    while math.gcd(found, space) > 1:
        found += 2
    return found
