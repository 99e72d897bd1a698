"""Write an ablation's page and deliver it."""

from __future__ import annotations

from collections.abc import Sequence

from prefect.artifacts import create_markdown_artifact

from stockpot.ablation import report
from stockpot.ablation.config import AblateConfig
from stockpot.dish import Dish
from stockpot.tasks.stage import worldly


@worldly("tell the answers to {config.folder}")
def tell_answers(dishes: Sequence[Dish], config: AblateConfig) -> str:
    """The page, the figures and the pictures in the results folder. Returns the page's path."""
    page = report.deliver(dishes, config)
    parts = [f"## {title}\n\n{' '.join(told)}" for title, told in report.read_sentences(config)]
    create_markdown_artifact(key="ablation", markdown="\n\n".join(parts), description=str(page))
    return str(page)
