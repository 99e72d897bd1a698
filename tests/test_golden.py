"""A soup that an earlier version wrote is read for as long as its format is promised."""

from pathlib import Path

import pytest

from stockpot import Soup

OLD = Path(__file__).parent / "golden" / "soup-format-1"


def test_a_soup_of_format_1_still_draws_rows():
    rows = Soup.load(OLD).sample(200, seed=1)
    assert list(rows) == ["species", "bill_length_mm", "body_mass_g", "sex"]
    assert [str(dtype) for dtype in rows.dtypes] == ["object", "float64", "int64", "object"]
    assert set(rows["species"]) == {"Adelie", "Chinstrap", "Gentoo"}
    assert rows["bill_length_mm"].between(30, 60).all()
    assert rows["bill_length_mm"].equals(rows["bill_length_mm"].round(1))
    assert rows["body_mass_g"].mod(25).eq(0).all()


def test_a_soup_of_format_1_still_knows_what_goes_with_what():
    rows = Soup.load(OLD).sample(2000, seed=2)
    heavy = rows.groupby("species")["body_mass_g"].mean()
    assert heavy["Gentoo"] > heavy["Adelie"] + 300


def test_an_early_soup_is_drawn_with_the_square_root_of_its_scale_as_it_was():
    assert Soup.load(OLD).ladle.temperature == pytest.approx(0.9**-0.5)
