"""Measure a trial of the benchmark."""

from __future__ import annotations

from pathlib import Path

from stockpot.benchmarks import run
from stockpot.benchmarks.agenda import Trial
from stockpot.tasks.stage import worldly


@worldly("measure {trial.name}")
def measure_trial(trial: Trial, folder: Path) -> None:
    """In a process of its own. The lines in the folder are its cache: what is there is not measured again."""
    run.measure(trial, folder)
