"""A cook against a running server, and again: what a person finds in the folder, the terminal and the UI."""

from __future__ import annotations

import json
import shutil

import pandas as pd
import pytest

from tests.e2e.house import PYTHON, Ended, House, Pot, pot

STAGES = (
    "train the base of",
    "train 1 ingredient",
    "taste soups of",
    "blend the soup of",
    "draw",
    "score",
    "report on",
)
LOADED = """
from stockpot.configuration import configured, read_config
from prefect.flows import load_flow_from_entrypoint
load_flow_from_entrypoint("stockpot.flows.cook:cook")(configured(read_config({config!r})))
"""


@pytest.fixture(scope="module")
def trees(tmp_path_factory: pytest.TempPathFactory) -> Pot:
    return pot(tmp_path_factory.mktemp("trees"), "trees")


@pytest.fixture(scope="module")
def first(house: House, trees: Pot) -> Ended:
    return house.run("cook", *trees.arguments())


@pytest.fixture(scope="module")
def states(house: House, trees: Pot, first: Ended) -> dict[str, str]:
    return house.states_of(house.runs_of(trees.table)[0])


def bowl(trees: Pot) -> str:
    """The name of the task that blends: it says what is in the bowl."""
    shipped = json.loads((trees.folder / "out" / "figures.json").read_text())["shipped"]
    count = len(shipped["proportions"])
    return f"blend the soup of trees: {shipped['recipe']}, {count} ingredient{'s' if count > 1 else ''}"


def cached(states: dict[str, str]) -> dict[str, str]:
    """Of the stages alone: reading and delivering are never cached."""
    return {name: state for name, state in states.items() if name.startswith(STAGES)}


def test_it_ends_well_and_says_nothing_on_standard_error(first):
    assert (first.code, first.err) == (0, "")


def test_it_tells_the_verdict_and_where_everything_is(first, trees):
    figures = json.loads((trees.folder / "out" / "figures.json").read_text())
    told = " ".join(first.out.split())
    assert figures["shipped"]["sentence"] in told
    assert f"20 rows, the soup, figures and report.html are in {trees.folder / 'out'}" in told


def test_the_folder_holds_what_is_promised(first, trees):
    out = trees.folder / "out"
    assert {path.name for path in out.iterdir()} == {
        "synthetic.csv",
        "soup",
        "figures.json",
        "report.html",
        "summary.png",
        "config.yaml",
    }
    assert pd.read_csv(out / "synthetic.csv").shape == (20, 6)
    assert list(json.loads((out / "figures.json").read_text())["seconds"]) == [
        "base",
        "train",
        "taste",
        "blend",
        "draw",
        "score",
    ]


def test_the_flow_run_is_named_and_completed(house, first, trees):
    (run,) = house.runs_of(trees.table)
    assert run["name"] == "cook 20 rows of trees with field"
    assert run["state_name"] == "Completed"


def test_every_task_is_named_readably_and_completed(states, trees):
    assert set(states.values()) == {"Completed"}
    assert set(states) == {
        f"read {trees.table}",
        "look for 20 rows of trees",
        "train the base of trees",
        *(f"train 1 ingredient [{n}] of trees" for n in range(4)),
        "taste soups of trees",
        bowl(trees),
        "draw 20 rows of trees",
        "score best by loss of trees",
        "score all of trees",
        "score ensemble of trees",
        *(f"score {what} of trees" for what in ("rails", "dots", "sizes")),
        "report on trees",
        f"deliver trees to {trees.folder / 'out'}",
    }


def test_the_verdict_the_picture_the_menagerie_and_the_report_are_artifacts(house, first, trees):
    (run,) = house.runs_of(trees.table)
    found = house.ask("artifacts/filter", artifacts={"flow_run_id": {"any_": [run["id"]]}})
    assert {(one["key"], one["type"]) for one in found} == {
        ("verdict-trees", "markdown"),
        ("picture-trees", "markdown"),
        ("menagerie-trees", "table"),
        ("report-trees", "markdown"),
        ("training-trees", "progress"),
    }


def test_its_progress_is_an_artifact_that_ends_at_all_of_it(house, first, trees):
    (run,) = house.runs_of(trees.table)
    mine = {"flow_run_id": {"any_": [run["id"]]}, "type": {"any_": ["progress"]}}
    (found,) = house.ask("artifacts/filter", artifacts=mine)
    assert (found["data"], found["description"]) == (100.0, "done")


def test_the_librarys_lines_are_in_the_runs_log(house, first, trees):
    (run,) = house.runs_of(trees.table)
    lines = house.ask("logs/filter", logs={"flow_run_id": {"any_": [run["id"]]}}, limit=200)
    ours = [line["message"] for line in lines if line["name"].startswith("stockpot")]
    assert sum(line.startswith("train ") and " of trees: " in line for line in ours) == 4
    assert sum(line.startswith("report ") for line in ours) == 1


def test_a_second_run_ends_at_once_as_cached_and_shows_the_same(house, first, trees):
    before = trees.trained()
    again = house.run("cook", *trees.arguments())
    run = house.runs_of(trees.table)[-1]
    figures = json.loads((trees.folder / "out" / "figures.json").read_text())
    assert (again.code, again.err) == (0, "")
    assert (run["state_type"], run["state_name"]) == ("COMPLETED", "Cached")
    assert run["state"]["message"] == figures["shipped"]["sentence"]
    assert {name.split()[0] for name in house.states_of(run)} == {"read", "look", "deliver"}
    assert trees.trained() == before
    assert again.seconds < first.seconds


