"""Answers in the store: one artefact a (seed, question)."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from stockpot import plugins
from stockpot.ablation.arms import Arm
from stockpot.ablation.extent import extent
from stockpot.ablation.questions import QUESTIONS
from stockpot.digest import digest
from stockpot.dish import MODULES, Dish, Made, taste_key
from stockpot.stages import folder_of, made, read_tally
from stockpot.versions import source_version


def answer_key(dish: Dish, question: str) -> str:
    """Of one seed's answer."""
    version = source_version(MODULES["answer"], "stockpot.ablation.answers")
    asked = asdict(extent(dish.plan.model))
    plugged = plugins.sources(plugins.RECIPES, list(plugins.found(plugins.RECIPES)))
    parts = (dish.table, taste_key(dish), dish.plan.rake, question, repr(asked), *plugged)
    return digest("answer", version, *parts)


def make_answer(dish: Dish, question: str) -> Made:
    """Ask one question of one seed."""

    def fill(folder: Path) -> None:
        arms = QUESTIONS[question](read_tally(dish), extent(dish.plan.model))
        (folder / "answer.json").write_text(json.dumps([asdict(arm) for arm in arms]), encoding="utf-8")

    return made(dish, "answer", answer_key(dish, question), fill)


def read_answer(dish: Dish, question: str) -> list[Arm]:
    """The arms, as they were found."""
    path = folder_of(dish, make_answer(dish, question)) / "answer.json"
    return [Arm(**arm) for arm in json.loads(path.read_text(encoding="utf-8"))]
