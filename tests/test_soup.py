"""The soup as Python sees it: rows like the table's, the same from the same seed, and nobody's value."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import stockpot
from stockpot.draw import BLOCK
from stockpot.errors import ConfigError, SchemaError, TableError
from stockpot.score.align import kinds_of
from stockpot.score.privacy import verbatim
from stockpot.soup import Soup
from stockpot.table import of_frame
from tests.small import QUICK, frame, quick

FAR, SHARED, PLACE = 987654.321, 41.25, "Zanzibar-Unique"


@pytest.fixture(scope="module")
def table():
    return frame(60)


@pytest.fixture(scope="module")
def soup(table):
    return quick(table)


def test_rows_have_the_tables_columns_order_and_dtypes(table, soup):
    rows = soup.sample(200)
    assert list(rows) == list(table)
    assert (rows.dtypes == table.dtypes).all()
    assert len(rows) == 200
    assert rows.index.tolist() == list(range(200))


def test_numbers_keep_precision_and_range(table, soup):
    rows = soup.sample(500)
    size = rows["size"].dropna()
    assert np.allclose(size, size.round(1))
    width = table["size"].max() - table["size"].min()
    assert size.min() >= table["size"].min() - 0.05 * width
    assert size.max() <= table["size"].max() + 0.05 * width
    assert rows["count"].between(0, 8).all()
    assert set(rows["years"].dropna()) <= {1, 2, 3}


def test_values_are_missing_as_often_as_in_the_table(table, soup):
    rows = soup.sample(1000)
    assert (rows.isna().mean() - table.isna().mean()).abs().max() < 0.04
    assert not rows[["count", "healthy", "grade"]].isna().to_numpy().any()


def test_categories_keep_their_levels_and_order(table, soup):
    rows = soup.sample(200)
    assert rows["grade"].dtype == table["grade"].dtype
    assert set(rows["kind"].dropna()) == {"oak", "elm", "ash"}
    assert rows["healthy"].dtype == bool


def test_same_seed_same_rows_other_seed_other_rows(soup):
    pd.testing.assert_frame_equal(soup.sample(50, seed=7), soup.sample(50, seed=7))
    assert not soup.sample(50, seed=7).equals(soup.sample(50, seed=8))


def test_same_seed_same_soup(table, soup):
    again = quick(table)
    assert all((again.ladle.weights[n] == v).all() for n, v in soup.ladle.weights.items())
    assert again.provenance == soup.provenance
    other = quick(table, seed=1)
    assert not all((other.ladle.weights[n] == v).all() for n, v in soup.ladle.weights.items())


def test_blocks_are_the_same_rows(soup):
    many = BLOCK + 10
    blocks = [block for block, _ in soup.blocks(many, seed=3)]
    assert [len(block) for block in blocks] == [BLOCK, 10]
    pd.testing.assert_frame_equal(pd.concat(blocks, ignore_index=True), soup.sample(many, seed=3))


def test_a_loaded_soup_draws_the_same_rows(soup, tmp_path):
    loaded = Soup.load(soup.save(tmp_path / "soup"))
    pd.testing.assert_frame_equal(loaded.sample(60, seed=2), soup.sample(60, seed=2))
    assert loaded.provenance == soup.provenance
    assert loaded.figures is None
    assert loaded.schema == soup.schema


def test_figures_hold_the_verdict_and_the_rails(soup):
    figures = soup.figures
    assert set(figures.rails) == {"floor", "copy", "reference"}
    assert {model.kind for model in figures.models} == {"single", "soup", "ensemble"}
    assert figures.shipped.sentence.endswith(".")
    assert figures.rails["copy"]["copy_rate"].value == 1


def test_hotter_rows_are_nearer_to_the_columns_drawn_apart(table):
    def tied(temperature):
        rows = quick(
            pd.DataFrame({"a": ["x", "y"] * 30, "b": ["p", "q"] * 30}),
            temperature=temperature,
            grid={"steps": [150], "learning_rate": [0.02]},
        ).sample(1000)
        return float(((rows["a"] == "x") == (rows["b"] == "p")).mean())

    assert tied(0.5) > tied(10.0) + 0.1


def test_numbers_are_drawn_and_not_repeated():
    rng = np.random.default_rng(0)
    mixed = {f"n{i}": np.round(rng.normal(50, 10, 160), 2) for i in range(4)} | {
        "c": rng.choice(["a", "b"], 160)
    }
    real = pd.DataFrame(mixed)
    learn, first, second = real[:80], real[80:120], real[120:]
    rows = quick(learn).sample(1000)
    kinds = kinds_of(real)
    assert verbatim(learn, first, rows, kinds) < verbatim(learn, first, second, kinds) + 0.03


def test_a_constant_an_all_missing_and_a_tiny_table_cook():
    tiny = pd.DataFrame(
        {"same": [7] * 10, "none": [np.nan] * 10, "n": [1.5, 2.5, 3.5, 4.5, 5.5] * 2, "c": ["a", "b"] * 5}
    )
    made = quick(tiny)
    rows = made.sample(100)
    assert set(rows["same"]) == {7}
    assert rows["none"].isna().all()
    assert (rows.dtypes == tiny.dtypes).all()
    assert made.figures.notes


@pytest.mark.parametrize("rows", [8, 9])
def test_the_smallest_tables_cook_with_defaults(rows):
    made = Soup.fit(frame(60)[["count", "healthy"]][:rows], grid={"steps": [2]}, net={"width": 8})
    assert len(made.sample(20)) == 20


def test_a_column_whose_values_nobody_shares_stays_empty_or_is_refused():
    codes = np.arange(3, 23) * 7
    table = pd.DataFrame({"code": [f"c {c}" for c in codes], "c": ["a", "b"] * 10})
    kinds = {"code": "categorical", "c": "categorical"}
    assert Soup.fit(table, kinds, **QUICK).sample(20)["code"].isna().all()
    with pytest.raises(SchemaError, match=r"'code' has no value that two rows share.*leave it out"):
        Soup.fit(table.assign(code=codes), kinds, **QUICK)


def test_a_table_of_arrow_and_nullable_types_keeps_them():
    table = frame(40).drop(columns="kind").convert_dtypes(dtype_backend="pyarrow")
    assert (quick(table).sample(50).dtypes == table.dtypes).all()


def test_options_that_name_columns_are_heeded():
    rows = quick(frame(40), drop=["kind", "grade"]).sample(5)
    assert list(rows) == ["size", "count", "healthy", "years"]
    assert list(quick(of_frame(frame(40)), drop=["kind"]).sample(5)) == [
        "size",
        "count",
        "healthy",
        "grade",
        "years",
    ]


def test_a_column_that_cannot_be_learned_and_a_bad_table_are_sentences():
    named = pd.DataFrame({"id": range(1, 41), "code": [f"P-{i:03}" for i in range(40)]})
    with pytest.raises(SchemaError, match="Every column is an id or personal data"):
        quick(named)
    with pytest.raises(TableError):
        quick(frame(40)[:3])
    with pytest.raises(ConfigError):
        quick(frame(40), folds=1)


def test_a_holdout_is_scored_and_changes_nothing_else(table):
    made = quick(table, holdout=0.2)
    assert made.provenance["table"]["rows"] == 48
    assert "fidelity_holdout" in made.figures.models[0].figures


def planted() -> pd.DataFrame:
    """A number far out, digits that no other has, a category of one row; and a number that several share."""
    rng = np.random.default_rng(5)
    table = pd.DataFrame(
        {
            "size": np.round(rng.normal(40, 5, 60), 1),
            "money": np.round(rng.lognormal(5, 1, 60), 2),
            "count": rng.integers(100, 160, 60),
            "once": [np.nan] * 59 + [FAR],
            "place": rng.choice(["oak", "elm"], 60).astype(object),
            "grade": pd.Categorical(["low", "high"] * 29 + ["low", PLACE], categories=["low", "high", PLACE]),
        }
    )
    table.loc[3, "size"] = FAR
    table.loc[10:14, "size"] = SHARED
    table.loc[4, "place"] = PLACE
    return table


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    return quick(planted()).save(tmp_path_factory.mktemp("planted") / "soup")


def found_in(folder: Path, needle: bytes) -> list[str]:
    return [path.name for path in folder.iterdir() if needle in path.read_bytes()]


def test_a_folder_holds_no_planted_value(saved):
    assert not found_in(saved, PLACE.encode())
    for text in ("987654.321", "987654.3", "987654"):
        assert not found_in(saved, text.encode())
    for form in ("<d", "<f", ">d", ">f"):
        assert not found_in(saved, struct.pack(form, FAR))


def test_a_folder_holds_no_number_of_one_row_alone(saved):
    table = planted()
    text = b" ".join(path.read_bytes() for path in saved.glob("*.json")).decode()
    written = {
        float(word)
        for word in text.replace(",", " ").replace("]", " ").split()
        if word.replace(".", "", 1).isdigit()
    }
    for name in ("size", "money"):
        counts = table[name].value_counts()
        alone = {value for value in counts.index[counts == 1] if value % 1}  # a whole number may be a count
        assert not alone & written, name


def test_a_folder_may_hold_what_several_rows_share(saved):
    assert found_in(saved, b"41.25") == ["codec.json"]
    assert "codec.json" in found_in(saved, b"elm")


def test_a_category_of_one_row_is_not_drawn(saved):
    rows = Soup.load(saved).sample(500)
    assert PLACE not in set(rows["place"]) | set(rows["grade"].astype(object))


def test_the_public_face():
    assert stockpot.Soup is Soup
    with pytest.raises(AttributeError, match="nosuch"):
        _ = stockpot.nosuch
