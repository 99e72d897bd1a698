import dataclasses

import pytest

from benchmarks import measure, run
from benchmarks.lines import Cell, Line, append, read
from benchmarks.methods import Method
from benchmarks.protocol import items

CELL = Cell("floor", "tables", None, "vcd", "Arthritis", 0)


def at(seed):
    return dataclasses.replace(CELL, seed=seed)


def test_a_line_is_read_as_it_was_written(tmp_path):
    lines = [Line(CELL, {"fidelity": 81.25}), Line(at(1), error="no answer in 3 s")]
    append(tmp_path / "new" / "out.jsonl", lines)
    assert read(tmp_path / "new" / "out.jsonl") == lines


def test_a_figure_that_cannot_be_told_is_left_out():
    assert "utility" not in Line(CELL, {"utility": float("nan")}).text()


def test_what_is_there_is_not_measured_again(tmp_path, monkeypatch):
    out = tmp_path / "out.jsonl"
    asked = []

    def measured(out, cells, _limit):
        asked.extend(cells)
        append(out, [Line(cell, {"fidelity": 1.0}) for cell in cells])

    monkeypatch.setattr(run, "_measure", measured)
    append(out, [Line(at(0), {"fidelity": 1.0}), Line(at(1), error="it failed")])
    assert len(list(run.run(out, ["floor"], "tables", None, [0, 1, 2]))) == len(items("tables"))
    assert at(2) in asked
    assert at(0) not in asked
    assert at(1) not in asked
    assert list(run.run(out, ["floor"], "tables", None, [0, 1, 2])) == []


def test_only_the_tables_named_are_measured(tmp_path, monkeypatch):
    monkeypatch.setattr(run, "_measure", lambda *_: None)
    told = list(run.run(tmp_path / "out.jsonl", ["cart"], "truth", 80, [0], only=["Chile", "diamonds"]))
    assert [sentence.split(":")[0] for sentence in told] == ["cart on Chile", "cart on diamonds"]


@pytest.fixture
def cheap(monkeypatch):
    """Scores that cost nothing."""
    monkeypatch.setattr(measure, "asdict", lambda _: {"fidelity": 50.0})
    monkeypatch.setattr(measure, "score", lambda *_: None)


@pytest.mark.usefixtures("cheap")
def test_a_seed_that_fails_is_a_line_and_the_others_go_on(monkeypatch):
    def draw(train, rows, seed):
        if seed == 1:
            raise ValueError("unlucky")
        return train

    monkeypatch.setattr(measure, "METHODS", {"floor": Method("", draw)})
    lines = list(measure.measure([at(0), at(1), at(2)]))
    assert [line.error for line in lines] == [None, "ValueError: unlucky", None]
    assert lines[2].figures["fidelity"] == 50


@pytest.mark.usefixtures("cheap")
def test_peak_memory_is_told_of_the_first_seed_alone():
    first, second = measure.measure([at(0), at(1)])
    assert first.figures["peak_mb"] > 0
    assert "peak_mb" not in second.figures


def test_a_process_that_dies_is_a_line_a_seed(tmp_path):
    out = tmp_path / "out.jsonl"
    unknown = dataclasses.replace(CELL, method="no such method")
    run._measure(out, [unknown, dataclasses.replace(unknown, seed=1)], 60)
    assert [line.cell.seed for line in read(out)] == [0, 1]
    assert all("exit 1" in str(line.error) for line in read(out))


def test_a_process_that_takes_too_long_is_a_line(tmp_path):
    run._measure(tmp_path / "out.jsonl", [CELL], 0.01)
    assert read(tmp_path / "out.jsonl") == [Line(CELL, error="no answer in 0 s")]
