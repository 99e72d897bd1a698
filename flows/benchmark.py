"""The benchmark: methods on public tables, beside each other."""

from __future__ import annotations

from prefect import flow

from stockpot.benchmarks.config import BenchmarkConfig
from stockpot.benchmarks.methods import peers_of
from stockpot.flows.bench import Bench
from stockpot.flows.roll import begin, close
from stockpot.tasks.install_peer import install_peer
from stockpot.tasks.measure_trial import measure_trial
from stockpot.tasks.write_benchmark import write_benchmark


@flow(name="benchmark", on_running=[begin], on_crashed=[close], flow_run_name="benchmark into {config.out}")
def benchmark(config: BenchmarkConfig = BenchmarkConfig()) -> str:  # noqa: B008 - frozen, as the cook's
    """Find the trials of which a line is not there yet (all, if they are to be fresh). Install the peers
    among them, measure each trial in a process of its own, and write the page from all lines. Returns the
    page's path.
    """
    config.begin()
    trials = config.missing()
    with Bench(config.workers) as bench:
        bench.do_one_by_one(install_peer, found=peers_of(trials))
        bench.do_each(measure_trial, trial=trials, folder=config.folder)
        return write_benchmark(config)


if __name__ == "__main__":  # hand over at once: the classes must be stockpot.flows's
    import sys

    from stockpot.flows.cli import main

    main(["benchmark", *sys.argv[1:]])
