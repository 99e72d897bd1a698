"""The store at a terminal: what it holds, whether it is whole, and taking away what nobody needs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rich.console import Console
from rich.table import Table

from stockpot.shelf import Entry, Shelf
from stockpot.shelves import shelves
from stockpot.stocktaking import Row, account, existing_store, prune, pruning, row, seconds, size, told_size

NOTHING = "Nothing that is whole goes without --older-than or --keep."


def list_store(place: str | None, console: Console, *, tables: bool) -> None:
    """A line a stage, and a line a table if it is wanted."""
    for shelf in shelves(existing_store(place)):
        entries = shelf.entries(names=tables)
        _say(console, f"{shelf.name}:" if entries else f"{shelf.name} is empty.")
        if entries:
            _print(console, "stage", account(entries, lambda entry: entry.stage), row("all", entries))
        if entries and tables:
            ordered = sorted(entries, key=lambda entry: entry.of)
            _print(console, "table", account(ordered, lambda entry: entry.of or "(of no name)"), None)
        left = shelf.litter(shelf.now())
        if left:
            _say(console, f"{_abandoned(len(left))}: stockpot store gc takes that away.")


def verify_store(place: str | None, console: Console, *, put_away: bool) -> bool:
    """Check every artefact. Whether all are whole."""
    whole = True
    for shelf in shelves(existing_store(place)):
        entries = shelf.entries(names=False)
        damaged = [entry for entry in entries if _damaged(shelf, entry, console)]
        if put_away:
            for entry in damaged:
                shelf.remove(entry)
        _say(console, _verdict(shelf, len(entries), len(damaged), put_away=put_away))
        whole = whole and not damaged
    return whole


def _damaged(shelf: Shelf, entry: Entry, console: Console) -> bool:
    fault = shelf.damage(entry)
    if fault:
        of = f" of {entry.of}" if entry.of else ""
        _say(console, f"{entry.stage}/{entry.key}{of}: {fault}")
    return bool(fault)


def _verdict(shelf: Shelf, count: int, damaged: int, *, put_away: bool) -> str:
    if not count:
        return f"{shelf.name} is empty."
    if not damaged:
        return f"{shelf.name}: {_artefacts(count)}, all whole."
    mend = "put away: the next cook makes it again" if put_away else "--put-away takes it away"
    return f"{shelf.name}: {_artefacts(count)}, {damaged} damaged ({mend})."


def prune_store(
    place: str | None, older_than: str | None, keep: str | None, console: Console, *, dry_run: bool
) -> None:
    """Take away what was not used for long, what is more than should be kept, and what killed cooks left."""
    older = None if older_than is None else seconds(older_than, "older-than")
    most = None if keep is None else size(keep, "keep")
    for shelf in shelves(existing_store(place)):
        what = pruning(shelf, older, most)
        if not dry_run:
            prune(shelf, what)
        verb = "would go" if dry_run else "went"
        _say(
            console,
            f"{shelf.name}: {_artefacts(len(what.entries))} and {_abandoned(len(what.litter))} {verb}, "
            f"{told_size(what.size)}.",
        )
        if what.beyond:
            _say(console, f"{told_size(what.beyond)} more than {keep} stay: used in the last day, or in use.")
    if older is None and most is None:
        _say(console, NOTHING)


def _artefacts(count: int) -> str:
    return "1 artefact" if count == 1 else f"{count} artefacts"


def _abandoned(count: int) -> str:
    return "1 abandoned file" if count == 1 else f"{count} abandoned files"


def _print(console: Console, first: str, rows: Sequence[Row], total: Row | None) -> None:
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="dim")
    table.add_column(first, overflow="fold")
    for name in ("artefacts", "size", "oldest", "newest", "last used"):
        table.add_column(name, justify="right", no_wrap=True)
    for each in (*rows, *([total] if total else [])):
        times = (_time(each.first), _time(each.last), _time(each.used))
        table.add_row(each.name, str(each.count), told_size(each.size), *times)
    console.print(table, highlight=False, markup=False)


def _time(when: float) -> str:
    return datetime.fromtimestamp(when).astimezone().strftime("%Y-%m-%d %H:%M")


def _say(console: Console, sentence: str) -> None:
    console.print(sentence, highlight=False, markup=False, soft_wrap=True)