def test_a_run_that_lacks_its_report_takes_every_other_stage_from_the_cache(house, first, trees):
    before = trees.trained()
    shutil.rmtree(trees.folder / "store" / "report")
    again = house.run("cook", *trees.arguments())
    states = house.states_of(house.runs_of(trees.table)[-1])
    assert (again.code, again.err) == (0, "")
    assert {name for name, state in states.items() if state != "Cached"} == {
        name for name in states if name.startswith(("read", "look", "report", "deliver"))
    }
    assert trees.trained() == before


def test_the_store_may_be_moved_and_a_server_need_not_know_it(house, first, trees):
    shutil.copytree(trees.folder / "store", trees.folder / "moved")
    shutil.rmtree(trees.folder / "moved" / "soup")
    again = house.run("cook", *trees.arguments(out="of moved", store="moved"))
    states = house.states_of(house.runs_of(trees.table)[-1])
    assert again.code == 0
    assert {name for name, state in cached(states).items() if state != "Cached"} == {bowl(trees)}
    assert trees.soup("of moved") == trees.soup()


def test_damaged_artefacts_behind_cached_results_are_mended_and_no_other_is_made(house, first, trees):
    shutil.copytree(trees.folder / "store", trees.folder / "damaged")
    store = trees.folder / "damaged"
    batch = min((store / "train").iterdir())
    weights = next(batch.glob("*.safetensors"))
    weights.write_bytes(weights.read_bytes()[:-1] + b"x")
    shutil.rmtree(next((store / "soup").iterdir()))
    next((store / "report").glob("*/figures.json")).write_text("")
    again = house.run("cook", *trees.arguments(out="of damaged", store="damaged"))
    made = [
        name
        for name, state in cached(house.states_of(house.runs_of(trees.table)[-1])).items()
        if state != "Cached"
    ]
    assert again.code == 0
    assert sorted(name.split()[0] for name in made) == ["blend", "report", "train"]
    assert trees.soup("of damaged") == trees.soup()


@pytest.mark.parametrize("way", ["module", "worker"])
def test_every_way_to_the_flow_shares_one_cache(house, first, trees, way):
    """A class that is loaded under two names would be two classes, and neither could read the other's
    results.
    """
    before = house.runs_of(trees.table)
    shutil.rmtree(trees.folder / "store" / "soup")
    if way == "module":
        command = [PYTHON, "-m", "flows.cook"]
        again = house.run(*trees.arguments(), command=command)
    else:
        program = LOADED.format(config=str(trees.folder / "out" / "config.yaml"))
        again = house.run(command=[PYTHON, "-c", program])
    (run,) = [one for one in house.runs_of(trees.table) if one["id"] not in {old["id"] for old in before}]
    assert again.code == 0, again.err
    assert {name for name, state in cached(house.states_of(run)).items() if state != "Cached"} == {
        bowl(trees)
    }


@pytest.mark.parametrize("runner", ["processes", "dask", "ray"])
def test_who_runs_the_tasks_changes_no_byte(house, first, trees, runner):
    other = house.run("cook", *trees.arguments(out=runner, store=f"store of {runner}", runner=runner))
    assert (other.code, other.err) == (0, "")
    assert trees.soup(runner) == trees.soup()
    rows = [(trees.folder / out / "synthetic.csv").read_bytes() for out in ("out", runner)]
    assert rows[0] == rows[1]


def test_two_cooks_of_one_configuration_at_once_end_with_the_same_soup(house, first, trees):
    arguments = trees.arguments(out="shared", store="store of two")
    with house.start("cook", *arguments) as one, house.start("cook", *arguments) as other:
        said = [process.communicate(timeout=240)[1] for process in (one, other)]
    assert (one.returncode, other.returncode, *said) == (0, 0, "", "")
    assert trees.soup("shared") == trees.soup()


def test_a_tiny_table_with_a_constant_and_an_empty_column_cooks_with_notes(house, tmp_path):
    small = pot(tmp_path, "tiny", rows=10)
    rows = pd.read_csv(small.table)
    rows.assign(same="oak", nothing=None).to_csv(small.table, index=False)
    ended = house.run("cook", *small.arguments())
    notes = [line for line in ended.out.splitlines() if line.startswith("Note: ")]
    assert (ended.code, ended.err) == (0, "")
    for part in ("The table has 10 rows", "'same'", "'nothing'"):
        assert sum(part in note for note in notes) == 1, notes
    drawn = pd.read_csv(tmp_path / "out" / "synthetic.csv")
    assert set(drawn["same"]) == {"oak"}
    assert drawn["nothing"].isna().all()


def test_constraints_hold_in_every_set_of_a_cook(house, tmp_path):
    rule = "healthy | (count >= 3)"
    few = pot(tmp_path, "bound", rows=60, constraints=[rule], constraints_force=True, sets=2)
    ended = house.run("cook", *few.arguments())
    assert (ended.code, ended.err) == (0, "")
    assert "One constraint holds in every drawn row" in " ".join(ended.out.split())
    first, second = (pd.read_csv(tmp_path / "out" / f"synthetic-{number}.csv") for number in (1, 2))
    assert not first.equals(second)
    assert all((rows["healthy"] | (rows["count"] >= 3)).all() for rows in (first, second))
