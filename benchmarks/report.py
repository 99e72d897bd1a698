"""The benchmark's page and pictures, from the lines that are there. Nothing is measured here.

Per method the mean over tables of each table's mean over seeds, on the tables that CART and the real rows
have; differences to CART with tests and intervals over tables; and fidelity table by table. A method that did
not finish all those tables is named, not averaged.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from stockpot.benchmarks import pictures
from stockpot.benchmarks.bars import held
from stockpot.benchmarks.board import JUDGING, Board, Cut, cuts, pooled
from stockpot.benchmarks.config import BenchmarkConfig
from stockpot.benchmarks.judgement import judge
from stockpot.benchmarks.lines import Line
from stockpot.benchmarks.methods import BASE, FAMILIES, METHODS, REAL
from stockpot.benchmarks.peer import peers
from stockpot.benchmarks.protocol import HERE
from stockpot.benchmarks.soups import soups
from stockpot.benchmarks.words import cells, interval, number, table

SHOWN = (
    "quality_holdout",
    "fidelity",
    "utility",
    "utility_equal",
    "detection",
    "copy_rate",
    "verbatim",
    "nearer_train",
    "wall_s",
    "cpu_s",
    "peak_mb",
)
OF_REAL = {
    "quality_holdout": "quality_real",
    "fidelity": "fidelity_real",
    "utility": "utility_real",
    "utility_equal": "utility_real",
    "detection": "detection_real",
    "copy_rate": "copy_rate_real",
    "verbatim": "verbatim_real",
}
COMPARED = ("fidelity", "utility", "utility_equal", "detection")
BESIDE = {line for family in FAMILIES for line in METHODS[family].lines if not line.endswith("_soup")}
"""What stands beside a soup: in a section of its own."""
FIELD = ("field_folds0", "field_soup")
"""The default, untasted and tasted."""
OWN = ("field_folds0", *(f"{family}_soup" for family in FAMILIES))
RANKS, BY_ROWS = "critical-difference.png", "fidelity-by-rows.png"
LESS_CART = (
    "Less CART. After each difference: the 95 % t-interval over tables, the interval of the cluster "
    "bootstrap (tables drawn again, seeds averaged first), and p of Wilcoxon's signed-rank test with Holm's "
    "correction for the methods of the column."
)


BARS_TOLD = (
    "What the default is held to: with 95 % confidence over tables no worse than CART by more than a margin, "
    "better in the mean on two of fidelity, utility and detection, and hardly more repeated numbers than by "
    "chance."
)


def write(config: BenchmarkConfig) -> Path:
    """benchmarks.md and its pictures, in the configuration's folder. Returns the page's path."""
    lines, out = config.known(), Path(config.out)
    out.mkdir(parents=True, exist_ok=True)
    board = Board.of(lines, pooled(lines))
    drawn = {
        RANKS: pictures.critical_difference(board.grid(headliners(board), "fidelity")),
        BY_ROWS: pictures.by_rows(lines),
    }
    for name, picture in drawn.items():
        if picture:
            (out / name).write_bytes(picture)
    notes = config.folder / "notes.md"
    told = notes.read_text(encoding="utf-8") if notes.exists() else ""
    page = out / "benchmarks.md"
    text = document(lines, config.command, [name for name, picture in drawn.items() if picture], told)
    page.write_text(text, encoding="utf-8")
    return page


def document(lines: Sequence[Line], command: str, drawn: Sequence[str] = (), notes: str = "") -> str:
    """The whole page. ``drawn``: names of the pictures beside it."""
    intro = (HERE / "intro.md").read_text(encoding="utf-8").strip().replace("COMMAND", command)
    board = Board.of(lines, pooled(lines))
    parts = [intro, _pooled(lines, board, drawn)]
    parts += [_section(Board.of(lines, [cut]), cut) for cut in cuts(lines)]
    if BY_ROWS in drawn:
        parts.append(f"## Fidelity by learning rows\n\n![Fidelity by number of learning rows]({BY_ROWS})")
    return "\n\n".join(part for part in [*parts, _methods(lines), notes.strip()] if part) + "\n"


def headliners(board: Board) -> list[str]:
    """All but what stands beside a soup of its own family."""
    return [method for method in board.methods if method not in BESIDE]


def _pooled(lines: Sequence[Line], board: Board, drawn: Sequence[str]) -> str:
    """All tables together: tests over as many tables as there are."""
    if not board.tables:
        return ""
    parts = [
        f"## All tables, at some 80 rows\n\n{board.told}: {_sorts(pooled(lines))}.",
        f"![Mean ranks; a bar joins what cannot be told apart]({RANKS})" if RANKS in drawn else "",
        LESS_CART,
        judgements(board),
        *(soups(lines, board, family) for family in FAMILIES),
        "\n".join(f"- {sentence}" for sentence in board.unfinished),
    ]
    return "\n\n".join(part for part in parts if part)


def _sorts(told: Sequence[Cut]) -> str:
    both = "tables.csv, and truth.csv at 80 rows"
    return both if told == JUDGING else "tuning.csv, on which defaults are chosen and nothing is judged"


def judgements(board: Board) -> str:
    """Of every headliner, less CART, with what the tests say."""
    named = [method for method in headliners(board) if method != BASE]
    judged = {
        figure: judge({method: list(board.gaps(method, BASE, figure).values()) for method in named})
        for figure in COMPARED
    }
    rows = []
    for method in named:
        row = [f"`{method}`"]
        for figure in COMPARED:
            found, digits = judged[figure][method], 3 if figure == "detection" else 2
            low, high = found.bootstrap.low, found.bootstrap.high
            resampled = f"{low:+.{digits}f} to {high:+.{digits}f}"
            row.append(f"{interval(found.student, digits)}; {resampled}; p {found.holm:.2g}")
        rows.append(row)
    return table([f"method (n = {len(board.tables)} tables)", *COMPARED], rows)


def _section(board: Board, cut: Cut) -> str:
    title = f"## {cut[0]}.csv" + (f" at {cut[1]} rows" if cut[1] else "")
    if not board.tables:
        return f"{title}\n\nNothing yet: CART and the real rows have no table in common."
    parts = [
        f"{title}\n\n{board.told}.",
        means(board),
        "Less CART, over tables, with a 95 % t-interval:",
        differences(board),
        *((BARS_TOLD, *(held(board, ours) for ours in FIELD)) if cut in JUDGING else ()),
        "Fidelity, table by table; in brackets, less CART's:",
        by_table(board),
        "\n".join(f"- {sentence}" for sentence in [*verdicts(board), *board.unfinished]),
    ]
    return "\n\n".join(part for part in parts if part)


def means(board: Board) -> str:
    """Real rows, oracle, then the methods, most faithful first."""
    rows = [["real learning rows", *cells(board, REAL, OF_REAL, SHOWN)]]
    if board.has(REAL, "fidelity_oracle"):
        oracle = {"fidelity": "fidelity_oracle"}
        rows.append(["oracle: fresh real rows", *cells(board, REAL, oracle, SHOWN)])
    same = {name: name for name in SHOWN}
    rows += [[f"`{m}`", *cells(board, m, same, SHOWN)] for m in board.methods]
    return table(["method", *SHOWN], rows)


def differences(board: Board) -> str:
    """Of every headliner, less CART."""
    rows = []
    for method in headliners(board):
        if method != BASE:
            found = [judge({method: list(board.gaps(method, BASE, f).values())})[method] for f in COMPARED]
            rows.append([f"`{method}`", *(interval(one.student, 3) for one in found)])
    return table(["method", *COMPARED], rows)


def by_table(board: Board) -> str:
    """The rails, CART, and ours with the difference to CART."""
    beside = [m for m in ("floor", BASE) if m in board.figures]
    ours = [m for m in OWN if m in board.figures]
    rows = []
    for name in board.tables:
        real = f"{board.figures[REAL][name]['fidelity_real']:.1f}"
        rows.append(
            [
                name,
                real,
                *(_one(board, m, name) for m in beside),
                *(_one(board, m, name, gap=True) for m in ours),
            ]
        )
    return table(["table", "real learning rows", *(f"`{m}`" for m in (*beside, *ours))], rows)


def _one(board: Board, method: str, name: str, *, gap: bool = False) -> str:
    found = board.figures[method].get(name)
    if found is None:
        return "-"
    less = found["fidelity"] - board.figures[BASE][name]["fidelity"]
    return f"{found['fidelity']:.1f}" + (f" ({less:+.1f})" if gap else "")


def verdicts(board: Board) -> list[str]:
    """A sentence on each of ours beside CART."""
    told = []
    for ours in OWN:
        gaps = board.gaps(ours, BASE, "fidelity") if ours in board.figures else {}
        if gaps:
            found = judge({ours: list(gaps.values())})[ours]
            worst, above = min(gaps, key=lambda name: gaps[name]), sum(gap > 0 for gap in gaps.values())
            told.append(
                f"`{ours}` less `{BASE}`, fidelity: {interval(found.student)} over {len(gaps)} tables "
                f"(Wilcoxon p {found.p:.2g}, n = {len(gaps)}); above on {above}; lowest {gaps[worst]:+.2f} "
                f"({worst})."
            )
    return told


def _methods(lines: Iterable[Line]) -> str:
    """What each line is, and what was installed for it."""
    seen = {line.cell.method for line in lines}
    ours = {name: (what, "") for method in METHODS.values() for name, what in method.lines.items()}
    found = ours | {p.method: (p.title, f"`{p.install}`" if p.install else "") for p in peers()}
    rows = [[f"`{name}`", *told] for name, told in found.items() if name in seen]
    return "## The methods\n\n" + table(["line", "what it is", "pip install"], rows)


def summary(lines: Sequence[Line]) -> list[tuple[str, list[str], list[list[str]]]]:
    """For a terminal: (title, head, rows) of each cut."""
    shown = ("fidelity", "quality_holdout", "utility", "utility_equal", "detection", "verbatim", "cpu_s")
    found = []
    for cut in cuts(lines):
        board = Board.of(lines, [cut])
        if board.tables:
            rows = [["real rows", *cells(board, REAL, OF_REAL, shown)]]
            rows += [[m, *cells(board, m, {n: n for n in shown}, shown)] for m in board.methods]
            title = f"{cut[0]}.csv" + (f" at {number(cut[1])} rows" if cut[1] else "")
            found.append((f"{title}: {board.told}", ["", *shown], rows))
    return found
