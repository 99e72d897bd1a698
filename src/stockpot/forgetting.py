"""The folder of a soup that forgot: the soup, rows drawn from it, and an account of what it forgot and lost.

soup/            never saw the rows
synthetic.csv    (or .parquet) as many rows as the run drew
forget.json      what 'never saw' covers, and what it costs in fidelity; it holds no value of a row
"""

from __future__ import annotations

import json
import logging
import secrets
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from math import isfinite
from pathlib import Path
from statistics import fmean
from typing import Any

from stockpot.config import CookConfig
from stockpot.configuration import configured, read_config
from stockpot.cook import set_apart, shipped_ladle
from stockpot.dish import Dish, batch_key, batches, taste_key
from stockpot.errors import DrawError, FolderError
from stockpot.folder import read_soup, write_soup
from stockpot.forget import Forgotten, fold_of
from stockpot.larder import read_table, stocked
from stockpot.results import ROWS
from stockpot.score.align import kinds_of_schema
from stockpot.score.fidelity import FidelityTo
from stockpot.score.intervals import Interval, t_interval
from stockpot.stages import read_tally
from stockpot.table import Table
from stockpot.tally import SCORED_ROWS
from stockpot.threads import single_threaded
from stockpot.writing import open_writer

log = logging.getLogger(__name__)

CONFIG, SOUP, PROVENANCE, ACCOUNT = "config.yaml", "soup", "provenance.json", "forget.json"
DRAWS = 5
"""So many times each soup is drawn from and scored, each time with another seed."""
FILES = {SOUP, ACCOUNT, *ROWS}
STAYS = (
    "What the cook left (its soup, rows, figures and report, and the store) still knows what is forgotten "
    "here, and so does what was handed on: that is yours to take away."
)
FEW = 3
"""More rows than that are not all named by the folder."""


@dataclass(frozen=True)
class Loss:
    """Fidelity of both soups' rows to the real rows that are left, of 100, higher is better. ``less``: the
    forgetting soup's less the shipped one's.
    """

    forgetting: float
    shipped: float
    less: Interval


@dataclass(frozen=True)
class Forgetting:
    """One cook's results without some of its rows."""

    config: CookConfig
    what: Forgotten

    @cached_property
    def loss(self) -> Loss | None:
        """Drawn and raked alike, by the same seeds. None where a model draws hardly a valid row."""
        left = self.what.left
        judge = FidelityTo.of(left.frame, kinds_of_schema(left.schema))
        soups = [self.what.ladle, shipped_ladle(self.what.tally)]
        try:
            ours, theirs = (
                [judge.score(soup.draw(SCORED_ROWS, seed)).value for seed in range(DRAWS)] for soup in soups
            )
        except DrawError:
            return None
        less = t_interval([a - b for a, b in zip(ours, theirs, strict=True)])
        return Loss(fmean(ours), fmean(theirs), less) if isfinite(less.value) else None

    @property
    def sentences(self) -> list[str]:
        """What a person should know."""
        told = [self._never_saw(), self._form(), self._choice(), self._equals(), self._cost(), STAYS]
        return [sentence for sentence in told if sentence]

    def _never_saw(self) -> str:
        what = self.what
        others = len(what.tally.kitchen.deal.folds[what.fold]) - len(what.rows)
        return (
            f"The weights of this soup, their base, its codec, marginals and schema, and its digest of the "
            f"table come from {what.learned.rows} rows: {named(what.rows)} and {others} more of the same "
            "fold are not among them."
        )

    def _form(self) -> str:
        own = "" if self.what.own_codec else ", and so is the form of numbers and dates in its codec"
        return f"What kind each column is, and the size of the net, are the whole table's{own}."

    def _choice(self) -> str:
        return (
            f"The rows of the other folds chose that it is '{self.what.taste.name}', and in which shares, by "
            f"judging models that did learn from {named(self.what.rows)}."
        )

    def _equals(self) -> str:
        count = self.what.equals
        if not count:
            return ""
        told = "one row that equals" if count == 1 else f"{count} rows that equal"
        return f"It did learn from {told} a forgotten one in every column."

    def _cost(self) -> str:
        loss, left = self.loss, self.what.left.rows
        if loss is None:
            return "What it loses in fidelity is not known: hardly a valid row was drawn."
        verdict = "" if loss.less.apart else ", which cannot be told from noise"
        told = f"{loss.less.value:+.1f} ({loss.less.low:+.1f} to {loss.less.high:+.1f}){verdict}"
        return (
            f"Fidelity of its rows to the {left} that are left is {loss.forgetting:.1f} of 100, and of the "
            f"shipped soup's {loss.shipped:.1f}: {told}. The interval is the noise of drawing {SCORED_ROWS} "
            f"rows {DRAWS} times, and no more: it says nothing of other rows or tables. The shipped soup "
            "learned from all of these rows, this one did not."
        )

    def plain(self) -> Mapping[str, Any]:
        """What forget.json holds."""
        what = self.what
        return {
            "version": 1,
            "rows": list(what.rows),
            "counted": "from 0, the first row of the table",
            "fold": what.fold,
            "recipe": what.provenance["recipe"],
            "proportions": what.provenance["proportions"],
            "learned_rows": what.learned.rows,
            "digest_of_learned_rows": what.learned.digest,
            "own_codec": what.own_codec,
            "equal_rows_learned": what.equals,
            "fidelity": None if self.loss is None else asdict(self.loss) | {"unit": "of 100", "draws": DRAWS},
            "sentences": self.sentences,
        }

    def deliver(self, out: Path) -> Path:
        """Write the folder; FolderError where something else is in it."""
        check_out(out)
        part = out.with_name(f".{out.name}.{secrets.token_hex(4)}.part")
        try:
            part.mkdir(parents=True)
            self._fill(part)
            if out.exists():
                shutil.rmtree(out)
            part.rename(out)
        except OSError as error:
            raise FolderError(f"{out} cannot be written ({error}): give another folder (--out).") from None
        finally:
            shutil.rmtree(part, ignore_errors=True)
        return out

    def _fill(self, folder: Path) -> None:
        ladle, plan = self.what.ladle, self.what.tally.kitchen.plan
        write_soup(ladle, plan.model, self.what.provenance, folder / SOUP)
        with open_writer(folder / f"synthetic.{self.config.format}", ladle.schema) as writer:
            for block, _ in ladle.blocks(self.config.rows, plan.seed):
                writer.write(block)
        (folder / ACCOUNT).write_text(json.dumps(self.plain(), indent=1), encoding="utf-8")


