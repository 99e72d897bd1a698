"""The soup as an estimator of scikit-learn's: its own tools take it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV, cross_val_score

from stockpot.errors import ConfigError, SchemaError
from stockpot.synthesizer import SoupSynthesizer
from tests.small import QUICK, frame

FAST = {"subsets": QUICK["subsets"], "grid": QUICK["grid"], "net": QUICK["net"]}


@pytest.fixture(scope="module")
def fitted():
    return SoupSynthesizer(**FAST).fit(frame(40))


def test_a_clone_has_the_same_parameters_and_is_not_fitted(fitted):
    copy = clone(fitted)
    assert copy.get_params() == fitted.get_params()
    with pytest.raises(NotFittedError):
        copy.sample(2)


def test_parameters_are_set_by_name():
    made = SoupSynthesizer().set_params(model="char", folds=None)
    assert made.get_params()["model"] == "char"
    assert made.folds is None
    with pytest.raises(ValueError, match="Invalid parameter 'nosuch'"):
        made.set_params(nosuch=1)


def test_rows_are_drawn_and_the_same_state_draws_the_same(fitted):
    rows = fitted.sample(20, random_state=3)
    assert (rows.dtypes == frame(40).dtypes).all()
    pd.testing.assert_frame_equal(rows, fitted.sample(20, random_state=3))
    pd.testing.assert_frame_equal(fitted.sample(5), fitted.sample(5, random_state=0))
    assert len(fitted.sample(2, random_state=np.random.RandomState(1))) == 2
    assert fitted.feature_names_in_.tolist() == list(frame(40))


def test_rows_of_the_tables_sort_are_likelier_than_rows_that_are_not(fitted):
    real = frame(60, seed=9)
    odd = real.assign(size=0.0, count=8, kind="oak", years=pd.array([None] * 60, dtype="Int64"))
    assert fitted.score_samples(real).shape == (60,)
    assert fitted.score(real) > fitted.score(odd)
    assert fitted.score(real) == pytest.approx(fitted.score_samples(real).mean())


def test_parameters_are_searched_and_cross_validated():
    tied = pd.DataFrame({"a": ["x", "y"] * 20, "b": ["p", "q"] * 20})
    steps = [{"steps": [2], "learning_rate": [0.02]}, {"steps": [60], "learning_rate": [0.02]}]
    search = GridSearchCV(SoupSynthesizer(**FAST), {"grid": steps}, cv=2).fit(tied)
    assert search.best_params_["grid"]["steps"] == [60]
    assert len(cross_val_score(SoupSynthesizer(**FAST), frame(40), cv=2)) == 2


def test_mistakes_are_the_same_sentences(fitted):
    with pytest.raises(ConfigError, match="'temperature'"):
        SoupSynthesizer(temperature=-1).fit(frame(40))
    with pytest.raises(SchemaError, match="lacks column 'count'"):
        fitted.score(frame(40).drop(columns="count"))
