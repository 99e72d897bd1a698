"""Tables of other libraries, in and out."""

from __future__ import annotations

import datasets
import pandas as pd
import pyarrow as pa
import pytest

from stockpot.errors import TableError
from stockpot.exchange import dataset_of, frame_of
from stockpot.table import of_frame
from tests.small import frame, quick


@pytest.fixture
def data():
    features = datasets.Features(
        {
            "count": datasets.Value("int32"),
            "sold": datasets.Value("bool"),
            "kind": datasets.ClassLabel(names=["oak", "elm", "ash"]),
            "word": datasets.Value("string"),
            "size": datasets.Value("float32"),
        }
    )
    rows = 8
    return datasets.Dataset.from_dict(
        {
            "count": [None, *range(1, rows)],
            "sold": [None, *[True, False] * 3, True],
            "kind": [0, 1, 0, 1, 0, 1, 0, None],
            "word": ["a", None, *["b", "c"] * 3],
            "size": [0.5] * rows,
        },
        features=features,
    )


def test_a_dataset_comes_back_with_its_features(data):
    table = of_frame(frame_of(data))
    again = dataset_of(table.frame, table.schema)
    assert again.features == data.features
    assert again[:] == data[:]


def test_a_datasets_own_order_and_choice_of_rows_are_heeded(data):
    assert frame_of(data.select([3, 1]))["count"].tolist() == [3, 1]


def test_one_split_is_taken_and_of_several_one_must_be_named(data):
    one = datasets.DatasetDict({"train": data})
    assert len(frame_of(one)) == 8
    with pytest.raises(TableError, match=r"2 splits \('train', 'test'\)"):
        frame_of(datasets.DatasetDict({"train": data, "test": data}))


def test_a_stream_is_told_to_be_loaded(data):
    with pytest.raises(TableError, match="streaming"):
        frame_of(data.to_iterable_dataset())


def test_an_arrow_table_keeps_what_it_holds():
    table = pa.table({"n": pa.array([1, None], pa.int8()), "w": pa.array(["a", "b"]).dictionary_encode()})
    found = frame_of(table)
    assert [str(dtype) for dtype in found.dtypes] == ["Int8", "category"]


def test_whatever_has_an_arrow_table_is_one():
    class Other:
        def to_arrow(self):
            return pa.table({"n": [1, 2]})

    assert frame_of(Other())["n"].tolist() == [1, 2]


def test_a_frame_is_left_alone_and_what_is_no_table_is_refused_later():
    rows = frame(8)
    assert frame_of(rows) is rows
    with pytest.raises(TableError, match="is a list: give a DataFrame"):
        quick([1, 2, 3])


def test_a_soup_of_a_dataset_draws_one():
    rows = frame(40)
    data = dataset_of(rows, of_frame(rows).schema)
    drawn = quick(data, folds=0).to_dataset(20, seed=1)
    assert drawn.num_rows == 20
    assert drawn.features == data.features
    assert drawn.features["grade"].names == ["low", "high"]


def test_what_to_dataset_draws_is_what_sample_draws():
    soup = quick(frame(40), folds=0)
    rows = soup.sample(10, seed=2)
    pd.testing.assert_frame_equal(
        soup.to_dataset(10, seed=2).to_pandas()[["size", "count", "healthy"]],
        rows[["size", "count", "healthy"]],
    )


def test_empty_blocks_keep_their_types():
    rows = frame(40).assign(kind=None)
    assert dataset_of(rows, of_frame(frame(40)).schema).features["kind"] == datasets.Value("string")
