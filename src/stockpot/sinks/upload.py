"""Rows behind a URL: written to a file here, uploaded when it is whole."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from stockpot.remote import ATOMIC
from stockpot.sources.fetch import reached, world


@contextmanager
def uploaded(url: str) -> Iterator[IO[bytes]]:
    """A file here; it gets to the URL when all went well."""
    files, path = reached(url)
    with tempfile.TemporaryDirectory(prefix="stockpot-") as scratch:
        here = Path(scratch) / "rows"
        with here.open("wb") as file:
            yield file
        with world(url):
            if url.partition("://")[0] in ATOMIC:
                files.put_file(str(here), path)
                return
            files.makedirs(os.path.dirname(path), exist_ok=True)  # noqa: PTH120 - of a path elsewhere
            part = f"{path}.{secrets.token_hex(4)}.part"
            files.put_file(str(here), part)
            files.mv(part, path)
