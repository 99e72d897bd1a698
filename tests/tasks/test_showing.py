"""Keys and pictures of the artifacts."""

from __future__ import annotations

import base64
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from stockpot.tasks.showing import embedded, inlined, slug

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize(
    ("name", "key"),
    [("penguins", "penguins"), ("My Trees_2026", "my-trees-2026"), ("-a--b-", "a-b")],
)
def test_a_key_is_the_tables_name_in_small_letters_digits_and_dashes(name, key):
    assert slug(name) == key


def test_tables_of_any_script_have_keys_of_their_own():
    found = [slug(name) for name in ("表", "木", "Bäume", "Baume", "...")]
    assert len(set(found)) == 5
    assert all(key.strip("-") and key.replace("-", "").isalnum() and key.isascii() for key in found)


def test_a_picture_is_embedded_whole_and_small():
    path = DOCS / "penguins.png"
    kind, data = embedded(path).split(",")
    assert kind == "data:image/png;base64"
    with Image.open(path) as before, Image.open(BytesIO(base64.b64decode(data))) as after:
        assert after.size == before.size
    assert len(data) < path.stat().st_size / 2


def test_markdown_holds_the_pictures_that_are_there_and_nothing_else_changes():
    told = "a ![b](penguins.png) c ![d](none.png) ![e](https://x.org/f.png) [g](penguins.png)"
    assert inlined(told, DOCS) == told.replace(
        "![b](penguins.png)", f"![b]({embedded(DOCS / 'penguins.png')})"
    )
