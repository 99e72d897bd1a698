import dataclasses
import json
import os
import sys

import pandas as pd
import pytest

from stockpot.benchmarks import measure, run
from stockpot.benchmarks.agenda import Trial
from stockpot.benchmarks.clock import Cost
from stockpot.benchmarks.cooks import NAMES, family, untasted
from stockpot.benchmarks.lines import Line, read
from stockpot.benchmarks.methods import BESIDE, Method, Model
from stockpot.benchmarks.protocol import Deal
from tests.small import QUICK, frame

TRIAL = Trial("floor", "tables", None, "vcd", "Arthritis", 0)
DEALT = Deal(frame(60), frame(40, seed=1))


@pytest.fixture
def cheap(monkeypatch):
    """Scores that cost nothing, of a method with two lines: the test says what its fit does."""
    monkeypatch.setattr(measure, "asdict", lambda found: found.__dict__ if isinstance(found, Cost) else {})
    monkeypatch.setattr(measure, "score", lambda *_: None)

    def use(fit, done=()):
        methods = {"floor": Method({"one": "", "two": ""}, fit)}
        monkeypatch.setattr(measure, "METHODS", methods)
        monkeypatch.setattr("stockpot.benchmarks.agenda.METHODS", methods)
        return {line.cell.method: line for line in measure.measure(TRIAL, done)}

    return use


def broken():
    raise ValueError("unlucky")


def test_one_fit_makes_all_lines(cheap):
    fits = []

    def fit(dealt, seed):
        fits.append(seed)
        yield Model("one", lambda: dealt.train, Cost(5.0, 3.0), {"holdout_loss": 1.5})
        yield Model("two", lambda: dealt.train, Cost(5.0, 3.0))

    found = cheap(fit)
    assert fits == [0]
    assert list(found) == ["one", "two"]
    assert found["one"].figures["holdout_loss"] == 1.5
    assert found["two"].figures["wall_s"] >= 5
    assert found["two"].figures["cpu_s"] >= 3
    assert found["two"].figures["peak_mb"] > 0


def test_a_model_that_fails_is_a_line_and_the_others_go_on(cheap):
    def fit(dealt, seed):
        yield Model("one", broken)
        yield Model("two", lambda: dealt.train)

    found = cheap(fit)
    assert (found["one"].error, found["two"].error) == ("ValueError: unlucky", None)


def test_a_fit_that_fails_is_a_line_for_each_of_its_models(cheap):
    def fit(dealt, seed):
        yield from broken()

    assert [line.error for line in cheap(fit).values()] == ["ValueError: unlucky"] * 2


def test_a_cook_is_judged_with_all_that_stands_beside_its_soup():
    models = {model.line: model for model in family("field", DEALT, 0, **QUICK)}
    assert list(models) == [f"field_{name}" for name in NAMES.values()]
    assert set(NAMES.values()) == set(BESIDE)
    assert all(model.figures["holdout_loss"] > 0 for model in models.values())
    hindsight, best = models["field_hindsight"].figures, models["field_best"].figures
    assert hindsight["holdout_loss"] <= best["holdout_loss"]
    assert models["field_soup"].cost is models["field_best"].cost
    assert models["field_swa"].cost is not models["field_best"].cost
    assert models["field_soup"].draw().shape == (1000, 6)


def test_a_cook_without_tasting_gives_what_the_soup_gives(monkeypatch):
    from stockpot import Soup

    (model,) = untasted("field_folds0", DEALT, 3)
    drawn = Soup.fit(DEALT.train, folds=0, seed=3).sample(1000, seed=3)
    pd.testing.assert_frame_equal(model.draw(), drawn)


def test_a_line_that_is_there_is_not_measured_again(cheap):
    def fit(dealt, seed):
        yield Model("one", broken)
        yield Model("two", lambda: dealt.train)

    done = dataclasses.replace(TRIAL.cells[0], method="one")
    assert list(cheap(fit, [done])) == ["two"]


def test_lines_are_appended_as_they_come(tmp_path, monkeypatch):
    lines = [Line(cell, {"fidelity": 1.0}) for cell in TRIAL.cells]
    monkeypatch.setattr(measure, "measure", lambda *_: iter(lines))
    measure.main(str(tmp_path / "new.jsonl"), str(os.getppid()), json.dumps(TRIAL.__dict__))
    assert read(tmp_path) == lines


def test_a_process_that_dies_is_a_line_for_each_model(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "executable", "/bin/false")
    trial = Trial("field", "truth", 80, "AER", "HMDA", 0)
    run.measure(trial, tmp_path)
    found = read(tmp_path)
    assert [line.cell for line in found] == trial.cells
    assert all("exit 1" in str(line.error) for line in found)


def test_a_process_that_takes_too_long_is_a_line(tmp_path):
    run.measure(TRIAL, tmp_path, 0.01)
    assert [line.error for line in read(tmp_path)] == ["no answer in 0 s"]


def test_an_interruption_leaves_no_line(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "executable", "/bin/false")
    run.stop()
    try:
        with pytest.raises(KeyboardInterrupt):
            run.measure(TRIAL, tmp_path)
    finally:
        run.begin()
    assert read(tmp_path) == []
