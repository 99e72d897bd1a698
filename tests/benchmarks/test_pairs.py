"""What a soup of two gains, and which pairs cannot be judged."""

import pytest

from stockpot.benchmarks.pairs import Outcome, Pair, sentence, table_of


def test_a_pair_is_compared_with_the_better_of_its_two():
    assert Pair(60.0, 64.0, 70.0).gain == 6.0
    assert Pair(None, 64.0, 70.0).gain == 6.0


@pytest.mark.parametrize("pair", [Pair(None, None, 70.0), Pair(60.0, 64.0, None)])
def test_a_pair_without_valid_rows_has_no_gain(pair):
    assert pair.gain is None


def test_pairs_of_a_seed_are_averaged_before_seeds_are():
    many = Outcome(0, (Pair(60.0, 60.0, 62.0),) * 3, 75.0, 76.0)
    one = Outcome(1, (Pair(60.0, 60.0, 66.0), Pair(None, None, None)), None, 76.0)
    assert sentence([many, one]).startswith(
        "Quality of a soup of two less that of the better of its two: +4.0 ("
    )
    assert table_of([many, one]).splitlines()[2:] == [
        "| 0 | 76.0 | 60.0 | 62.0 | 75.0 | 2.0 | 3 of 3 |",
        "| 1 | 76.0 | 60.0 | 66.0 | - | 6.0 | 1 of 2 |",
    ]
    assert sentence([Outcome(0, (), None, None)]) == "No pair could be judged."
