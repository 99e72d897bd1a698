"""Tables as matrices for scikit-learn's forests: numbers as they are, categories as integers, NaN where
unknown.

scikit-learn takes seconds to import: ``detection`` and ``utility`` do it, ``stockpot.score`` imports neither.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from stockpot.score.align import Kinds, Levels, align

TREES = 100


def levels_of(known: pd.DataFrame, kinds: Kinds) -> dict[str, Levels]:
    """Category column -> its numbered levels, from all real rows."""
    frame = align(known, kinds)
    return {name: Levels.of(frame[name]) for name, kind in kinds.items() if kind == "categorical"}


def coded(frame: pd.DataFrame, kinds: Kinds, levels: Mapping[str, Levels]) -> pd.DataFrame:
    """All columns as floats; a missing or unknown category is NaN."""
    out = align(frame, kinds)
    for name, known in levels.items():
        codes = known.codes(out[name])
        out[name] = np.where(codes < len(known.known), codes.astype(float), np.nan)
    return out
