"""Do intervals from synthetic tables cover? ``python -m stockpot.benchmarks.sets [SOUPS] [SAMPLES]``.

A population is known: a group, a number that depends on it, another that depends on that. Many samples of
``REAL`` rows are drawn from it; each is learned by a synthesiser, which draws tables of several sizes; the
mean, a share and a slope are estimated from them with a 95 % interval by each way of reckoning it. What is
told: how many intervals hold the population's value, and how wide they are beside the real rows' own. The
synthesisers: the population's own model with the parameters that fit best (``plug-in``) or drawn from their
posterior anew for each table (``posterior``), over SAMPLES samples; and a soup (``folds=0``), over SOUPS.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from stockpot.pooling import Rule, pool
from stockpot.soup import Soup
from stockpot.values import Floats

REAL, SETS = 80, 5
SIZES = (40, 80, 400, 1600)
SHARE, GAP, SPREAD, SLOPE, NOISE = 0.4, 6.0, 10.0, 0.8, 8.0
TRUTH = np.array([20 + SLOPE * (50 + SHARE * GAP), SHARE, SLOPE])
NAMES = ("mean", "share", "slope")
Tables = Callable[[int, int], list[pd.DataFrame]]
"""(tables, rows of each) -> tables."""


@dataclass
class Account:
    """Of one way to reckon intervals: which held the truth, and how wide they were beside the real ones."""

    hits: list[Floats] = field(default_factory=list)
    widths: list[Floats] = field(default_factory=list)

    def add(self, low: Floats, high: Floats, real: Floats) -> None:
        self.hits.append(((low <= TRUTH) & (high >= TRUTH)).astype(np.float64))
        self.widths.append((high - low) / real)

    def cells(self) -> list[str]:
        """Coverage of each estimate in per cent, and the median width over all of them."""
        covered = 100 * np.mean(self.hits, axis=0)
        return [*(f"{one:.0f}" for one in covered), f"{np.median(self.widths):.2f}"]


def sample(rng: np.random.Generator, rows: int, made: Floats | None = None) -> pd.DataFrame:
    """Rows of the population, or of (share, mean of x, gap, spread, intercept, slope, noise)."""
    share, centre, gap, spread, base, slope, noise = (
        (SHARE, 50.0, GAP, SPREAD, 20.0, SLOPE, NOISE) if made is None else made
    )
    group = rng.random(rows) < share
    x = rng.normal(centre + gap * group, spread)
    y = rng.normal(base + slope * x, noise)
    return pd.DataFrame({"group": np.where(group, "b", "a"), "x": np.round(x, 2), "y": np.round(y, 2)})


def estimated(frame: pd.DataFrame) -> tuple[Floats, Floats]:
    """The three estimates and their variances, as if the rows were real."""
    x, y, n = frame["x"].to_numpy(), frame["y"].to_numpy(), len(frame)
    share = float((frame["group"] == "b").mean())
    slope, rest, spread = _line(x, y)
    variances = [y.var(ddof=1) / n, share * (1 - share) / n, rest.var(ddof=0) * n / (n - 2) / spread]
    return np.array([y.mean(), share, slope]), np.array(variances)


def _line(x: Floats, y: Floats) -> tuple[float, Floats, float]:
    """(slope, residuals, sum of squares of x)."""
    centred = x - x.mean()
    spread = float(centred @ centred)
    slope = float(centred @ y) / spread
    return slope, y - y.mean() - slope * centred, spread


def parametric(real: pd.DataFrame, rng: np.random.Generator, *, posterior: bool) -> Tables:
    """Tables of the population's own model."""
    group, x, y = (real["group"] == "b").to_numpy(), real["x"].to_numpy(), real["y"].to_numpy()
    n, count = len(real), int(group.sum())
    centre, gap = x[~group].mean(), x[group].mean() - x[~group].mean()
    spread = np.sqrt(((x - centre - gap * group) ** 2).sum() / (n - 2))
    slope, rest, squares = _line(x, y)
    noise = np.sqrt((rest**2).sum() / (n - 2))

    def parameters() -> Floats:
        if not posterior:
            return np.array([count / n, centre, gap, spread, y.mean() - slope * x.mean(), slope, noise])
        s, e = (one * np.sqrt((n - 2) / rng.chisquare(n - 2)) for one in (spread, noise))
        first = rng.normal(centre, s / np.sqrt(n - count))
        second = rng.normal(centre + gap, s / np.sqrt(count))
        b = rng.normal(slope, e / np.sqrt(squares))
        base = rng.normal(y.mean(), e / np.sqrt(n)) - b * x.mean()
        return np.array([rng.beta(count + 0.5, n - count + 0.5), first, second - first, s, base, b, e])

    return lambda tables, rows: [sample(rng, rows, parameters()) for _ in range(tables)]


def soup(real: pd.DataFrame, seed: int) -> Tables:
    """Tables of a soup."""
    made = Soup.fit(real, folds=0, seed=seed)
    return lambda tables, rows: made.sample_sets(tables, rows, seed=seed)


def judge(real: pd.DataFrame, tables: Tables, accounts: dict[tuple[int, str], Account]) -> None:
    """Every way of reckoning, at every size."""
    q, v = estimated(real)
    width = 2 * 1.96 * np.sqrt(v)
    accounts[REAL, "the real rows themselves"].add(q - width / 2, q + width / 2, width)
    for rows in SIZES:
        found = [estimated(one) for one in tables(SETS, rows)]
        one, error = found[0][0], 1.96 * np.sqrt(found[0][1])
        accounts[rows, "one table, taken for real rows"].add(one - error, one + error, width)
        for name, count, rule in _rules():
            kept = found[:count]
            made = pool([a for a, _ in kept], [b for _, b in kept], rows=rows, real_rows=REAL, rule=rule)
            accounts[rows, name].add(made.low, made.high, width)


def _rules() -> Iterator[tuple[str, int, Rule]]:
    yield "one table, plug-in", 1, "plug-in"
    yield f"{SETS} tables, plug-in", SETS, "plug-in"
    yield f"{SETS} tables, full", SETS, "full"
    yield f"{SETS} tables, partial", SETS, "partial"


def measured(name: str, samples: int) -> dict[tuple[int, str], Account]:
    """One synthesiser's account over so many samples."""
    accounts: dict[tuple[int, str], Account] = defaultdict(Account)
    for seed in range(samples):
        rng = np.random.default_rng((7, seed))
        real = sample(rng, REAL)
        tables = soup(real, seed) if name == "soup" else parametric(real, rng, posterior=name == "posterior")
        judge(real, tables, accounts)
        if name == "soup" and seed % 10 == 9:
            print(f"{seed + 1} of {samples}", file=sys.stderr, flush=True)
    return accounts


def main(soups: int, samples: int) -> None:
    """Print a table a synthesiser, in Markdown."""
    for name, count in (("plug-in", samples), ("posterior", samples), ("soup", soups)):
        print(f"\n### {name}, {count} samples of {REAL} rows\n")
        print("| rows of a table | analysis | " + " | ".join(NAMES) + " | width |")
        print("| ---: | --- |" + " ---: |" * 4)
        found = sorted(measured(name, count).items(), key=lambda item: item[0][0])
        for (rows, way), account in found:
            print(f"| {rows} | {way} | {' | '.join(account.cells())} |", flush=True)


if __name__ == "__main__":
    main(*(int(word) for word in (sys.argv[1:] + ["200", "2000"][len(sys.argv) - 1 :])))
