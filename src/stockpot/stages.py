"""The stages of a cook on a store: how each artefact is made and read. ``dish`` says what determines it.

A stage that is asked for and is there is not made again; one that another stage reads and that is gone or
damaged by then is made again first.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter
from safetensors.torch import load_file, save

from stockpot.constraints.sieve import Sieve
from stockpot.cook import provenance, shipped_ladle
from stockpot.dish import (
    Batch,
    Dish,
    Load,
    Made,
    Stage,
    base_key,
    batch_key,
    batches,
    rows_key,
    score_key,
    soup_key,
    taste_key,
)
from stockpot.draw import set_seeds
from stockpot.families.base import Weights
from stockpot.folder import read_soup, write_soup
from stockpot.keeper import Keeper
from stockpot.kitchen import Kitchen, gather, train_base, train_batch
from stockpot.larder import Larder, load_larder
from stockpot.progress import reporter
from stockpot.stock import Stock
from stockpot.tally import Dot, ModelScores, Tally
from stockpot.taste import Tasting, taste
from stockpot.threads import single_threaded
from stockpot.writing import open_writer

log = logging.getLogger(__name__)

RAILS, DOTS, SIZES = "rails", "dots", "sizes"
"""What can be scored beside the models by name."""
_TASTING = TypeAdapter(Tasting)
_SCORES = TypeAdapter(tuple[ModelScores, ...])
_DOTS = TypeAdapter(tuple[Dot, ...])


@lru_cache(maxsize=1)
def larder(dish: Dish) -> Larder:
    """The dish's rows; those of the last dish are kept for its next stage in this process."""
    return load_larder(dish.place, dish.table, dish.name)


@lru_cache(maxsize=1)
def kitchen(dish: Dish) -> Kitchen:
    """The dish's table with its codecs; kept likewise."""
    return Kitchen(larder(dish).learning, dish.plan)


def make_base(dish: Dish) -> Made:
    """Train the bases of all menageries."""
    key = base_key(dish)
    keeper = Keeper(dish.place.partial(key))

    def fill(folder: Path) -> None:
        _save(train_base(kitchen(dish), keeper=keeper), folder / "base.safetensors")

    base = made(dish, "base", key, fill)
    keeper.forget()
    return base


def make_batch(dish: Dish, batch: Batch) -> Made:
    """Train a batch of ingredients in every menagerie."""
    key = batch_key(dish, batch)
    keeper = Keeper(dish.place.partial(key))

    def fill(folder: Path) -> None:
        base = load_file(folder_of(dish, make_base(dish)) / "base.safetensors")
        with reporter(dish.place, key, len(batch.numbers)) as progress:
            trained = train_batch(kitchen(dish), base, batch.numbers, progress, keeper)
        _save(trained, folder / "ingredients.safetensors")

    ingredients = made(dish, "train", key, fill)
    keeper.forget()
    return ingredients


def make_load(dish: Dish, load: Load) -> Made:
    """Train the batches of one task, each an artefact of its own: what is there is not trained again."""
    trained = [make_batch(dish, batch) for batch in load.batches]
    return Made("train", trained[0].key, sum(one.seconds for one in trained))


def make_tasting(dish: Dish) -> Made:
    """Season every menagerie and judge all candidates over the folds."""

    def fill(folder: Path) -> None:
        _write(_TASTING, taste(_stock(dish)), folder / "tasting.json")

    return made(dish, "taste", taste_key(dish), fill)


def make_soup(dish: Dish) -> Made:
    """Blend the main menagerie by the winning proportions."""

    def fill(folder: Path) -> None:
        tally = read_tally(dish)
        files = write_soup(
            shipped_ladle(tally), dish.plan.model, provenance(tally.kitchen, tally.tasting), folder / "soup"
        )
        for path in files.iterdir():
            path.rename(folder / path.name)
        files.rmdir()

    return made(dish, "soup", soup_key(dish), fill)


