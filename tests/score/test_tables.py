import numpy as np
import pandas as pd
import pytest

from stockpot.errors import TableError
from stockpot.score.privacy import copy_rate
from stockpot.score.quality import quality
from stockpot.score.tables import score_tables


def table(rows, seed=0):
    draw = np.random.RandomState(seed)
    frame = pd.DataFrame({"n": draw.normal(size=rows).round(1), "c": draw.choice(["a", "b"], rows)})
    return frame.sort_values("c", ignore_index=True)  # as files often come


REAL, UNSEEN, DRAWN = table(40, 1), table(30, 2), table(60, 3)


def test_lines_stand_between_their_rails():
    found = score_tables(REAL, DRAWN, UNSEEN)
    line = found.line("quality")
    assert line.synthetic == quality(REAL, DRAWN)
    assert line.unseen == quality(REAL, UNSEEN)
    assert found.line("copy_rate").copy == 1
    assert found.line("copy_rate").unseen == copy_rate(REAL, UNSEEN)
    assert found.line("quality_holdout").reference == quality(UNSEEN, REAL)
    assert found.quality.value == pytest.approx(line.synthetic, abs=1e-4)


def test_without_a_holdout_nothing_is_said_of_one():
    found = score_tables(REAL, DRAWN)
    assert not [line.name for line in found.lines if "holdout" in line.name or line.name == "nearer_train"]
    assert all(line.unseen is None for line in found.lines)
    assert all(line.reference is not None for line in found.lines)


def test_the_real_rows_themselves_are_copies():
    found = score_tables(REAL, REAL, UNSEEN)
    assert found.line("fidelity").synthetic == pytest.approx(100)
    assert found.line("copy_rate").synthetic == 1
    assert found.line("new_rows").synthetic == 0
    assert found.line("nearest").synthetic == 0
    assert found.line("nearer_train").synthetic > 0.6


def test_the_same_tables_score_the_same():
    assert score_tables(REAL, DRAWN, UNSEEN).lines == score_tables(REAL, DRAWN, UNSEEN).lines


def test_a_synthetic_table_that_lacks_a_column_is_named():
    with pytest.raises(TableError, match="The synthetic table lacks column 'c'"):
        score_tables(REAL, DRAWN.drop(columns="c"))


def test_one_row_is_too_few():
    with pytest.raises(TableError, match="The holdout table has 1 rows"):
        score_tables(REAL, DRAWN, UNSEEN[:1])


def test_columns_that_are_not_scored_are_told():
    found = score_tables(
        REAL.assign(id=1), DRAWN.assign(id=1, extra=2), kinds={"n": "numerical", "c": "categorical"}
    )
    assert len(found.notes) == 2
    assert "'id' of the real table" in found.notes[0]
    assert "'extra' of the synthetic table" in found.notes[1]


def test_an_odd_table_is_scored():
    odd = pd.DataFrame({"one": [1.0] * 4, "empty": [np.nan] * 4, "b": [True, False, True, None]})
    found = score_tables(odd, odd[:2], odd[2:])
    assert found.line("copy_rate").synthetic == 1
