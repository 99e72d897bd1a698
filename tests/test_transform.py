"""Columns that are learned as something else, or not at all: through a whole soup and back."""

import numpy as np
import pandas as pd
import pytest

from stockpot.canonical import canonical
from stockpot.config import CookConfig
from stockpot.cook import set_apart
from stockpot.errors import ConfigError, SchemaError
from stockpot.kitchen import Kitchen
from stockpot.score.align import align, kinds_of_schema
from stockpot.soup import Soup
from stockpot.table import of_frame
from stockpot.transform import transform_of
from tests.small import frame, quick, settings


def mixed(rows=60):
    luck = np.random.default_rng(1)
    day = pd.Timestamp("2021-03-01") + pd.to_timedelta(luck.integers(0, 400, rows), unit="D")
    table = pd.DataFrame(
        {
            "id": range(1, rows + 1),
            "kind": luck.choice(["oak", "elm"], rows),
            "day": day.strftime("%d.%m.%Y"),
            "span": pd.to_timedelta(luck.integers(1, 600, rows), unit="min"),
            "price": [f"${x:,.2f}" for x in luck.lognormal(7, 1, rows)],
            "email": [f"anna{i}@example.org" for i in range(rows)],
            "remark": [f"they said that tree {i} was in a bad way" for i in range(rows)],
        }
    )
    table.loc[table["kind"] == "oak", ["day", "email"]] = np.nan
    return table


@pytest.fixture(scope="module")
def soup():
    return quick(mixed(), folds=0, grid={"steps": [60]})


def test_the_rows_have_the_tables_columns_dtypes_and_forms_but_no_free_text(soup):
    table = mixed().drop(columns="remark")
    rows = soup.sample(1500)
    assert (rows.dtypes == table.dtypes).all()
    assert rows["id"].is_unique
    assert rows["id"].min() > 60
    assert rows["price"].str.fullmatch(r"\$[\d,]+\.\d\d").all()
    assert rows["day"].dropna().str.fullmatch(r"\d\d\.\d\d\.202[12]").all()
    assert rows["email"].dropna().is_unique
    assert any("'remark' is free text" in note for note in soup.figures.notes)


def test_whether_a_date_or_personal_data_is_missing_goes_with_the_other_columns(soup):
    gone = soup.sample(1000).set_index("kind")[["day", "email"]].isna()
    for name in gone:
        assert gone.loc["oak", name].mean() > 0.6
        assert gone.loc["elm", name].mean() < 0.4


def test_a_soups_folder_draws_the_same_rows_and_knows_no_real_id_or_address(soup, tmp_path):
    soup.save(tmp_path / "soup")
    pd.testing.assert_frame_equal(Soup.load(tmp_path / "soup").sample(50, seed=3), soup.sample(50, seed=3))
    told = "".join(path.read_text() for path in (tmp_path / "soup").glob("*.json"))
    assert not [value for name in ("email", "remark") for value in mixed()[name].dropna() if value in told]
    assert "remark" not in told


def test_numbers_categories_and_booleans_are_learned_as_they_are():
    table = of_frame(frame(40))
    found = transform_of(table.schema, "field")
    assert found.plain
    assert found.forward(table.canonical) is table.canonical
    assert found.back(table.canonical, 0, 0) is table.canonical


@pytest.mark.parametrize("model", ["field", "char"])
def test_what_goes_forward_comes_back(model):
    table = of_frame(mixed().drop(columns="remark"))
    found = transform_of(table.schema, model)
    back = found.back(found.forward(table.canonical), 0, 0)
    assert list(back) == list(table.schema.names)
    for name in ("kind", "day", "span", "price"):
        pd.testing.assert_series_equal(back[name], table.canonical[name], check_names=False)
    assert (back["email"].isna() == table.canonical["email"].isna()).all()
    assert list(found.forward(table.canonical[["day", "kind"]])) == ["kind", "day"]


def test_the_number_of_masks_is_by_the_columns_that_are_learned():
    table, _ = set_apart(of_frame(mixed()), CookConfig())
    kitchen = Kitchen(table, settings(60))
    assert kitchen.transform.learned.names == ("kind", "day", "span", "price", "email")
    assert kitchen.masks(60, 60) % 5 == 0


def test_scores_read_dates_and_money_as_numbers_and_leave_out_what_is_not_learned():
    table = of_frame(mixed())
    kinds = kinds_of_schema(table.schema)
    assert dict(kinds) == {
        "kind": "categorical",
        "day": "numerical",
        "span": "numerical",
        "price": "numerical",
    }
    once = align(table.frame, kinds)
    assert once["price"].tolist() == canonical(table.frame, table.schema)["price"].tolist()
    pd.testing.assert_frame_equal(align(once, kinds), once)


def test_a_table_of_free_text_and_ids_alone_is_refused_in_a_sentence():
    with pytest.raises(SchemaError, match="Every column is free text, which field does not learn"):
        Soup.fit(mixed()[["remark"]].assign(also=mixed()["remark"] + " now"))
    with pytest.raises(SchemaError, match="Every column is an id or personal data"):
        Soup.fit(mixed()[["id", "remark"]])


def test_what_a_category_hides_is_told():
    table = mixed()[["kind", "span"]].assign(place=[f"p{i}" if i < 9 else "town" for i in range(60)])
    served, _ = set_apart(of_frame(table), CookConfig())
    assert "9 of 60 rows have a value of column 'place' that no other row has" in served.notes[-1]


def test_a_type_is_overridden_by_an_option_and_by_a_part_of_a_schema():
    table = mixed()[["id", "kind", "span"]]
    by_option = quick(table, folds=0, sdtype={"id": "numerical"}).schema
    assert by_option.column("id").sdtype == "numerical"
    assert Soup.fit(table, {"id": "numerical"}, folds=0, grid={"steps": [2]}).schema == by_option
    with pytest.raises(SchemaError, match="Column 'id' cannot be of sdtype 'whole'"):
        quick(table, sdtype=["id=whole"])
    with pytest.raises(ConfigError, match="should be column=sdtype"):
        quick(table, sdtype=["id"])
