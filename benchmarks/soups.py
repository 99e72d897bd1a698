"""A family's soup beside what else could be made of the same rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from stockpot.benchmarks.board import Board, pooled
from stockpot.benchmarks.judgement import judge
from stockpot.benchmarks.lines import Cell, Line
from stockpot.benchmarks.methods import METHODS
from stockpot.benchmarks.words import interval, table
from stockpot.score.intervals import t_interval

DIGITS = {
    "holdout_loss": 3,
    "holdout_loss_plain": 3,
    "holdout_loss_refitted": 3,
    "fidelity": 2,
    "quality_holdout": 2,
    "utility": 2,
    "utility_equal": 2,
    "detection": 3,
    "copy_rate": 3,
}

HEAD = (
    "First the soup's own means; then each rival less the soup, with a 95 % t-interval over tables. "
    "`holdout_loss`: nats a token on the unseen rows, lower is better, at the scale of left-out rows; "
    "`plain`: as trained; `refitted`: at the scale that the other half of the unseen rows chose. `hindsight` "
    "was chosen on those very rows."
)


def soups(lines: Sequence[Line], board: Board, family: str) -> str:
    """The table of differences to the soup, and on how many pairs its loss is below the best single's; ''
    where the soup was not measured on all tables.
    """
    soup = f"{family}_soup"
    others = [m for m in METHODS[family].lines if m != soup and board.has(m, "holdout_loss")]
    if not others or not board.has(soup, "holdout_loss"):
        return ""
    shown = {name: digits for name, digits in DIGITS.items() if board.has(soup, name)}
    rows = [[f"`{soup}`", *(f"{board.mean(soup, name):.{digits}f}" for name, digits in shown.items())]]
    rows += [[f"`{m}`", *_less(board, m, soup, shown)] for m in others]
    parts = [
        f"### {family}: the soup and its rivals",
        f"{board.told}. {HEAD}",
        table(["method", *shown], rows),
        _pairs(lines, board, soup, f"{family}_best"),
        _told(board, soup, others),
    ]
    return "\n\n".join(part for part in parts if part)


def _less(board: Board, other: str, soup: str, shown: Mapping[str, int]) -> list[str]:
    found = {name: t_interval(list(board.gaps(other, soup, name).values())) for name in shown}
    return [interval(found[name], digits) for name, digits in shown.items()]


def _pairs(lines: Sequence[Line], board: Board, soup: str, single: str) -> str:
    """Table-seed pairs, which no test takes for independent."""
    losses = _losses(lines, board, soup), _losses(lines, board, single)
    both = losses[0].keys() & losses[1].keys()
    if not both:
        return ""
    below = sum(losses[0][key] < losses[1][key] for key in both)
    return (
        f"Its held-out loss is below that of the best single ingredient by tasting on {below} of {len(both)} "
        f"table-seed pairs ({below / len(both):.0%})."
    )


def _losses(lines: Sequence[Line], board: Board, method: str) -> dict[tuple[str, int | None, int], float]:
    def key(cell: Cell) -> tuple[str, int | None, int]:
        return cell.item, cell.rows, cell.seed

    cuts = pooled(lines)
    found = [line for line in lines if line.cell.method == method and line.cell.item in board.tables]
    return {
        key(line.cell): line.figures["holdout_loss"]
        for line in found
        if (line.cell.set, line.cell.rows) in cuts and "holdout_loss" in line.figures
    }


def _told(board: Board, soup: str, others: Sequence[str]) -> str:
    """Which rivals' losses differ, by Wilcoxon's test."""
    judged = judge({m: list(board.gaps(m, soup, "holdout_loss").values()) for m in others})
    told = [
        f"`{m}` {found.student.value:+.3f} (p {found.p:.3g}, Holm's {found.holm:.3g})"
        for m, found in judged.items()
    ]
    return f"Held-out loss less the soup's, Wilcoxon over {len(board.tables)} tables: {'; '.join(told)}."
