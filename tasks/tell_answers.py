"""Write an ablation's page and deliver it."""

from __future__ import annotations

from collections.abc import Sequence

from prefect.artifacts import create_markdown_artifact

from stockpot.ablation import report
from stockpot.ablation.config import AblateConfig
from stockpot.ablation.questions import QUESTIONS
from stockpot.dish import Dish
from stockpot.tasks.showing import inlined, slug
from stockpot.tasks.stage import worldly


@worldly("tell the answers to {config.folder}")
def tell_answers(dishes: Sequence[Dish], config: AblateConfig) -> str:
    """The page, the figures and the pictures in the results folder. Returns the page's path."""
    page = report.deliver(dishes, config)
    answers = zip(QUESTIONS, report.read_sentences(config), strict=True)
    parts = [f"## {title}\n\n{' '.join(told)}\n\n![]({name}.png)" for name, (title, told) in answers]
    shown = inlined("\n\n".join(parts), config.folder)
    create_markdown_artifact(key=f"ablation-{slug(config.name)}", markdown=shown, description=str(page))
    return str(page)
