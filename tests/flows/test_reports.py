"""The server of reports gives reports, to this machine."""

from __future__ import annotations

from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from stockpot.flows.reports import Reports, opened

KEY = "0a1b"


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    folder = tmp_path / "report" / KEY
    folder.mkdir(parents=True)
    for name in ("report.html", "summary.png", "figures.json"):
        (folder / name).write_bytes(name.encode())
    (tmp_path / "report.html").write_bytes(b"a neighbour")
    server = Reports(tmp_path / "report", 0)
    with opened(server):
        yield server.server_port


def ask(port: int, path: str, host: str | None = None) -> tuple[int, str, bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path, headers={"Host": host or f"127.0.0.1:{port}"})
        answer = connection.getresponse()
        return answer.status, answer.headers["Content-Type"], answer.read()
    finally:
        connection.close()


def test_a_report_and_its_picture_are_given(port):
    assert ask(port, f"/{KEY}/report.html") == (200, "text/html; charset=utf-8", b"report.html")
    assert ask(port, f"/{KEY}/summary.png", f"localhost:{port}") == (200, "image/png", b"summary.png")


@pytest.mark.parametrize(
    "path",
    [
        "/",
        f"/{KEY}",
        f"/{KEY}/",
        f"/{KEY}/figures.json",
        f"/{KEY}/report.html?x",
        f"/{KEY}/../../report.html",
        "/../report.html",
        "/%2e%2e/report.html",
        "/ff/report.html",
    ],
)
def test_nothing_else_is_given(port, path):
    assert ask(port, path)[0] == 404


@pytest.mark.parametrize(
    "host", ["elsewhere.example", "127.0.0.1", "127.0.0.1:1", "localhost.elsewhere.example"]
)
def test_a_page_of_elsewhere_that_names_this_machine_is_refused(port, host):
    assert ask(port, f"/{KEY}/report.html", host)[0] == 403
