"""An ablation at a terminal: mistakes and an estimate first, then progress, then the answers."""

from __future__ import annotations

import time

from rich.console import Console

from stockpot.ablation import report
from stockpot.ablation.answers import answer_key
from stockpot.ablation.config import AblateConfig
from stockpot.ablation.estimate import estimate
from stockpot.ablation.questions import QUESTIONS
from stockpot.ablation.seeds import deal_seeds
from stockpot.dish import Dish, taste_key
from stockpot.flows import environment
from stockpot.flows.by_hand import run_watched, say
from stockpot.flows.runners import check_runner
from stockpot.sources.place import shown


class Inquiry:
    """Where an ablation is, read off the store."""

    def __init__(self, dishes: list[Dish]) -> None:
        self.store = dishes[0].place
        self.cooks = [taste_key(dish) for dish in dishes]
        self.keys = [answer_key(dish, question) for dish in dishes for question in QUESTIONS]
        self.total = len(self.cooks) + len(self.keys)

    def trained(self) -> float:
        """Cooks and answers so far."""
        cooks = sum(self.store.known("taste", key) for key in self.cooks)
        return float(cooks + sum(self.store.known("answer", key) for key in self.keys))

    def words(self, done: float) -> str:
        """The stage that is being made."""
        if done < len(self.cooks):
            return f"cooked {done:.0f} of {len(self.cooks)} seeds"
        answered = done - len(self.cooks)
        return f"answered {answered:.0f} of {len(self.keys)}" if done < self.total else "writing the page"


def ablate_by_hand(config: AblateConfig, console: Console, *, verbose: bool) -> None:
    """Ask, show, and say where everything is."""
    start = time.perf_counter()
    environment.prepare(verbose=verbose)
    check_runner(config)
    report.check_folder(config)
    dishes = deal_seeds(config, lambda note: say(console, f"Note: {note}"))
    say(console, _announcement(dishes, config))
    _run(config, dishes, console, verbose=verbose)
    for number, (title, told) in enumerate(report.read_sentences(config), start=1):
        say(console, f"\n{number}. {title}", style="bold")
        for sentence in told:
            say(console, sentence)
    took = time.perf_counter() - start
    say(console, f"\nablation.html, ablation.json and the pictures are in {config.folder} ({took:.0f} s)")


def _announcement(dishes: list[Dish], config: AblateConfig) -> str:
    minutes = estimate(dishes, config.workers) / 60
    time_left = f"about {max(1, round(minutes))} min" if minutes else "all of it is there already"
    seeds = "1 seed" if len(dishes) == 1 else f"{len(dishes)} seeds"
    return f"Ablating {shown(config.table)} with {config.model}: nine questions, {seeds}, {time_left}"


def _run(config: AblateConfig, dishes: list[Dish], console: Console, *, verbose: bool) -> None:
    # Prefect reads its settings, which ``environment`` has prepared, when it is imported.
    from stockpot.flows.ablate import ablate

    run_watched(ablate, config, Inquiry(dishes), console, verbose=verbose)
