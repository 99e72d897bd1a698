"""The programs that measure what orchestration costs: they measure, and print rows of a table."""

from __future__ import annotations

from tests.e2e.house import PYTHON, House, pot


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|\n").split("|")]


def test_a_runner_is_measured_on_the_server_that_runs(house: House):
    command = [PYTHON, "-m", "stockpot.flows.overhead"]
    ended = house.run("threads", "--tasks", 3, "--ingredients", 16, command=command)
    assert ended.code == 0, ended.err
    runner, server, start, tasks, seconds, idle, empty = cells(ended.out)
    assert (runner, server, tasks) == ("threads", "running", "6")
    assert all(float(cell.removesuffix("%")) >= 0 for cell in (start, seconds, idle, empty))


def test_what_a_cook_spends_outside_its_tasks_is_told_for_the_whole_and_for_the_cached(house, tmp_path):
    trees = pot(tmp_path, "maple")
    command = [PYTHON, "-m", "stockpot.flows.outside"]
    ended = house.run(trees.table, "--config", trees.config, command=command)
    assert ended.code == 0, ended.err
    whole, cached = (cells(line) for line in ended.out.splitlines())
    assert (whole[0], cached[0]) == ("whole", "cached")
    for _, took, outside in (whole, cached):
        assert 0 < float(outside) < float(took)
