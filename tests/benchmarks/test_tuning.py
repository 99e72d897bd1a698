"""Defaults are chosen on tables that judge nothing, and the summary's arithmetic is right."""

from stockpot.benchmarks import tuning
from stockpot.benchmarks.lines import Cell, Line, read
from stockpot.benchmarks.protocol import items, load, split
from stockpot.benchmarks.tuning import FIGURES, measure, measured, summary


def line(item, method, value, seed=0):
    return Line(Cell(method, "tuning", None, "p", item, seed), dict.fromkeys(FIGURES, value))


def test_no_table_of_tuning_judges_anything():
    judging = {(item.package, item.name) for which in ("tables", "truth") for item in items(which)}
    assert not judging & {(item.package, item.name) for item in items("tuning")}


def test_seeds_of_a_table_are_averaged_before_the_interval():
    lines = [line("a", m, 1.0, seed=s) for m in ("cart", "real") for s in (0, 1)]
    lines += [line("b", m, 5.0) for m in ("cart", "real")]
    lines += [line("a", "300, 0", 2.0), line("a", "300, 0", 4.0, seed=1), line("b", "300, 0", 7.0)]
    lines += [line("a", "half done", 2.0)]
    told, _, head, _, ours, cart = summary(lines).splitlines()
    assert told == "2 tables x 1 to 2 seeds"
    assert head.startswith("| steps, exponent | fidelity")
    assert ours.startswith("| 300, 0 | 5 (+2.00 ± 0.00) |")
    assert cart.startswith("| cart | 3 |")


def test_ways_to_draw_have_all_figures_and_are_measured_once(tmp_path, monkeypatch):
    prestige = [item for item in items("tuning") if item.name == "Prestige"]
    monkeypatch.setattr(tuning, "items", lambda which: prestige)
    monkeypatch.setattr(tuning, "EXPONENTS", (0.0,))
    measure(tmp_path, [0], [10])
    first = read(tmp_path)
    assert [found.cell.method for found in first] == ["cart", "real", "10, 0"]
    assert set(FIGURES) <= set(first[2].figures)
    assert 0.5 < first[2].figures["attack_auc"] <= 1
    measure(tmp_path, [0], [10, 12])
    assert [found.cell.method for found in read(tmp_path)[3:]] == ["12, 0"]


def test_a_sharper_draw_is_another_way():
    deal = split(load(next(item for item in items("tuning") if item.name == "Prestige")), 0)
    ways = dict(measured(deal, 0, steps=20))
    assert list(ways) == ["20, -0.5", "20, 0", "20, 0.5", "20, 1"]
    assert ways["20, 0"]["attack_auc"] <= ways["20, -0.5"]["attack_auc"] + 0.05
