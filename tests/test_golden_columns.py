"""What each column of the benchmark's tables is: a person looked at every one, whatever the code says."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from stockpot.benchmarks.protocol import items, load
from stockpot.schema import detect

GOLDEN = json.loads((Path(__file__).parent / "golden" / "columns.json").read_text(encoding="utf-8"))
ITEMS = [item for which in ("tables", "truth", "tuning") for item in items(which)]
ROWS = 2000


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: f"{item.package}/{item.name}")
def test_every_column_is_what_a_person_says(item):
    found = detect(load(replace(item, drop=())).head(ROWS))
    assert {column.name: column.sdtype for column in found.columns} == GOLDEN[f"{item.package}/{item.name}"]
