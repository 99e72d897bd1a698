"""A soup as scikit-learn's estimators are: parameters in the constructor, ``fit``, ``sample``, ``score``.

It is cloned, searched and cross-validated like any density estimator there (``KernelDensity``,
``GaussianMixture``): ``score`` is higher for a better model.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from stockpot.density import losses
from stockpot.schema import Given
from stockpot.soup import Soup

SEEDS = 2**31


class SoupSynthesizer(BaseEstimator):  # type: ignore[misc]  # scikit-learn ships no types
    """Fits a soup to a DataFrame and draws rows from it.

    The parameters are options of ``Soup.fit``, which says what they mean and checks them when ``fit`` is
    called. ``folds`` 0 tastes nothing, for whoever searches parameters judges by itself; None tastes.
    ``soup_`` is the fitted soup.

    >>> rows = SoupSynthesizer(random_state=7).fit(frame).sample(500)  # doctest: +SKIP
    """

    soup_: Soup

    def __init__(
        self,
        *,
        model: str = "field",
        preset: str = "default",
        schema: Given | None = None,
        drop: Sequence[str] = (),
        folds: int | None = 0,
        subsets: Mapping[str, Any] | None = None,
        grid: Mapping[str, Any] | None = None,
        net: Mapping[str, Any] | None = None,
        tasting: Mapping[str, Any] | None = None,
        temperature: float = 1.0,
        rake: int | None = None,
        random_state: int | np.random.RandomState | None = 0,
    ) -> None:
        # scikit-learn's custom: what was given is kept as it is, and looked at by fit
        self.model = model
        self.preset = preset
        self.schema = schema
        self.drop = drop
        self.folds = folds
        self.subsets = subsets
        self.grid = grid
        self.net = net
        self.tasting = tasting
        self.temperature = temperature
        self.rake = rake
        self.random_state = random_state

    def fit(self, X: pd.DataFrame, y: object = None) -> SoupSynthesizer:  # noqa: N803 - scikit-learn's names
        """Learn from a table; ``y`` is ignored, a target is one of the columns."""
        del y
        given = {k: v for k, v in self.get_params(deep=False).items() if k not in ("schema", "random_state")}
        options = {name: value for name, value in given.items() if value is not None or name == "folds"}
        self.soup_ = Soup.fit(X, self.schema, seed=_seed(self.random_state), **options)
        self.n_features_in_ = len(self.soup_.schema.columns)
        self.feature_names_in_ = np.array(self.soup_.schema.names, dtype=object)
        return self

    def sample(
        self, n_samples: int = 1, random_state: int | np.random.RandomState | None = None
    ) -> pd.DataFrame:
        """So many rows. None: those of the estimator's own random state."""
        check_is_fitted(self)
        state = self.random_state if random_state is None else random_state
        return self.soup_.sample(n_samples, seed=_seed(state))

    def score_samples(self, X: pd.DataFrame) -> npt.NDArray[np.float64]:  # noqa: N803
        """Of each row the mean log probability of its values, nats a field (char: a character); higher is
        better. Values that the table never showed count as the tasting counts them.
        """
        check_is_fitted(self)
        return -losses(self.soup_.ladle, X)

    def score(self, X: pd.DataFrame, y: object = None) -> float:  # noqa: N803
        """The mean of ``score_samples``."""
        del y
        return float(self.score_samples(X).mean())


def _seed(state: int | np.random.RandomState | None) -> int:
    """A whole number as it is; of a RandomState the next, of None any."""
    if state is None or isinstance(state, np.random.RandomState):
        return int((state or np.random.RandomState()).randint(SEEDS - 1))
    return int(state)
