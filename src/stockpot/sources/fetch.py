"""A file behind a URL, or what comes from standard input, as a file here.

Credentials and endpoints come from the environment, as for a shared store. Standard input can be read once,
so a process keeps what came.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from stockpot.errors import TableError
from stockpot.remote import EXTRAS, NAMELESS
from stockpot.sources.place import STDIN, file_name, kind_of, shown


def fetched(url: str, most: int, folder: Path) -> Path:
    """What is behind the URL, in ``folder``; TableError says why it cannot be had."""
    files, path = reached(url)
    target = folder / (file_name(url) or "table")
    with world(url):
        if kind_of(target.name) is None and files.isdir(path):
            files.get(path, str(target), recursive=True)
            return target
        _check_size(files.info(path).get("size"), url, most)
        files.get_file(path, str(target))
    if target.is_dir():
        raise TableError(f"{shown(url)} is a folder: name the file in it that holds the table.")
    _check_size(target.stat().st_size, url, most)
    return target


def piped(most: int, folder: Path) -> Path:
    """What comes from standard input."""
    target = folder / STDIN
    target.write_bytes(_stdin(most))
    return target


def reached(url: str) -> tuple[Any, str]:
    """The file system that fsspec has for it, and the path in it."""
    import fsspec

    protocol = url.partition("://")[0].partition("::")[0]
    try:
        with world(url):
            fsspec.get_filesystem_class(protocol)
            files, path = fsspec.core.url_to_fs(url)
            files.invalidate_cache()
            return files, str(path)
    except ImportError:
        wanted = EXTRAS.get(protocol, "the fsspec package of it")
        raise TableError(f"What reads {protocol}:// is not installed: pip install '{wanted}'.") from None
    except ValueError:
        raise TableError(
            f"{shown(url)} cannot be reached: '{protocol}' is no protocol that fsspec knows, check the URL."
        ) from None


@contextmanager
def world(url: str) -> Iterator[None]:
    """What goes wrong within is one sentence about the URL; ImportError and ValueError are the caller's."""
    place = shown(url)
    try:
        yield
    except (TableError, ImportError, ValueError):
        raise
    except FileNotFoundError as error:
        cause = error.__cause__
        if isinstance(cause, OSError) and not isinstance(cause, FileNotFoundError):  # nobody answered
            raise _unreached(place, cause) from None
        raise TableError(f"There is no {place}: check the URL.") from None
    except PermissionError as error:
        raise TableError(
            f"{place} may not be used with the credentials that were found ({brief(error)}): give others."
        ) from None
    except Exception as error:  # noqa: BLE001 - libraries of others raise what they like
        if type(error).__name__ in NAMELESS:
            raise TableError(
                f"{place} needs credentials, and the environment has none: set AWS_ACCESS_KEY_ID and "
                "AWS_SECRET_ACCESS_KEY, or AWS_PROFILE."
            ) from None
        raise _unreached(place, error) from None


def _unreached(place: str, error: BaseException) -> TableError:
    return TableError(f"{place} cannot be reached ({brief(error)}): check the URL and the network.")


def brief(error: BaseException) -> str:
    """An error in a line."""
    words = " ".join(str(error).split()).rstrip(".")
    return words[:200] or type(error).__name__


@lru_cache(maxsize=1)
def _stdin(most: int) -> bytes:
    content = sys.stdin.buffer.read(most + 1)
    _check_size(len(content), STDIN, most)
    if not content:
        raise TableError("Standard input is empty: pipe a table into it, or give the name of a file.")
    return content


def _check_size(size: int | None, place: str, most: int) -> None:
    if size is not None and size > most:
        raise TableError(
            f"{shown(place)} has more than {most // 1_000_000} MB: if that is meant, raise the limit "
            "(--source.megabytes)."
        )
