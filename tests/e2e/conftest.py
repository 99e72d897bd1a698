"""One server for all whole runs of a test process."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.house import House, Pot, pot, processes_of, server
from tests.e2e.trouble import SLOW

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # a shell's background: what the tests start would inherit it, and a Prefect worker would never end
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here is a whole run."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house with a lasting server; at the end nothing of it still runs."""
    home = tmp_path_factory.mktemp("prefect")
    with server(home) as made:
        yield made
    assert processes_of(home) == []


@pytest.fixture(scope="session")
def undisturbed(house: House, tmp_path_factory: pytest.TempPathFactory) -> Pot:
    """A quick cook that nothing befell: a table's name and the store change nothing in the soup."""
    return _cooked(house, pot(tmp_path_factory.mktemp("undisturbed"), "undisturbed"))


@pytest.fixture(scope="session")
def undisturbed_slow(house: House, tmp_path_factory: pytest.TempPathFactory) -> Pot:
    """Likewise, of the slow configuration."""
    return _cooked(house, pot(tmp_path_factory.mktemp("undisturbed"), "undisturbed slow", **SLOW))


def _cooked(house: House, trees: Pot) -> Pot:
    ended = house.run("cook", *trees.arguments())
    assert (ended.code, ended.err) == (0, "")
    return trees
