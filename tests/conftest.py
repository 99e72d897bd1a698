"""One S3 server for all tests of a process that need one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.s3 import Server, s3_server


@pytest.fixture(scope="session")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A real one, on loopback; it is gone at the end."""
    with s3_server(tmp_path_factory.mktemp("s3")) as server:
        yield server
