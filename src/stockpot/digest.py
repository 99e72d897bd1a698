"""Content digests: the root of every cache key.

``digest`` names a value by what it says, ``frame_digest`` a table by its column names, kinds and values. The
bytes that are hashed are defined here, so a digest is the same in every process and with every version of
pandas.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass

import numpy as np
import pandas as pd

from stockpot.values import as_integers, as_numbers, as_text, holds

LENGTH = 32
"""Hexadecimal digits of a digest: 128 bits."""

EXACT = 2.0**53
"""Above it, float64 no longer tells neighbouring integers apart."""


def digest(*parts: object) -> str:
    """Digest of JSON-able values, dataclasses and arrays.

    A tuple and a list are the same (JSON knows only one of them), as are dicts in any order; 1, 1.0, True
    and "1" are four values. A dataclass counts by its bare name: a module may be loaded under two paths.
    """
    state = hashlib.sha256()
    for part in parts:
        for piece in _pieces(part):
            state.update(piece)
    return state.hexdigest()[:LENGTH]


def frame_digest(frame: pd.DataFrame) -> str:
    """Digest of a table's column names, kinds and values, in order.

    How a value is stored does not matter: int64 or float64, None or NaN, category or text, float32 or what
    it prints as; a column without any value has no kind. The text "1.0" and the number 1.0 are two values.
    The index is ignored.
    """
    columns = [(str(name), *_column(frame.iloc[:, i])) for i, name in enumerate(frame.columns)]
    return digest("frame", len(frame), columns)


def _column(series: pd.Series) -> tuple[str, bytes]:
    if bool(series.isna().all()):
        return "empty", b""
    kind = holds(series)
    if kind in ("integer", "number"):
        return "number", _number_bytes(series)
    values = as_text(series)
    if kind == "boolean":
        codes: Mapping[str | None, int] = {None: 2, "True": 1, "False": 0}
        return "boolean", bytes(codes[v] for v in values)
    texts = [None if v is None else v.encode("utf-8", "surrogatepass") for v in values]
    lengths = np.array([-1 if t is None else len(t) for t in texts], dtype="<i8")
    return "text", lengths.tobytes() + b"".join(t for t in texts if t is not None)


def _number_bytes(series: pd.Series) -> bytes:
    numbers = as_numbers(series) + 0.0  # -0.0 becomes 0.0
    numbers[np.isnan(numbers)] = np.nan  # one NaN out of many
    data = numbers.astype("<f8").tobytes()
    if holds(series) == "integer" and bool((np.abs(numbers) >= EXACT).any()):
        return data + ",".join(map(str, as_integers(series))).encode()
    return data


def _pieces(value: object) -> Iterator[bytes]:
    """The value's bytes: a tag, the length, the content. No two values share them."""
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, bool):
        yield _tagged("o", repr(value).encode())
    elif isinstance(value, int):
        yield _tagged("i", str(value).encode())
    elif isinstance(value, float):
        yield _tagged("f", struct.pack("<d", np.nan if np.isnan(value) else value))
    elif isinstance(value, str):
        yield _tagged("s", value.encode("utf-8", "surrogatepass"))
    elif isinstance(value, bytes):
        yield _tagged("b", value)
    else:
        yield from _containers(value)


def _containers(value: object) -> Iterator[bytes]:
    if isinstance(value, np.ndarray):
        array = value.astype(value.dtype.newbyteorder("<"), order="C")
        yield _tagged("a", f"{array.dtype.str} {array.shape}".encode() + b"\0" + array.tobytes())
    elif isinstance(value, list | tuple):
        yield _tagged("l", str(len(value)).encode())
        for item in value:
            yield from _pieces(item)
    elif isinstance(value, Mapping):
        yield from _pairs("d", {str(k): v for k, v in value.items()})
    elif is_dataclass(value) and not isinstance(value, type):
        yield _tagged("c", type(value).__name__.encode())
        yield from _pairs("d", {f.name: getattr(value, f.name) for f in fields(value) if f.compare})
    else:
        raise TypeError(
            f"A {type(value).__name__} has no digest: give JSON-able values, dataclasses or arrays."
        )


def _pairs(tag: str, pairs: Mapping[str, object]) -> Iterator[bytes]:
    yield _tagged(tag, str(len(pairs)).encode())
    for key in sorted(pairs):
        yield from _pieces(key)
        yield from _pieces(pairs[key])


def _tagged(tag: str, content: bytes) -> bytes:
    return f"{tag}{len(content)}:".encode() + content
