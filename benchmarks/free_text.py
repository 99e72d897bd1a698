"""What free text does ``char`` draw from a small table? ``python -m stockpot.benchmarks.free_text``.

Half of a table's rows are learned, 200 are drawn, and the other half stands for unseen real ones. Of each:
how many words are words of the learning rows' texts, and how many whole texts are a learning row's. Text that
is good and new has as many as unseen rows have.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable

import numpy as np
import pandas as pd

from stockpot.benchmarks.protocol import Item, load
from stockpot.soup import Soup

CASES = (
    (Item("bakeoff", "bakes_raw"), ("series", "baker", "signature"), "signature"),
    (Item("AER", "Journals"), ("title", "society", "pages", "price"), "title"),
    (Item("causaldata", "auto"), (), "make"),
)
DRAWN = 200
WORD = re.compile(r"[A-Za-z']+")


def words(texts: Iterable[object]) -> list[str]:
    """In small letters."""
    return [word.lower() for text in texts for word in WORD.findall(str(text))]


def halves(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(rows to learn from, others), dealt at random."""
    order, half = np.random.default_rng(0).permutation(len(frame)), len(frame) // 2
    learn, other = (frame.iloc[part].reset_index(drop=True) for part in (order[:half], order[half:]))
    return learn, other


def shares(learn: pd.Series, texts: pd.Series) -> tuple[float, float]:
    """(of the words, of the whole texts) that the learning rows say."""
    known = set(words(learn))
    return float(np.mean([word in known for word in words(texts)])), float(texts.isin(learn).mean())


def main() -> None:
    """A line a table."""
    for item, columns, text in CASES:
        start, frame = time.perf_counter(), load(item).dropna(subset=[text])
        learn, other = halves(frame[list(columns)] if columns else frame)
        drawn = Soup.fit(learn, model="char", folds=0).sample(DRAWN)
        ours, theirs = shares(learn[text], drawn[text]), shares(learn[text], other[text])
        took = f"{time.perf_counter() - start:.0f} s"
        print(
            f"{item.package}/{item.name} {text} ({len(learn)} rows, {took}): words "
            f"of the learning rows {ours[0]:.2f} (unseen rows {theirs[0]:.2f}), whole texts {ours[1]:.2f} "
            f"({theirs[1]:.2f}); for example {', '.join(map(repr, drawn[text].head(4)))}",
            flush=True,
        )


if __name__ == "__main__":
    main()
