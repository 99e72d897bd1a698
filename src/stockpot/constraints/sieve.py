"""What drawn rows pass through: they are mended, and those that still break a constraint are rejected.

The effort is bounded: a model of which fewer than one row in a thousand is kept ends in a sentence.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from stockpot.constraints.cells import Truths
from stockpot.constraints.rules import Rules
from stockpot.errors import DrawError

LEAST_SHARE = 0.001
"""A smaller share of kept rows is as good as none."""
LEAST_TRIED = 5000
"""So many rows are drawn before the share is judged, at least."""


@dataclass
class Sieve:
    """One drawing's constraints: what was drawn and kept so far, and the keys that no other row may have."""

    rules: Rules
    tried: int = 0
    kept: int = 0
    seen: dict[str, set[int]] = field(default_factory=dict)

    @property
    def share(self) -> float:
        """Of the drawn rows that were kept."""
        return self.kept / self.tried if self.tried else 1.0

    def sift(self, frame: pd.DataFrame) -> tuple[pd.DataFrame, Truths]:
        """Mended rows, and which of them hold, each by itself and beside all rows before this block."""
        mended = self.rules.mend(frame)
        kept = self.rules.keep(mended)
        self.tried += len(frame)
        self.kept += int(kept.sum())
        return mended, kept

    def apart(self, frame: pd.DataFrame) -> Truths:
        """Which rows repeat no key, of this frame or of what was remembered."""
        fresh = np.ones(len(frame), dtype=bool)
        for rule in self.rules.uniques:
            fresh &= rule.fresh(frame, self.seen.setdefault(rule.text, set()))
        return fresh

    def remember(self, frame: pd.DataFrame) -> None:
        """These rows are given away: none may repeat their keys."""
        for rule in self.rules.uniques:
            self.seen.setdefault(rule.text, set()).update(rule.kept(frame))

    def judge(self, tried: int, kept: int, wanted: int) -> None:
        """DrawError once a block has drawn enough to tell that hardly a row is kept."""
        if tried < LEAST_TRIED or kept >= wanted or kept >= LEAST_SHARE * tried:
            return
        raise self.refusal(tried, kept)

    def refusal(self, tried: int, kept: int) -> DrawError:
        """What to tell when too few rows hold."""
        texts = "', '".join(self.rules.texts)
        return DrawError(
            f"Of {tried:,} drawn rows {kept:,} hold '{texts}'{self._given_away()}: fewer than one in "
            f"{1 / LEAST_SHARE:,.0f} can be had, so loosen a constraint, or ask for fewer rows."
        )

    def refusal_of(self, line: int, tries: int) -> DrawError:
        """What to tell when a line with conditions of its own finds no row."""
        joined = "', '".join(self.rules.texts)
        texts = f" and holds '{joined}'" if self.rules else ""
        return DrawError(
            f"Of {tries:,} rows drawn for row {line}, counted from 0, none keeps what is known of it{texts}: "
            "leave some of that out."
        )

    def _given_away(self) -> str:
        given = max((len(keys) for keys in self.seen.values()), default=0)
        return f" beside {given:,} rows before them" if given else ""
