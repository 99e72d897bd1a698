"""The page: all figures, nothing from outside, nothing that acts."""

import base64
import math
import re
import time
from dataclasses import replace
from html.parser import HTMLParser

import pandas as pd
import pytest

from stockpot.figures import Model, Shipped, TableFacts
from stockpot.report.ink import minus
from stockpot.report.page import bowl, glossary, render
from tests.report.sample import figure, frame, full_figures, models, one_model, scores

EVIL = "</script><script>alert(1)</script><img src=x onerror=alert(1)>"


class Reader(HTMLParser):
    """Tags, addresses, text and rows of tables."""

    def __init__(self):
        super().__init__()
        self.tags, self.addresses, self.text = [], [], []

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.addresses += [value for name, value in attributes if name in ("src", "href", "srcset", "data")]
        assert not any(name.startswith("on") for name, _ in attributes)

    def handle_data(self, data):
        self.text.append(data)


def read(page):
    reader = Reader()
    reader.feed(page)
    return reader


def pictures(page):
    return [base64.b64decode(each).decode() for each in re.findall(r"svg\+xml;base64,([^\"]+)", page)]


def wide(rows, seed, count=30):
    parts = [frame(rows, seed).add_suffix(f" {k}") for k in range(4)]
    return pd.concat(parts, axis=1).iloc[:, :count]


@pytest.fixture(scope="module")
def page():
    return render(full_figures(), frame(), frame(500, seed=1))


def test_every_model_stands_with_its_figures(page):
    rows = {
        re.sub(r"<.*", "", row): row for row in re.findall(r'<th scope="row">(.*?)</tr>', page, re.DOTALL)[:8]
    }
    assert list(rows) == ["floor", *(model.name for model in models()), "copy", "reference"]
    for model in models():
        for name, digits in (("held_out_loss", 3), ("held_out_accuracy", 3), ("fidelity_held_out", 1)):
            assert f">{model.figures[name].value:.{digits}f}<" in rows[model.name]
        for name, digits in (
            ("quality_held_out", 1),
            ("fidelity_all", 1),
            ("quality_all", 1),
            ("copy_rate", 3),
        ):
            assert f">{model.figures[name].value:.{digits}f}<" in rows[model.name]


def test_differences_stand_with_their_intervals(page):
    assert re.search(rf'class="better">{minus("-0.029")}<small>± 0.023', page)
    assert ">to beat<" in page


def test_the_sentence_is_first_and_sections_follow_in_order(page):
    text = " ".join(" ".join(read(page).text).split())
    parts = [
        "Shipped the soup",
        "The verdict, between its rails",
        "The models",
        "Columns, real against synthetic",
    ]
    parts += [
        "What is in the bowl",
        "What did not work, and notes",
        "How each figure is measured",
        "How to make it again",
    ]
    places = [text.index(part, text.index("real rows")) for part in parts]
    assert places == sorted(places)


def test_page_asks_for_nothing_from_outside(page):
    reader = read(page)
    assert "script" not in reader.tags
    assert "link" not in reader.tags
    assert all(address.startswith(("data:image/", "#")) for address in reader.addresses)
    for text in (page, *pictures(page)):
        assert not re.search(r"(?<!xmlns=\")(?<!xlink=\")https?://", text)
        assert "url(" not in text.replace("url(#", "")
        assert "@import" not in text


def test_names_and_values_that_are_markup_are_only_text():
    real = pd.DataFrame({"<b>": ["</script>", EVIL] * 20, EVIL: [1.5, 2.25] * 20, "' onload='x": range(40)})
    made = full_figures(
        models=(Model(EVIL, "single", scores(1, 0.5, 80.0, 80.0, 0.0)),),
        shipped=Shipped(EVIL, {EVIL: 1.0}, EVIL),
        table=TableFacts(EVIL, 40, 3, EVIL),
        notes=(EVIL,),
        command=EVIL,
        config=EVIL,
        rails={EVIL: {EVIL: figure(1.0, unit=EVIL, against=EVIL)}},
        seconds={EVIL: 1.0},
    )
    page = render(made, real, real)
    reader = read(page)
    assert "script" not in reader.tags
    assert reader.tags.count("b") == 3
    assert all(address.startswith(("data:image/", "#")) for address in reader.addresses)
    assert "<script" not in page
    assert not any("<script" in svg or "<img" in svg for svg in pictures(page))
    assert "<b>" in reader.text


