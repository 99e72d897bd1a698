import csv

from benchmarks.lines import Cell, Line, read
from benchmarks.methods import METHODS
from benchmarks.protocol import HERE, items
from benchmarks.report import Measured, by_table, differences, document, means, verdicts

SCORES = {"utility": 1.0, "utility_equal": 1.0, "detection": 0.5}


def lines(method, fidelity, seeds=(0, 1), **more):
    """``fidelity``: table -> value, the same for each seed but for half a point up and down."""
    return [
        Line(Cell(method, "tables", None, "p", item, seed), SCORES | {"fidelity": value + seed - 0.5} | more)
        for item, value in fidelity.items()
        for seed in seeds
    ]


REAL = lines("real", {"a": 0, "b": 0, "c": 0}, fidelity_real=90.0, utility_real=3.0)
CART = lines("cart", {"a": 80, "b": 82, "c": 84})
OURS = lines("field_folds0", {"a": 81, "b": 84, "c": 87})
PROTOTYPE = lines("prototype_soup", {"a": 82, "b": 82, "c": 82})


def test_methods_are_sorted_by_mean_fidelity():
    measured = Measured.of(CART + REAL + OURS, "tables", None)
    assert measured.methods == ["field_folds0", "cart"]
    assert measured.mean("field_folds0", "fidelity") == 84
    assert "| real learning rows | - | 90 | 3 |" in means(measured)


def test_differences_are_paired_over_tables():
    # 1, 2, 3: mean 2, standard deviation 1, t of 2 degrees 4.303: 4.303 / sqrt(3)
    assert "| `field_folds0` | +2.000 ± 2.484 |" in differences(
        Measured.of(CART + REAL + OURS, "tables", None)
    )


def test_each_table_is_told_beside_the_prototype():
    measured = Measured.of(CART + REAL + OURS + PROTOTYPE, "tables", None)
    assert "| a | 90.0 | 80.0 | 82.0 | 81.0 (-1.0) |" in by_table(measured)
    assert "lowest -1.00 (a)" in verdicts(measured)
    assert "above on 2" in verdicts(measured)


def test_a_method_that_misses_a_table_is_named_and_not_averaged():
    char = [
        *lines("char", {"a": 70}),
        Line(Cell("char", "tables", None, "p", "b", 0), error="OSError: no disk"),
    ]
    measured = Measured.of(CART + REAL + char, "tables", None)
    assert "char" not in measured.methods
    assert "`char` finished 1 of 3 tables; first failure, on b: OSError: no disk." in verdicts(measured)


def test_a_seed_that_cart_lacks_does_not_count():
    measured = Measured.of(
        CART + REAL + lines("floor", {"a": 70, "b": 70, "c": 70}, seeds=(0, 1, 7)), "tables", None
    )
    assert measured.mean("floor", "fidelity") == 70


def test_the_page_is_written_before_anything_of_ours_is_measured():
    page = document(read(HERE / "figures" / "peers.jsonl"), "## Last word")
    assert "Nothing yet" in page
    assert page.endswith("## Last word\n")


def test_every_peer_that_was_measured_is_explained():
    with (HERE / "peers.csv").open(newline="") as file:
        told = {row["method"] for row in csv.DictReader(file)}
    found = read(HERE / "figures" / "peers.jsonl")
    assert {line.cell.method for line in found} == told
    assert not told & set(METHODS)
    assert {line.cell.item for line in found} == {item.name for item in items("tables") + items("truth")}
