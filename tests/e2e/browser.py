"""A headless browser, and the Prefect UI as a person uses it."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Locator, Page, Response, expect, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.e2e.house import House

SHOTS = os.environ.get("STOCKPOT_SCREENSHOTS")
"""The folder of the documentation's screenshots, when they are wanted."""
QUIET = [
    "--no-sandbox",  # a container's root has none
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDE = {"width": 1280, "height": 900}
expect.set_options(timeout=30_000)


@contextmanager
def opened() -> Iterator[Page]:
    """A page of Debian's Chromium: none is ever fetched."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=QUIET)
        try:
            page = browser.new_page(viewport=WIDE)
            page.set_default_timeout(60_000)
            yield page
        finally:
            browser.close()


def shoot(page: Page, folder: Path, name: str, *, whole: bool = False) -> None:
    """Keep what the page shows; in few colours, for a repository keeps it."""
    tall = page.evaluate("Math.max(...[...document.querySelectorAll('*')].map(e => e.scrollHeight))")
    if whole:  # the UI scrolls a part of its own
        page.set_viewport_size({"width": WIDE["width"], "height": tall})
    page.wait_for_timeout(1500)  # the run's graph is drawn in motion
    with Image.open(BytesIO(page.screenshot())) as picture:
        picture.convert("RGB").quantize(128, Image.Quantize.MAXCOVERAGE).save(
            Path(SHOTS or folder) / f"{name}.png", "png", optimize=True
        )
    page.set_viewport_size(WIDE)


def open_form(page: Page, ui: str, deployment: str) -> None:
    """From the list of deployments to the form of one."""
    page.goto(f"{ui}/deployments")
    page.get_by_role("link", name=deployment, exact=True).first.click()
    page.get_by_role("button", name="Run", exact=True).click()
    page.get_by_text("Custom run").click()
    expect(page.locator(".schema-form-property__label").last).to_be_visible()


def field(page: Page, title: str) -> Locator:
    """A field of the form, by its title: the innermost one that has it."""
    label = page.locator(".schema-form-property__label", has_text=re.compile(rf"^{title} \(Optional\)$"))
    return page.locator(".p-label.schema-form-property").filter(has=label).last


def fill(page: Page, title: str, value: object) -> None:
    """Type into a box."""
    box = field(page, title).locator("input, textarea").first
    box.fill(str(value))
    box.blur()


def add(page: Page, title: str, value: object) -> None:
    """An entry of a list."""
    field(page, title).get_by_role("button", name="Add item").click()
    field(page, title).locator("input").last.fill(str(value))


def submit(page: Page) -> Response:
    """Press the button, again if the form was still busy with what was typed; what the server answers."""
    for _ in range(5):
        with (
            suppress(PlaywrightTimeout),
            page.expect_response(re.compile("create_flow_run$"), timeout=20_000) as answer,
        ):
            page.get_by_role("button", name="Submit").click()
            return answer.value
    raise AssertionError("the form sends nothing")


def open_artifacts(page: Page, run: str, key: str) -> None:
    """A run's page, its tab of artifacts, and the card of one: those of tasks come when scrolled to."""
    page.goto(run)
    page.wait_for_load_state("networkidle")
    page.get_by_text("Artifacts", exact=True).first.click()
    expect(page.locator("a[href*='/artifacts/artifact/']").first).to_be_visible()
    page.mouse.move(700, 600)
    page.mouse.wheel(0, 1500)
    expect(page.locator("a[href*='/artifacts/artifact/']", has_text=key).first).to_be_visible()


def open_artifact(page: Page, house: House, run: str, key: str) -> None:
    """The page of one of a run's artifacts."""
    mine = {"flow_run_id": {"any_": [run.rpartition("/")[2]]}, "key": {"any_": [key]}}
    (found,) = house.ask("artifacts/filter", artifacts=mine)
    page.goto(f"{run.partition('/runs/')[0]}/artifacts/artifact/{found['id']}")
    page.wait_for_load_state("networkidle")
    expect(page.get_by_text("Artifact", exact=True).first).to_be_visible()
