"""A soup at a prompt and in a notebook. Nothing is scored to be shown: figures are there if they were asked
for before.
"""

from __future__ import annotations

from html import escape

from stockpot.card import Facts, shipped
from stockpot.figures import Figure, Figures
from stockpot.report.words import ARROWS, cell, interval, word

MOST = 40
"""Columns that a notebook lists."""


def line(facts: Facts) -> str:
    """``Soup(field, 'all' of 24 ingredients, learned from 80 rows x 8 columns)``."""
    count = facts.ingredients
    return (
        f"Soup({facts.family}, '{facts.shipped}' of {count} ingredient{'s' * (count != 1)}, learned from "
        f"{facts.rows} rows x {len(facts.columns)} columns)"
    )


def as_html(facts: Facts, figures: Figures | None) -> str:
    """A card of its own: no script, no style but its own, nothing fetched."""
    told = _scores(facts, figures) if figures else ""
    names = "".join(f"<tr><td>{escape(n)}</td><td>{escape(t)}</td></tr>" for n, t in facts.columns[:MOST])
    more = len(facts.columns) - MOST
    rest = f"<p>and {more} more</p>" if more > 0 else ""
    verdict = f"<p>{escape(figures.shipped.sentence)}</p>" if figures else ""
    return (
        '<div style="border:1px solid #8884;border-radius:6px;padding:.6em 1em;max-width:60em">'
        f"<p><b>Soup</b> &middot; {escape(facts.family)} &middot; {escape(facts.shipped)}</p>"
        f"<p>{escape(facts.sentence)}</p>{verdict}{told}"
        f"<details><summary>{len(facts.columns)} columns</summary>"
        f"<table><tr><th>column</th><th>sdtype</th></tr>{names}</table>{rest}</details></div>"
    )


def _scores(facts: Facts, figures: Figures) -> str:
    model = shipped(facts, figures)
    if model is None:
        return ""
    rails = list(figures.rails)
    head = "".join(f"<th>{escape(name)}</th>" for name in ("", "this soup", "95 %", *rails))
    rows = "".join(_row(name, figure, figures, rails) for name, figure in model.figures.items())
    return f"<table><tr>{head}</tr>{rows}</table>"


def _row(name: str, figure: Figure, figures: Figures, rails: list[str]) -> str:
    told = f"{word(name).label} {ARROWS[word(name).better]}"
    cells = [cell(name, figure), interval(name, figure)]
    cells += [cell(name, figures.rails[rail].get(name)) for rail in rails]
    values = "".join(f'<td style="text-align:right">{escape(value)}</td>' for value in cells)
    return f'<tr title="{escape(word(name).meaning)}"><td>{escape(told)}</td>{values}</tr>'
