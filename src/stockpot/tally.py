"""Scoring a cook's models: rows of each fold's soup against rows that it never saw, and of the main one
against all.

A thousand rows are drawn of each model, so that the noise comes from the real rows alone. The same seed,
raking and row count serve single, soup, ensemble and rails.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from stockpot.canonical import restore
from stockpot.constraints.rules import Rules
from stockpot.draw import Ladle
from stockpot.errors import DrawError
from stockpot.kitchen import Kitchen, Menageries, chosen, menagerie
from stockpot.rake import Margins
from stockpot.recipes.choosing import equal
from stockpot.recipes.mixture import Mixture, Proportions
from stockpot.score import rails
from stockpot.score.align import Kinds, kinds_of_schema
from stockpot.score.compare import RowScores, Yardstick, reference
from stockpot.stock import Stock
from stockpot.table import Table
from stockpot.taste import Taste, Tasting

SCORED_ROWS = 1000


@dataclass(frozen=True)
class ModelScores:
    """Scores of one model or rail: a fold's against its held-out rows, the main one's against all and the
    holdout. ``holdout_loss``: nats a token of the main one on the holdout.
    """

    name: str
    of_folds: tuple[RowScores, ...]
    everything: RowScores
    holdout: RowScores | None = None
    holdout_loss: float | None = None


@dataclass(frozen=True)
class Dot:
    """Quality of one blend of the main menagerie, against all real rows: a point of a plot."""

    proportions: dict[int, float]
    quality_all: float | None


@dataclass(frozen=True)
class Tally:
    """Draws and scores. ``holdout``: rows that nothing else sees."""

    stock: Stock
    tasting: Tasting
    holdout: Table | None = None

    @property
    def kitchen(self) -> Kitchen:
        return self.stock.kitchen

    @property
    def weights(self) -> Menageries:
        """All ingredients of all menageries."""
        return self.stock.ingredients

    @cached_property
    def _kinds(self) -> Kinds:
        return kinds_of_schema(self.kitchen.table.schema)

    @cached_property
    def _margins(self) -> list[Margins]:
        """One a menagerie."""
        schema = self.kitchen.transform.learned
        return [Margins.fit(self.kitchen.learning(m), schema) for m in range(self.kitchen.deal.menageries)]

    @cached_property
    def _rules(self) -> list[Rules]:
        """One a menagerie, fitted to its own learning rows."""
        kitchen, table = self.kitchen, self.kitchen.table
        if not kitchen.plan.constraints:
            return [Rules()] * kitchen.deal.menageries
        rules = Rules.read(kitchen.plan.constraints, table.schema)
        learning = [kitchen.deal.learning(m) for m in range(kitchen.deal.menageries)]
        return [rules.fitted(table.canonical.iloc[rows]) for rows in learning]

    @cached_property
    def _yardsticks(self) -> list[Yardstick]:
        """One a fold, and one of all rows."""
        deal, frame = self.kitchen.deal, self.kitchen.table.frame
        folds = [(frame.iloc[rows], frame.iloc[deal.learning(f)]) for f, rows in enumerate(deal.folds)]
        judged = [Yardstick.of(unseen, unseen, learn, self._kinds) for unseen, learn in folds]
        return [*judged, Yardstick.of(frame, None, frame, self._kinds)]

    @cached_property
    def _beyond(self) -> Yardstick | None:
        if self.holdout is None:
            return None
        return Yardstick.of(self.holdout.frame, self.holdout.frame, self.kitchen.table.frame, self._kinds)

    def ladle(self, number: int, what: Mixture | Proportions, *, ensemble: bool = False) -> Ladle:
        """What draws from a soup (or ensemble) of one menagerie."""
        plan = self.kitchen.plan
        if ensemble:
            shares = what.proportions if isinstance(what, Mixture) else what
            weights, mix = chosen(menagerie(self.weights, number), shares)
        else:
            weights, mix = self.stock.soup(number, what), None
        return Ladle(
            program=self.kitchen.program,
            weights=weights,
            transform=self.kitchen.transform,
            margins=self._margins[number],
            temperature=plan.temperature,
            rake=plan.rake,
            menagerie=number,
            mix=mix,
            rules=self._rules[number],
        )

    def rows(self, number: int, what: Mixture | Proportions, *, ensemble: bool = False) -> pd.DataFrame:
        ladle = self.ladle(number, what, ensemble=ensemble)
        return restore(ladle.block(SCORED_ROWS, self.kitchen.plan.seed)[0], ladle.schema)

    def model(self, taste: Taste) -> ModelScores:
        """A fold's rows come from the proportions that the other folds chose."""
        ensemble = taste.kind == "ensemble"
        folds = [self.drawn(f, own, ensemble=ensemble) for f, own in enumerate(taste.of_folds)]
        everything = self.drawn(self.kitchen.main, taste.mixture, ensemble=ensemble)
        return replace(self._scored(taste.name, folds, everything), holdout_loss=self._holdout_loss(taste))

    def _holdout_loss(self, taste: Taste) -> float | None:
        if self.holdout is None:
            return None
        ensemble, season = taste.kind == "ensemble", self.tasting.seasons[self.kitchen.main]
        ladle = self.ladle(self.kitchen.main, taste.mixture, ensemble=ensemble)
        scale = season.ensemble if ensemble else season.scale(len(taste.proportions))
        rows, frame = np.arange(self.holdout.rows), self.kitchen.told(self.holdout)
        judged = self.kitchen.judged(self.kitchen.main, ladle.weights, rows, [scale], ladle.mix, frame)
        return float(judged.loss[0, 0])

    def drawn(self, number: int, what: Mixture | Proportions, *, ensemble: bool) -> pd.DataFrame | None:
        """None where the model draws hardly a valid row: it has no scores, and the cook goes on."""
        try:
            return self.rows(number, what, ensemble=ensemble)
        except DrawError:
            return None

    def _scored(
        self, name: str, folds: Sequence[pd.DataFrame | None], everything: pd.DataFrame | None
    ) -> ModelScores:
        *judges, whole = self._yardsticks
        scores = tuple(score(judge, rows) for judge, rows in zip(judges, folds, strict=False))
        beyond = score(self._beyond, everything) if self._beyond else None
        return ModelScores(name, scores, score(whole, everything), beyond)

    def rails(self) -> tuple[ModelScores, ...]:
        """Floor, copy and reference, fold by fold and of all rows."""
        frame, deal, seed = self.kitchen.table.frame, self.kitchen.deal, self.kitchen.plan.seed
        learn = [frame.iloc[deal.learning(f)].reset_index(drop=True) for f in range(len(deal.folds))]
        made = [
            self._scored(
                rail.__name__,
                [rail(rows, SCORED_ROWS, seed=seed) for rows in learn],
                rail(frame, SCORED_ROWS, seed=seed),
            )
            for rail in (rails.floor, rails.copy)
        ]
        kinds = self._kinds
        real = tuple(
            reference(rows, frame.iloc[held], kinds) for rows, held in zip(learn, deal.folds, strict=True)
        )
        beyond = reference(frame, self.holdout.frame, kinds) if self.holdout else None
        return (
            *made,
            ModelScores("reference", real, reference(*rails.halves(frame, seed=seed), kinds), beyond),
        )

    def dots(self) -> tuple[Dot, ...]:
        """Each ingredient of the main menagerie by itself."""
        return tuple(self._dot({spec.number: 1.0}) for spec in self.kitchen.plan.ingredients)

    def sizes(self) -> tuple[Dot, ...]:
        """Uniform soups of the best so many ingredients by held-out loss."""
        order = sorted(range(len(self.tasting.merits)), key=lambda i: self.tasting.merits[i][0])
        return tuple(self._dot(equal(order[:size])) for size, _ in self.tasting.size_losses)

    def _dot(self, proportions: Proportions) -> Dot:
        rows = self.drawn(self.kitchen.main, proportions, ensemble=False)
        quality = self._yardsticks[-1].quality.score(rows).value if rows is not None else None
        return Dot(dict(proportions), quality)


def score(judge: Yardstick, rows: pd.DataFrame | None) -> RowScores:
    """No scores where there are no rows."""
    return RowScores(None, None, None, None, None) if rows is None else judge.score(rows)
