"""Defaults are chosen on tables that judge nothing, and the summary's arithmetic is right."""

from stockpot.benchmarks.protocol import items, load, split
from stockpot.benchmarks.tuning import FIGURES, measured, summary


def line(table, exponent, value, seed=0):
    told = {"table": table, "seed": seed, "steps": 200, "exponent": exponent}
    return told | dict.fromkeys(FIGURES, value)


def test_no_table_of_tuning_judges_anything():
    judging = {(item.package, item.name) for which in ("tables", "truth") for item in items(which)}
    assert not judging & {(item.package, item.name) for item in items("tuning")}


def test_seeds_of_a_table_are_averaged_before_the_interval():
    lines = [line("a", 0.5, 1.0), line("a", 0.5, 1.0, seed=1), line("b", 0.5, 5.0)]
    lines += [line("a", 0.0, 2.0), line("a", 0.0, 4.0, seed=1), line("b", 0.0, 7.0)]
    head, _, default, other = summary(lines).splitlines()
    assert head.startswith("| steps, exponent | fidelity")
    assert default.startswith("| 200, 0.5 | 3.000 |")
    assert other.startswith("| 200, 0 | +2.000 ± 0.000 |")


def test_a_way_to_draw_has_all_figures():
    deal = split(load(next(item for item in items("tuning") if item.name == "Prestige")), 0)
    found = next(measured(deal, 0, steps=20))
    assert set(FIGURES) <= set(found)
    assert 0.5 < found["attack_auc"] <= 1
