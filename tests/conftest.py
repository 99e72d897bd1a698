"""One S3 server for all tests of a process that need one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.s3 import Server, Shared, become, forget, s3_server


@pytest.fixture(scope="session")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A real one, on loopback; it is gone at the end."""
    with s3_server(tmp_path_factory.mktemp("s3")) as server:
        yield server


@pytest.fixture
def owner(s3: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The environment of the bucket's owner."""
    become(monkeypatch, s3.bucket.environment())
    yield
    forget()


@pytest.fixture(params=["s3", "file"])
def shared(request: pytest.FixtureRequest, tmp_path: Path) -> Shared:
    """A bucket of a real S3 server, or a folder behind file://."""
    if request.param == "file":
        return Shared(f"file://{tmp_path}/far", tmp_path)
    request.getfixturevalue("owner")
    server: Server = request.getfixturevalue("s3")
    return Shared(server.bucket.url(re.sub(r"\W+", "-", tmp_path.name)), tmp_path)
