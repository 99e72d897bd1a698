import warnings

import numpy as np
import pandas as pd
from sdmetrics.single_table import NewRowSynthesis

from stockpot.score.align import align, kinds_of
from stockpot.score.reports import diagnostic_report, new_rows, quality_report


def test_a_value_out_of_range_lowers_the_diagnostic():
    real = pd.DataFrame({"n": [1, 2, 3, 4], "c": ["a", "b", "a", "b"]})
    other = pd.DataFrame({"n": [1, 2, 3, 9], "c": ["a", "b", "a", "b"]})
    found = diagnostic_report(real, other)
    assert [(s.column, s.score) for s in found.columns] == [("n", 0.75), ("c", 1.0)]
    assert found.value == 100 * (0.875 + 1) / 2


def test_reports_print_nothing(capfd):
    real = pd.DataFrame({"n": [1, 2, 3], "c": ["a", "b", "a"], "one": [1, 1, 1]})
    quality_report(real, real)
    diagnostic_report(real, real)
    assert capfd.readouterr() == ("", "")


def test_numbers_within_a_percent_and_missing_values_match():
    real = pd.DataFrame({"n": [100.0, np.nan, 7.0], "c": ["a", "b", None]})
    other = pd.DataFrame({"n": [100.9, np.nan, 7.0, 7.0, 102.0], "c": ["a", "b", None, "a", "a"]})
    assert new_rows(real, other) == 2 / 5


def test_new_rows_is_newrowsynthesis():
    draw = np.random.RandomState(0)

    def table(rows):
        frame = pd.DataFrame(
            {"n": draw.randint(0, 4, rows).astype(float), "c": draw.choice(["a", "b"], rows)}
        )
        frame["m"] = np.where(draw.rand(rows) < 0.2, np.nan, draw.randint(0, 3, rows))
        return frame.assign(d=np.where(draw.rand(rows) < 0.3, None, "x"))

    real, other = table(15), table(60)
    kinds = kinds_of(real)
    metadata = {"columns": {name: {"sdtype": kind} for name, kind in kinds.items()}}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        truth = NewRowSynthesis.compute(align(real, kinds), align(other, kinds), metadata)
    assert new_rows(real, other) == truth
    assert 0 < truth < 1
