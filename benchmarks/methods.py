"""What the benchmark can measure. A method is fitted once; what comes of the fit are models, a line each.

``real`` draws nothing: it is what the real rows reach. ``floor`` and ``copy`` are the rails, ``cart`` is the
thing to beat. ``field`` and ``char`` are whole cooks, with all that stands beside their soups
(``stockpot.rivals``).
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd

from stockpot.benchmarks import peer
from stockpot.benchmarks.clock import Cost
from stockpot.benchmarks.protocol import SYNTHETIC_ROWS, Deal
from stockpot.score import rails

if TYPE_CHECKING:
    from stockpot.benchmarks.agenda import Trial

REAL, BASE = "real", "cart"
"""What every method is compared with."""
FAMILIES = ("field", "char")
BESIDE = {
    "soup": 'the shipped soup of Soup.fit(table, model="{0}")',
    "all": "... the uniform soup of all its ingredients",
    "ensemble": "... the ensemble of all its ingredients",
    "best": "... its best single ingredient, by tasting",
    "hindsight": "... its best single ingredient, by the holdout itself: an oracle",
    "random": "... one of its ingredients, at random",
    "one_net": "... one net on all rows, for one ingredient's steps",
    "long_run": "... one net on all rows, for the steps of the whole menagerie",
    "swa": "... the mean of the second half of that run (SWA)",
    "ema": "... the moving average of that run (EMA)",
}
"""Lines of a cook: the soup first, then what stands beside it."""


@dataclass(frozen=True)
class Model:
    """What a fit left: rows are drawn by the clock. ``cost``: of the fit. ``peak_mb``: of another process."""

    line: str
    draw: Callable[[], pd.DataFrame]
    cost: Cost = field(default_factory=Cost)
    figures: Mapping[str, float] = field(default_factory=dict)
    peak_mb: float | None = None


@dataclass(frozen=True)
class Method:
    """``lines``: name -> what it is. ``imports`` are loaded before the clock starts. ``cpu_s``: of a fit,
    roughly.
    """

    lines: Mapping[str, str]
    fit: Callable[[Deal, int], Iterator[Model]]
    cpu_s: float = 0
    imports: tuple[str, ...] = ()

    def prepare(self) -> None:
        for module in self.imports:
            importlib.import_module(module)


def nothing(dealt: Deal, seed: int) -> Iterator[Model]:
    """The real rows are judged, not learned from."""
    del dealt, seed
    yield from ()


def floor(dealt: Deal, seed: int) -> Iterator[Model]:
    """The rail."""
    yield Model("floor", lambda: rails.floor(dealt.train, SYNTHETIC_ROWS, seed=seed))


def copy(dealt: Deal, seed: int) -> Iterator[Model]:
    """The rail."""
    yield Model("copy", lambda: rails.copy(dealt.train, SYNTHETIC_ROWS, seed=seed))


def cart(dealt: Deal, seed: int) -> Iterator[Model]:
    """The thing to beat."""
    from stockpot.benchmarks.cart import cart as drawn

    yield Model("cart", lambda: drawn(dealt.train, SYNTHETIC_ROWS, seed))


def untasted(dealt: Deal, seed: int) -> Iterator[Model]:
    """A cook without tasting."""
    from stockpot.benchmarks.cooks import untasted as cooked

    yield from cooked("field_folds0", dealt, seed)


def family(model: str, dealt: Deal, seed: int) -> Iterator[Model]:
    """A whole cook and what stands beside its soup."""
    from stockpot.benchmarks.cooks import family as cooked

    yield from cooked(model, dealt, seed)


def _family(model: str, cpu_s: float) -> Method:
    lines = {f"{model}_{name}": what.format(model) for name, what in BESIDE.items()}
    return Method(lines, partial(family, model), cpu_s, COOK)


def _peer(found: peer.Peer) -> Method:
    def fit(dealt: Deal, seed: int) -> Iterator[Model]:
        drawn = peer.draw(found, dealt.train, SYNTHETIC_ROWS, seed)
        yield Model(found.method, lambda: drawn.rows, drawn.cost, peak_mb=drawn.peak_mb)

    return Method({found.method: found.title}, fit, cpu_s=found.cpu_s)


COOK = ("stockpot.benchmarks.cooks",)
OURS: Mapping[str, Method] = {
    REAL: Method({REAL: "the real learning rows"}, nothing),
    "floor": Method({"floor": "each column drawn by itself"}, floor),
    "copy": Method({"copy": "learning rows drawn again"}, copy),
    BASE: Method({BASE: "sequential trees, as synthpop grows them"}, cart, 1, ("stockpot.benchmarks.cart",)),
    "field_folds0": Method({"field_folds0": "Soup.fit(table, folds=0)"}, untasted, 5, COOK),
    "field": _family("field", 60),
    "char": _family("char", 200),
}
PEERS: Mapping[str, Method] = {found.method: _peer(found) for found in peer.peers() if found.module}
METHODS: Mapping[str, Method] = {**OURS, **PEERS}


def peers_of(trials: Iterable[Trial]) -> list[peer.Peer]:
    """Those that must be installed."""
    named = {trial.method for trial in trials}
    return [found for found in peer.peers() if found.method in named]
