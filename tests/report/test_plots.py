"""Pictures: each draws whatever a cook can hand it, and the same figures give the same bytes."""

import math
import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from stockpot.figures import Ingredient, Model
from stockpot.report import plots
from stockpot.report.ink import legible, shortened, themed
from stockpot.report.labels import spread
from stockpot.report.shapes import shapes
from tests.report.sample import frame, full_figures, models, one_model, rails, scores

PNG = b"\x89PNG"
AWKWARD = [
    "<b>&\"'",
    "</script>",
    "名前が長い",
    "$x^2$",
    "🍲 soup",
    "a" * 300,
    "tab\tnew\nline",
    "⟦61⟧",
    "%{}\\",
]


def awkward(rows=30, seed=0):
    random = np.random.default_rng(seed)
    made = {name: random.choice(AWKWARD, rows) for name in AWKWARD[:4]}
    made |= {name: random.normal(size=rows) for name in AWKWARD[4:]}
    return pd.DataFrame(
        {**made, "nothing": [None] * rows, "nan": np.nan, "one": ["x"] * rows, "same": [1.5] * rows}
    )


def test_menagerie_names_its_models_and_rails():
    svg = plots.menagerie(full_figures()).decode()
    for name in [*(model.name for model in models()), "(shipped)", "reference", "floor 78.0"]:
        assert name in svg


def test_menagerie_without_quality_is_drawn_against_loss():
    ingredients = tuple(replace(each, quality_all=None) for each in full_figures().menagerie)
    assert "held-out loss" in plots.menagerie(full_figures(menagerie=ingredients)).decode()


def test_standing_names_the_rails_and_what_differences_are_less():
    svg = plots.standing(full_figures()).decode()
    for text in ("floor", "copy", "reference", "between its rails", "less best single", "better"):
        assert text in svg


def test_what_there_is_nothing_of_is_no_picture():
    bare = one_model()
    assert plots.menagerie(bare) is None
    assert plots.sizes(bare) is None
    assert plots.standing(replace(bare, models=(), rails={})) is None
    assert plots.pairs(frame()[["year"]], frame()) is None
    assert plots.pairs(frame(), frame().iloc[:0]) is None
    assert plots.columns(pd.DataFrame(), pd.DataFrame()) is None


@pytest.mark.parametrize("form", ["svg", "png"])
def test_any_column_can_be_drawn(form):
    real, drawn = awkward(), awkward(50, seed=1)
    assert plots.columns(real, drawn, form)
    assert plots.pairs(real, drawn, form)
    for shape in shapes(real, drawn)[0]:
        assert plots.column(shape, form)


def test_a_table_of_no_synthetic_rows_can_be_drawn():
    assert plots.columns(frame(), frame().iloc[:0]).startswith(PNG)


def test_pictures_are_well_formed_whatever_the_names():
    made = full_figures(models=tuple(replace(m, name=n) for m, n in zip(models(), AWKWARD, strict=False)))
    for svg in (plots.menagerie(made), plots.standing(made), plots.pairs(awkward(), awkward(seed=1))):
        ET.fromstring(themed(svg))


def test_signs_that_the_font_lacks_are_in_the_svg_as_they_are():
    real = pd.DataFrame({"x": ["名前", "b"] * 9, "⟦61⟧": ["🍲", "c"] * 9})
    svg = plots.pairs(real.assign(名前=["d", "e"] * 9), real.assign(名前=["d", "e"] * 9)).decode()
    assert "名前" in svg
    assert "⟦61⟧" in svg
    assert legible("名前 a", "png") == "□□ a"


def test_long_names_lose_their_middle():
    assert shortened("abcdefghij", 7) == "abc…hij"
    assert shortened("abc", 7) == "abc"


def test_labels_move_apart_no_more_than_needed():
    assert spread([0.0, 1.0], 0.5) == [0.0, 1.0]
    assert spread([1.0, 1.0], 0.5) == [0.75, 1.25]
    assert np.all(np.diff(spread([0.0, 0.0, 0.1, 0.1, 5.0], 1.0)) >= 1 - 1e-9)


def test_figures_that_are_not_numbers_are_passed_over():
    lost = Model("lost", "soup", scores(math.nan, math.nan, math.nan, math.nan, math.nan))
    failed = Ingredient(99, {}, math.nan, math.nan, math.nan)
    made = full_figures(models=(*models(), lost), menagerie=(*full_figures().menagerie, failed))
    assert plots.menagerie(made)
    assert plots.standing(made)
    assert plots.summary(made, frame(), frame(seed=1)).startswith(PNG)


@pytest.mark.parametrize("kept", [1, 2, 6, 8])
def test_summary_is_one_wide_png_for_any_number_of_columns(kept):
    real = frame().iloc[:, :kept]
    for made in (full_figures(), one_model()):
        png = plots.summary(made, real, real)
        width, height = (int.from_bytes(png[at : at + 4], "big") for at in (16, 20))
        assert png.startswith(PNG)
        assert width > 2 * height


def test_the_same_figures_give_the_same_bytes_in_any_thread():
    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(lambda _: plots.menagerie(full_figures()), range(8)))
    assert len(set(made)) == 1


def test_drawing_leaves_the_settings_of_matplotlib_alone():
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    plots.standing(full_figures())
    assert dict(mpl.rcParams) == before


def test_floor_near_the_dots_is_a_line():
    near = {**rails(), "floor": scores(1.5, 0.4, 80.0, 83.5, 0)}
    assert "floor 8" not in plots.menagerie(full_figures(rails=near)).decode()
