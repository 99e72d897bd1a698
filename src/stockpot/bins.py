"""Bins of a number: smoothed quantiles that hold no value of a single row.

Every stored number lies half a step beside the column's own values (39.15 where the column says 39.1 and
39.2) or is a value that several rows share, the extremes are rounded outward, and no bin is one row's. So the
bins can be given away without the table.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stockpot.sdtypes import MOST_DECIMALS, decimals_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SHARED = 2
"""So many rows must hold a value of a discrete column before it is stored as it is, and fill a bin."""
SPIKE_ROWS, SPIKE_SHARE = 3, 0.04
"""... and so many, in rows and as a share, a value of a column of many values."""
FINE = 512
"""Into so many parts of equal weight a bin with atoms is cut, to say which value lies at a share of it."""
OUTWARD = 0.02
"""How far, as a share of the range, an extreme is rounded outward at most."""


@dataclass(frozen=True)
class Bins:
    """``edges`` (K + 1) and the centres ``inner`` (K) bound a piecewise linear distribution of each bin;
    ``atoms`` are (value, bin, share of the bin's rows); ``counts`` (K) are learning rows. ``step`` and
    ``offset``: the lattice.
    """

    edges: tuple[float, ...]
    inner: tuple[float, ...]
    counts: tuple[int, ...]
    atoms: tuple[tuple[float, int, float], ...]
    step: float
    offset: float
    decimals: int

    def __len__(self) -> int:
        return len(self.counts)

    def place(self, values: Floats) -> Ints:
        """The bin of each value; what is out of range falls into the outer bin."""
        return np.searchsorted(np.asarray(self.edges[1:-1]), values, side="left").astype(np.int64)

    def draw(self, tokens: Ints, rng: np.random.Generator) -> Floats:
        """A value of each bin: an atom, or a point of the bin's lattice."""
        return self._struck(tokens, rng, self.quantiles(tokens, rng.random(len(tokens))))

    def quantiles(self, tokens: Ints, shares: Floats) -> Floats:
        """The point of each bin's lattice that lies above such a share of the bin (atoms left aside)."""
        edges, inner = np.asarray(self.edges), np.asarray(self.inner)
        low, middle, high = edges[tokens], inner[tokens], edges[tokens + 1]
        u = 2 * shares
        point = np.where(u < 1, low + (middle - low) * u, middle + (high - middle) * (u - 1))
        inside = np.clip(point, low + self.step / 4, high - self.step / 4)
        lattice = np.round((inside - self.offset) / self.step) * self.step + self.offset
        rounded: Floats = np.round(lattice, self.decimals)
        return rounded

    def ranked(self, tokens: Ints, shares: Floats) -> Floats:
        """The value of each bin that lies above such a share of what is drawn from it, atoms among it."""
        out = self.quantiles(tokens, shares)
        for number in {home for _, home, _ in self.atoms}:
            where = tokens == number
            if where.any():
                part = np.minimum((shares[where] * FINE).astype(np.int64), FINE - 1)
                out[where] = self._parts(number)[part]
        return out

    def chances(self, number: int, values: Floats) -> Floats:
        """How often a bin draws each of some values of its lattice, taken to be even but for the atoms."""
        atoms = {value: share for value, home, share in self.atoms if home == number}
        points = max(1.0, (self.edges[number + 1] - self.edges[number]) / self.step)
        rest = max(0.0, 1 - sum(atoms.values())) / points
        return np.array([atoms.get(value, 0.0) + rest for value in values.tolist()])

    def _parts(self, number: int) -> Floats:
        """(FINE,) sorted values of a bin, each as often as it is drawn."""
        own = [(value, share) for value, home, share in self.atoms if home == number]
        ends = np.round(FINE * np.minimum(np.cumsum([share for _, share in own]), 1.0)).astype(np.int64)
        atoms = np.repeat([value for value, _ in own], np.diff(ends, prepend=0))
        rest = FINE - len(atoms)
        others = self.quantiles(np.full(rest, number), (np.arange(rest) + 0.5) / max(rest, 1))
        return np.sort(np.concatenate([atoms, others]))

    def _struck(self, tokens: Ints, rng: np.random.Generator, lattice: Floats) -> Floats:
        """Put an atom, exactly as the rows say it, where the bin's share of atoms says so."""
        u = rng.random(len(tokens))
        if not self.atoms:
            return lattice
        value, where, share = (np.array(part) for part in zip(*self.atoms, strict=True))
        total = np.zeros(len(self))
        ends = np.empty(len(value))
        for i, (home, part) in enumerate(zip(where, share, strict=True)):
            total[home] += part
            ends[i] = home + min(total[home], 1.0) - 1e-12
        hit = np.searchsorted(ends, tokens + u * (1 - 1e-9), side="left")
        struck = (u < total[tokens]) & (hit < len(value))
        return np.where(struck, value[np.minimum(hit, len(value) - 1)], lattice)


def lattice(values: Floats, decimals: int) -> tuple[float, float]:
    """(step, offset): the coarsest grid that holds all values. A coarser one than the decimals' needs 8
    values.
    """
    unit = 10.0 ** -_digits(values, decimals)
    whole = np.round(np.unique(values) / unit).astype(np.int64)
    wide = int(np.gcd.reduce(np.diff(whole))) if len(whole) >= 8 else 1
    step = max(wide, 1) * unit
    return step, float((whole[0] % max(wide, 1)) * unit)


def _digits(values: Floats, decimals: int) -> int:
    """Digits after the point to tell values by: those of the column, as far as float64 holds them.

    Unrounded numbers keep as many significant ones however small they are; below 0: tens, hundreds ...
    """
    largest = float(np.abs(values).max())
    size = math.ceil(math.log10(largest)) if largest > 0 else 0
    if decimals >= MOST_DECIMALS:
        decimals = min(decimals - min(size, 0), 300)
    return min(decimals, 14 - size if size <= 14 else min(0, 18 - size))


def grouped(counts: Ints, most: int) -> list[range]:
    """Cut sorted distinct values into at most ``most`` runs of about equal weight."""
    if len(counts) <= most:
        return [range(i, i + 1) for i in range(len(counts))]
    runs: list[range] = []
    done, total, start = np.cumsum(counts), int(counts.sum()), 0
    for i in range(len(counts)):
        if done[i] >= total / most * (len(runs) + 1) - 1e-9:
            runs.append(range(start, i + 1))
            start = i + 1
    if start < len(counts):
        runs.append(range(start, len(counts)))
    return runs


def _shared(runs: Sequence[range], counts: Ints) -> list[range]:
    """The runs, joined with the next one (the last with the one before) until ``SHARED`` rows fill each."""
    joined: list[range] = []
    start = 0
    for run in runs:
        if counts[start : run.stop].sum() >= SHARED:
            joined.append(range(start, run.stop))
            start = run.stop
    if start < len(counts):
        start = joined.pop().start if joined else 0
        joined.append(range(start, len(counts)))
    return joined


def fit(values: Floats, decimals: int, most: int) -> Bins:
    """Bins of the values (no NaN, at least two): ``most`` of them at most.

    ``decimals`` are the column's; where these rows show fewer, theirs count, so that the digits of a row that
    is not here leave no trace.
    """
    decimals = min(decimals, decimals_of(values))
    step, offset = lattice(values, decimals)
    known, counts = np.unique(values, return_counts=True)
    runs = _shared(grouped(counts.astype(np.int64), most), counts.astype(np.int64))
    edges = _edges(known, counts, runs, step, offset)
    inner = [_centre(known, counts, run, edges[b], edges[b + 1], step, offset) for b, run in enumerate(runs)]
    return Bins(
        edges=tuple(edges),
        inner=tuple(inner),
        counts=tuple(int(counts[run.start : run.stop].sum()) for run in runs),
        atoms=_atoms(known, counts, runs, discrete=len(known) <= most),
        step=step,
        offset=offset,
        decimals=max(decimals, _digits(values, decimals)),
    )


def _beside(value: float, step: float, offset: float) -> float:
    """The nearest point half a step off the lattice."""
    return (math.floor((value - offset) / step) + 0.5) * step + offset


def _edges(known: Floats, counts: Ints, runs: list[range], step: float, offset: float) -> list[float]:
    middles = [(known[run.stop - 1] + known[run.stop]) / 2 for run in runs[:-1]]
    snapped = [_beside(float(m) - step * 1e-6, step, offset) for m in middles]
    low = _outward(known[0], -1.0, known, step, offset, shared=counts[0] > 1)
    high = _outward(known[-1], 1.0, known, step, offset, shared=counts[-1] > 1)
    return [low, *snapped, high]


def _outward(end: float, way: float, known: Floats, step: float, offset: float, *, shared: bool) -> float:
    """An extreme that several rows share stays; another is rounded outward, never across zero."""
    tight = end + way * step / 2
    if shared or len(known) < 2:
        return float(tight)
    grain = 10.0 ** math.floor(math.log10((known[-1] - known[0]) * OUTWARD))
    outer = math.floor(end / grain) * grain if way < 0 else math.ceil(end / grain) * grain
    outer = max(outer, 0.0) if end >= 0 > outer else min(outer, 0.0) if end <= 0 < outer else outer
    beside = _beside(outer + way * step * 1e-6, step, offset)
    return float(min(tight, beside) if way < 0 else max(tight, beside))


def _centre(
    known: Floats, counts: Ints, run: range, low: float, high: float, step: float, offset: float
) -> float:
    """The mean of the bin's rows, smoothed halfway to its middle; the middle where two rows would tell it."""
    middle = (low + high) / 2
    if len(run) < 2:
        return middle
    rows = np.repeat(known[run.start : run.stop], counts[run.start : run.stop])
    centre = (float(np.mean(rows)) + middle) / 2 if len(rows) > SHARED else middle
    snapped = _beside(centre, step, offset)
    return min(max(snapped, low + step), high - step) if high - low > 1.5 * step else middle


def _atoms(
    known: Floats, counts: Ints, runs: list[range], *, discrete: bool
) -> tuple[tuple[float, int, float], ...]:
    least = SHARED if discrete else max(SPIKE_ROWS, math.ceil(SPIKE_SHARE * counts.sum()))
    found = []
    for b, run in enumerate(runs):
        total = counts[run.start : run.stop].sum()
        found += [(float(known[i]), b, float(counts[i] / total)) for i in run if counts[i] >= least]
    return tuple(found)
