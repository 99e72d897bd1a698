"""Which constraints are found in the public tables? ``python -m stockpot.benchmarks.offers`` prints a line a
table: whether they are silly is for a person to say.
"""

from __future__ import annotations

from collections.abc import Iterator

from stockpot.benchmarks.protocol import TableSet, items, load
from stockpot.constraints.detect import detect
from stockpot.table import of_frame

MOST_ROWS = 1000
SETS: tuple[TableSet, ...] = ("tables", "truth", "tuning")


def offers() -> Iterator[tuple[str, list[str]]]:
    """Name of a table, and what holds in its rows (of a large one: in ``MOST_ROWS`` of them, by seed)."""
    for item in (one for which in SETS for one in items(which)):
        frame = load(item)
        rows = frame.sample(MOST_ROWS, random_state=0) if len(frame) > MOST_ROWS else frame
        table = of_frame(rows, name=item.name)
        yield item.name, [found.text for found in detect(table.canonical, table.schema)]


if __name__ == "__main__":
    for name, found in offers():
        print(f"{name}: {', '.join(found) or '-'}", flush=True)
