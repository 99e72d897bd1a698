import numpy as np
import pandas as pd

from stockpot.benchmarks.cart import cart, flagged, unflagged
from stockpot.benchmarks.methods import METHODS
from stockpot.benchmarks.protocol import Deal
from stockpot.score.align import align, kinds_of


def table(rows=60, seed=0):
    draw = np.random.RandomState(seed)
    level = draw.randint(0, 2, rows)
    frame = pd.DataFrame(
        {"c": np.array(["a", "b"])[level], "n": 10.0 * level + draw.rand(rows), "i": draw.randint(0, 3, rows)}
    )
    frame.loc[::5, "n"] = np.nan
    frame.loc[::7, "c"] = None
    return frame


def test_cart_draws_only_values_that_it_saw():
    train = table()
    drawn = cart(train, 200, 0)
    assert list(drawn) == list(train)
    assert set(drawn["n"].dropna()) <= set(train["n"].dropna())
    assert set(drawn["c"].dropna()) == {"a", "b"}


def test_cart_keeps_what_one_column_says_of_the_next():
    drawn = cart(table(), 500, 0).dropna()
    assert drawn.groupby("c")["n"].mean()["b"] - drawn.groupby("c")["n"].mean()["a"] > 5


def test_cart_keeps_the_share_of_missing_values():
    drawn = cart(table(), 1000, 0)
    assert abs(drawn["n"].isna().mean() - 0.2) < 0.05
    assert abs(drawn["c"].isna().mean() - 0.15) < 0.05


def test_cart_is_seeded():
    assert cart(table(), 50, 1).equals(cart(table(), 50, 1))
    assert not cart(table(), 50, 1).equals(cart(table(), 50, 2))


def test_flags_come_off_again():
    train = table()
    kinds = kinds_of(train)
    pd.testing.assert_frame_equal(align(unflagged(flagged(train), train), kinds), align(train, kinds))


def test_rails_and_cart_give_the_rows_that_are_scored():
    for name in ("floor", "copy", "cart"):
        (model,) = METHODS[name].fit(Deal(table(), table(seed=1)), 0)
        drawn = model.draw()
        assert model.line == name
        assert (len(drawn), list(drawn)) == (1000, ["c", "n", "i"])
