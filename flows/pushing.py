"""Pushing a soup's folder to the Hugging Face Hub."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from stockpot import hub
from stockpot.folder import HELD, read_soup


def push_by_hand(folder: Path, repo: str, console: Console, *, public: bool, message: str) -> None:
    """The folder as it lies there, its card included, once it is known to be a soup."""
    read_soup(folder)
    url = hub.push(folder, repo, HELD, private=not public, message=message)
    console.print(f"{folder} is at {url}", highlight=False, markup=False, soft_wrap=True)
