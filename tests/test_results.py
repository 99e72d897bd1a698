"""The results folder: refused, resumed or forced, and nothing of anybody else's touched."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from stockpot.configuration import configured, read_config
from stockpot.errors import FolderError
from stockpot.results import begin, check_folder, deliver, figures_of, finish

REPORT = ("figures.json", "report.html", "summary.png")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "runs" / "mine"


@pytest.fixture
def stages(tmp_path: Path) -> tuple[Path, Path, Path]:
    """Folders of a soup, rows and report, as stages leave them."""
    made = {
        "soup": ("soup.json", "weights.safetensors", "manifest.json"),
        "rows": ("synthetic.csv", "synthetic.parquet", "drawn.json", "manifest.json"),
        "report": (*REPORT, "manifest.json"),
    }
    for folder, names in made.items():
        (tmp_path / folder).mkdir()
        for name in names:
            (tmp_path / folder / name).write_text(f"{folder} {name}")
    return tmp_path / "soup", tmp_path / "rows", tmp_path / "report"


def config(out: Path, **options: Any):
    return configured({"table": "trees.csv", "out": str(out)} | options)


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def delivered(out: Path, stages: tuple[Path, Path, Path], **options: Any) -> None:
    begin(config(out, **options))
    deliver(config(out, **options), stages[0], [stages[1]], stages[2])
    finish(config(out, **options), stages[2])


def test_a_new_folder_gets_the_results_and_nothing_else(out, stages):
    delivered(out, stages)
    soup = {"soup/soup.json", "soup/weights.safetensors"}
    assert names(out) == {"synthetic.csv", *REPORT, "config.yaml"} | soup


def test_several_sets_are_numbered_and_a_new_cook_takes_them_away(out, stages):
    begin(config(out, sets=2))
    deliver(config(out, sets=2), stages[0], [stages[1], stages[1]], stages[2])
    assert {"synthetic-1.csv", "synthetic-2.csv"} < names(out)
    assert "synthetic.csv" not in names(out)
    (out / "synthetic-old.csv").write_text("mine")
    begin(config(out, force=True))
    assert {name for name in names(out) if name.startswith("synthetic")} == {"synthetic-old.csv"}


def test_an_empty_folder_is_taken(out):
    out.mkdir(parents=True)
    check_folder(config(out))


def test_a_folder_that_another_cook_is_claiming_right_now_is_taken(out):
    """Its configuration is there under another name, before it is renamed."""
    out.mkdir(parents=True)
    (out / ".config.yaml.0a1b2c3d.part").write_text("# stockpot cook")
    check_folder(config(out))


def test_a_folder_of_the_same_cook_is_resumed_whoever_runs_it(out, stages):
    delivered(out, stages)
    check_folder(config(out))
    check_folder(config(out, runner="processes", workers=7, store="elsewhere"))
    delivered(out, stages)


@pytest.mark.parametrize("options", [{"rows": 7}, {"seed": 1}, {"format": "parquet"}, {"table": "other.csv"}])
def test_a_folder_of_another_cook_is_refused(out, stages, options):
    delivered(out, stages)
    with pytest.raises(FolderError, match=r"holds something else than this cook's results.*--out.*--force"):
        check_folder(config(out, **options))


@pytest.mark.parametrize("text", ["", "a: [", "table: 3", "- 1", "rows: -5", "novel: 1"])
def test_a_folder_of_something_else_is_refused(out, text):
    out.mkdir(parents=True)
    (out / "config.yaml").write_text(text)
    with pytest.raises(FolderError, match="holds something else"):
        check_folder(config(out))


def test_a_file_is_refused_even_by_force(out):
    out.parent.mkdir(parents=True)
    out.write_text("")
    with pytest.raises(FolderError, match="is a file: give a folder"):
        check_folder(config(out, force=True))


def test_force_takes_another_cooks_results_away_and_no_foreign_file(out, stages):
    delivered(out, stages, format="parquet")
    (out / "notes.txt").write_text("mine")
    (out / "more").mkdir()
    (out / "more" / "synthetic.csv").write_text("mine")
    begin(config(out, force=True))
    assert names(out) == {"config.yaml", "notes.txt", "more/synthetic.csv"}
    deliver(config(out), stages[0], [stages[1]], stages[2])
    assert "synthetic.parquet" not in names(out)


def test_force_over_foreign_files_replaces_only_what_a_cook_writes(out, stages):
    out.mkdir(parents=True)
    for name in ("notes.txt", "report.html"):
        (out / name).write_text("mine")
    delivered(out, stages, force=True)
    assert (out / "notes.txt").read_text() == "mine"
    assert (out / "report.html").read_text() == "report report.html"


def test_force_never_deletes_a_soup_folder_that_holds_no_soup(out, stages):
    (out / "soup").mkdir(parents=True)
    (out / "soup" / "leek.txt").write_text("a recipe of mine")
    with pytest.raises(FolderError, match="soup holds something else than a soup"):
        check_folder(config(out, force=True))
    assert (out / "soup" / "leek.txt").exists()


def test_the_configuration_cooks_again_and_does_not_force(out):
    begin(config(out, force=True, rows=7, grid={"steps": [3]}))
    read = read_config(out / "config.yaml")
    assert "force" not in read
    assert configured(read) == config(out, rows=7, grid={"steps": [3]})


def test_a_folder_that_another_cook_took_is_left_to_it(out, stages):
    begin(config(out))
    begin(config(out, seed=1, force=True))
    with pytest.raises(FolderError, match="was taken by another cook meanwhile"):
        deliver(config(out), stages[0], [stages[1]], stages[2])
    assert names(out) == {"config.yaml"}
    assert yaml.safe_load((out / "config.yaml").read_text())["seed"] == 1


def test_the_last_runs_figures_lie_in_the_folder_until_all_else_is_delivered(out, stages):
    delivered(out, stages)
    (stages[2] / "figures.json").write_text("new")
    deliver(config(out), stages[0], [stages[1]], stages[2])
    assert (out / "figures.json").read_text() == "report figures.json"
    finish(config(out), stages[2])
    assert (out / "figures.json").read_text() == "new"


def test_figures_that_are_not_there_or_damaged_are_none(out, stages):
    assert figures_of(config(out)) is None
    delivered(out, stages)
    assert figures_of(config(out)) is None


def test_a_threshold_for_alerts_makes_no_other_cook(out, stages):
    delivered(out, stages)
    check_folder(config(out, alert_below=80))


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(FolderError, match=r"cannot be written \(.*\): give another folder \(--out\)"):
        begin(config(tmp_path / "file" / "below"))
