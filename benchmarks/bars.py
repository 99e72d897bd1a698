"""What a default is held to against CART, figure by figure, and whether it keeps it."""

from __future__ import annotations

from dataclasses import dataclass

from stockpot.benchmarks.board import Board
from stockpot.benchmarks.methods import BASE, REAL
from stockpot.benchmarks.words import interval, table
from stockpot.score.intervals import t_interval

EXCESS = 0.1
"""Of CART's repeated numbers over the real rows' own, so much is granted."""


@dataclass(frozen=True)
class Bar:
    """The end of the 95 % interval of the difference to CART that must not be worse than the bound."""

    figure: str
    bound: float
    higher_is_better: bool
    digits: int = 1

    @property
    def told(self) -> str:
        end, sign = ("lower", "≥") if self.higher_is_better else ("upper", "≤")
        return f"{end} end {sign} {self.bound:+g}"


BARS = (
    Bar("fidelity", -0.5, higher_is_better=True, digits=2),
    Bar("utility", -2.0, higher_is_better=True),
    Bar("utility_equal", -2.0, higher_is_better=True),
    Bar("detection", 0.02, higher_is_better=False, digits=3),
)


def held(board: Board, method: str) -> str:
    """A table of all bars for one method; '' where it did not finish all tables."""
    if method not in board.methods:
        return ""
    rows = [_row(board, method, bar) for bar in BARS]
    rows += [_verbatim(board, method)] if board.has(REAL, "verbatim_real") else []
    return table([f"`{method}` less CART", "mean", "must be", "", "where it is worst"], rows)


def _row(board: Board, method: str, bar: Bar) -> list[str]:
    gaps = board.gaps(method, BASE, bar.figure)
    found = t_interval(list(gaps.values()))
    end = found.low if bar.higher_is_better else found.high
    kept = end is not None and (end >= bar.bound if bar.higher_is_better else end <= bar.bound)
    worst = (min if bar.higher_is_better else max)(gaps, key=lambda name: gaps[name])
    told = f"{worst} ({gaps[worst]:+.{bar.digits}f})"
    return [bar.figure, interval(found, bar.digits), bar.told, _verdict(kept=kept), told]


def _verbatim(board: Board, method: str) -> list[str]:
    """Not a difference to CART: at most the real rows' own rate, and a little of CART's excess over it."""
    ours, cart, real = (
        board.mean(m, name) for m, name in ((method, "verbatim"), (BASE, "verbatim"), (REAL, "verbatim_real"))
    )
    most = real + EXCESS * (cart - real)
    worst = max(board.tables, key=lambda name: board.figures[method][name]["verbatim"])
    told = f"{worst} ({board.figures[method][worst]['verbatim']:.3f})"
    return ["verbatim (itself)", f"{ours:.3f}", f"≤ {most:.3f}", _verdict(kept=ours <= most), told]


def _verdict(*, kept: bool) -> str:
    return "kept" if kept else "**missed**"
