"""One server for all whole runs of a test process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.house import House, processes_of, server


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
