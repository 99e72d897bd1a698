"""Answer a question of an ablation."""

from __future__ import annotations

from stockpot.ablation import answers
from stockpot.ablation.answers import answer_key
from stockpot.dish import Dish, Made
from stockpot.tasks.stage import stage


@stage("answer", "ask of {question}, seed {dish.plan.seed} of {dish.name}", answer_key)
def answer_question(dish: Dish, question: str) -> Made:
    """One question of one seed: train what it needs, and judge."""
    return answers.make_answer(dish, question)