def make_rows(dish: Dish, rows: int, form: str, number: int = 0) -> Made:
    """Draw the synthetic rows into one file, as a stream. ``number``: of several tables, the first is 0."""

    def fill(folder: Path) -> None:
        ladle, _, _ = read_soup(folder_of(dish, make_soup(dish)))
        rejected, sieve = 0, Sieve(ladle.rules)
        seed = set_seeds(number + 1, dish.plan.seed)[-1]
        with open_writer(folder / f"synthetic.{form}", ladle.schema) as writer:
            for block, invalid in ladle.blocks(rows, seed, sieve):
                writer.write(block)
                rejected += invalid
        account = {"rows": rows, "rejected": rejected, "tried": sieve.tried, "kept": sieve.kept}
        (folder / "drawn.json").write_text(json.dumps(account), encoding="utf-8")

    return made(dish, "rows", rows_key(dish, rows, form, number), fill)


def make_scores(dish: Dish, what: str) -> Made:
    """Score one model by name, or the rails, or the points of a plot."""

    def fill(folder: Path) -> None:
        tally, path = read_tally(dish), folder / "scores.json"
        if what in (DOTS, SIZES):
            _write(_DOTS, tally.dots() if what == DOTS else tally.sizes(), path)
        elif what == RAILS:
            _write(_SCORES, tally.rails(), path)
        else:
            _write(_SCORES, (tally.model(tally.tasting.taste(what)),), path)

    return made(dish, "score", score_key(dish, what), fill)


def read_tasting(dish: Dish) -> Tasting:
    """What tasting found."""
    return _TASTING.validate_json((folder_of(dish, make_tasting(dish)) / "tasting.json").read_bytes())


def read_scores(dish: Dish, what: str) -> tuple[ModelScores, ...]:
    """Of a model, or of the rails."""
    return _SCORES.validate_json((folder_of(dish, make_scores(dish, what)) / "scores.json").read_bytes())


def read_dots(dish: Dish, what: str) -> tuple[Dot, ...]:
    """The points of a plot."""
    return _DOTS.validate_json((folder_of(dish, make_scores(dish, what)) / "scores.json").read_bytes())


def folder_of(dish: Dish, made: Made) -> Path:
    """The files of an artefact."""
    return dish.place.folder(made.stage, made.key)


def made(dish: Dish, stage: Stage, key: str, fill: Callable[[Path], None]) -> Made:
    """The stage's artefact, made if it is not there."""
    with single_threaded():
        new = dish.place.make(stage, key, fill, dish.name)
    seconds = dish.place.seconds(stage, key)
    if new:
        log.info("%s %s of %s: %.1f s", stage, key[:8], dish.name, seconds)
    return Made(stage, key, seconds)


def _stock(dish: Dish) -> Stock:
    """All that was trained."""
    base = load_file(folder_of(dish, make_base(dish)) / "base.safetensors")
    folders = [folder_of(dish, make_batch(dish, batch)) for batch in batches(dish.plan)]
    ingredients = gather([load_file(folder / "ingredients.safetensors") for folder in folders])
    return Stock(kitchen(dish), base, ingredients)


@lru_cache(maxsize=1)
def read_tally(dish: Dish) -> Tally:
    """All that a cook made up to its tasting; that of the last dish is kept."""
    tasting = read_tasting(dish)
    return Tally(_stock(dish), tasting, larder(dish).holdout)


def _write(form: TypeAdapter[Any], value: object, path: Path) -> None:
    """As JSON, where a loss that is no number stays one (pydantic would write null, and not read it back)."""
    path.write_text(json.dumps(form.dump_python(value)), encoding="utf-8")


def _save(weights: Weights, path: Path) -> None:
    # not save_file: for a full disk it raises an error of its own, which is no OSError and is not retried
    path.write_bytes(save({name: value.contiguous() for name, value in weights.items()}))
