"""A soup's own account for people and for the Hugging Face Hub: the model card README.md, and config.json.

Both say what the other files hold, so they hold no value of the table; a card has figures if it is given
them. Neither is read to draw rows: a person may mend the card (state a licence, say).
"""

from __future__ import annotations

import html
import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from stockpot.figures import Figure, Figures, Model

README, CONFIG = "README.md", "config.json"
PAGES = (README, CONFIG)
RAILS = ("floor", "copy", "reference")
TAGS = ("stockpot", "tabular", "synthetic-data", "model-soup")


@dataclass(frozen=True)
class Facts:
    """What is told of a soup. ``columns``: (name, sdtype). ``rows``: that it learned from. ``made``: its
    recipe with its knobs.
    """

    family: str
    columns: tuple[tuple[str, str], ...]
    rows: int
    shipped: str
    recipe: str
    made: str
    ingredients: int
    version: str

    @property
    def sentence(self) -> str:
        """What it is."""
        many = self.ingredients != 1
        what = f"{self.ingredients} small models, blended into one" if many else "One small model"
        return (
            f"{what} ({self.made}; family {self.family}), which learned from {self.rows} rows of "
            f"{len(self.columns)} columns."
        )


def facts_of(family: str, columns: Sequence[Mapping[str, Any]], provenance: Mapping[str, Any]) -> Facts:
    """Of what the folder's files say: the family, table.json's columns, and provenance.json."""
    knobs = [f"{name} {value:g}" for name, value in provenance.get("knobs", {}).items()]
    recipe = str(provenance["recipe"])
    return Facts(
        family=family,
        columns=tuple((str(column["name"]), str(column["sdtype"])) for column in columns),
        rows=int(provenance["table"]["rows"]),
        shipped=str(provenance.get("shipped", recipe)),
        recipe=recipe,
        made=", ".join([f"recipe {recipe}", *knobs]),
        ingredients=len(provenance["proportions"]),
        version=str(provenance.get("stockpot", "")),
    )


def pages(facts: Facts, figures: Figures | None = None) -> dict[str, bytes]:
    """File name -> content."""
    return {README: card(facts, figures).encode(), CONFIG: _config(facts)}


def write_card(folder: Path, figures: Figures) -> None:
    """Write a soup's card anew, with figures."""
    head, table, provenance = (
        json.loads((folder / name).read_text(encoding="utf-8"))
        for name in ("soup.json", "table.json", "provenance.json")
    )
    facts = facts_of(head["model"], table["columns"], provenance)
    (folder / README).write_bytes(card(facts, figures).encode())


def read_card(folder: Path) -> str | None:
    """As it lies there; None where there is none, or none that is text."""
    try:
        return (folder / README).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def card(facts: Facts, figures: Figures | None = None) -> str:
    """The whole README.md."""
    model = shipped(facts, figures) if figures else None
    front = yaml.safe_dump(_front(facts, model), sort_keys=False, allow_unicode=True)
    told = _scores(figures, model) if figures and model else NO_FIGURES
    columns = "\n".join(f"| {_plain(name)} | {sdtype} |" for name, sdtype in facts.columns)
    return TEXT.format(front=front, sentence=facts.sentence, columns=columns, figures=told, **WORDS)


def shipped(facts: Facts, figures: Figures) -> Model | None:
    """The model of the figures that the soup is, if they tell of it."""
    return next((model for model in figures.models if model.name == facts.shipped and model.figures), None)


def _config(facts: Facts) -> bytes:
    told = {
        "model_type": "stockpot",
        "library_name": "stockpot",
        "stockpot_version": facts.version,
        "family": facts.family,
        "recipe": facts.recipe,
        "ingredients": facts.ingredients,
        "learned_rows": facts.rows,
        "columns": len(facts.columns),
    }
    return (json.dumps(told, indent=1) + "\n").encode()