def forgetting(run: Path, rows: Sequence[int], warn: Callable[[str], None] = log.warning) -> Forgetting:
    """A cook's results without some rows of its table; what the store lacks is made again, with a warning.
    UserError where there is no such thing.
    """
    config = _config(run)
    table = read_table(config)
    _check_unchanged(run, set_apart(table, config)[0])
    dish, asked = stocked(config, table), list(dict.fromkeys(rows))
    fold = fold_of(dish, config, table.rows, asked)
    if not _stored(dish):
        warn(f"The store no longer holds all that {run} was made of: it is trained again, as a cook does.")
    with single_threaded():
        return Forgetting(config, Forgotten(read_tally(dish), tuple(asked), *fold))


def _stored(dish: Dish) -> bool:
    keys = [("taste", taste_key(dish)), *(("train", batch_key(dish, one)) for one in batches(dish.plan))]
    return all(dish.place.known(stage, key) for stage, key in keys)


def _config(run: Path) -> CookConfig:
    lacking = next((name for name in (CONFIG, f"{SOUP}/{PROVENANCE}") if not (run / name).is_file()), None)
    if lacking:
        raise FolderError(f"{run} holds no cook's results: it lacks {lacking}; give the folder of a cook.")
    return configured(read_config(run / CONFIG))


def _check_unchanged(run: Path, learning: Table) -> None:
    """FolderError if the table's file says something else than what was cooked: row 17 may be another one."""
    _, _, provenance = read_soup(run / SOUP)
    if provenance["table"]["digest"] != learning.digest:
        raise FolderError(
            f"{learning.name} is not the table that {run} was cooked from (its rows, columns or kinds have "
            "changed), so its rows may have other numbers: bring that table back, or cook this one."
        )


def check_out(out: Path) -> None:
    """FolderError unless it is empty, or holds what an earlier forgetting left, account and all."""
    names = {path.name for path in out.iterdir()} if out.is_dir() else set()
    ours = out.is_dir() and (not names or (ACCOUNT in names and names <= FILES))
    if out.exists() and not ours:
        raise FolderError(f"{out} holds something else: give another folder (--out).")


def named(rows: Sequence[int]) -> str:
    """``row 17``, ``rows 3 and 17``."""
    told = [str(row) for row in rows]
    return f"row {told[0]}" if len(told) == 1 else f"rows {', '.join(told[:-1])} and {told[-1]}"


def folder_of(run: Path, rows: Sequence[int]) -> Path:
    """Where the results go, unless a person says where."""
    told = list(dict.fromkeys(rows))
    rest = [f"and-{len(told) - FEW}-more"] if len(told) > FEW else []
    return run / "-".join(["forget", *map(str, told[:FEW]), *rest])
