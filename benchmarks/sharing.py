"""What a shared store costs: a cook's stages on each store, first when it is empty, then from another machine
that has nothing yet, then again when all is there; less the stages' own seconds. No Prefect. Trainings are
short: what a store costs does not depend on them.

    python -m stockpot.benchmarks.sharing examples/penguins.csv /tmp/store s3://bucket/prefix
"""

from __future__ import annotations

import os
import secrets
import sys
import tempfile
import time
from collections.abc import Callable

from stockpot import reporting, stages
from stockpot.configuration import configured
from stockpot.dish import Dish, Made, batches
from stockpot.larder import prepare
from stockpot.remote import remote

ROWS = 500


def main(table: str, *stores: str) -> None:
    """A line a store: seconds of each of the three."""
    print(f"{'store':40} {'empty':>8} {'another':>8} {'all there':>9}   seconds")
    for store in stores:
        place = f"{store}/{secrets.token_hex(4)}"
        with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
            turns = ((one, True), (other, False), (other, False))
            taken = [timed(table, place, cache, new=new) for cache, new in turns]
        print(f"{store:40} {taken[0]:8.2f} {taken[1]:8.2f} {taken[2]:9.2f}")


def timed(table: str, store: str, cache: str, *, new: bool) -> float:
    """Of one cook, outside its stages, in a process that remembers nothing of the store."""
    os.environ["XDG_CACHE_HOME"] = cache
    for forgotten in (remote, stages.larder, stages.kitchen, stages.read_tally):
        clear: Callable[[], None] = forgotten.cache_clear
        clear()
    begun = time.perf_counter()
    dish = prepare(configured({"table": table, "store": store, "rows": ROWS, "grid": {"steps": [5]}}))
    made = all_stages(dish)
    took = time.perf_counter() - begun
    return took - (sum(one.seconds for one in made) if new else 0.0)


def all_stages(dish: Dish) -> list[Made]:
    """In a cook's order."""
    return [
        stages.make_base(dish),
        *(stages.make_batch(dish, batch) for batch in batches(dish.plan)),
        stages.make_tasting(dish),
        stages.make_soup(dish),
        stages.make_rows(dish, ROWS, "csv"),
        *(stages.make_scores(dish, part) for part in reporting.scored_parts(dish)),
        reporting.make_report(dish, ROWS, "csv"),
    ]


if __name__ == "__main__":
    main(*sys.argv[1:])
