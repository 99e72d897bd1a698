"""Time that lies in some interval."""

from datetime import UTC, datetime, timedelta

import pytest

from stockpot.flows.outside import union_seconds

NOON = datetime(2020, 1, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("spans", "seconds"),
    [
        ([], 0),
        ([(0, 2)], 2),
        ([(0, 2), (5, 6)], 3),
        ([(5, 6), (0, 2), (1, 3)], 4),
        ([(0, 9), (1, 2), (3, 4)], 9),
    ],
)
def test_time_in_several_intervals_counts_once(spans, seconds):
    intervals = [(NOON + timedelta(seconds=a), NOON + timedelta(seconds=b)) for a, b in spans]
    assert union_seconds(intervals) == seconds
