"""Counter-based noise: a function of (key, step, stream, position) alone, for a whole batch of ingredients at
once.

A generator that counts instead of stepping (Salmon et al., 'Parallel random numbers: as easy as 1, 2, 3', SC
2011) gives an ingredient the same masks whether it trains alone or among a hundred, whatever padding follows
its rows, and on whatever device. The mixing is a 32-bit finaliser (two xor-shift-multiply rounds) applied
twice, each time under a key of its own; 32-bit integers wrap in torch as they do in C.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence

import torch
from torch import Tensor

MASKS, DROPOUT, BATCHES, WEIGHTS, JUDGE = range(5)
"""Streams: what the noise is for, so that no two uses share it."""

_LOW = 0xFFFFFFFF


def key(*parts: object) -> int:
    """A key of 62 bits from anything with a stable ``repr``."""
    return int.from_bytes(hashlib.sha256(repr(parts).encode()).digest()[:8], "little") >> 2


def _signed(value: int) -> int:
    value &= _LOW
    return value - (1 << 32) if value >> 31 else value


def _mix(x: Tensor) -> Tensor:
    """An avalanche over int32, in place."""
    x ^= (x >> 16) & 0xFFFF
    x *= 0x7FEB352D
    x ^= (x >> 15) & 0x1FFFF
    x *= _signed(0x846CA68B)
    x ^= (x >> 16) & 0xFFFF
    return x


def _words(keys: Sequence[int], step: int, stream: int, device: torch.device | str) -> tuple[Tensor, Tensor]:
    """Two int32 words a key, (E, 1) each, that depend on step and stream."""
    low = torch.tensor([_signed(k) for k in keys], dtype=torch.int32)
    high = torch.tensor([_signed(k >> 32) for k in keys], dtype=torch.int32)
    low = _mix(low + _signed(step * 0x9E3779B9 + stream * 0x85EBCA6B))
    high = _mix(high ^ low ^ _signed(step * 0xC2B2AE35 + stream * 0x27D4EB2F + 1))
    return low[:, None].to(device), high[:, None].to(device)


def bits(
    keys: Sequence[int], step: int, stream: int, count: int, device: torch.device | str = "cpu"
) -> Tensor:
    """(E, count) int32 of 32 random bits each."""
    first, second = _words(keys, step, stream, device)
    counter = torch.arange(count, dtype=torch.int32, device=device) * _signed(0x9E3779B9)
    return _mix(_mix(counter[None] + first) ^ second)


def uniform(
    keys: Sequence[int], step: int, stream: int, count: int, device: torch.device | str = "cpu"
) -> Tensor:
    """(E, count) float32 in [0, 1), 24 bits each."""
    return ((bits(keys, step, stream, count, device) >> 8) & 0xFFFFFF).float() * 2.0**-24


def kept(keys: Sequence[int], step: int, stream: int, count: int, drop: Tensor) -> Tensor:
    """(E, count) float32: 0 with probability ``drop`` (E,), else 1 / (1 - drop). Sixteen bits decide, two a
    word.
    """
    words = bits(keys, step, stream, (count + 1) // 2, drop.device)
    halves = torch.stack([words & 0xFFFF, (words >> 16) & 0xFFFF], dim=-1).flatten(1)[:, :count]
    limit = (drop * 65536).round().to(torch.int32)[:, None]
    return (halves >= limit).float() / (1 - drop)[:, None]


def normal(name: object, rows: Sequence[int], width: int) -> Tensor:
    """(rows, width) standard normal float32: row ``r`` depends on its number alone, not on which others are
    asked.
    """
    counters = torch.as_tensor(list(rows), dtype=torch.int64)[:, None] * width + torch.arange(width)
    first, second = _words([key(name)], 0, WEIGHTS, "cpu")
    mixed = _mix(_mix(counters.flatten().to(torch.int32) * _signed(0x9E3779B9) + first[0]) ^ second[0])
    share = (((mixed >> 8) & 0xFFFFFF).double() + 0.5) * 2.0**-24
    return (math.sqrt(2.0) * torch.erfinv(2 * share - 1)).float().reshape(len(rows), width)
