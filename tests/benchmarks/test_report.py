import csv
from pathlib import Path

from stockpot.benchmarks import report
from stockpot.benchmarks.board import Board
from stockpot.benchmarks.config import BenchmarkConfig
from stockpot.benchmarks.lines import Cell, Line, append, read
from stockpot.benchmarks.methods import METHODS
from stockpot.benchmarks.pictures import by_rows, critical_difference
from stockpot.benchmarks.protocol import HERE, items
from stockpot.benchmarks.report import by_table, differences, document, judgements, means, summary, verdicts
from stockpot.benchmarks.soups import DIGITS, soups

FIGURES = Path(__file__).parents[2] / "benchmarks" / "figures"
SCORES = dict.fromkeys(DIGITS, 1.0)
CUT = [("tables", None)]


def lines(method, fidelity, seeds=(0, 1), which="tables", rows=None, **more):
    """``fidelity``: table -> value, the same for each seed but for half a point up and down."""
    return [
        Line(Cell(method, which, rows, "p", item, seed), SCORES | {"fidelity": value + seed - 0.5} | more)
        for item, value in fidelity.items()
        for seed in seeds
    ]


REAL = lines("real", {"a": 0, "b": 0, "c": 0}, fidelity_real=90.0, utility_real=3.0)
CART = lines("cart", {"a": 80, "b": 82, "c": 84})
OURS = lines("field_folds0", {"a": 81, "b": 84, "c": 87})


def test_methods_are_sorted_by_mean_fidelity():
    board = Board.of(CART + REAL + OURS, CUT)
    assert board.methods == ["field_folds0", "cart"]
    assert board.mean("field_folds0", "fidelity") == 84
    assert "| real learning rows | - | 90 | 3 |" in means(board)


def test_differences_are_paired_over_tables():
    # 1, 2, 3: mean 2, standard deviation 1, t of 2 degrees 4.303: 4.303 / sqrt(3)
    assert "| `field_folds0` | +2.000 ± 2.484 |" in differences(Board.of(CART + REAL + OURS, CUT))


def test_a_difference_stands_with_its_tests_and_the_number_of_tables():
    told = judgements(Board.of(CART + REAL + OURS, CUT))
    assert "n = 3 tables" in told
    assert "+2.00 ± 2.48; +1.00 to +3.00; p 0.25" in told


def test_tables_of_tuning_are_pooled_only_where_no_other_was_measured():
    tuning = [
        line
        for method, figures in (("real", {"fidelity_real": 90.0}), ("cart", {}), ("field_folds0", {}))
        for line in lines(method, {"d": 80, "e": 82}, which="tuning", **figures)
    ]
    assert "2 tables x 2 seeds: tuning.csv" in document(tuning, "")
    both = document([*tuning, *CART, *REAL], "")
    assert "3 tables x 2 seeds: tables.csv" in both
    assert "## tuning.csv" in both


def test_each_table_is_told_beside_cart():
    board = Board.of(CART + REAL + OURS, CUT)
    assert "| a | 90.0 | 80.0 | 81.0 (+1.0) |" in by_table(board)
    (told,) = verdicts(board)
    assert "above on 3; lowest +1.00 (a)" in told


def test_a_method_that_misses_a_table_is_named_and_not_averaged():
    char = [
        *lines("char_soup", {"a": 70}),
        Line(Cell("char_soup", "tables", None, "p", "b", 0), error="no disk"),
    ]
    board = Board.of(CART + REAL + char, CUT)
    assert "char_soup" not in board.methods
    assert board.unfinished == ["`char_soup` finished 1 of 3 tables; first failure, on b: no disk."]


def test_a_table_that_cart_failed_on_is_told():
    broken = Line(Cell("cart", "tables", None, "p", "d", 0), error="no disk")
    found = [*CART, broken, *lines("real", {"a": 0, "b": 0, "c": 0, "d": 0}), *lines("floor", {"a": 1})]
    board = Board.of(found, CUT)
    assert board.tables == ["a", "b", "c"]
    assert board.unfinished == [
        "`floor` was measured on 1 of 3 tables alone.",
        "d is left out: `cart` failed, no disk.",
    ]


def test_a_seed_that_cart_lacks_does_not_count():
    floor = lines("floor", {"a": 70, "b": 70, "c": 70}, seeds=(0, 1, 7))
    assert Board.of(CART + REAL + floor, CUT).mean("floor", "fidelity") == 70


def test_a_soup_is_told_beside_its_rivals_with_the_pairs_that_it_wins():
    everywhere = {"a": 80, "b": 81, "c": 82}
    soup = lines("field_soup", everywhere, holdout_loss=1.0)
    best = lines("field_best", everywhere, holdout_loss=1.5)
    found = CART + REAL + soup + best
    told = soups(found, Board.of(found, CUT), "field")
    assert "| `field_best` | +0.500 ± 0.000 | +0.000 ± 0.000 |" in told
    assert "on 6 of 6 table-seed pairs (100%)" in told
    assert soups(CART + REAL, Board.of(CART + REAL, CUT), "field") == ""


def large(rows):
    tables = {"d": 80, "e": 81, "f": 82}
    real = lines("real", tables, which="truth", rows=rows, fidelity_real=88.0, fidelity_oracle=96.0)
    return [
        *real,
        *lines("cart", tables, which="truth", rows=rows),
        *lines("floor", tables, which="truth", rows=rows),
    ]


def test_pictures_are_drawn_where_there_is_something_to_show():
    assert by_rows(large(80)) is None
    assert by_rows(large(30) + large(80)).startswith(b"\x89PNG")
    board = Board.of(CART + REAL + OURS + lines("floor", {"a": 1, "b": 2, "c": 3}), CUT)
    assert critical_difference(board.grid(board.methods[:2], "fidelity")) is None
    assert critical_difference(board.grid(board.methods, "fidelity")).startswith(b"\x89PNG")


def test_the_page_names_its_command_and_pools_small_and_large_tables(tmp_path):
    config = BenchmarkConfig(out=str(tmp_path), quick=True)
    append(config.folder / "x.jsonl", [*CART, *REAL, *OURS, *large(30), *large(80)])
    (config.folder / "notes.md").write_text("## Last word")
    page = report.write(config)
    told = page.read_text()
    assert f"stockpot benchmark --quick --out {tmp_path}" in told
    assert "6 tables x 2 seeds: tables.csv, and truth.csv at 80 rows" in told
    assert "(fidelity-by-rows.png)" in told
    assert (tmp_path / "fidelity-by-rows.png").exists()
    assert told.endswith("## Last word\n")


def test_a_terminal_is_told_of_each_cut():
    assert [title for title, _, _ in summary(CART + REAL + large(80))] == [
        "tables.csv: 3 tables x 2 seeds",
        "truth.csv at 80 rows: 3 tables x 2 seeds",
    ]


def test_the_page_is_written_of_what_was_measured_long_ago():
    page = document(read(FIGURES), "make bench")
    assert "## tables.csv\n\n12 tables x 3 seeds" in page
    assert "`prototype_soup`" in page


def test_every_line_that_was_measured_is_explained():
    with (HERE / "peers.csv").open(newline="") as file:
        told = {row["method"] for row in csv.DictReader(file)}
    ours = {line for method in METHODS.values() for line in method.lines}
    found = read(FIGURES)
    assert {line.cell.method for line in found} <= told | ours
    assert {line.cell.item for line in found} == {item.name for item in items("tables") + items("truth")}
