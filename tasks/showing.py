"""What a run shows in the Prefect UI: artifacts, under keys of the table's own, so that the history of a key
is that of a table.

Pictures stand in Markdown as data: they show wherever the server is, and need no file that is still there.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
import unicodedata
from io import BytesIO
from pathlib import Path

from PIL import Image
from prefect.artifacts import create_link_artifact, create_markdown_artifact, create_table_artifact

from stockpot.config import CookConfig
from stockpot.dish import Dish
from stockpot.figures import Figures
from stockpot.report import text

REPORTS, OF = "STOCKPOT_REPORTS_URL", "STOCKPOT_REPORTS_STORE"
"""Where ``stockpot serve`` shows reports, and of which store."""
COLOURS = 128
"""Of a picture in the server's database: a third of its bytes, no colour off by more than a few in 256."""


def slug(name: str) -> str:
    """The name in small letters, digits and dashes, as keys must be; what that loses, a digest stands for."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    found = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if name.isascii() and found:
        return found
    return f"{found}-{hashlib.sha256(name.encode()).hexdigest()[:6]}".strip("-")


def show_cook(dish: Dish, config: CookConfig, figures: Figures, report: Path) -> None:
    """The verdict, the menagerie, the picture, and the way to the report."""
    name = slug(dish.name)
    create_markdown_artifact(
        key=f"verdict-{name}", markdown=text.as_markdown(figures), description=f"The verdict on {dish.name}"
    )
    menagerie = [_rounded(row) for row in text.menagerie_rows(figures)]
    create_table_artifact(
        key=f"menagerie-{name}", table=menagerie, description=f"The menagerie of {dish.name}"
    )
    picture = inlined(f"![{name}](summary.png)", report)
    create_markdown_artifact(key=f"picture-{name}", markdown=picture, description=f"Picture of {dish.name}")
    _show_report(f"report-{name}", dish, config, report.name)


def inlined(markdown: str, folder: Path) -> str:
    """Markdown that holds the pictures which it shows out of this folder."""

    def held(found: re.Match[str]) -> str:
        path = folder / found[2]
        return f"{found[1]}({embedded(path)})" if path.is_file() else found[0]

    return re.sub(r"(!\[[^\]]*\])\(([^():]+\.png)\)", held, markdown)


def embedded(path: Path) -> str:
    """An address that holds the picture itself."""
    small = BytesIO()
    with Image.open(path) as picture:
        picture.convert("RGB").quantize(COLOURS, Image.Quantize.MAXCOVERAGE).save(small, "png", optimize=True)
    return "data:image/png;base64," + base64.b64encode(small.getvalue()).decode("ascii")


def _show_report(key: str, dish: Dish, config: CookConfig, made: str) -> None:
    """A link that opens where the reports are served; elsewhere the file's path, for no browser follows a
    link from a server's page to a file.
    """
    address, page = os.environ.get(REPORTS), config.folder.absolute() / "report.html"
    if address and dish.store == os.environ.get(OF):
        told = f"Plots and figures, also in {config.folder}"
        link = f"{address.rstrip('/')}/{made}/report.html"
        create_link_artifact(key=key, link=link, link_text=f"Report on {dish.name}", description=told)
    else:
        told = f"The report is `{page}`, on the machine that cooked: open it there with a browser."
        create_markdown_artifact(key=key, markdown=told, description=f"Where the report on {dish.name} is")


def _rounded(row: dict[str, str | float]) -> dict[str, str | float]:
    return {name: float(f"{cell:.4g}") if isinstance(cell, float) else cell for name, cell in row.items()}
