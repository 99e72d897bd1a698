"""The last stage: every figure, and the page and picture that show them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from stockpot import figures as ledger
from stockpot.constraints.settle import kept_sentence, offered
from stockpot.dish import Dish, Made, Stage, batches, report_key, rows_key, soup_key
from stockpot.figures import Figure, Figures
from stockpot.schema import Schema
from stockpot.score.align import kinds_of_schema
from stockpot.score.privacy import copy_rate
from stockpot.score.reports import diagnostic_report, new_rows
from stockpot.stages import (
    DOTS,
    RAILS,
    SIZES,
    folder_of,
    kitchen,
    larder,
    made,
    make_base,
    make_batch,
    make_rows,
    make_scores,
    make_soup,
    make_tasting,
    read_dots,
    read_scores,
    read_tasting,
)
from stockpot.summary import Scores, figures
from stockpot.table import read
from stockpot.taste import ALL, ENSEMBLE, Tasting, candidates

JUDGED_ROWS = 100_000
"""So many of the shipped rows are judged at most."""


def scored_parts(dish: Dish) -> list[str]:
    """What the scoring of a dish consists of: each model by name, the rails, the points of the plots."""
    if not dish.plan.folds:
        return [ALL, RAILS]
    return [*(one.name for one in candidates(dish.plan)), ENSEMBLE, RAILS, DOTS, SIZES]


def is_cooked(dish: Dish, rows: int, form: str) -> bool:
    """Whether all that is delivered is there, so that no stage is asked for anything."""
    delivered: list[tuple[Stage, str]] = [
        ("soup", soup_key(dish)),
        ("rows", rows_key(dish, rows, form)),
        ("report", report_key(dish, rows, form)),
    ]
    return all(dish.place.has(stage, key) for stage, key in delivered)


def make_report(dish: Dish, rows: int, form: str) -> Made:
    """figures.json, report.html and summary.png."""

    def fill(folder: Path) -> None:
        # a cook whose report is there needs no plots
        from stockpot.report import page, plots

        synthetic = read_rows(dish, rows, form)
        found = collect(dish, rows, form, synthetic)
        ledger.write(found, folder / "figures.json")
        real = larder(dish).learning.frame
        (folder / "report.html").write_text(page.render(found, real, synthetic), encoding="utf-8")
        (folder / "summary.png").write_bytes(plots.summary(found, real, synthetic))

    return made(dish, "report", report_key(dish, rows, form), fill)


def read_figures(dish: Dish, rows: int, form: str) -> Figures:
    """Every figure of a dish."""
    return ledger.read(folder_of(dish, make_report(dish, rows, form)) / "figures.json")


def read_rows(dish: Dish, rows: int, form: str) -> pd.DataFrame:
    """The shipped rows, as many as are judged."""
    path = folder_of(dish, make_rows(dish, rows, form)) / f"synthetic.{form}"
    frame = pd.read_parquet(path) if form == "parquet" else _read_csv(path, larder(dish).learning.schema)
    return frame.head(JUDGED_ROWS)


def _read_csv(path: Path, schema: Schema) -> pd.DataFrame:
    """As the table's own types; a file of fewer rows than a table needs is read as well."""
    return (
        read(path, schema=schema).frame if path.stat().st_size else pd.DataFrame(columns=list(schema.names))
    )


def collect(dish: Dish, rows: int, form: str, synthetic: pd.DataFrame) -> Figures:
    """All stages' figures."""
    tasting = read_tasting(dish)
    parts = scored_parts(dish)
    models = [name for name in parts if name not in (RAILS, DOTS, SIZES)]
    scores = Scores(
        models=tuple(read_scores(dish, name)[0] for name in models),
        rails=read_scores(dish, RAILS),
        dots=read_dots(dish, DOTS) if DOTS in parts else (),
        sizes=read_dots(dish, SIZES) if SIZES in parts else (),
        shipped_rows=judge_shipped(dish, rows, form, synthetic),
    )
    return figures(
        kitchen(dish),
        tasting,
        scores,
        seconds(dish, rows, form),
        notes(dish, tasting, drawn(dish, rows, form)),
    )


def drawn(dish: Dish, rows: int, form: str) -> Mapping[str, int]:
    """What the drawing of the shipped rows took."""
    folder = folder_of(dish, make_rows(dish, rows, form))
    read: Mapping[str, int] = json.loads((folder / "drawn.json").read_text(encoding="utf-8"))
    return read


def notes(dish: Dish, tasting: Tasting, took: Mapping[str, int]) -> tuple[str, ...]:
    """Sentences that a person should read."""
    found = list(larder(dish).learning.notes)
    imposed = dish.plan.constraints
    if imposed:
        found.append(kept_sentence(len(imposed), took["tried"], took["kept"]))
    found += [sentence for sentence in (offered(larder(dish).learning, imposed),) if sentence]
    if tasting.unseen_values:
        found.append(
            f"{tasting.unseen_values} held-out values were of a kind that their fold's learning rows never "
            "showed (a category, a missing value, a number out of range); every model was charged the same "
            "for them."
        )
    return tuple(found)


def judge_shipped(dish: Dish, rows: int, form: str, synthetic: pd.DataFrame) -> Mapping[str, Figure]:
    """Figures of the shipped rows alone."""
    table = larder(dish).learning
    real, kinds = table.frame, kinds_of_schema(table.schema)
    took = drawn(dish, rows, form)
    against = "all real rows"
    return {
        "diagnostic": Figure(diagnostic_report(real, synthetic, kinds).value, None, None, "of 100", against),
        "new_rows": Figure(new_rows(real, synthetic, kinds), None, None, "share of rows", against),
        "copy_rate": Figure(copy_rate(real, synthetic, kinds), None, None, "share of rows", against),
        "rejected_rows": Figure(float(took["rejected"]), None, None, "rows", "what the model drew"),
    }


def seconds(dish: Dish, rows: int, form: str) -> dict[str, float]:
    """What each stage took when it was made, summed over its tasks."""
    trained = [make_batch(dish, batch).seconds for batch in batches(dish.plan)]
    scored = [make_scores(dish, part).seconds for part in scored_parts(dish)]
    found = {
        "base": make_base(dish).seconds,
        "train": sum(trained),
        "taste": make_tasting(dish).seconds,
        "blend": make_soup(dish).seconds,
        "draw": make_rows(dish, rows, form).seconds,
        "score": sum(scored),
    }
    return {stage: round(each, 3) for stage, each in found.items()}
