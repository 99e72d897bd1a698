import numpy as np
import pandas as pd
import pytest
from sdmetrics.reports.utils import DEFAULT_REAL_ASSOCIATION_THRESHOLD, DEFAULT_REAL_CORRELATION_THRESHOLD

from stockpot.score.quality import ASSOCIATION, CORRELATION, QualityTo, quality
from stockpot.score.reports import quality_report


def table(rows, seed):
    draw = np.random.RandomState(seed)
    level = draw.randint(0, 3, rows)
    frame = pd.DataFrame(
        {
            "n": level + draw.normal(size=rows).round(2),
            "m": 2.0 * level + draw.normal(size=rows).round(1),
            "one": np.ones(rows),
            "empty": np.full(rows, np.nan),
            "c": np.array(["a", "b", "c"])[level],
            "d": draw.choice(["x", "y"], rows),
            "b": level > 0,
        }
    )
    frame.loc[draw.rand(rows) < 0.1, "m"] = np.nan
    frame.loc[draw.rand(rows) < 0.1, "c"] = None
    return frame


@pytest.mark.parametrize("seed", range(3))
def test_quality_is_the_reports(seed):
    real, other = table(60, seed), table(300, seed + 50)
    report, ours = quality_report(real, other), QualityTo.of(real).score(other)
    assert ours.value == pytest.approx(report.value, abs=1e-4)
    assert ours.column_shapes == pytest.approx(report.column_shapes, abs=1e-4)
    assert ours.pair_trends == pytest.approx(report.pair_trends, abs=1e-4)


def test_every_line_of_the_reports_details_agrees():
    real, other = table(60, 3), table(200, 4)
    report, ours = quality_report(real, other), QualityTo.of(real).score(other)
    for a, b in zip(report.shapes + report.trends, ours.shapes + ours.trends, strict=True):
        assert a.metric == b.metric
        assert a.score == pytest.approx(b.score, abs=1e-6)
    assert [t.counts for t in report.trends] == [t.counts for t in ours.trends]


def test_an_unseen_category_and_a_constant_side_score_as_in_the_report():
    real, other = table(60, 7), table(90, 8)
    other["c"], other["n"] = "new", 1.0
    assert quality(real, other) == pytest.approx(quality_report(real, other).value, abs=1e-4)


def test_the_thresholds_are_the_reports():
    assert (CORRELATION, ASSOCIATION) == (
        DEFAULT_REAL_CORRELATION_THRESHOLD,
        DEFAULT_REAL_ASSOCIATION_THRESHOLD,
    )


def test_quality_of_one_column_is_its_shape():
    assert quality(pd.DataFrame({"c": ["a", "b"]}), pd.DataFrame({"c": ["a", "a"]})) == pytest.approx(50)


def test_nothing_to_compare_is_nan():
    assert np.isnan(quality(pd.DataFrame({"n": [np.nan]}), pd.DataFrame({"n": [np.nan]})))
