"""Looking after a store: what it holds, whether it is whole, and what may go."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from stockpot.errors import ConfigError, FolderError
from stockpot.shelf import Entry, Litter, Shelf
from stockpot.store import Store, located, open_store

DAY = 86_400.0
SECONDS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": DAY, "w": 7 * DAY}
BYTES = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}


@dataclass(frozen=True)
class Row:
    """A line of the account: artefacts, bytes, when the first and the last was made, and one last used."""

    name: str
    count: int
    size: int
    first: float
    last: float
    used: float


@dataclass(frozen=True)
class Pruning:
    """What may go from a shelf, and the bytes of what stays although it is more than should be kept."""

    entries: Sequence[Entry]
    litter: Sequence[Litter]
    beyond: int

    @property
    def size(self) -> int:
        return sum(entry.size for entry in self.entries) + sum(one.size for one in self.litter)


def existing_store(place: str | None) -> Store:
    """A store that somebody cooked into; FolderError if there is none."""
    store = open_store(located(place))
    if not store.remote and not store.root.is_dir():
        raise FolderError(
            f"There is no store at {store.root}: a cook makes it; name another one with --store."
        )
    return store


def account(entries: Iterable[Entry], name: Callable[[Entry], str]) -> list[Row]:
    """A row for each name, in the order in which they come."""
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(name(entry), []).append(entry)
    return [row(name, group) for name, group in groups.items()]


def row(name: str, entries: Sequence[Entry]) -> Row:
    """Of at least one entry."""
    made, size = [entry.made for entry in entries], sum(entry.size for entry in entries)
    return Row(name, len(entries), size, min(made), max(made), max(entry.used for entry in entries))


def pruning(shelf: Shelf, older: float | None, keep: int | None) -> Pruning:
    """``older``: what was not used for so many seconds goes. ``keep``: so many bytes stay, the last used
    first. What a living cook of this machine uses stays, whatever the clock says; and so does what was used
    in the last day, unless ``older`` is less.
    """
    now, busy = shelf.now(), shelf.busy_since()
    entries = sorted(shelf.entries(names=False), key=lambda entry: entry.used)
    least = min(DAY, math.inf if older is None else older)
    free = [entry for entry in entries if entry.used < busy and now - entry.used >= least]
    gone = [entry for entry in free if older is not None and now - entry.used >= older]
    left = sum(entry.size for entry in entries) - sum(entry.size for entry in gone)
    excess = 0 if keep is None else left - keep
    for entry in free[len(gone) :]:
        if excess > 0:
            gone.append(entry)
            excess -= entry.size
    return Pruning(gone, shelf.litter(now), max(0, excess))


def prune(shelf: Shelf, what: Pruning) -> None:
    """FolderError if the store cannot be written."""
    for entry in what.entries:
        shelf.remove(entry)
    for litter in what.litter:
        shelf.discard(litter)


def seconds(text: str, option: str) -> float:
    """Of ``30d``, ``12h``, ``2w``; ConfigError names the option."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)([smhdw])", text.strip())
    if not found:
        raise ConfigError(f"Option '{option}' is '{text}': give a time such as 30d, 12h or 2w.")
    return float(found[1]) * SECONDS[found[2]]


def size(text: str, option: str) -> int:
    """Bytes of ``5GB``, ``500M``; ConfigError names the option."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([KMGT]?)B?", text.strip().upper())
    if not found:
        raise ConfigError(f"Option '{option}' is '{text}': give a size such as 5GB or 500MB.")
    return int(float(found[1]) * BYTES[found[2]])


def told_size(count: float) -> str:
    """For people: ``1.2 MB``."""
    for unit in ("B", "kB", "MB", "GB"):
        if count < 1000:
            return f"{count:.0f} B" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} TB"
