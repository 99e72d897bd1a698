"""A plan: defaults filled in, ingredients numbered, batches cut."""

from __future__ import annotations

import pytest

from stockpot.configuration import configured
from stockpot.plan import plan


def made(rows: int = 80, **options):
    return plan(configured(options), rows)


def test_a_default_cook_has_24_ingredients_in_six_tasks_or_more():
    found = made()
    assert len(found.ingredients) == 24
    assert len(found.batches) >= 6
    assert found.folds == 5


def test_char_has_at_least_six_training_tasks_over_its_menageries():
    found = made(model="char")
    assert (found.folds + 1) * len(found.ingredients) >= 6


def test_large_tables_have_three_folds_and_a_wider_net():
    small, large = made(80), made(1000)
    assert large.folds == 3
    assert dict(large.net)["width"] > dict(small.net)["width"]


def test_ingredients_are_subsets_times_grid_times_seeds():
    found = made(subsets={"count": 3}, grid={"learning_rate": [0.1, 0.2], "steps": [5], "seeds": 2})
    specs = found.ingredients
    assert len(specs) == 3 * 2 * 2
    assert [spec.number for spec in specs] == list(range(12))
    assert [spec.subset for spec in specs[:4]] == [0, 1, 2, 0]
    assert {(s.subset, s.settings.learning_rate) for s in specs} == {
        (i, r) for i in range(3) for r in (0.1, 0.2)
    }
    assert len({spec.key for spec in specs}) == 12


def test_the_grid_replaces_what_it_lists_and_keeps_the_rest():
    found = made(grid={"steps": [7]})
    assert {s.settings.steps for s in found.ingredients} == {7}
    assert len({s.settings.learning_rate for s in found.ingredients}) == 3


def test_an_ingredient_does_not_depend_on_what_stands_behind_it_in_the_grid():
    few = made(grid={"learning_rate": [0.1], "steps": [5]})
    more = made(grid={"learning_rate": [0.1, 0.2], "steps": [5]})
    assert more.ingredients[: len(few.ingredients)] == few.ingredients


def test_batches_hold_every_ingredient_once_whatever_their_size():
    for batch in (1, 5, 100):
        numbers = [n for part in made(batch=batch).batches for n in part]
        assert numbers == list(range(24))


@pytest.mark.parametrize(
    "option", [{"workers": 7}, {"runner": "processes"}, {"rows": 9}, {"out": "elsewhere"}]
)
def test_who_runs_a_cook_and_where_changes_no_plan(option):
    assert plan(configured(option), 80) == made()


def test_the_seed_changes_keys_and_deal():
    one, other = made(seed=1), made(seed=2)
    assert one.ingredients[0].key != other.ingredients[0].key
    assert one.deal(80).folds[0].tolist() != other.deal(80).folds[0].tolist()


def test_default_sizes_end_with_the_whole_menagerie():
    assert made().sizes == (4, 8, 24)
    assert made(subsets={"count": 2}, grid={"learning_rate": [0.1]}).sizes == (2,)


def test_the_smallest_tables_have_a_plan():
    for rows in (8, 9, 10):
        for model in ("field", "char"):
            found = made(rows, model=model)
            assert 2 <= found.folds <= rows // 2
            assert found.subsets <= rows // 2
