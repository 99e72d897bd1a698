"""Stages on a store: each is made once, from what the others left there, as one process would make it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from stockpot import stages
from stockpot.configuration import configured
from stockpot.dish import Dish, base_key, batch_key, batches
from stockpot.folder import read_soup
from stockpot.larder import prepare
from stockpot.progress import STOP, reporter, trained
from stockpot.reporting import make_report, read_figures, scored_parts
from stockpot.soup import Soup
from tests.small import QUICK, frame


def dish(folder: Path, **options: Any) -> Dish:
    frame().to_csv(folder / "trees.csv", index=False)
    given = {"table": str(folder / "trees.csv"), "store": str(folder / "store")}
    return prepare(configured(given | QUICK | options))


def test_the_soup_of_the_stages_is_the_soup_of_one_process(tmp_path):
    cooked = dish(tmp_path)
    ladle, _, told = read_soup(stages.folder_of(cooked, stages.make_soup(cooked)))
    soup = Soup.fit(stages.larder(cooked).learning, **QUICK)
    assert all(torch.equal(ladle.weights[name], value) for name, value in soup.ladle.weights.items())
    assert told == soup.provenance


def test_a_stage_is_made_once(tmp_path):
    cooked = dish(tmp_path)
    first = stages.make_tasting(cooked)
    files = {path: path.stat().st_mtime_ns for path in (tmp_path / "store").rglob("*") if path.is_file()}
    assert stages.make_tasting(cooked) == first
    assert {path: path.stat().st_mtime_ns for path in files} == files


def test_what_another_stage_reads_and_is_gone_is_made_first(tmp_path):
    cooked = dish(tmp_path)
    tasting = stages.read_tasting(cooked)
    shutil.rmtree(tmp_path / "store" / "train")
    assert stages.read_tasting(cooked) == tasting
    assert not (tmp_path / "store" / "train").exists()
    shutil.rmtree(tmp_path / "store" / "taste")
    assert stages.read_tasting(cooked) == tasting
    assert len(list((tmp_path / "store" / "train").iterdir())) == len(batches(cooked.plan))


@pytest.mark.parametrize(
    "options", [{"subsets": {"count": 1}}, {"grid": {"steps": [5], "learning_rate": [1.0]}}]
)
def test_a_loss_that_is_no_number_comes_back_as_it_was(tmp_path, options, monkeypatch):
    cooked = dish(tmp_path, **options)
    real = stages.taste
    made = []
    monkeypatch.setattr(stages, "taste", lambda *inputs: made.append(real(*inputs)) or made[0])
    assert repr(stages.read_tasting(cooked)) == repr(made[0])


@pytest.mark.parametrize("options", [{}, {"folds": 0}, {"subsets": {"count": 1}}, {"holdout": 0.2}], ids=str)
def test_every_kind_of_cook_ends_in_a_report(tmp_path, options):
    cooked = dish(tmp_path, **options)
    folder = stages.folder_of(cooked, make_report(cooked, 12, "csv"))
    assert (folder / "report.html").read_text(encoding="utf-8").startswith("<!")
    figures = read_figures(cooked, 12, "csv")
    assert figures.table.name == "trees"
    assert set(figures.seconds) == {"base", "train", "taste", "blend", "draw", "score"}
    assert len(figures.models) == len(
        [part for part in scored_parts(cooked) if part not in ("rails", "dots", "sizes")]
    )


def test_training_leaves_nothing_half_done(tmp_path):
    cooked = dish(tmp_path)
    for batch in batches(cooked.plan):
        stages.make_batch(cooked, batch)
    left = [path for name in ("partial", "progress") for path in (tmp_path / "store").glob(f"{name}/*")]
    assert left == []


def test_progress_counts_parts_of_batches_and_whole_ones(tmp_path):
    cooked = dish(tmp_path, batch=1)
    keys = [(batch_key(cooked, batch), 4) for batch in batches(cooked.plan)]
    assert trained(cooked.place, keys) == 0
    with reporter(cooked.place, keys[0][0], 4) as report:
        report(1, 2)
        assert trained(cooked.place, keys) == 2
    stages.make_batch(cooked, batches(cooked.plan)[1])
    assert trained(cooked.place, keys) == 4


def test_whoever_interrupts_stops_a_training_at_its_next_step(tmp_path):
    cooked = dish(tmp_path)
    stages.make_base(cooked)
    STOP.set()
    try:
        with pytest.raises(KeyboardInterrupt):
            stages.make_batch(cooked, batches(cooked.plan)[0])
    finally:
        STOP.clear()
    assert not cooked.place.has("train", batch_key(cooked, batches(cooked.plan)[0]))


def test_torch_is_left_as_it_was(tmp_path):
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        cooked = dish(tmp_path)
        stages.make_base(cooked)
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)
    base = load_file(cooked.place.folder("base", base_key(cooked)) / "base.safetensors")
    assert all(value.isfinite().all() for value in base.values())
