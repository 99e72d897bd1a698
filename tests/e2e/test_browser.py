"""The Prefect UI in a real browser: the form of a deployment, its run, and what the run shows.

STOCKPOT_SCREENSHOTS=docs/ui makes the documentation's screenshots, of a whole cook of the penguins.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import browser
from tests.e2e.browser import SHOTS, add, fill, open_artifact, open_artifacts, open_form, shoot, submit
from tests.e2e.house import ROOT, House, Pot, pot
from tests.e2e.needs import needs
from tests.e2e.test_serve import free_ports, serving

pytestmark = [needs("chromium"), pytest.mark.slow, pytest.mark.timeout(900)]
ROWS = 500 if SHOTS else 21


@dataclass(frozen=True)
class Ordered:
    """A run that was submitted in the form: its address, the table, and where its results are."""

    run: str
    table: str
    out: Path


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """All that one machine needs, as a person starts it."""
    with serving(tmp_path_factory.mktemp("browsed"), free_ports()) as (house, _):
        yield house


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with browser.opened() as page:
        yield page


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Pot:
    return pot(tmp_path_factory.mktemp("shelf"), "trees")


def ui(house: House) -> str:
    assert house.api
    return house.api.removesuffix("/api")


@pytest.fixture(scope="module")
def ordered(served: House, page: Page, shelf: Pot) -> Ordered:
    """The form filled in by typing, submitted, and its run waited for."""
    table = "examples/penguins.csv" if SHOTS else str(shelf.table)
    out = Path("runs/screenshots") if SHOTS else shelf.folder / "typed"
    open_form(page, ui(served), "cook")
    shoot(page, shelf.folder, "form", whole=True)
    fill(page, "Table", table)
    fill(page, "Rows", ROWS)
    fill(page, "Results", out)
    if not SHOTS:  # a small cook: a box, a list, and a box in a group
        fill(page, "Folds", 2)
        add(page, "Steps", 5)
        fill(page, "Width", 8)
    shoot(page, shelf.folder, "form-filled")
    run = f"{ui(served)}/runs/flow-run/{submit(page).json()['id']}"
    page.goto(run)
    expect(page.get_by_text("Completed", exact=True).first).to_be_visible(timeout=600_000)
    return Ordered(run, Path(table).stem, ROOT / out)


@pytest.mark.parametrize("deployment", ["cook", "ablate", "benchmark-weekly"])
def test_no_field_of_a_form_asks_for_json_or_for_a_type(served, page, deployment):
    open_form(page, ui(served), deployment)
    expect(page.locator(".schema-form-property__fields").nth(8)).to_be_visible()  # it is drawn bit by bit
    assert page.locator(".schema-form-property-kind-json, .p-code-input").count() == 0
    assert page.get_by_text("None", exact=True).count() == 0


def test_a_value_out_of_range_is_refused_in_the_form(served, page):
    open_form(page, ui(served), "cook")
    fill(page, "Rows", 0)
    submit(page)
    expect(page.get_by_text("0 is less than the minimum of 1").first).to_be_visible()
    assert "/run?" in page.url


def test_what_was_typed_is_what_was_cooked(ordered):
    figures = json.loads((ordered.out / "figures.json").read_text())
    lines = (ordered.out / "synthetic.csv").read_text().splitlines()
    assert figures["table"]["name"] == ordered.table
    assert len(lines) == ROWS + 1


def test_the_run_is_named_after_what_it_cooks(page, ordered, shelf):
    open_artifacts(page, ordered.run, f"verdict-{ordered.table}")
    expect(page.get_by_text(f"cook {ROWS} rows of {ordered.table} with field").first).to_be_visible()
    expect(page.get_by_text("Completed", exact=True).first).to_be_visible()
    shoot(page, shelf.folder, "run")


def test_the_verdict_shows_its_sentence_and_its_table(served, page, ordered, shelf):
    figures = json.loads((ordered.out / "figures.json").read_text())
    open_artifact(page, served, ordered.run, f"verdict-{ordered.table}")
    expect(page.get_by_text(figures["shipped"]["sentence"][:60]).first).to_be_visible()
    assert page.locator("tr").count() >= len(figures["models"]) + 3
    shoot(page, shelf.folder, "verdict", whole=True)


def test_the_picture_shows(served, page, ordered, shelf):
    open_artifact(page, served, ordered.run, f"picture-{ordered.table}")
    picture = page.locator("img[src^='data:image/png']").first
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.naturalWidth") > 1000
    shoot(page, shelf.folder, "picture")


def test_the_menagerie_is_a_table_of_its_ingredients(served, page, ordered, shelf):
    figures = json.loads((ordered.out / "figures.json").read_text())
    open_artifact(page, served, ordered.run, f"menagerie-{ordered.table}")
    expect(page.get_by_text("share of the bowl").first).to_be_visible()
    assert page.locator("tr").count() >= min(10, len(figures["menagerie"]))
    shoot(page, shelf.folder, "menagerie")


def test_the_progress_of_training_is_shown_to_its_end(served, page, ordered):
    open_artifact(page, served, ordered.run, f"training-{ordered.table}")
    expect(page.get_by_text("done", exact=True).first).to_be_visible()
    expect(page.get_by_text("Progress: 100%").first).to_be_visible()


def test_the_link_to_the_report_opens_it(served, page, ordered, shelf):
    open_artifact(page, served, ordered.run, f"report-{ordered.table}")
    with page.expect_popup() as opening:
        page.get_by_role("link", name=f"Report on {ordered.table}").click()
    report = opening.value
    report.wait_for_load_state()
    assert re.fullmatch(rf"{ordered.table}: \w+ - stockpot", report.title())
    assert report.locator("img").first.evaluate("image => image.naturalWidth") > 100
    shoot(report, shelf.folder, "report")
    report.close()
