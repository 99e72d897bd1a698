"""One estimate from several synthetic tables, with the error that it has as an estimate of the population.

Of m tables, each with k rows of a model of n real rows: q is the mean of their m estimates, v the mean of the
estimates' variances (each reckoned as if its table were real), b the variance between the estimates.

    plug-in  v (k/n + 1/m)            one model, its parameters not drawn anew: what a soup is
    proper   v (k/n + (1 + k/n)/m)    each table from a model of its own, of rows drawn with replacement
    full     (1 + 1/m) b - v          each table from the posterior predictive distribution
    partial  b/m + v                  real rows of which only some values were replaced

plug-in and proper: Raab, Nowok & Dibben, 'Practical data synthesis for large samples', Journal of Privacy and
Confidentiality 7(3), 2017, and what synthpop's ``summary(..., population.inference = TRUE)`` reckons. full:
Raghunathan, Reiter & Rubin, Journal of Official Statistics 19(1), 2003; where it is not above zero, Reiter's
estimate that cannot be negative, v k/n (Journal of Official Statistics 18(4), 2002). partial: Reiter, Survey
Methodology 29(2), 2003.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from stockpot.errors import ConfigError
from stockpot.values import Floats

Rule = Literal["plug-in", "proper", "full", "partial"]
RULES: tuple[Rule, ...] = get_args(Rule)


@dataclass(frozen=True)
class Pooled:
    """(P,) of P parameters: estimate, its standard error, degrees of freedom (infinite: normal), and the
    interval at ``level``. ``within`` is v, ``between`` b. ``names`` are the parameters', if they had any.
    """

    estimate: Floats
    error: Floats
    freedom: Floats
    low: Floats
    high: Floats
    within: Floats
    between: Floats
    names: tuple[str, ...]
    rule: Rule
    sets: int
    level: float

    @property
    def table(self) -> pd.DataFrame:
        """A line a parameter."""
        columns = ("estimate", "error", "low", "high", "freedom", "within", "between")
        return pd.DataFrame({name: getattr(self, name) for name in columns}, index=list(self.names))


def pool(
    estimates: object,
    variances: object,
    *,
    rows: int,
    real_rows: int,
    rule: Rule = "plug-in",
    level: float = 0.95,
) -> Pooled:
    """Pool m estimates, (m,) or (m, P), or m Series, and their variances (squared standard errors) alike.

    ``rows``: of each synthetic table; ``real_rows``: that the model learned from.

    >>> pooled = pool([1.0, 3.0], [4.0, 4.0], rows=50, real_rows=100)
    >>> pooled.estimate.item(), pooled.error.item()
    (2.0, 2.0)
    """
    _check(rule, level, rows, real_rows)
    q, v, names = _stacked(estimates, variances)
    m, within = len(q), v.mean(0)
    between = q.var(0, ddof=1) if m > 1 else np.full(q.shape[1], np.nan)
    total, freedom = _total(rule, within, between, m, rows / real_rows)
    error = np.sqrt(total)
    reach = stats.t.ppf((1 + level) / 2, freedom) * error
    q = q.mean(0)
    return Pooled(q, error, freedom, q - reach, q + reach, within, between, names, rule, m, level)


def _total(rule: Rule, v: Floats, b: Floats, m: int, ratio: float) -> tuple[Floats, Floats]:
    """(variance, degrees of freedom)."""
    forever = np.full(len(v), np.inf)
    if rule == "plug-in":
        return v * (ratio + 1 / m), forever
    if rule == "proper":
        return v * (ratio + (1 + ratio) / m), forever
    if m < 2:
        raise ConfigError(f"Rule {rule!r} asks how far tables differ, and there is one: give two or more.")
    with np.errstate(divide="ignore", invalid="ignore"):
        if rule == "partial":
            return b / m + v, np.where(b > 0, (m - 1) * (1 + v * m / b) ** 2, np.inf)
        found = (1 + 1 / m) * b - v
        told = (m - 1) * (1 - v / ((1 + 1 / m) * b)) ** 2
    # where the estimate is not above zero, nothing tells the degrees of freedom: as few as the tables allow
    return np.where(found > 0, found, ratio * v), np.where(found > 0, np.maximum(told, 1.0), float(m - 1))


def _check(rule: object, level: float, rows: int, real_rows: int) -> None:
    if rule not in RULES:
        raise ConfigError(f"Option 'rule' is {rule!r}: it is one of {', '.join(RULES)}.")
    if not 0 < level < 1:
        raise ConfigError(f"Option 'level' is {level!r}: give a share between 0 and 1, such as 0.95.")
    sizes: dict[str, object] = {"rows": rows, "real_rows": real_rows}
    for name, value in sizes.items():
        if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < 1:
            raise ConfigError(f"Option {name!r} is {value!r}: give a whole number above 0.")


def _stacked(estimates: Any, variances: Any) -> tuple[Floats, Floats, tuple[str, ...]]:
    """(m, P) both, and the parameters' names."""
    first = estimates[0] if isinstance(estimates, list | tuple) and len(estimates) else None
    names = tuple(map(str, first.index)) if isinstance(first, pd.Series) else ()
    if isinstance(first, pd.Series):
        estimates = [one.reindex(first.index) for one in estimates]
        variances = [one.reindex(first.index) if isinstance(one, pd.Series) else one for one in variances]
    q, v = _two_axes(estimates), _two_axes(variances)
    if q.shape != v.shape or not q.size:
        raise ConfigError(
            f"Estimates are {q.shape} and variances {v.shape} (tables, parameters): give one of each, alike."
        )
    if not (np.isfinite(q).all() and np.isfinite(v).all() and (v >= 0).all()):
        raise ConfigError("Estimates and variances must be finite numbers, and variances not negative.")
    return q, v, names or tuple(str(i) for i in range(q.shape[1]))


def _two_axes(values: Any) -> npt.NDArray[np.float64]:
    try:
        array = np.asarray([np.asarray(one, dtype=np.float64) for one in values])
    except (TypeError, ValueError):
        raise ConfigError("Estimates and variances must be numbers, as many of each table.") from None
    return array[:, None] if array.ndim == 1 else array.reshape(len(array), -1)
