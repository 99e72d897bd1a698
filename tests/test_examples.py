"""The example table is what its script makes, and nothing else."""

import pandas as pd
import pytest

from examples.make_penguins import dealt, penguins

CSV = "examples/penguins.csv"


def test_penguins_csv_is_what_its_script_makes(pytestconfig: pytest.Config) -> None:
    made = dealt(penguins()).to_csv(index=False, lineterminator="\n")
    assert (pytestconfig.rootpath / CSV).read_text() == made


def test_penguins_csv_has_80_rows_8_columns_and_nothing_missing(pytestconfig: pytest.Config) -> None:
    table = pd.read_csv(pytestconfig.rootpath / CSV)
    assert table.shape == (80, 8)
    assert table.notna().all(axis=None)
