"""The commands that look after the store: ``stockpot store ls``, ``verify`` and ``gc``."""

from __future__ import annotations

import sys
from typing import Annotated

from cyclopts import App, Parameter
from rich.console import Console

FAULT = 1
console = Console()
store = App(name="store", help="Look after the store of cached stages: list, check and prune it.")
Place = Annotated[
    str | None, Parameter(help="Folder or URL of the store. Default: $STOCKPOT_STORE, or the user's cache.")
]


@store.command(name="ls")
def store_ls(
    *,
    store: Place = None,
    tables: Annotated[bool, Parameter(help="A line for each table, too.", negative="")] = False,
) -> None:
    """What the store holds: artefacts of each stage, their size, when they were made and last used."""
    from stockpot.flows.store_by_hand import list_store

    list_store(store, console, tables=tables)


@store.command(name="verify")
def store_verify(
    *,
    store: Place = None,
    put_away: Annotated[
        bool, Parameter(help="Take what is damaged away, so that the next cook makes it again.", negative="")
    ] = False,
) -> None:
    """Check every artefact against its digests, and say what is damaged (then the exit code is 1)."""
    from stockpot.flows.store_by_hand import verify_store

    if not verify_store(store, console, put_away=put_away):
        sys.exit(FAULT)


@store.command(name="gc")
def store_gc(
    *,
    store: Place = None,
    older_than: Annotated[
        str | None, Parameter(help="What was not used for so long goes: 30d, 12h, 2w.")
    ] = None,
    keep: Annotated[
        str | None,
        Parameter(help="So much stays, the last used first: 5GB. What was used in the last day stays."),
    ] = None,
    dry_run: Annotated[bool, Parameter(help="Only say what would go.", negative="")] = False,
) -> None:
    """Take away what killed cooks left; and, if it is asked for, what was not used for long."""
    from stockpot.flows.store_by_hand import prune_store

    prune_store(store, older_than, keep, console, dry_run=dry_run)
