"""Compressing what is written. Nothing of when or where it was written gets into the file."""

from __future__ import annotations

import bz2
import gzip
import lzma
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any, cast

import pyarrow as pa

from stockpot.sources.place import Packing

LONG_AGO = (1980, 1, 1, 0, 0, 0)


@contextmanager
def packed(file: IO[bytes], packing: Packing | None, name: str) -> Iterator[IO[bytes]]:
    """What is written to the file that this gives is compressed in ``file``; ``name``: of a .zip's member."""
    if packing is None:
        yield file
    elif packing == "gz":
        with gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0, compresslevel=6) as inner:
            yield cast("IO[bytes]", inner)
    elif packing == "zip":
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            member = zipfile.ZipInfo(name, LONG_AGO)
            member.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(member, "w", force_zip64=True) as inside:
                yield inside
    else:
        with _opened(file, packing) as stream:
            yield stream


def _opened(file: IO[bytes], packing: Packing) -> Any:
    if packing == "bz2":
        return bz2.BZ2File(file, "wb")
    if packing == "xz":
        return lzma.LZMAFile(file, "wb")
    return pa.CompressedOutputStream(pa.PythonFile(_Kept(file), "w"), "zstd")


class _Kept:
    """A file that Arrow does not close."""

    closed = False

    def __init__(self, file: IO[bytes]) -> None:
        self.write, self.flush, self.tell = file.write, file.flush, file.tell

    def close(self) -> None:
        self.flush()
