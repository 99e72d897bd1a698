"""The verdict's table for a terminal and as Markdown, and the menagerie as rows of a table.

The units are those of the figures; '-' stands where there is no figure (without folds nothing is held out).
"""

import html
import math
import re

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from stockpot.figures import Figures, Ingredient
from stockpot.report.verdict import Row, Verdict, verdict
from stockpot.report.words import ARROWS, NOTHING, cell, leaning, signed, word

_STYLES = {"better": "green", "worse": "red", "level": ""}
TO_BEAT = "to beat"


def as_rich(figures: Figures) -> Table:
    """One row a model between its rails. The shipped model is marked with a diamond."""
    told = verdict(figures)
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=0, caption=legend(told), caption_justify="left")
    table.add_column("", min_width=9)
    for name in told.columns:
        table.add_column(_stacked(header(name)), justify="right", no_wrap=True)
    table.add_column(_stacked(_difference_header(told), 2), justify="right")
    for place, row in enumerate(told.rows):
        last = place + 1 == len(told.rows)
        between = not last and (row.kind == "rail") != (told.rows[place + 1].kind == "rail")
        table.add_row(*_rich_cells(told, row), style="dim" if row.kind == "rail" else "", end_section=between)
    return table


def as_markdown(figures: Figures) -> str:
    """The sentence, the table between its rails, how to read it, and the notes."""
    told = verdict(figures)
    heads = ["", *(header(name) for name in told.columns), _difference_header(told)]
    lines = [_line(heads), _line(["---", *["---:"] * (len(heads) - 1)])]
    lines += [_line(_markdown_cells(told, row)) for row in told.rows]
    notes = [f"- {escape(note)}" for note in figures.notes]
    parts = [escape(figures.shipped.sentence), "\n".join(lines), escape(legend(told)), "\n".join(notes)]
    return "\n\n".join(part for part in parts if part) + "\n"


def menagerie_rows(figures: Figures) -> list[dict[str, str | float]]:
    """One row an ingredient: number, share of the bowl, held-out figures, settings."""
    return [_ingredient_row(figures, each) for each in figures.menagerie]


def header(name: str) -> str:
    """A column's header with its direction: 'held-out loss ↓'."""
    return f"{word(name).label} {ARROWS[word(name).better]}"


def legend(told: Verdict) -> str:
    """How to read the table, with the unit of every column that has figures."""
    units: dict[str, list[str]] = {}
    for name in told.columns:
        unit = next((row.figures[name].unit for row in told.rows if name in row.figures), None)
        if unit:
            units.setdefault(unit, []).append(word(name).label)
    measured = "; ".join(f"{', '.join(labels)}: {unit}" for unit, labels in units.items())
    reading = "↓ lower is better, ↑ higher is better, ≈ read beside the reference. "
    if told.to_beat is not None:
        reading += f"Differences are less {told.to_beat}, on the same rows, with a 95 % interval. "
    return reading + (f"{measured}." if measured else "")


def escape(text: str) -> str:
    """Text that Markdown shows as it is, on one line."""
    return re.sub(r"([\\`*|~\[\]])", r"\\\1", html.escape(" ".join(text.split()), quote=False))


def _difference_header(told: Verdict) -> str:
    return f"{word(told.judge).label} less best single's {ARROWS[word(told.judge).better]}"


def _stacked(label: str, words: int = 1) -> str:
    """The label on lines of one or two words each, its arrow after the last: a terminal is narrow."""
    *named, arrow = label.split(" ")
    lines = [" ".join(named[i : i + words]) for i in range(0, len(named), words)]
    return "\n".join([*lines, arrow] if len(lines) == 1 else [*lines[:-1], f"{lines[-1]} {arrow}"])


def _difference(told: Verdict, row: Row) -> str:
    return TO_BEAT if row.to_beat else signed(told.judge, row.difference)


def _rich_cells(told: Verdict, row: Row) -> list[Text]:
    """Text objects, not strings: a name such as '[red]' is no markup."""
    name = Text(f"◆ {row.name}" if row.shipped else row.name, style="bold" if row.shipped else "")
    difference = Text(_difference(told, row), style=_STYLES[leaning(told.judge, row.difference)])
    return [name, *(Text(cell(each, row.figures.get(each))) for each in told.columns), difference]


def _markdown_cells(told: Verdict, row: Row) -> list[str]:
    name = {"rail": f"*{escape(row.name)}*"}.get(row.kind, escape(row.name))
    name = f"**{name}** (shipped)" if row.shipped else name
    return [name, *(cell(each, row.figures.get(each)) for each in told.columns), _difference(told, row)]


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _ingredient_row(figures: Figures, each: Ingredient) -> dict[str, str | float]:
    row: dict[str, str | float] = {
        "ingredient": each.number,
        "share of the bowl": figures.shipped.proportions.get(str(each.number), 0.0),
        word("held_out_loss").label: _finite(each.held_out_loss),
        word("held_out_accuracy").label: _finite(each.held_out_accuracy),
        word("quality_all").label: _finite(each.quality_all),
    }
    return row | {name: setting for name, setting in each.settings.items() if name not in row}


def _finite(value: float | None) -> str | float:
    return NOTHING if value is None or not math.isfinite(value) else float(value)
