"""Unpacking a compressed file, within bounds: what grows beyond them is refused, not written.

How a file is packed is told by its first bytes; one member of a .zip is a table, several are not.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pyarrow as pa

from stockpot.errors import TableError
from stockpot.sources.place import Packing, packing_of, unpacked

MAGIC: dict[bytes, Packing] = {
    b"\x1f\x8b": "gz",
    b"BZh": "bz2",
    b"\xfd7zXZ\x00": "xz",
    b"\x28\xb5\x2f\xfd": "zst",
    b"PK\x03\x04": "zip",
    b"PK\x05\x06": "zip",
}
BOOK = "xl/workbook.xml"
"""An Excel file is a .zip that holds this."""
CHUNK = 1 << 20
FAULTS = (
    EOFError,
    OSError,
    lzma.LZMAError,
    zlib.error,
    zipfile.BadZipFile,
    RuntimeError,
    NotImplementedError,
)
"""What broken or encrypted archives raise."""


def packing(path: Path) -> Packing | None:
    """By the first bytes. None: not packed, or an Excel file."""
    with path.open("rb") as file:
        head = file.read(8)
    found = next((kind for magic, kind in MAGIC.items() if head.startswith(magic)), None)
    return None if found == "zip" and is_book(path) else found


def is_book(path: Path) -> bool:
    """Whether it is an Excel file."""
    try:
        with zipfile.ZipFile(path) as archive:
            return BOOK in archive.namelist()
    except (zipfile.BadZipFile, OSError):
        return False


def unpack(path: Path, name: str, most: int, folder: Path) -> Path:
    """The file, or what was packed in it as a file in ``folder``. TableError if it is broken, or unpacks to
    more than ``most`` bytes.
    """
    found = packing(path)
    if found is None:
        if packing_of(name) and path.stat().st_size:
            raise TableError(f"{name} is not compressed as its name says: give it the name of what it is.")
        return path
    with _faults(name), _opened(path, name, found) as (inner, source):
        target = folder / inner
        with target.open("wb") as out:
            for part in _bounded(source, name, most):
                out.write(part)
    return target


def check_book(path: Path, name: str, most: int) -> None:
    """TableError if an Excel file's parts are more than ``most`` bytes, or broken."""
    left = most
    with _faults(name), zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            with archive.open(member) as source:
                left -= sum(map(len, _bounded(source, name, left, told=most)))


def _bounded(source: IO[bytes], name: str, most: int, told: int | None = None) -> Iterator[bytes]:
    size = 0
    while part := source.read(CHUNK):
        size += len(part)
        if size > most:
            limit = (told or most) // 1_000_000
            raise TableError(
                f"{name} unpacks to more than {limit} MB: if that is meant, raise the limit "
                "(--source.megabytes)."
            )
        yield part


@contextmanager
def _faults(name: str) -> Iterator[None]:
    try:
        yield
    except FAULTS as error:
        if isinstance(error, OSError) and error.errno:  # a full disk is no fault of the file
            raise
        why = " ".join(str(error).split()).rstrip(".") or type(error).__name__
        raise TableError(
            f"{name} cannot be unpacked ({why}): it is cut off or damaged, get it again."
        ) from None


@contextmanager
def _opened(path: Path, name: str, found: Packing) -> Iterator[tuple[str, IO[bytes]]]:
    """The name of what is inside, and its bytes."""
    if found == "zip":
        with zipfile.ZipFile(path) as archive:
            member = _only(archive, name)
            if member.flag_bits & 1:
                raise TableError(f"{name} is encrypted: unpack it, and give the file in it.")
            with archive.open(member) as source:
                yield Path(member.filename).name, source
        return
    openers: dict[str, Any] = {"gz": gzip.open, "bz2": bz2.open, "xz": lzma.open, "zst": _zstandard}
    with openers[found](path) as source:
        yield unpacked(name), source


def _zstandard(path: Path) -> Any:
    return pa.CompressedInputStream(pa.OSFile(str(path), "rb"), "zstd")


def _only(archive: zipfile.ZipFile, name: str) -> zipfile.ZipInfo:
    """The one file in an archive, besides what a Mac puts there."""
    members = [
        member
        for member in archive.infolist()
        if not member.is_dir() and not member.filename.startswith("__MACOSX/")
    ]
    if len(members) == 1:
        return members[0]
    if not members:
        raise TableError(f"{name} holds no file: zip the table's file.")
    names = ", ".join(member.filename for member in members[:3]) + ", ..." * (len(members) > 3)
    raise TableError(f"{name} holds {len(members)} files ({names}): unpack it, and give one of them.")
