"""The temporary server of a cook by hand: waited for, and told in a sentence when it does not come."""

from __future__ import annotations

import sys

from tests.e2e.house import House, pot, processes_of
from tests.e2e.test_serve import until

HURRIED = """
import os, sys
os.environ["PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS"] = "1"
from stockpot.flows.cli import main
main(["cook", *sys.argv[1:]])
"""


def test_a_temporary_server_that_is_late_is_told_in_a_sentence_and_none_is_left(tmp_path):
    trees = pot(tmp_path / "trees", "late")
    ended = House(tmp_path, None).run(*trees.arguments(), command=[sys.executable, "-c", HURRIED])
    assert ended.code == 1
    assert ended.err.startswith("stockpot: The temporary Prefect server was not ready after 1 s: ")
    assert ended.err.count("\n") == 1
    assert "stockpot serve" in ended.err
    until(lambda: not processes_of(tmp_path))


def test_a_server_of_prefects_profile_is_asked_and_no_temporary_one_is_started(tmp_path):
    trees = pot(tmp_path / "trees", "profile")
    profile = 'active = "team"\n[profiles.team]\nPREFECT_API_URL = "http://127.0.0.1:9/api"\n'
    (tmp_path / "profiles.toml").write_text(profile)
    ended = House(tmp_path, None).run("cook", *trees.arguments())
    assert ended.code == 2
    assert ended.err.startswith("stockpot: No Prefect server answers at http://127.0.0.1:9/api")
    assert ended.err.count("\n") == 1
    assert "temporary one (" not in ended.out