def _front(facts: Facts, model: Model | None) -> dict[str, object]:
    """The YAML that the Hub reads. The table has no name there: a file's name may say too much."""
    front: dict[str, object] = {
        "license": "unknown",
        "library_name": "stockpot",
        "tags": [*TAGS, facts.family],
    }
    if model and model.figures:
        result = {
            "task": {"type": "other", "name": "Drawing rows of a table"},
            "dataset": {"type": "table", "name": f"a table of {facts.rows} rows"},
            "metrics": [_metric(n, f) for n, f in model.figures.items() if math.isfinite(f.value)],
        }
        front["model-index"] = [{"name": "soup", "results": [result]}]
    return front


def _metric(name: str, figure: Figure) -> dict[str, object]:
    told = f"{label(name)} ({figure.unit}; against {figure.against})"
    return {"type": name, "value": round(float(figure.value), 4), "name": told}


def _scores(figures: Figures, model: Model) -> str:
    """The verdict, the shipped model's figures between their rails, and the notes."""
    lines = ["| figure | this soup | floor | copy | reference | unit, and measured against |"]
    lines += ["| --- | ---: | ---: | ---: | ---: | --- |"]
    for name, figure in model.figures.items():
        rails = [_value(figures.rails.get(rail, {}).get(name)) for rail in RAILS]
        lines.append(
            f"| {label(name)} | {' | '.join([_interval(figure), *rails])} | {figure.unit}; {figure.against} |"
        )
    notes = "\n".join(f"- {_plain(note)}" for note in figures.notes)
    return "\n\n".join(filter(None, (_plain(figures.shipped.sentence), "\n".join(lines), READING, notes)))


def label(name: str) -> str:
    """A figure's name in words."""
    return name.replace("_", " ")


def _value(figure: Figure | None) -> str:
    return "" if figure is None else f"{figure.value:.4g}"


def _interval(figure: Figure) -> str:
    if figure.low is None or figure.high is None:
        return _value(figure)
    return f"{figure.value:.4g} ({figure.low:.4g} to {figure.high:.4g})"


def _plain(text: str) -> str:
    """Text that Markdown shows as it is, on one line and in one cell."""
    return re.sub(r"([\\`*_|~\[\]#])", r"\\\1", html.escape(" ".join(text.split()), quote=False))


NO_FIGURES = (
    "No figures are told here. `stockpot cook` writes them into the card, and `stockpot score` measures rows "
    "against real ones."
)
READING = (
    "*floor*: columns drawn each by itself, what no model is needed for. *copy*: learning rows drawn again. "
    "*reference*: as many real rows against the same real rows; no bound, a good model passes it. Losses: "
    "lower is better; accuracy, quality and fidelity: higher; copy rate, verbatim and nearer train are read "
    "beside the reference. In brackets a 95 % interval over folds."
)
WORDS = {"code": "```"}
TEXT = """---
{front}---

# A soup that draws synthetic rows

{sentence}

A *model soup* is the average of several models' weights. This one was made by stockpot; the rows that it
draws look like those of the table that it learned from, and that table is not needed to draw them.

## Draw rows

{code}python
from stockpot import Soup

soup = Soup.load("hf://owner/name")  # this repository, or the path of this folder
rows = soup.sample(500, seed=7)  # a DataFrame; the same seed gives the same rows
{code}

Or `stockpot sample hf://owner/name --rows 500 --out rows.csv`. Weights are safetensors, everything else is
JSON: nothing in this folder is run when it is loaded.

## Columns

| column | sdtype |
| --- | --- |
{columns}

## How good the rows are

{figures}

## What it tells of the table, and what it does not

- It holds no row of the table and no value that one row alone has; categories of one row are not drawn, and
  extremes are rounded outward. It does hold the columns' names, categories that two or more rows share, and
  smoothed quantiles.
- That is no proof of privacy, and no differential privacy: a model of few rows remembers some of them, so
  that drawn rows lie nearer to the learning rows than unseen rows do, the more so the fewer there were.
- More synthetic rows are not more truth: a million drawn rows know no more than the rows that were learned
  from.
- No licence is stated. Whoever shares it says under which terms, in this file's first lines.
"""
