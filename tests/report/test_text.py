"""The verdict in a terminal and as Markdown."""

import io
import json
import math
from dataclasses import replace

import pytest
from rich.console import Console

from stockpot.figures import Figures, Model
from stockpot.report.text import as_markdown, as_rich, menagerie_rows
from tests.report.sample import full_figures, models, one_model, scores


def printed(figures: Figures, width: int = 140) -> str:
    console = Console(width=width, file=io.StringIO(), record=True)
    console.print(as_rich(figures))
    return console.export_text()


def lines_of(text: str, name: str) -> list[str]:
    return [line for line in text.splitlines() if name in line]


@pytest.mark.parametrize("form", [printed, as_markdown], ids=["rich", "markdown"])
def test_every_model_stands_with_its_figures(form):
    text = form(full_figures())
    for model in models():
        row = next(
            line
            for line in lines_of(text, model.name)
            if f"{model.figures['held_out_loss'].value:.3f}" in line
        )
        for name, digits in (("held_out_accuracy", 3), ("fidelity_held_out", 1), ("quality_held_out", 1)):
            assert f"{model.figures[name].value:.{digits}f}" in row
        for name, digits in (("fidelity_all", 1), ("quality_all", 1), ("copy_rate", 3)):
            assert f"{model.figures[name].value:.{digits}f}" in row


@pytest.mark.parametrize("form", [printed, as_markdown], ids=["rich", "markdown"])
def test_models_stand_between_floor_and_copy_and_reference(form):
    text = form(full_figures())
    names = ["floor", "best single", "uniform of 8", "uniform of 24", "ensemble of 24", "copy", "reference"]
    rows = [line.strip(" |*◆").split("  ")[0] for line in text.splitlines() if any(n in line for n in names)]
    places = [next(i for i, row in enumerate(rows) if row.startswith(name)) for name in names]
    assert places == sorted(places)


def test_the_single_to_beat_comes_first_wherever_it_was_given():
    turned = full_figures(models=tuple(reversed(models())))
    rows = [line for line in as_markdown(turned).splitlines() if line.startswith("| ")]
    assert rows[3].startswith("| best single")
    assert rows[3].endswith("| to beat |")


def test_difference_stands_with_its_interval():
    assert "-0.021 ± 0.024" in as_markdown(full_figures())
    assert "-0.021 ± 0.024" in printed(full_figures())


def test_lopsided_interval_is_told_by_its_ends():
    difference = full_figures().differences[0]
    loss = replace(difference.figures["held_out_loss"], low=-0.030, high=0.001)
    made = full_figures(differences=(replace(difference, figures={"held_out_loss": loss}),))
    assert "-0.021 [-0.030, +0.001]" in printed(made)


def test_a_difference_taken_the_other_way_round_is_turned():
    difference = full_figures().differences[0]
    made = full_figures(differences=(replace(difference, a="best single", b="uniform of 8"),))
    assert "+0.021 ± 0.024" in as_markdown(made)


def test_shipped_model_is_marked():
    assert "**uniform of 24** (shipped)" in as_markdown(full_figures())
    assert "◆ uniform of 24" in printed(full_figures())


def test_shipped_model_that_is_not_named_is_the_one_of_the_lowest_held_out_loss():
    nameless = replace(full_figures().shipped, model="")
    assert "**uniform of 24** (shipped)" in as_markdown(full_figures(shipped=nameless))


def test_without_folds_held_out_cells_are_dashes():
    row = lines_of(as_markdown(one_model()), "**uniform**")[0]
    assert row == "| **uniform** (shipped) | - | - | - | - | 89.4 | 87.1 | 0.002 | - |"


def test_what_is_not_a_number_is_a_dash():
    made = full_figures(
        models=(Model("lost", "soup", scores(math.nan, 0.5, 80.0, 80.0, 0.0)),), differences=()
    )
    assert lines_of(as_markdown(made), "lost")[0].startswith("| **lost** (shipped) | - | 0.500 |")


def test_every_unit_is_named():
    for text in (as_markdown(full_figures()), " ".join(printed(full_figures()).split())):
        for unit in ("nats a field", "share of tokens", "points of 100", "share of rows", "95 % interval"):
            assert unit in text


def test_nothing_of_a_cell_is_cut_in_eighty_columns():
    text = printed(full_figures(), width=80)
    assert "…" not in text
    assert all(len(line.rstrip()) <= 80 for line in text.splitlines())
    assert "1.283" in text
    assert "0.023" in text


def test_markup_in_names_is_text():
    made = full_figures(models=(Model("[red]x[/red] a|b <b>", "soup", scores(1, 0.5, 80.0, 80.0, 0.0)),))
    assert "[red]x[/red]" in printed(made)
    assert r"\[red\]x\[/red\] a\|b &lt;b&gt;" in as_markdown(made)


def test_holdout_figures_have_their_own_columns():
    extra = {**models()[0].figures, "quality_holdout": models()[0].figures["quality_all"]}
    assert "quality holdout ↑" in as_markdown(full_figures(models=(Model("a", "single", extra),)))


def test_markdown_begins_with_the_sentence_and_ends_with_the_notes():
    text = as_markdown(full_figures())
    assert text.startswith("Shipped the soup 'uniform of 24'")
    assert text.endswith("- Column 'year' has 3 distinct values.\n")


def test_menagerie_rows_are_plain_json_with_a_row_an_ingredient():
    made = full_figures()
    rows = menagerie_rows(made)
    assert [row["ingredient"] for row in rows] == list(range(24))
    assert rows[9]["lr"] == 0.01
    assert rows[0]["share of the bowl"] == pytest.approx(1 / 24)
    json.dumps(rows, allow_nan=False)


def test_menagerie_rows_say_dash_for_what_failed():
    failed = replace(full_figures().menagerie[0], held_out_loss=math.nan, quality_all=None)
    row = menagerie_rows(full_figures(menagerie=(failed,)))[0]
    assert row["held-out loss"] == "-"
    assert row["quality all"] == "-"


def test_no_menagerie_gives_no_rows():
    assert menagerie_rows(one_model()) == []
