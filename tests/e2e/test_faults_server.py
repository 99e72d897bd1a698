"""The Prefect server goes away in the middle of a cook, and comes back, or does not."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.e2e.house import ENDED, Pot, pot
from tests.e2e.trouble import KEPT, SLOW, Server, own_server, until


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with own_server(tmp_path_factory.mktemp("own")) as server:
        yield server


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGTERM], ids=lambda sign: sign.name)
def test_a_cook_outlives_a_server_that_goes_and_comes_back(
    own: Server, undisturbed_slow: Pot, tmp_path, sign
):
    trees = pot(tmp_path, f"server-{sign.name}", **SLOW)
    with own.house.start("cook", *trees.arguments(workers=1)) as process:
        until(lambda: bool(trees.trained()), process)
        own.end(sign)
        own.start()  # which takes some seconds
        _, err = process.communicate(timeout=240)
    assert (process.returncode, err) == (0, "")
    assert trees.soup() == undisturbed_slow.soup()
    (run,) = own.house.runs_of(trees.table)
    assert run["state_name"] == "Completed"
    assert {task["state_type"] for task in own.house.tasks_of(run)} <= ENDED


def test_a_cook_whose_server_never_comes_back_says_so_and_goes_on_with_another(
    own: Server, undisturbed_slow: Pot, tmp_path
):
    trees = pot(tmp_path, "server-gone", **SLOW)
    soon = replace(own.house, extra={"PREFECT_CLIENT_MAX_RETRIES": "1"})  # Prefect's own patience is a minute
    with soon.start("cook", *trees.arguments(workers=1)) as process:
        until(lambda: bool(trees.trained()), process)
        own.end(signal.SIGKILL)
        _, err = process.communicate(timeout=240)
    kept = trees.trained()
    own.start()
    assert process.returncode == 1
    assert err.endswith(f"\nstockpot: the Prefect server went away (ConnectError): start it again. {KEPT}\n")
    assert "Traceback" not in err
    assert own.house.run("cook", *trees.arguments()).code == 0
    assert {key: made for key, made in trees.trained().items() if key in kept} == kept
    assert trees.soup() == undisturbed_slow.soup()
