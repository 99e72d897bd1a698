"""The contest over tables: its arithmetic, and that what was measured is not measured again."""

from __future__ import annotations

from stockpot.benchmarks import recipes
from stockpot.benchmarks.lines import Cell, Line, append, read
from stockpot.benchmarks.protocol import items
from stockpot.benchmarks.recipes import LOWER, Contest, grid, measure, summary, wanted
from stockpot.recipes import RECIPES
from stockpot.taste import ENSEMBLE


def line(table, recipe, loss, seed=0, regime="usual", fidelity=90.0):
    figures = {name: loss if lower else fidelity for name, lower in LOWER.items()}
    return Line(
        Cell(f"{regime} {recipe}", "tuning", None, "p", table, seed),
        figures | {"seconds": 1, "ingredients": 2},
    )


THREE = {"best": 3, "uniform": 2, "greedy": 1}
LINES = [
    *(line("a", "best", loss, seed) for seed, loss in enumerate((2, 4))),
    *(line("a", "uniform", 2, seed) for seed in (0, 1)),
    *(line("a", "greedy", 4, seed, fidelity=91) for seed in (0, 1)),
    *(
        line(name, recipe, loss)
        for name in "bc"
        for recipe, loss in (("best", 3), ("uniform", 2), ("greedy", 1))
    ),
    line("b", "uniform", 9, regime="wild"),
]


def test_seeds_of_a_table_are_averaged_first_and_regimes_kept_apart():
    losses = grid(LINES, "usual", "loss")
    assert losses.loc["a"].to_dict() == {"best": 3, "uniform": 2, "greedy": 4}
    assert list(losses.index) == ["a", "b", "c"]


def test_a_table_that_a_recipe_lacks_is_left_out():
    assert list(grid(LINES[:-3], "usual", "loss").index) == ["a", "b"]


def test_the_lowest_loss_has_rank_1_and_gains_are_over_the_best_single():
    told = summary(LINES, "usual").splitlines()
    assert told[0] == "usual: 3 tables x 2 seeds; gains over `best`"
    assert [row.split("|")[1].strip() for row in told[4:]] == ["`uniform`", "`greedy`", "`best`"]
    assert told[4].split("|")[2].strip() == "1.7"  # ranks 1, 2 and 2
    assert "+1.000 ± 0.000" in told[4]
    assert told[6].count("| 0 ") == len(LOWER)


def test_what_is_asked_for_is_a_seed_of_everything_before_the_next():
    asked = list(wanted(["tuning"], [0, 1], ["usual", "wild"]))
    assert [one.seed for one in asked] == sorted(one.seed for one in asked)
    assert len(asked) == 4 * len(items("tuning"))


def test_every_recipe_gets_a_line_and_is_measured_once(tmp_path, monkeypatch):
    monkeypatch.setattr(recipes, "GRIDS", {"usual": {"steps": [5], "learning_rate": [0.003]}})
    prestige = next(item for item in items("tuning") if item.name == "Prestige")
    asked = Contest("usual", "tuning", prestige, 0)
    lines = recipes.held(asked)
    assert [found.cell for found in lines] == asked.cells
    assert [found.cell.method for found in lines] == [f"usual {name}" for name in (*RECIPES, ENSEMBLE)]
    assert all(set(LOWER) <= set(found.figures) for found in lines)

    append(tmp_path / "recipes.jsonl", lines)
    measure(tmp_path, [asked], 1)
    assert len(read(tmp_path)) == len(lines)
