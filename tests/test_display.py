"""What a prompt and a notebook show of a soup."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stockpot.display import as_html, line
from stockpot.soup import Soup
from tests.report.sample import full_figures as sample
from tests.small import frame, quick
from tests.test_card import FACTS


@pytest.fixture(scope="module")
def soup():
    return quick(frame(40), folds=0)


def test_a_prompt_shows_one_line(soup):
    assert repr(soup) == "Soup(field, 'all' of 6 ingredients, learned from 40 rows x 6 columns)"
    assert line(replace(FACTS, ingredients=1, shipped="best by loss")) == (
        "Soup(field, 'best by loss' of 1 ingredient, learned from 80 rows x 2 columns)"
    )


def test_a_notebook_shows_a_card_and_scores_nothing_for_it(soup):
    def never():
        raise AssertionError

    told = Soup(soup.ladle, soup.model, soup.provenance, never)._repr_html_()
    assert "learned from 40 rows of 6 columns" in told
    assert "<td>size</td><td>numerical</td>" in told


def test_a_card_has_figures_between_their_rails_once_they_are_known():
    told = as_html(FACTS, sample())
    assert "fidelity all ↑" in told
    assert "<th>reference</th>" in told
    assert ">89.4<" in told


def test_names_are_escaped_and_nothing_is_fetched():
    told = as_html(FACTS, None)
    assert "a|b &lt;i&gt;`x`" in told
    assert "<i>" not in told
    assert "http" not in told
    assert "<script" not in told


def test_of_many_columns_the_first_are_listed():
    many = replace(FACTS, columns=tuple((f"c{i}", "numerical") for i in range(50)))
    told = as_html(many, None)
    assert "c39" in told
    assert "c40" not in told
    assert "and 10 more" in told
