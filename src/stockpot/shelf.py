"""One side of a store, as one who tidies sees it: a near one (a folder), or a far one (behind a URL)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, get_args

from stockpot.artefact import MANIFEST, Manifest
from stockpot.dish import Stage

STAGES: tuple[str, ...] = get_args(Stage)


@dataclass(frozen=True)
class Entry:
    """An artefact: the table's name (if it is told), bytes, and when it was made and last used."""

    stage: str
    key: str
    of: str
    size: int
    made: float
    used: float


@dataclass(frozen=True)
class Litter:
    """What nobody will read: its place, and bytes."""

    place: str
    size: int


class Shelf(Protocol):
    """One side of a store. ``now`` is told by the clock that its times come from."""

    @property
    def name(self) -> str: ...

    def now(self) -> float: ...

    def busy_since(self) -> float: ...

    def entries(self, *, names: bool) -> list[Entry]: ...

    def damage(self, entry: Entry) -> str: ...

    def remove(self, entry: Entry) -> None: ...

    def litter(self, now: float) -> list[Litter]: ...

    def discard(self, litter: Litter) -> None: ...


def damage(read: Callable[[str, str], bytes]) -> str:
    """What is wrong with an artefact whose files ``read`` reads by name and maker's nonce; or nothing."""
    try:
        manifest = Manifest.from_json(read(MANIFEST, ""))
    except FileNotFoundError:
        return f"{MANIFEST} is gone"
    except (ValueError, KeyError, TypeError, AttributeError):
        return f"{MANIFEST} cannot be read"
    for name, digest in manifest.files.items():
        try:
            content = read(name, manifest.nonce)
        except FileNotFoundError:
            return f"{name} is gone"
        if hashlib.sha256(content).hexdigest() != digest:
            return f"{name} is not what was written"
    return ""
