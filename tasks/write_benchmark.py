"""Write the benchmark's page."""

from __future__ import annotations

from prefect.artifacts import create_markdown_artifact

from stockpot.benchmarks import report
from stockpot.benchmarks.config import BenchmarkConfig
from stockpot.tasks.showing import inlined
from stockpot.tasks.stage import worldly


@worldly("write {config.out}/benchmarks.md")
def write_benchmark(config: BenchmarkConfig) -> str:
    """From all lines that are there, whoever measured them. Returns the page's path."""
    path = report.write(config)
    shown = inlined(path.read_text(encoding="utf-8"), path.parent)
    create_markdown_artifact(key="benchmark", markdown=shown, description=str(path))
    return str(path)
