"""Docs of the benchmark: ``python -m benchmarks.report`` writes docs/benchmarks.md from figures/*.jsonl.

Per method the mean over tables of each table's mean over seeds, on the tables that CART and the real rows
have; the paired difference to CART over tables with a 95 % t-interval; and fidelity table by table. A method
that did not finish all those tables is named below, not averaged. Nothing is measured here.
"""

from __future__ import annotations

import argparse
import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from benchmarks.lines import Line, read
from benchmarks.methods import METHODS, REAL
from benchmarks.protocol import HERE, TableSet
from stockpot.score.intervals import t_interval

SHOWN = (
    "quality_holdout",
    "fidelity",
    "utility",
    "utility_equal",
    "detection",
    "copy_rate",
    "verbatim",
    "nearer_train",
    "cpu_s",
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
SHOWN_AND_REAL = (*SHOWN, *sorted({*OF_REAL.values()}), "fidelity_oracle")
COMPARED = ("fidelity", "utility", "utility_equal", "detection")
BASE, PROTOTYPE = "cart", "prototype_soup"
OURS = ("field_folds0", "field_tasted", "char")

Figures = Mapping[str, float]


@dataclass(frozen=True)
class Measured:
    """One set of tables: method -> table -> figure, mean over CART's seeds; and what failed."""

    figures: Mapping[str, Mapping[str, Figures]]
    seeds: frozenset[int]
    failed: tuple[Line, ...]

    @staticmethod
    def of(lines: Iterable[Line], which: TableSet, rows: int | None) -> Measured:
        """A table counts for a method that has all of the seeds."""
        mine = [line for line in lines if (line.cell.set, line.cell.rows) == (which, rows)]
        cells: dict[str, dict[str, dict[int, Figures]]] = defaultdict(lambda: defaultdict(dict))
        for line in mine:
            if line.error is None:
                cells[line.cell.method][line.cell.item][line.cell.seed] = line.figures
        seeds = frozenset(line.cell.seed for line in mine if line.cell.method == BASE)
        whole = {
            method: {
                item: _mean(found, seeds) for item, found in tables.items() if seeds and seeds <= set(found)
            }
            for method, tables in cells.items()
        }
        return Measured(whole, seeds, tuple(line for line in mine if line.error is not None))

    @property
    def tables(self) -> list[str]:
        """Those that both CART and the real rows have."""
        return sorted(set(self.figures.get(BASE, {})) & set(self.figures.get(REAL, {})))

    @property
    def methods(self) -> list[str]:
        """Those that finished all tables, most faithful first."""
        done = [m for m in self.figures if m != REAL and set(self.tables) <= set(self.figures[m])]
        return sorted(done, key=lambda method: -self.mean(method, "fidelity"))

    @property
    def unfinished(self) -> list[str]:
        """A sentence on each method that did not finish all tables."""
        failed = {line.cell.method: line for line in reversed(self.failed)}
        others = ({*self.figures, *failed} - {REAL}) - set(self.methods)
        return [self._unfinished(method, failed.get(method)) for method in sorted(others)]

    def _unfinished(self, method: str, failed: Line | None) -> str:
        done = len(set(self.tables) & set(self.figures.get(method, {})))
        why = "" if failed is None else f"; first failure, on {failed.cell.item}: {failed.error}"
        return f"`{method}` finished {done} of {len(self.tables)} tables{why}."

    def has(self, method: str, figure: str) -> bool:
        return all(figure in self.figures[method][table] for table in self.tables)

    def mean(self, method: str, figure: str) -> float:
        return fmean(self.figures[method][table][figure] for table in self.tables)

    def gaps(self, a: str, b: str, figure: str) -> dict[str, float]:
        """Table -> figure of a less that of b, on the tables of both."""
        both = [table for table in self.tables if table in self.figures[a] and table in self.figures[b]]
        return {t: self.figures[a][t][figure] - self.figures[b][t][figure] for t in both}


def _mean(found: Mapping[int, Figures], seeds: Iterable[int]) -> dict[str, float]:
    """Of the figures that each seed has."""
    asked = [found[seed] for seed in sorted(seeds)]
    names = [name for name in SHOWN_AND_REAL if all(name in figures for figures in asked)]
    return {name: fmean(figures[name] for figures in asked) for name in names}


def document(lines: list[Line], notes: str = "") -> str:
    """The whole page."""
    parts = [(HERE / "intro.md").read_text(encoding="utf-8").strip()]
    parts += [_section(lines, which, rows) for which, rows in sets(lines)]
    return "\n\n".join([*parts, _peers(lines), *([notes.strip()] if notes.strip() else [])]) + "\n"


def sets(lines: Iterable[Line]) -> list[tuple[TableSet, int | None]]:
    """The sets of tables that were measured, small ones first."""
    found = {(line.cell.set, line.cell.rows) for line in lines}
    return sorted(found, key=lambda key: (key[0], key[1] or 0))


def _section(lines: list[Line], which: TableSet, rows: int | None) -> str:
    measured = Measured.of(lines, which, rows)
    title = f"## {which}.csv" + (f" at {rows} rows" if rows else "")
    if not measured.tables:
        return f"{title}\n\nNothing yet: CART and the real rows have no table in common."
    parts = [
        f"{title}\n\n{len(measured.tables)} tables x {len(measured.seeds)} seeds.",
        means(measured),
        "Less CART, over tables, with a 95 % t-interval:",
        differences(measured),
        "Fidelity, table by table; in brackets, less the prototype's:",
        by_table(measured),
        verdicts(measured),
    ]
    return "\n\n".join(part for part in parts if part)


def means(measured: Measured) -> str:
    """Real rows, oracle, then the methods, most faithful first."""
    oracle = {"fidelity": "fidelity_oracle"}
    rows = [["real learning rows", *_cells(measured, REAL, OF_REAL)]]
    if measured.has(REAL, "fidelity_oracle"):
        rows.append(["oracle: fresh real rows", *_cells(measured, REAL, oracle)])
    rows += [[f"`{m}`", *_cells(measured, m, {name: name for name in SHOWN})] for m in measured.methods]
    return _table(["method", *SHOWN], rows)


def differences(measured: Measured) -> str:
    """Of every method that finished, less CART."""
    rows = [
        [f"`{m}`", *(_interval(measured.gaps(m, BASE, figure).values()) for figure in COMPARED)]
        for m in measured.methods
        if m != BASE
    ]
    return _table(["method", *COMPARED], rows)


def by_table(measured: Measured) -> str:
    """The rails, CART and the prototype, and ours with the difference to the prototype."""
    beside = [m for m in ("floor", BASE, PROTOTYPE) if m in measured.figures]
    ours = [m for m in OURS if m in measured.figures]
    rows = []
    for table in measured.tables:
        cells = [f"{measured.figures[REAL][table]['fidelity_real']:.1f}"]
        cells += [_one(measured, m, table) for m in beside]
        cells += [_one(measured, m, table, less=PROTOTYPE) for m in ours]
        rows.append([table, *cells])
    return _table(["table", "real learning rows", *(f"`{m}`" for m in (*beside, *ours))], rows)


def verdicts(measured: Measured) -> str:
    """A sentence on each of ours beside what it must not fall below, and on what did not finish."""
    pairs = [(m, "floor" if m == "char" else PROTOTYPE) for m in OURS]
    both = [(a, b) for a, b in pairs if a in measured.figures and b in measured.figures]
    told = [sentence for a, b in both for sentence in _verdict(measured, a, b)]
    return "\n".join(f"- {sentence}" for sentence in [*told, *measured.unfinished])


def _verdict(measured: Measured, ours: str, other: str) -> list[str]:
    gaps = measured.gaps(ours, other, "fidelity")
    if not gaps:
        return []
    worst, above = min(gaps, key=lambda table: gaps[table]), sum(gap > 0 for gap in gaps.values())
    told = f"`{ours}` less `{other}`, fidelity: {_interval(gaps.values())} over {len(gaps)} tables"
    return [f"{told}; above on {above}; lowest {gaps[worst]:+.2f} ({worst})."]


def _one(measured: Measured, method: str, table: str, less: str | None = None) -> str:
    found = measured.figures[method].get(table)
    if found is None:
        return "-"
    base = None if less is None else measured.figures.get(less, {}).get(table)
    gap = "" if base is None else f" ({found['fidelity'] - base['fidelity']:+.1f})"
    return f"{found['fidelity']:.1f}{gap}"


def _cells(measured: Measured, method: str, names: Mapping[str, str]) -> list[str]:
    found = [names.get(shown) for shown in SHOWN]
    return [f"{measured.mean(method, n):.3g}" if n and measured.has(method, n) else "-" for n in found]


def _interval(values: Iterable[float]) -> str:
    found = t_interval(list(values))
    return f"{found.value:+.3f}" + ("" if found.half is None else f" ± {found.half:.3f}")


def _peers(lines: Iterable[Line]) -> str:
    """What each method is, and what was installed for it."""
    with (HERE / "peers.csv").open(encoding="utf-8", newline="") as file:
        others = [[f"`{r['method']}`", r["title"], _code(r["install"])] for r in csv.DictReader(file)]
    seen = {line.cell.method for line in lines}
    rows = [[f"`{name}`", method.title, ""] for name, method in METHODS.items() if name in seen]
    rows += [row for row in others if row[0].strip("`") in seen]
    return "## The methods\n\n" + _table(["method", "what it is", "pip install"], rows)


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


def _table(head: list[str], rows: Iterable[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--figures", type=Path, default=HERE / "figures", help="folder of .jsonl files")
    parser.add_argument("--out", type=Path, default=HERE.parent / "docs" / "benchmarks.md")
    given = parser.parse_args()
    lines = [line for path in sorted(given.figures.glob("*.jsonl")) for line in read(path)]
    notes = HERE / "notes.md"
    text = document(lines, notes.read_text(encoding="utf-8") if notes.exists() else "")
    given.out.parent.mkdir(parents=True, exist_ok=True)
    given.out.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
