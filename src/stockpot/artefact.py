"""An artefact on a disk: a folder of files, with a manifest of their digests."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MANIFEST = "manifest.json"
DAMAGE = (OSError, ValueError, KeyError, TypeError, AttributeError)
"""What reading a damaged manifest raises."""


@dataclass(frozen=True)
class Manifest:
    """``files``: name -> SHA-256. ``seconds``: how long it took to make. ``of``: the table's name, for
    people. ``nonce``: in a shared store, the folder of the maker whose files these are.
    """

    files: Mapping[str, str]
    seconds: float
    of: str = ""
    nonce: str = ""

    @classmethod
    def from_json(cls, text: str | bytes) -> Manifest:
        """One of DAMAGE if it is none."""
        read = json.loads(text)
        files = {_plain(name): str(digest) for name, digest in read["files"].items()}
        return cls(files, float(read["seconds"]), str(read.get("of", "")), _plain(read.get("nonce", "")))

    def to_json(self) -> str:
        plain: dict[str, Any] = {"seconds": self.seconds, "files": dict(self.files)}
        return json.dumps(plain | {name: text for name in ("of", "nonce") if (text := getattr(self, name))})


def _plain(name: str) -> str:
    """A name within its folder: a manifest that leads out of it is damaged."""
    if "/" in name or "\\" in name or name.startswith("."):
        raise ValueError(name)
    return name


def sign(folder: Path, seconds: float, of: str) -> None:
    """Write the manifest of what lies in the folder."""
    digests = {path.name: sha256(path) for path in sorted(folder.iterdir())}
    write_manifest(folder, Manifest(digests, round(seconds, 3), of))


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Beside the files that it tells of."""
    (folder / MANIFEST).write_text(manifest.to_json(), encoding="utf-8")


def read_manifest(folder: Path) -> Manifest:
    """One of DAMAGE if there is none."""
    return Manifest.from_json((folder / MANIFEST).read_bytes())


def whole(folder: Path) -> bool:
    """Whether every file is there and is what the manifest says."""
    try:
        return all(sha256(folder / name) == digest for name, digest in read_manifest(folder).files.items())
    except DAMAGE:
        return False


def used(folder: Path) -> None:
    """Remember that the artefact was used just now. Only the time of its folder is touched: the manifest's
    says when it was made. On a store that may only be read nothing is remembered.
    """
    with suppress(OSError):
        os.utime(folder)


def sha256(path: Path) -> str:
    """Of a file's content, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
