"""The Hugging Face Hub: a soup's folder as a model repository, there and back.

The place is ``owner/name``, ``hf://owner/name`` or ``hf://owner/name@revision``; the Hub itself that of
HF_ENDPOINT, or huggingface.co. What goes wrong there is one sentence, a HubError.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from stockpot.errors import HubError

SCHEME = "hf://"
USUAL = "https://huggingface.co"
_PLACE = re.compile(r"(?P<repo>[\w.-]+/[\w.-]+)(@(?P<revision>[\w./-]+))?", re.ASCII)


class Place(NamedTuple):
    """A repository, and which of its revisions (None: its main branch)."""

    repo: str
    revision: str | None


def is_place(text: str | Path) -> bool:
    """Whether it names a repository of the Hub rather than a folder."""
    return str(text).startswith(SCHEME)


def place_of(text: str) -> Place:
    """HubError for what names no repository."""
    found = _PLACE.fullmatch(text.removeprefix(SCHEME))
    if found is None:
        raise HubError(
            f"{text!r} names no repository of the Hub: write owner/name, or hf://owner/name@revision."
        )
    return Place(found["repo"], found["revision"])


def push(
    folder: Path,
    repo_id: str,
    names: Sequence[str],
    *,
    token: str | None = None,
    private: bool = True,
    message: str = "A soup",
) -> str:
    """Upload these files of a folder as one commit, and say where they are; the repository is made if it is
    not there (``private`` is heeded then). Without a token: HF_TOKEN, or who is logged in on this machine.
    """
    place = place_of(repo_id)
    with _told(f"push to {place.repo}"):
        api = _library().HfApi(endpoint=endpoint(), token=token, library_name="stockpot")
        url = api.create_repo(place.repo, private=private, exist_ok=True, repo_type="model")
        api.upload_folder(
            repo_id=place.repo,
            folder_path=str(folder),
            allow_patterns=list(names),
            revision=place.revision,
            commit_message=message,
        )
    return str(url)


def fetch(text: str, names: Sequence[str], *, token: str | None = None) -> Path:
    """The folder with these files of a repository, in the Hub's own cache; offline, as fetched last."""
    place = place_of(text)
    with _told(f"load {SCHEME}{place.repo}"):
        folder = _library().snapshot_download(
            place.repo,
            revision=place.revision,
            allow_patterns=list(names),
            token=token,
            endpoint=endpoint(),
            library_name="stockpot",
        )
    return Path(folder)


def endpoint() -> str:
    """Where the Hub is."""
    return os.environ.get("HF_ENDPOINT", USUAL).rstrip("/")


def _library() -> Any:
    """Imported when it is used: it takes a moment."""
    import huggingface_hub

    return huggingface_hub


@contextmanager
def _told(what: str) -> Iterator[None]:
    try:
        yield
    except _faults() as error:
        raise HubError(f"Cannot {what}: {_reason(error)}.") from None


def _faults() -> tuple[type[Exception], ...]:
    """What the library raises: its own errors, and those of the HTTP library under it."""
    below = [sys.modules[name].HTTPError for name in ("httpx2", "httpx") if name in sys.modules]
    return (OSError, ValueError, RuntimeError, *below)


def _reason(error: Exception) -> str:
    """What happened, and the mend."""
    status = _status(error)
    if status is None and isinstance(error, ValueError):
        return _brief(error)  # a name that the Hub would not take
    told = {
        401: "the Hub does not know the token (401): set HF_TOKEN, run `hf auth login`, or give a token",
        403: "the token may not do that (403): give one with write access, or another repository",
        404: "there is no such repository, or it is private and the token may not see it (404)",
    }
    if status in told:
        return told[status]
    if status is not None:
        return f"the Hub answered {status} ({_brief(error)}): try again later"
    return (
        f"the Hub at {endpoint()} cannot be reached ({_brief(error)}): check the connection, or HF_ENDPOINT"
    )


def _status(error: BaseException | None) -> int | None:
    """Of the answer, the error's own or its cause's."""
    while error is not None:
        status = getattr(getattr(error, "response", None), "status_code", None)
        if status is not None:
            return int(status)
        error = error.__cause__
    return None


def _brief(error: BaseException) -> str:
    while error.__cause__ is not None:
        error = error.__cause__
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")[:120]
