"""Programs that come from Debian's packages, not from Python's: a test that needs one says so."""

from __future__ import annotations

import os
import shutil

import pytest

ALL = "STOCKPOT_TEST_ALL"
"""With 1 in the environment nothing is skipped: a test whose program is not there fails."""


def needs(*programs: str, path: str | None = None) -> pytest.MarkDecorator:
    """Skip the test, with a sentence, where a program is not found; where everything must run, run it.

    ``path``: where to look, if not in $PATH.
    """
    lacking = [program for program in programs if shutil.which(program, path=path) is None]
    must = os.environ.get(ALL) == "1"
    reason = f"{' and '.join(lacking)} not found: install it to run this test"
    return pytest.mark.skipif(bool(lacking) and not must, reason=reason)