def test_pictures_follow_light_and_dark(page):
    for svg in pictures(page):
        assert "prefers-color-scheme:dark" in svg
        assert "var(--c" in svg
    assert "prefers-color-scheme: dark" in page


def test_every_figure_is_explained_with_unit_and_measure(page):
    entries = {entry.label: entry for entry in glossary(full_figures())}
    assert entries["held-out loss"].unit == "nats a field"
    assert entries["copy rate"].direction == "beside the reference"
    for entry in entries.values():
        assert entry.unit
        assert entry.against
        assert entry.meaning
        assert f"<dt>{entry.label}</dt>" in page


def test_command_and_config_are_there_to_copy(page):
    assert "stockpot cook examples/penguins.csv --rows 500 --out runs/penguins" in page
    assert "ingredients: 24" in page


def test_notes_and_what_did_not_work_are_told(page):
    assert "Column &#39;year&#39; has 3 distinct values." in page
    assert "&#39;uniform of 8&#39; cannot be told from &#39;best single&#39; on this table" in page


def test_thirty_columns_stay_small_and_those_left_out_are_counted():
    start = time.process_time()
    page = render(full_figures(), wide(1000, 0), wide(1000, 1))
    assert time.process_time() - start < 6  # 0.9 s on an idle core
    assert len(page.encode()) < 2_000_000
    assert len(pictures(page)) == 24 + 4
    assert "Left out, because they differ less: 6 (" in page


def test_without_folds_the_page_says_so_and_shows_dashes():
    page = render(one_model(), frame(), frame(seed=1))
    assert "Nothing was tasted" in page
    assert page.count("<td>-</td>") >= 5
    assert "means over 0 folds" not in page


def test_equal_shares_are_one_sentence_and_others_bars():
    assert bowl(full_figures()).equal == "24 ingredients in equal shares of 4.2%"
    assert "lr: 0.003, 0.01, 0.03" in bowl(full_figures()).spread
    uneven = bowl(full_figures(shipped=Shipped("greedy", {"3": 0.75, "9": 0.25, "4": 0.0}, "s")))
    assert [(part.number, part.share) for part in uneven.parts] == [("3", "75.0%"), ("9", "25.0%")]
    assert uneven.parts[1].width == pytest.approx(100 / 3)
    assert uneven.shared == "schedule decayed"


def test_many_ingredients_are_twelve_and_the_rest():
    shares = {str(i): (i + 1) / 300 for i in range(24)}
    made = bowl(full_figures(shipped=Shipped("learned", shares, "s")))
    assert len(made.parts) == 12
    assert made.rest.startswith("12 more, together 26.0%")


def test_ingredients_that_are_not_in_the_menagerie_are_listed_bare():
    made = bowl(one_model())
    assert [part.number for part in made.parts] == ["0"]


@pytest.mark.parametrize(
    "made",
    [
        full_figures(models=models()[1:], differences=()),
        full_figures(models=(), rails={}, differences=(), menagerie=(), sizes=(), notes=(), shipped_rows={}),
        full_figures(models=(Model("lost", "soup", scores(*[math.nan] * 5)),), differences=()),
        full_figures(shipped=replace(full_figures().shipped, proportions={})),
        full_figures(command="", config="", seconds={}),
    ],
    ids=["no single", "nothing", "not numbers", "empty bowl", "no command"],
)
def test_any_figures_make_a_page(made):
    assert "</html>" in render(made, frame(), frame(seed=1))


@pytest.mark.parametrize("rows", [0, 1])
def test_a_page_of_hardly_any_synthetic_rows(rows):
    assert "</html>" in render(full_figures(), frame(), frame().iloc[:rows])
