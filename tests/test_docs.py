"""What a person can call is documented, and what is documented exists."""

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from stockpot.benchmarks.gallery import section
from stockpot.config import CookConfig
from stockpot.figures import NAMES
from stockpot.flows.cli import app
from stockpot.recipes import RECIPES
from stockpot.report.words import word

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
GALLERY = (ROOT / "docs" / "recipes.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", [name for name in app if not name.startswith("-")])
def test_every_command_is_in_the_readme(command):
    assert f"stockpot {command} " in README


@pytest.mark.parametrize("recipe", RECIPES)
def test_every_recipe_is_explained(recipe):
    assert RECIPES[recipe].idea
    # written by: python -m stockpot.benchmarks.gallery docs/recipes.md
    assert section(RECIPES[recipe]) in GALLERY


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_has_a_meaning(name):
    assert word(name).meaning


def fields(model: type[BaseModel], prefix: str = "") -> list[tuple[str, str | None]]:
    found = []
    for name, field in model.model_fields.items():
        found.append((prefix + name, field.description))
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            found += fields(field.annotation, f"{prefix}{name}.")
    return found


@pytest.mark.parametrize(("name", "description"), fields(CookConfig))
def test_every_option_is_described(name, description):
    assert description, name


@pytest.mark.parametrize("page", [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))])
def test_links_lead_somewhere(page):
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!https?://|#)([^)#]+)\)", text):
        assert (page.parent / target).exists(), target


def test_make_targets_of_the_readme_exist():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in set(re.findall(r"`?make ([a-z]+)", README)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
