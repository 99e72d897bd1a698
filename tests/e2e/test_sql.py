"""Rows from a real PostgreSQL, and back into it."""

from __future__ import annotations

import pandas as pd
import pytest

from stockpot.errors import UserError
from stockpot.schema import detect
from stockpot.sources.asked import Source
from stockpot.sources.database import PASSWORD
from stockpot.table import of_frame, read
from stockpot.writing import open_writer
from tests.e2e import test_postgres
from tests.e2e.needs import needs

pytestmark = needs("initdb", path=test_postgres.PATH)
database = test_postgres.database


def rows() -> pd.DataFrame:
    """Of every type that a column may have."""
    return pd.DataFrame(
        {
            "whole": [3, 1, 4, 1, 5, 9, 2, 6] * 2,
            "gaps": [1.0, None, 3, 4, 5, 6, 7, 9] * 2,
            "decimal": [39.1, 40.0, 0.5, 1, 2, 3, 4, 5] * 2,
            "flag": [True, False] * 8,
            "maybe": [True, None, False, None] * 4,
            "word": ["a; b", None, "NA", "é"] * 4,
            "when": pd.to_datetime(["2020-01-02 03:04:05", None] * 8),
            "day": [pd.Timestamp("2020-01-02").date(), None] * 8,
        }
    )


def test_a_postgresql_gives_and_takes_rows(database, monkeypatch):
    monkeypatch.setenv(PASSWORD, test_postgres.PASSWORD)
    frame, url = rows(), f"postgresql://prefect@127.0.0.1:{database.port}/prefect"
    with open_writer(f"{url}?table=public.trees", detect(frame)) as writer:
        for start in range(0, len(frame), 5):
            writer.write(frame[start : start + 5])
    back = read(f"{url}?table=trees")
    assert back.digest == of_frame(frame).digest
    assert [str(d).split("[")[0] for d in back.frame.dtypes] == [str(d).split("[")[0] for d in frame.dtypes]
    asked = "select avg(whole) as mean, word from trees group by word, whole"
    assert (
        str(read(url, source=Source(query=asked)).frame["mean"].dtype) == "float64"
    )  # numeric comes as Decimal

    for query, told in (
        ("select c from trees", 'column "c" does not exist'),
        ("select * from trees where whole > 99", "The query gives no rows"),
        ("select * from oaks", 'relation "oaks" does not exist'),
    ):
        with pytest.raises(UserError, match=told):
            read(url, source=Source(query=query))
    with (
        pytest.raises(UserError, match="has a table 'trees': name another"),
        open_writer(f"{url}?table=trees", detect(frame)),
    ):
        pass
    monkeypatch.setenv(PASSWORD, "wrong")
    with pytest.raises(UserError, match=rf"password authentication failed.*\(in {PASSWORD}\)"):
        read(f"{url}?table=trees")
