"""The synthesizer for SDGym: its two halves, as SDGym calls them. docs/sdgym.md has a run of SDGym itself."""

from __future__ import annotations

import importlib.util

import pytest

from stockpot import sdgym
from stockpot.errors import ConfigError
from stockpot.table import of_frame
from tests.small import QUICK, frame

METADATA = {
    "tables": {"trees": of_frame(frame(40)).schema.to_sdv()},
    "relationships": [],
    "METADATA_SPEC_VERSION": "V1",
}


@pytest.fixture(scope="module")
def soup():
    return sdgym.trained(frame(40), METADATA, **{k: v for k, v in QUICK.items() if k != "folds"})


def test_rows_are_those_of_a_soup_that_was_not_tasted(soup):
    rows = sdgym.drawn(soup, 30)
    assert (rows.dtypes == frame(40).dtypes).all()
    assert len(rows) == 30
    assert soup.provenance["plan"]["folds"] == 0


def test_what_sdgym_keeps_cannot_score_for_it_holds_no_row(soup):
    assert soup.figures is None


@pytest.mark.skipif(importlib.util.find_spec("sdgym") is not None, reason="SDGym is installed")
def test_without_sdgym_the_mend_is_told():
    with pytest.raises(ConfigError, match=r"pip install 'stockpot\[sdgym\]'"):
        _ = sdgym.StockpotSynthesizer


def test_nothing_else_is_there():
    with pytest.raises(AttributeError, match="nosuch"):
        _ = sdgym.nosuch
