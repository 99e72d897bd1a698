import pytest

from stockpot.benchmarks.agenda import SCORE_S, START_S, Trial, missing, seconds, trials
from stockpot.benchmarks.lines import Line
from stockpot.benchmarks.methods import METHODS

FLOOR = Trial("floor", "tables", None, "reshape2", "tips", 0)
FIELD = Trial("field", "truth", 80, "carData", "Chile", 0)


def test_small_tables_are_not_cut_and_large_ones_are():
    found = trials(["floor", "cart"], ["tips", "Chile"], [30, 80], [0])
    assert [(t.method, t.item, t.rows) for t in found] == [
        ("floor", "tips", None),
        ("cart", "tips", None),
        ("floor", "Chile", 30),
        ("cart", "Chile", 30),
        ("floor", "Chile", 80),
        ("cart", "Chile", 80),
    ]


def test_a_cook_is_one_trial_with_a_line_for_each_of_its_models():
    assert [cell.method for cell in FIELD.cells] == list(METHODS["field"].lines)
    assert {"field_soup", "field_best", "field_ensemble", "field_swa"} <= {c.method for c in FIELD.cells}


def test_what_is_there_is_not_missing_even_if_it_failed():
    wanted = trials(["floor"], ["tips"], [], [0, 1, 2])
    lines = [Line(wanted[0].cells[0], {"fidelity": 1.0}), Line(wanted[1].cells[0], error="it failed")]
    assert missing(wanted, lines) == [wanted[2]]


def test_a_cook_of_which_a_line_lacks_is_missing():
    lines = [Line(cell) for cell in FIELD.cells]
    assert missing([FIELD], lines) == []
    assert missing([FIELD], lines[1:]) == [FIELD]


def test_a_method_takes_as_long_as_it_took():
    other = Trial("floor", "tables", None, "vcd", "Arthritis", 0)
    known = [Line(other.cells[0], {"wall_s": 7.0, "score_s": 2.0})]
    assert seconds([FLOOR], known) == pytest.approx(START_S + 9)
    assert seconds([FLOOR, FLOOR], known) == pytest.approx(2 * (START_S + 9))


def test_a_method_that_was_never_measured_is_guessed():
    guess = METHODS["field"].cpu_s + len(FIELD.cells) * SCORE_S
    assert seconds([FIELD], ()) == pytest.approx(START_S + guess)


def test_a_cook_is_fitted_once_and_scored_for_each_line():
    other = Trial("field", "truth", 80, "AER", "HMDA", 0)
    known = [Line(cell, {"wall_s": 50.0, "score_s": 3.0}) for cell in other.cells]
    assert seconds([FIELD], known) == pytest.approx(START_S + 50 + 3 * len(other.cells))
