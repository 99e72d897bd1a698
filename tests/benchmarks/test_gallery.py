"""The gallery: what the registry says of recipes, and figures, on a page that people write too."""

from __future__ import annotations

import json

import pytest

from stockpot.benchmarks import gallery
from stockpot.recipes import RECIPES

PAGE = """Mine.

<!-- figures -->
old
<!-- end of figures -->

Mine too.

<!-- recipes -->
<!-- end of recipes -->
"""


def ablation(folder, losses):
    arms = [
        {
            "name": name,
            "figures": {"loss": {"seeds": dict(enumerate(seeds))}, "seconds": {"seeds": {0: 2.0, 1: 4.0}}},
        }
        for name, seeds in losses.items()
    ]
    told = {"about": {"table": folder.name}, "questions": [{"name": "contest", "arms": arms}]}
    folder.mkdir()
    (folder / "ablation.json").write_text(json.dumps(told))
    return str(folder)


@pytest.fixture
def page(tmp_path):
    (tmp_path / "recipes.md").write_text(PAGE)
    return tmp_path / "recipes.md"


def test_a_section_has_the_idea_the_knobs_the_command_and_the_paper():
    told = gallery.section(RECIPES["ties"])
    assert told.startswith("### `ties`\n\nOf each ingredient's task vector only the largest entries;")
    assert "- Values tried: `density` 0.2, 0.5, 0.8; `scale` 1, 0.7\n" in told
    assert "- Files: `stockpot blend --recipe ties --base FILE`\n" in told
    assert told.endswith("NeurIPS 2023 (arXiv 2306.01708)\n")
    assert "``" not in told


def test_a_recipe_that_needs_data_blends_no_files():
    assert "Files" not in gallery.section(RECIPES["greedy"])
    assert "Files" not in gallery.section(RECIPES["best"])


def test_without_ablations_the_figures_stay(page):
    gallery.main([str(page)])
    told = page.read_text()
    assert all(gallery.section(recipe) in told for recipe in RECIPES.values())
    assert told.startswith(PAGE.partition("<!-- recipes")[0])


def test_figures_are_differences_to_the_best_single_by_table(page, tmp_path):
    oak = ablation(tmp_path / "oak", {"best": [2.0, 2.5], "uniform": [1.0, 1.5], "greedy": [1.5, 2.5]})
    elm = ablation(tmp_path / "elm", {"best": [1.0, 1.0], "greedy": [1.5, 1.5]})
    gallery.main([str(page), oak, elm])
    told = page.read_text()
    assert "| recipe | oak | elm | CPU s |" in told
    assert "| `uniform` | -1.000 ± 0.000 | - | 3 |" in told
    assert "| `greedy` | -0.250 ± 3.177 | +0.500 ± 0.000 | 3 |" in told  # half of it: 12.7 x 0.25
    assert "| `best`" not in told
    assert "Mine too." in told
    assert "old" not in told


def test_written_twice_is_written_once(page):
    gallery.main([str(page)])
    once = page.read_text()
    gallery.main([str(page)])
    assert page.read_text() == once


def test_a_page_without_marks_is_told(tmp_path):
    (tmp_path / "a.md").write_text("Mine.")
    with pytest.raises(SystemExit, match="lacks the marks '<!-- recipes -->'"):
        gallery.main([str(tmp_path / "a.md")])
