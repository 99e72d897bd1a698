"""The page of faults: every row names a test that exists, and every test of a fault has a row."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
ROWS = [line for line in PAGE.splitlines() if line.startswith("| ")][2:]
FAULTS = sorted((ROOT / "tests" / "e2e").glob("test_faults_*.py"))


def names_in(*paths: Path) -> set[str]:
    found = (re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE) for path in paths)
    return {name for names in found for name in names}


@pytest.mark.parametrize("row", ROWS)
def test_every_fault_names_a_test_that_exists(row):
    named = re.findall(r"`(test_\w+)`", row.rsplit("|", 2)[1])
    assert named, row
    assert set(named) <= names_in(*(ROOT / "tests").rglob("test_*.py"))


def test_every_test_of_a_fault_is_in_the_table():
    assert names_in(*FAULTS) <= set(re.findall(r"`(test_\w+)`", PAGE))
