"""The report: one HTML page that holds all it shows, from the figures and both tables.

It asks nothing of the network and runs no script: pictures are SVG inside the page, and its own policy
forbids the rest. Everything that came from a table or a person is escaped by the template.
"""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from stockpot.figures import Figure, Figures, Ingredient
from stockpot.report import plots, words
from stockpot.report.ink import minus, themed
from stockpot.report.lessons import what_did_not_work
from stockpot.report.panels import caption
from stockpot.report.shapes import Shape, farthest, shapes
from stockpot.report.templates import template
from stockpot.report.text import TO_BEAT
from stockpot.report.verdict import LEAKS, Row, Verdict, verdict

INGREDIENTS = 12
"""As many ingredients of the bowl are listed, the largest first."""


@dataclass(frozen=True)
class Cell:
    """A figure as the page prints it; ``about`` is what it was measured against."""

    text: str
    interval: str = ""
    about: str = ""
    leaning: str = ""


@dataclass(frozen=True)
class Line:
    """One row of a table."""

    name: str
    kind: str
    cells: tuple[Cell, ...]
    to_beat: bool = False
    shipped: bool = False


@dataclass(frozen=True)
class Grid:
    """A table: its headers, each with its direction, and its rows."""

    headers: tuple[tuple[str, str], ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Picture:
    """A picture as an address that holds it, and what it shows in words."""

    address: str
    alt: str
    title: str = ""
    beside: str = ""


@dataclass(frozen=True)
class Part:
    """One ingredient in the bowl. ``width`` is its bar's, in percent of the largest."""

    number: str
    share: str
    width: float
    settings: tuple[str, ...]


@dataclass(frozen=True)
class Bowl:
    """What is in the bowl. Equal shares are one sentence; others a table of the largest parts.

    ``shared`` are the settings of all ingredients, ``spread`` the values of those that differ.
    """

    equal: str
    differing: tuple[str, ...]
    parts: tuple[Part, ...]
    shared: str
    spread: str
    rest: str


@dataclass(frozen=True)
class Entry:
    """A figure's entry in the glossary."""

    label: str
    meaning: str
    unit: str
    against: str
    direction: str


def render(figures: Figures, real: pd.DataFrame, synthetic: pd.DataFrame) -> str:
    """The whole page."""
    told = verdict(figures)
    made, left_out = shapes(real, synthetic)
    shown = farthest(made, plots.COLUMNS)
    return template("page.html").render(
        figures=figures,
        rows=len(synthetic),
        verdict=_verdict_grid(told),
        leaks=_leak_grid(told),
        standing=_picture(
            plots.standing(figures), "Models between the rails and their differences to the best single"
        ),
        menagerie=_picture(plots.menagerie(figures), "Accuracy against quality of ingredients and soups"),
        sizes=_picture(plots.sizes(figures), "Quality and held-out loss by soup size"),
        columns=[_column(shape) for shape in shown],
        hidden=[shape.name for shape in made if shape not in shown],
        left_out=left_out,
        pairs=_picture(plots.pairs(real, synthetic), "Strength of association of each pair of columns"),
        bowl=bowl(figures),
        lessons=what_did_not_work(figures),
        shipped_rows=[
            (words.word(name).label, *_printed(name, each)) for name, each in figures.shipped_rows.items()
        ],
        glossary=glossary(figures),
        seconds=[(stage, f"{each:.1f}") for stage, each in figures.seconds.items()],
        total=f"{sum(figures.seconds.values()):.1f}",
    )


def glossary(figures: Figures) -> list[Entry]:
    """Every figure that the cook has: what it is, its units, and all that it was measured against."""
    found: dict[str, list[Figure]] = {}
    for group in _groups(figures):
        for name, figure in group.items():
            found.setdefault(name, []).append(figure)
    known = [name for name in words.WORDS if name in found]
    return [_entry(name, found[name]) for name in [*known, *(name for name in found if name not in known)]]


def bowl(figures: Figures) -> Bowl:
    """The proportions, largest first, each ingredient with the settings in which it differs from others."""
    shares = sorted(figures.shipped.proportions.items(), key=lambda item: -item[1])
    used = [(number, share) for number, share in shares if share > 0]
    known = {str(each.number): each for each in figures.menagerie}
    inside = [known[number] for number, _ in used if number in known]
    differing, shared = _settings(inside)
    even = len(used) > 1 and used[0][1] - used[-1][1] < 1e-9
    rest = used[INGREDIENTS:]
    return Bowl(
        equal=f"{len(used)} ingredients in equal shares of {used[0][1]:.1%}" if even else "",
        differing=differing,
        parts=() if even else tuple(_part(each, used[0][1], known, differing) for each in used[:INGREDIENTS]),
        shared=shared,
        spread="; ".join(_spread(name, inside) for name in differing) if even else "",
        rest=f"{len(rest)} more, together {sum(share for _, share in rest):.1%}" if rest and not even else "",
    )


def _part(
    used: tuple[str, float], largest: float, known: Mapping[str, Ingredient], differing: Sequence[str]
) -> Part:
    number, share = used
    return Part(number, f"{share:.1%}", 100 * share / largest, _values(known.get(number), differing))


def _spread(name: str, ingredients: Sequence[Ingredient]) -> str:
    """The distinct values of a setting, in order, the middle ones left out where they are many."""
    values = sorted({each.settings[name] for each in ingredients if name in each.settings}, key=_in_order)
    texts = [str(value) for value in values]
    return f"{name}: {', '.join(texts if len(texts) <= 8 else [*texts[:3], '…', texts[-1]])}"


def _in_order(value: float | str) -> tuple[bool, float, str]:
    return (True, 0.0, value) if isinstance(value, str) else (False, float(value), "")


def _groups(figures: Figures) -> list[Mapping[str, Figure]]:
    models = [model.figures for model in figures.models]
    return [*models, *figures.rails.values(), figures.shipped_rows]


def _entry(name: str, found: Sequence[Figure]) -> Entry:
    word = words.word(name)
    unit = ", ".join(dict.fromkeys(figure.unit for figure in found))
    against = "; ".join(dict.fromkeys(figure.against for figure in found))
    return Entry(word.label, word.meaning, unit, against, words.direction(name))


def _settings(ingredients: Sequence[Ingredient]) -> tuple[tuple[str, ...], str]:
    names = list(dict.fromkeys(name for each in ingredients for name in each.settings))
    differing = [n for n in names if len({str(each.settings.get(n)) for each in ingredients}) > 1]
    same = [f"{n} {ingredients[0].settings.get(n)}" for n in names if n not in differing]
    return tuple(differing), ", ".join(same)


def _values(ingredient: Ingredient | None, names: Sequence[str]) -> tuple[str, ...]:
    return tuple(words.NOTHING if ingredient is None else str(ingredient.settings.get(n, "-")) for n in names)


def _verdict_grid(told: Verdict) -> Grid:
    less = f"{words.word(told.judge).label}, less best single's"
    headers = (*((words.word(n).label, _arrow(n)) for n in told.columns), (less, _arrow(told.judge)))
    lines = [
        _line(row, (*(_cell(n, row) for n in told.columns), _difference(told, row))) for row in told.rows
    ]
    return Grid(headers, tuple(lines))


def _leak_grid(told: Verdict) -> Grid:
    names = [name for name in LEAKS if any(name in row.figures for row in told.rows)]
    headers = tuple((words.word(name).label, _arrow(name)) for name in names)
    return Grid(headers, tuple(_line(row, tuple(_cell(name, row) for name in names)) for row in told.rows))


def _arrow(name: str) -> str:
    return f"{words.ARROWS[words.word(name).better]} {words.direction(name)}"


def _line(row: Row, cells: tuple[Cell, ...]) -> Line:
    return Line(row.name, row.kind, cells, row.to_beat, row.shipped)


def _cell(name: str, row: Row) -> Cell:
    figure = row.figures.get(name)
    if figure is None:
        return Cell(words.NOTHING)
    text, between = _printed(name, figure)
    return Cell(text, between, f"{figure.unit}, against {figure.against}")


def _printed(name: str, figure: Figure) -> tuple[str, str]:
    return _minus(words.cell(name, figure)), minus(words.interval(name, figure))


def _difference(told: Verdict, row: Row) -> Cell:
    if row.to_beat:
        return Cell(TO_BEAT)
    if row.difference is None:
        return Cell(words.NOTHING)
    value, _, between = words.signed(told.judge, row.difference).partition(" ")
    leans = words.leaning(told.judge, row.difference) if between else ""
    about = f"{row.difference.unit}, against {row.difference.against}"
    return Cell(_minus(value), minus(between), about, leans)


def _minus(text: str) -> str:
    return text if text == words.NOTHING else minus(text)


def _column(shape: Shape) -> Picture:
    beside = caption(shape)
    return Picture(
        _address(plots.column(shape)), f"{shape.name}, real against synthetic: {beside}", shape.name, beside
    )


def _picture(svg: bytes | None, alt: str) -> Picture | None:
    return None if svg is None else Picture(_address(svg), alt)


def _address(svg: bytes) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(themed(svg).encode()).decode("ascii")
