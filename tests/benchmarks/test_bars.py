"""Whether a default keeps what it is held to."""

import pytest

from stockpot.benchmarks.bars import held
from stockpot.benchmarks.board import Board
from stockpot.benchmarks.lines import Cell, Line

CART = {"fidelity": 90.0, "utility": 10.0, "utility_equal": 10.0, "detection": 0.8, "verbatim": 0.3}
REAL = {"fidelity_real": 90.0, "verbatim_real": 0.1}


def board(*gaps, **ours):
    def line(method, item, figures):
        return Line(Cell(method, "truth", 80, "p", item, 0), figures)

    tables = [f"t{i}" for i in range(len(gaps))]
    lines = [line("cart", t, CART) for t in tables] + [line("real", t, REAL) for t in tables]
    for table, gap in zip(tables, gaps, strict=True):
        mine = {name: value + gap for name, value in CART.items()} | ours
        lines.append(line("field_soup", table, mine))
    return Board.of(lines, [("truth", 80)])


def row(text, figure):
    return next(line for line in text.splitlines() if line.startswith(f"| {figure}"))


def test_a_level_default_keeps_its_bars():
    text = held(board(0.0, 0.001, -0.001, verbatim=0.12), "field_soup")
    assert text.count("kept") == 5
    assert "missed" not in text


def test_each_bar_has_its_direction_and_names_the_worst_table():
    text = held(board(-3.0, -3.1, -2.9, verbatim=0.12), "field_soup")
    for figure in ("fidelity", "utility", "utility_equal"):
        assert "missed" in row(text, figure)
        assert "t1 (-3.1" in row(text, figure)
    assert "kept" in row(text, "detection")
    text = held(board(3.0, 3.1, 2.9, verbatim=0.12), "field_soup")
    assert "missed" in row(text, "detection")
    assert "kept" in row(text, "utility |")


@pytest.mark.parametrize(("rate", "verdict"), [(0.12, "kept"), (0.121, "missed")])
def test_repeated_numbers_are_held_to_the_real_rows_rate(rate, verdict):
    found = row(held(board(0.0, 0.0, verbatim=rate), "field_soup"), "verbatim")
    assert verdict in found
    assert "0.120" in found


def test_of_one_table_there_is_no_interval_so_nothing_is_kept():
    assert "missed" in row(held(board(1.0, verbatim=0.1), "field_soup"), "fidelity")


def test_a_method_that_did_not_finish_is_not_judged():
    assert held(board(0.0, 0.0), "field_folds0") == ""
