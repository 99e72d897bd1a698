"""One column of both tables, reduced to what a picture of it shows.

Shares are of all rows of a side, in [0, 1], so missing values stand on the same scale as the others. A
distance is in [0, 1], lower is closer: Kolmogorov-Smirnov's for numbers and times, total variation for all
else; beside it stands what chance alone would put between two samples as large.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Kind = Literal["numbers", "times", "categories", "words"]
TOP = 12
"""As many categories are shown; the rest is one bar."""
MISSING, OTHER = "missing", "others"


@dataclass(frozen=True)
class Shape:
    """Shares of one column: by bin (``edges`` has one more entry) or by category (``labels``).

    ``tenfold``: the edges are logarithms to the base of ten, because the column's values span several sizes.
    """

    name: str
    kind: Kind
    real: tuple[float, ...]
    synthetic: tuple[float, ...]
    missing: tuple[float, float]
    distance: float
    chance: float
    edges: tuple[float, ...] = ()
    tenfold: bool = False
    labels: tuple[str, ...] = ()

    @property
    def measure(self) -> str:
        """The name of the distance."""
        return "TV" if self.kind == "categories" else "KS"


def shapes(real: pd.DataFrame, synthetic: pd.DataFrame) -> tuple[list[Shape], list[str]]:
    """The shapes of the columns in the table's order, and a sentence for each column that has none."""
    made: list[Shape] = []
    left_out: list[str] = []
    for name in real.columns:
        if name not in synthetic.columns:
            left_out.append(f"Column '{name}' is not drawn: the synthetic rows lack it.")
            continue
        kind = kind_of(real[name])
        if kind == "words":
            left_out.append(
                f"Column '{name}' is not drawn: each of its values is another one (an id or text)."
            )
        elif kind == "categories":
            made.append(_of_categories(str(name), real[name], synthetic[name]))
        else:
            made.append(_of_numbers(str(name), kind, real[name], synthetic[name]))
    return made, left_out


def farthest(made: Sequence[Shape], count: int) -> list[Shape]:
    """At most ``count`` shapes in the table's order: those that differ most from the real column stay."""
    ranked = sorted(made, key=lambda shape: -np.nan_to_num(shape.distance, nan=-1.0))
    kept = {shape.name for shape in ranked[:count]}
    return [shape for shape in made if shape.name in kept]


def kind_of(column: "pd.Series[Any]") -> Kind:
    """How a column is drawn. Whole numbers with few values, and constants, are categories in their order."""
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        return "times"
    if pd.api.types.is_numeric_dtype(column.dtype) and not pd.api.types.is_bool_dtype(column.dtype):
        seen = np.unique(values(column, "numbers"))
        seen = seen[np.isfinite(seen)]
        whole = seen.size <= TOP and bool(np.all(seen == np.round(seen)))
        return "categories" if whole or seen.size == 1 else "numbers"
    words = labels(column)
    known = [word for word in words if word is not None]
    return "words" if len(set(known)) == len(known) > TOP else "categories"


def values(column: "pd.Series[Any]", kind: Kind) -> Floats:
    """Numbers as they are, times as days since 1970, NaN for what is missing or infinite."""
    if kind == "times":
        moments = pd.to_datetime(column, utc=True, errors="coerce")
        days = (moments - pd.Timestamp(0, tz="UTC")) / pd.Timedelta(days=1)
        found = days.to_numpy(dtype=np.float64, na_value=math.nan)
    else:
        found = pd.to_numeric(column, errors="coerce").to_numpy(dtype=np.float64, na_value=math.nan)
    return np.where(np.isfinite(found), found, math.nan)


def labels(column: "pd.Series[Any]") -> list[str | None]:
    """Values as text, None for what is missing; 3.0 in one table is 3 in the other."""
    try:
        codes, distinct = pd.factorize(column)
    except TypeError:  # lists and their like
        return [_label(entry) for entry in column]
    known: list[str | None] = [*(_label(entry) for entry in distinct), None]
    return [known[code] for code in codes.tolist()]


def _label(entry: object) -> str:
    if isinstance(entry, float | np.floating) and float(entry).is_integer():
        return str(int(entry))
    return str(entry)


def _of_numbers(name: str, kind: Kind, real: "pd.Series[Any]", synthetic: "pd.Series[Any]") -> Shape:
    ours, theirs = values(real, kind), values(synthetic, kind)
    known, drawn = ours[~np.isnan(ours)], theirs[~np.isnan(theirs)]
    tenfold = kind == "numbers" and _spans_sizes(known, drawn)
    if tenfold:
        known, drawn = np.log10(known), np.log10(drawn)
    edges = _edges(known, drawn)
    return Shape(
        name=name,
        kind=kind,
        real=_shares(known, edges, len(ours)),
        synthetic=_shares(drawn, edges, len(theirs)),
        missing=(_lack(known.size, len(ours)), _lack(drawn.size, len(theirs))),
        distance=_kolmogorov(known, drawn),
        chance=0.869 * _spread(known.size, drawn.size),
        edges=tuple(edges.tolist()),
        tenfold=tenfold,
    )


