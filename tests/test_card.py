"""A soup's card: what it tells, that the Hub reads it, and that nothing in it is somebody's."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import pytest
import yaml
from huggingface_hub import ModelCard

from stockpot import figures as ledger
from stockpot.card import PAGES, card, facts_of, shipped, write_card
from stockpot.figures import Figures
from stockpot.folder import FILES, PARTS
from stockpot.results import begin, deliver
from stockpot.soup import Soup
from tests.report.sample import full_figures as sample
from tests.small import frame, quick
from tests.test_results import config

COLUMNS = [{"name": "size", "sdtype": "numerical"}, {"name": "a|b <i>`x`", "sdtype": "categorical"}]
PROVENANCE = {
    "stockpot": "0.1.0",
    "table": {"rows": 80, "digest": "d"},
    "shipped": "uniform of 24",
    "recipe": "ties",
    "proportions": {"0": 0.5, "3": 0.5},
    "knobs": {"density": 0.2},
}
FACTS = facts_of("field", COLUMNS, PROVENANCE)


def front(text: str) -> dict:
    return yaml.safe_load(text.split("---\n")[1])


def test_it_says_what_the_soup_is():
    told = "2 small models, blended into one (recipe ties, density 0.2; family field), which learned from 80"
    assert told in card(FACTS)
    single = replace(FACTS, ingredients=1)
    assert single.sentence.startswith("One small model (")


def test_its_first_lines_are_the_hubs():
    found = front(card(FACTS))
    assert found["library_name"] == "stockpot"
    assert found["license"] == "unknown"
    assert {"tabular", "synthetic-data", "field"} <= set(found["tags"])
    assert "model-index" not in found


def test_a_columns_name_is_shown_as_it_is_and_breaks_nothing():
    assert "| a\\|b &lt;i&gt;\\`x\\` | categorical |" in card(FACTS)


@pytest.fixture
def figures() -> Figures:
    return sample(notes=("One | note.",))


def test_figures_stand_between_their_rails_and_in_the_hubs_index(figures):
    text = card(FACTS, figures)
    assert "| fidelity all | 89.4 | 84.1 | 97.5 | 89 | points of 100; 80 real rows |" in text
    assert "One \\| note." in text
    result = front(text)["model-index"][0]["results"][0]
    assert {k: result["metrics"][0][k] for k in ("type", "value")} == {
        "type": "held_out_loss",
        "value": 1.283,
    }


def test_the_hubs_own_reader_finds_the_figures(figures):
    results = ModelCard(card(FACTS, figures)).data.eval_results
    assert {one.metric_type: one.metric_value for one in results}["fidelity_all"] == 89.4


def test_a_figure_that_is_no_number_is_not_in_the_index(figures):
    first, *rest = [
        replace(m, figures=m.figures | {"copy_rate": replace(m.figures["copy_rate"], value=math.nan)})
        for m in figures.models
    ]
    found = front(card(FACTS, replace(figures, models=(first, *rest))))["model-index"][0]["results"][0]
    assert "copy_rate" not in {one["type"] for one in found["metrics"]}


def test_figures_name_neither_the_table_nor_where_it_lay(figures):
    secret = replace(figures, table=replace(figures.table, name="patients-secret"), command="cook secret.csv")
    assert "secret" not in card(FACTS, secret)


def test_figures_of_other_models_are_not_told(figures):
    other = replace(FACTS, shipped="nothing")
    assert shipped(other, figures) is None
    assert "No figures are told here" in card(other, figures)


@pytest.fixture(scope="module")
def soup():
    return quick(frame(40), folds=0)


def test_a_folder_has_its_pages_and_is_read_without_them(soup, tmp_path):
    folder = soup.save(tmp_path / "soup")
    assert set(FILES) == {*PARTS, *PAGES}
    assert json.loads((folder / "config.json").read_text())["model_type"] == "stockpot"
    for name in PAGES:
        (folder / name).unlink()
    assert len(Soup.load(folder).sample(2)) == 2


def test_a_saved_soup_tells_its_figures_once_they_are_known(soup, figures, tmp_path):
    assert "No figures are told" in (soup.save(tmp_path / "one") / "README.md").read_text()
    shipped = {"shipped": "uniform of 24"}
    known = Soup(soup.ladle, soup.model, {**soup.provenance, **shipped}, lambda: figures)
    assert known.figures is figures
    assert "fidelity all" in (known.save(tmp_path / "two") / "README.md").read_text()


def test_what_a_cook_delivers_has_its_figures_in_the_card(soup, figures, tmp_path):
    out = config(tmp_path / "out")
    made = soup.save(tmp_path / "soup")
    for folder, name in (("rows", "synthetic.csv"), ("report", "report.html"), ("report", "summary.png")):
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder / name).write_text("x")
    ledger.write(
        replace(figures, models=(replace(figures.models[0], name="all"),)),
        tmp_path / "report" / "figures.json",
    )
    begin(out)
    deliver(out, made, [tmp_path / "rows"], tmp_path / "report")
    assert "| fidelity all |" in (out.folder / "soup" / "README.md").read_text()
    assert (out.folder / "soup" / "weights.safetensors").read_bytes() == (
        made / "weights.safetensors"
    ).read_bytes()


def test_a_card_is_written_anew_with_figures(soup, figures, tmp_path):
    folder = soup.save(tmp_path / "soup")
    write_card(folder, replace(figures, models=(replace(figures.models[0], name="all"),)))
    assert "| fidelity all |" in (folder / "README.md").read_text()
    assert len(Soup.load(folder).sample(2)) == 2
