"""Datasets that `datasets` saved to a folder, and those of the Hugging Face Hub.

What the Hub gives lies in the user's own cache of it, where `datasets` finds it without a network as well.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd

from stockpot.errors import TableError
from stockpot.sources.asked import Source
from stockpot.sources.loading import brief, datasets, faults, plain, quiet
from stockpot.sources.place import check_secrets

GONE = ("not found", "doesn't exist", "does not exist", "404", "401", "gated", "private")
"""Words by which the Hub's own answer can be told from no answer."""


def read_saved(path: Path, split: str | None) -> pd.DataFrame:
    """The folder of a dataset, or of one split of several."""
    try:
        with quiet():
            data = datasets().load_from_disk(str(path), keep_in_memory=True)
    except FileNotFoundError:
        why = f"{path} is a folder, but no saved dataset: name the file in it that holds the table."
        raise TableError(why) from None
    except faults() as error:
        why = f"The saved dataset {path} cannot be read ({brief(error)}): save it again."
        raise TableError(why) from None
    if isinstance(data, datasets().DatasetDict):
        if split is None and len(data) != 1:
            one = path / next(iter(data))
            raise TableError(f"{path} holds {', '.join(data)}: name the folder of one, such as {one}.")
        data = data[_split(list(data), split, str(path))]
    return plain(data)


def read_hub(place: str, source: Source) -> pd.DataFrame:
    """A dataset of the Hub: ``hf://owner/name``, or one file of it, ``hf://datasets/owner/name/file.csv``."""
    check_secrets(place)
    parts = place.removeprefix("hf://").removeprefix("datasets/").strip("/").split("/")
    name, files = "/".join(parts[:2]), "/".join(parts[2:])
    if not name:
        raise TableError(f"{place} names no dataset: write hf://owner/name.")
    options: dict[str, Any] = {"data_files": files} if files else {}
    try:
        with quiet(), _hushed():
            data = datasets().load_dataset(name, source.subset, **options)
    except Exception as error:  # noqa: BLE001 - of a network there is no end of errors
        raise _fault(name, error) from None
    return plain(data[_split(list(data), source.split, place)])


@contextmanager
def _hushed() -> Iterator[None]:
    """Without the warnings of the Hub's client: what goes wrong is said by our own errors."""
    told = logging.getLogger("huggingface_hub")
    level = told.level
    told.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        told.setLevel(level)


def _split(known: Sequence[str], wanted: str | None, place: str) -> str:
    if wanted is None and len(known) == 1:
        return known[0]
    if wanted not in known:
        told = f"has no split {wanted!r}" if wanted else "has several splits"
        raise TableError(f"{place} {told}: name one of {', '.join(known)} (--source.split).")
    assert wanted is not None
    return wanted


def _fault(name: str, error: Exception) -> TableError:
    """Whether the Hub has no such dataset, or cannot be asked."""
    words = brief(error)
    if any(word in f"{error} {words}".lower() for word in GONE) and not isinstance(error, ConnectionError):
        return TableError(
            f"The Hub has no dataset {name!r} that you may read ({words}): check the name, or log in (hf "
            "auth login)."
        )
    if isinstance(error, ValueError):
        return TableError(f"The dataset {name!r} cannot be loaded ({words}): see --source.subset.")
    return TableError(
        f"The dataset {name!r} cannot be fetched from the Hub ({words}): check the network, or give a copy "
        "of it that lies here."
    )