def _spans_sizes(real: Floats, synthetic: Floats) -> bool:
    """Whether all is positive and the largest values are many times the usual one."""
    if not real.size or min(real.min(), synthetic.min(initial=math.inf)) <= 0:
        return False
    usual, large = np.quantile(real, [0.5, 0.99])
    return bool(large > 8 * usual)


def _edges(real: Floats, synthetic: Floats) -> Floats:
    """Up to 30 bins a whole number of the column's steps wide, so that rounding makes no comb.

    A long tail would squeeze all else into one bin: then the outer bins hold what lies beyond them.
    """
    pooled = np.concatenate([real, synthetic])
    if pooled.size == 0:
        return np.array([0.0, 1.0])
    low, high = _range(pooled)
    if low == high:
        return np.array([low - 0.5, high + 0.5])
    inside = real[(real >= low) & (real <= high)] if real.size else pooled
    bins = min(max(np.histogram_bin_edges(inside, "auto").size - 1, 8), 30)
    step = _step(pooled)
    width = max(math.ceil((high - low) / bins / step) * step, step) if step else (high - low) / bins
    start = low - step / 2
    count = max(math.ceil((high + step / 2 - start) / width - 1e-9), 1)
    return np.asarray(start + width * np.arange(count + 1), dtype=np.float64)


def _range(pooled: Floats) -> tuple[float, float]:
    low, high = float(pooled.min()), float(pooled.max())
    first, last = (float(each) for each in np.quantile(pooled, [0.01, 0.99]))
    if first < last and high - low > 2 * (last - first):
        return max(low, first), min(high, last)
    return low, high


def _step(pooled: Floats) -> float:
    """The least distance between two values, or 0 where it is too fine to matter."""
    gaps = np.diff(np.unique(pooled))
    step = float(gaps.min()) if gaps.size else 0.0
    return step if step > (float(pooled.max()) - float(pooled.min())) / 1000 else 0.0


def _shares(known: Floats, edges: Floats, rows: int) -> tuple[float, ...]:
    counts, _ = np.histogram(np.clip(known, edges[0], edges[-1]), edges)
    return tuple((counts / max(rows, 1)).tolist())


def _lack(known: int, rows: int) -> float:
    return (rows - known) / max(rows, 1)


def _kolmogorov(real: Floats, synthetic: Floats) -> float:
    if not real.size or not synthetic.size:
        return math.nan
    at = np.unique(np.concatenate([real, synthetic]))
    ours = np.searchsorted(np.sort(real), at, side="right") / real.size
    theirs = np.searchsorted(np.sort(synthetic), at, side="right") / synthetic.size
    return float(np.abs(ours - theirs).max())


def _spread(ours: int, theirs: int) -> float:
    return math.sqrt(1 / ours + 1 / theirs) if ours and theirs else math.nan


def _of_categories(name: str, real: "pd.Series[Any]", synthetic: "pd.Series[Any]") -> Shape:
    ours, theirs = _frequencies(real), _frequencies(synthetic)
    missing = float(ours.pop(None, 0.0)), float(theirs.pop(None, 0.0))
    shown = _shown(ours, theirs)
    rest = [label for label in {**ours, **theirs} if label not in set(shown)]
    sides = [tuple(side.get(label, 0.0) for label in shown) for side in (ours, theirs)]
    if rest:
        tails = [sum(side.get(label, 0.0) for label in rest) for side in (ours, theirs)]
        sides = [(*side, tail) for side, tail in zip(sides, tails, strict=True)]
    apart = [(ours.get(label, 0.0), theirs.get(label, 0.0)) for label in {**ours, **theirs}] + [missing]
    return Shape(
        name=name,
        kind="categories",
        real=sides[0],
        synthetic=sides[1],
        missing=missing,
        distance=sum(abs(p - q) for p, q in apart) / 2 if len(real) and len(synthetic) else math.nan,
        chance=_chance(apart, len(real), len(synthetic)),
        labels=(*(str(label) for label in shown), *([f"{OTHER} ({len(rest)})"] if rest else [])),
    )


def _frequencies(column: "pd.Series[Any]") -> dict[str | None, float]:
    counts = Counter(labels(column))
    return {label: count / len(column) for label, count in counts.items()}


def _shown(ours: dict[str | None, float], theirs: dict[str | None, float]) -> list[str | None]:
    """The commonest real categories, then synthetic ones; numbers in their own order."""
    ranked = sorted(
        {**theirs, **ours}, key=lambda label: (-ours.get(label, 0.0), -theirs.get(label, 0.0), str(label))
    )
    shown = ranked[:TOP]
    try:
        return sorted(shown, key=lambda label: float(str(label)))
    except ValueError:
        return shown


def _chance(apart: list[tuple[float, float]], ours: int, theirs: int) -> float:
    """The mean of the total variation between two samples of one source, by the normal approximation."""
    if not ours or not theirs:
        return math.nan
    pooled = [(p * ours + q * theirs) / (ours + theirs) for p, q in apart]
    spread = sum(math.sqrt(share * (1 - share)) for share in pooled if share < 1)
    return _spread(ours, theirs) * math.sqrt(2 / math.pi) * spread / 2
