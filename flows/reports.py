"""A small server of cooks' reports, so that a link in the Prefect UI opens one: on loopback, and no more."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

KINDS = {"report.html": "text/html; charset=utf-8", "summary.png": "image/png"}
PATH = re.compile(r"/([0-9a-f]+)/(report\.html|summary\.png)")


class Reports(ThreadingHTTPServer):
    """``GET /<key>/report.html`` and ``/<key>/summary.png`` out of a folder of reports."""

    daemon_threads = True

    def __init__(self, folder: Path, port: int) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.folder = folder

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Reports

    def do_GET(self) -> None:
        asked = PATH.fullmatch(self.path)
        if self.headers.get("Host") not in self._names():  # a stranger's page that calls itself so
            self.send_error(HTTPStatus.FORBIDDEN, "Only as 127.0.0.1 or localhost")
        elif not asked:
            self.send_error(HTTPStatus.NOT_FOUND, "Only reports are here")
        else:
            self._send(*asked.groups())

    def _names(self) -> set[str]:
        return {f"{name}:{self.server.server_port}" for name in ("127.0.0.1", "localhost")}

    def _send(self, key: str, name: str) -> None:
        try:
            content = (self.server.folder / key / name).read_bytes()
        except OSError:
            self.send_error(HTTPStatus.NOT_FOUND, "This report is not in the store any more")
            return
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", KINDS[name])
        self.send_header("Content-Length", str(len(content)))
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is its parent's
        """Nobody asked."""


@contextmanager
def opened(server: Reports) -> Iterator[str]:
    """Serve in a thread; yields the address."""
    with server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server.address
        finally:
            server.shutdown()
            thread.join()
