"""figures.json: what is written is read again, and what cannot be read is one sentence."""

import json
import math

import numpy as np
import pytest

from stockpot import figures as fig
from stockpot.errors import FolderError
from tests.report.sample import figure, full_figures, one_model


@pytest.mark.parametrize("made", [full_figures(), one_model()], ids=["full", "one model"])
def test_figures_come_back_as_they_were(made, tmp_path):
    assert fig.read(fig.write(made, tmp_path / "figures.json")) == made


def test_document_is_the_contract():
    document = fig.to_json(full_figures())
    assert list(document)[:2] == ["version", "seed"]
    assert {"rows", "columns", "digest"} <= set(document["table"])
    assert {"recipe", "proportions", "sentence"} <= set(document["shipped"])
    assert set(document["models"][0]) == {"name", "kind", "figures"}
    assert set(document["models"][0]["figures"]["copy_rate"]) == {"value", "low", "high", "unit", "against"}
    assert set(document["rails"]) == {"floor", "copy", "reference"}
    assert document["seconds"]["train"] == 21.4


def test_differences_lie_flat_beside_their_models():
    first = fig.to_json(full_figures())["differences"][0]
    assert (first["a"], first["b"]) == ("uniform of 8", "best single")
    assert first["held_out_loss"]["value"] == -0.021
    assert "figures" not in first


def test_every_name_of_the_contract_survives():
    entries = {name: figure(place) for place, name in enumerate(fig.NAMES)}
    made = full_figures(models=(fig.Model("m", "soup", entries),))
    assert tuple(fig.from_json(fig.to_json(made)).models[0].figures) == fig.NAMES


def test_not_a_number_is_null_in_the_file_and_nan_again(tmp_path):
    bad = fig.Ingredient(3, {"lr": 0.1}, math.nan, math.inf, math.nan)
    made = full_figures(menagerie=(bad,), rails={"floor": {"quality_all": figure(math.nan, math.nan, 1.0)}})
    path = fig.write(made, tmp_path / "figures.json")
    assert "NaN" not in path.read_text()
    assert "Infinity" not in path.read_text()
    back = fig.read(path)
    assert math.isnan(back.menagerie[0].held_out_loss)
    assert back.menagerie[0].quality_all is None
    assert math.isnan(back.rails["floor"]["quality_all"].value)
    assert back.rails["floor"]["quality_all"].low is None


def test_numbers_of_numpy_are_plain_numbers_in_the_file():
    made = full_figures(rails={"floor": {"quality_all": figure(np.float64(1.5), np.float32(1), np.int64(2))}})
    entry = fig.to_json(made)["rails"]["floor"]["quality_all"]
    assert [type(entry[key]) for key in ("value", "low", "high")] == [float, float, int]


def test_write_makes_the_folder_and_leaves_nothing_else(tmp_path):
    path = fig.write(one_model(), tmp_path / "new" / "figures.json")
    fig.write(full_figures(), path)
    assert [each.name for each in path.parent.iterdir()] == ["figures.json"]
    assert fig.read(path).folds == 5


def test_a_write_that_fails_leaves_the_old_file(tmp_path):
    path = fig.write(full_figures(), tmp_path / "figures.json")
    with pytest.raises(TypeError):
        fig.write(full_figures(notes=(object(),)), path)
    assert fig.read(path) == full_figures()
    assert [each.name for each in tmp_path.iterdir()] == ["figures.json"]


def test_future_version_is_refused_with_the_mend(tmp_path):
    path = tmp_path / "figures.json"
    path.write_text(json.dumps({**fig.to_json(full_figures()), "version": 2}))
    with pytest.raises(FolderError, match=r"version 2.* up to 1: install a newer stockpot\.$") as refused:
        fig.read(path)
    assert str(path) in str(refused.value)


@pytest.mark.parametrize("document", [{}, [], None, 7, {"version": "1"}, {"version": 0}, {"version": 1}])
def test_what_is_not_figures_is_refused(document):
    with pytest.raises(FolderError):
        fig.from_json(document)


def test_a_lacking_entry_is_named():
    document = fig.to_json(full_figures())
    del document["rails"]
    with pytest.raises(FolderError, match="no entry 'rails'"):
        fig.from_json(document)


def test_entries_of_the_wrong_kind_are_refused():
    with pytest.raises(FolderError, match="cannot be read"):
        fig.from_json({**fig.to_json(full_figures()), "models": 3})


def test_missing_file_directory_and_garbage_are_one_sentence_each(tmp_path):
    (tmp_path / "bad.json").write_bytes(b"\xff{")
    for name in ("none.json", ".", "bad.json"):
        with pytest.raises(FolderError) as refused:
            fig.read(tmp_path / name)
        assert "\n" not in str(refused.value)


def test_older_files_without_the_later_entries_are_read():
    document = fig.to_json(full_figures())
    for name in ("command", "config", "notes", "menagerie", "sizes", "shipped_rows"):
        del document[name]
    del document["shipped"]["model"]
    assert fig.from_json(document).shipped.model == ""


def test_what_newer_minor_writers_add_is_passed_over():
    document = fig.to_json(full_figures())
    document["extra"] = 1
    document["table"]["extra"] = 1
    assert fig.from_json(document) == full_figures()
