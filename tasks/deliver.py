"""Deliver the results: files for a person, artifacts for the Prefect UI."""

from __future__ import annotations

from prefect.artifacts import create_link_artifact, create_markdown_artifact, create_table_artifact

from stockpot import reporting, results, stages
from stockpot.config import CookConfig
from stockpot.dish import Dish
from stockpot.figures import Figures
from stockpot.report import text
from stockpot.tasks.stage import worldly


@worldly("deliver {dish.name} to {config.folder}")
def deliver(dish: Dish, config: CookConfig) -> str:
    """Copy the stages' files to the results folder and show the verdict. Returns the verdict's sentence."""
    report = reporting.make_report(dish, config.rows, config.format)
    rows = stages.make_rows(dish, config.rows, config.format)
    folders = [stages.folder_of(dish, made) for made in (stages.make_soup(dish), rows, report)]
    results.deliver(config, *folders)
    figures = reporting.read_figures(dish, config.rows, config.format)
    _show(dish, config, figures)
    return figures.shipped.sentence


def _show(dish: Dish, config: CookConfig, figures: Figures) -> None:
    create_markdown_artifact(
        key="verdict", markdown=text.as_markdown(figures), description=figures.shipped.sentence
    )
    menagerie = text.menagerie_rows(figures)
    create_table_artifact(key="menagerie", table=menagerie, description=f"The menagerie of {dish.name}")
    page = (config.folder / "report.html").absolute().as_uri()
    create_link_artifact(key="report", link=page, link_text="report.html", description="Plots and figures")
