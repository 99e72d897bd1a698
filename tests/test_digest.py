"""Digests name values, not how they are stored."""

import subprocess
import sys
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from stockpot.digest import digest, frame_digest


@dataclass(frozen=True)
class Knob:
    rate: float
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Dial:
    rate: float
    names: tuple[str, ...] = ()


def frame(**columns):
    return pd.DataFrame(columns)


def test_digest_is_32_hexadecimal_digits_and_the_same_in_every_version():
    assert digest("a", 1) == "919759daf83ac5e831de5b14203413be"


def test_frame_digest_is_the_same_in_every_version():
    table = frame(a=[1, 2], b=["x", None], c=[True, False], d=pd.to_datetime(["2020-01-02", None]))
    assert frame_digest(table) == "d480ca08241a0ac6a1e3871118e48766"


def test_digest_is_the_same_in_another_process():
    code = "from stockpot.digest import digest; print(digest({'b': [1.5, None], 'a': 'x'}, (True,)))"
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": "1"}
    )
    assert told.stdout.strip() == digest({"a": "x", "b": [1.5, None]}, [True])


def test_digest_tells_values_of_different_types_apart():
    values = [
        1,
        1.0,
        True,
        "1",
        b"1",
        None,
        [1],
        {"1": 1},
        np.array([1]),
        np.array([1.0]),
        Knob(1.0),
        Dial(1.0),
    ]
    assert len({digest(v) for v in values}) == len(values)


def test_digest_tells_where_one_part_ends_and_the_next_begins():
    assert (
        len({digest("ab", "c"), digest("a", "bc"), digest("abc"), digest(["ab", "c"]), digest(["ab"], "c")})
        == 5
    )


def test_digest_knows_what_json_cannot_tell_apart_as_one():
    assert digest((1, 2)) == digest([1, 2])
    assert digest(np.float64(0.5)) == digest(0.5)
    assert digest(Knob(0.1, ("a",))) == digest(Knob(0.1, ("a",))) != digest(Knob(0.2, ("a",)))


def test_digest_of_an_array_ignores_byte_order_and_layout_but_not_shape():
    array = np.arange(6, dtype="<i4").reshape(2, 3)
    assert digest(array) == digest(array.astype(">i4")) == digest(np.asfortranarray(array))
    assert digest(array) != digest(array.reshape(3, 2))


def test_digest_refuses_what_it_cannot_name():
    with pytest.raises(TypeError, match="A set has no digest"):
        digest({1, 2})


@pytest.mark.parametrize(
    "other",
    [
        frame(a=[1.0, 2.0], b=["x", np.nan]),
        frame(a=np.array([1, 2], dtype="int8"), b=["x", pd.NA]),
        frame(a=pd.array([1, 2], dtype="Int64"), b=pd.array(["x", None], dtype="string")),
        frame(a=[1, 2], b=pd.Categorical(["x", None], categories=["y", "x"])),
        frame(a=pd.Series([1, 2], dtype=object), b=["x", None]).set_index(pd.Index([7, 8])),
    ],
)
def test_frame_digest_ignores_how_values_are_stored(other):
    assert frame_digest(other) == frame_digest(frame(a=[1, 2], b=["x", None]))


@pytest.mark.parametrize(
    "other",
    [
        frame(a=["1", "2"], b=["x", None]),
        frame(a=[1, 2], b=["x", "None"]),
        frame(a=[1, 2], b=["x", ""]),
        frame(a=[2, 1], b=["x", None]),
        frame(a=[True, False], b=["x", None]),
        frame(b=["x", None], a=[1, 2]),
        frame(a=[1, 2], c=["x", None]),
        frame(a=[1, 2, 3], b=["x", None, None]),
    ],
)
def test_frame_digest_sees_every_value_kind_name_and_order(other):
    assert frame_digest(other) != frame_digest(frame(a=[1, 2], b=["x", None]))


def test_frame_digest_of_float32_is_that_of_what_it_prints_as():
    assert frame_digest(frame(a=np.array([0.1, 0.2], "f4"))) == frame_digest(frame(a=[0.1, 0.2]))


def test_frame_digest_ignores_the_sign_of_zero_and_which_nan():
    odd = np.array([0x7FF8000000000001], dtype="u8").view("f8")[0]
    assert frame_digest(frame(a=[-0.0, odd])) == frame_digest(frame(a=[0.0, np.nan]))


def test_frame_digest_tells_neighbouring_large_integers_apart():
    assert frame_digest(frame(a=[2**60, 1])) != frame_digest(frame(a=[2**60 + 1, 1]))


def test_frame_digest_takes_days_as_the_text_that_a_csv_holds():
    assert frame_digest(frame(a=pd.to_datetime(["2020-01-02", None]))) == frame_digest(
        frame(a=["2020-01-02", None])
    )


def test_frame_digest_gives_an_empty_column_no_kind():
    assert frame_digest(frame(a=[None, None])) == frame_digest(frame(a=[np.nan, np.nan]))


def test_frame_digest_tells_missing_texts_apart_from_where_a_text_ends():
    assert frame_digest(frame(a=["ab", "c"])) != frame_digest(frame(a=["a", "bc"]))
