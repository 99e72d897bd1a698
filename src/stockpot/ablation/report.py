"""The page, the figures and the pictures of all answers, in the store and in a person's folder."""

from __future__ import annotations

import json
import secrets
import shlex
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from stockpot.ablation.answers import answer_key, read_answer
from stockpot.ablation.arms import Found
from stockpot.ablation.config import AblateConfig
from stockpot.ablation.questions import QUESTIONS
from stockpot.ablation.telling import TITLES, tell
from stockpot.configuration import flags
from stockpot.digest import digest
from stockpot.dish import MODULES, Dish, Made
from stockpot.errors import FolderError
from stockpot.stages import folder_of, larder, made
from stockpot.versions import source_version

FIGURES, PAGE = "ablation.json", "ablation.html"
ELSEWHERE = {"out", "store", "runner", "workers", "force"}


def answers_key(dishes: Sequence[Dish], config: AblateConfig) -> str:
    """Of the page."""
    keys = [answer_key(dish, question) for dish in dishes for question in QUESTIONS]
    version = source_version(MODULES["answers"])
    return digest("answers", version, keys, dishes[0].name, json.dumps(essence(config), sort_keys=True))


def essence(config: AblateConfig) -> dict[str, Any]:
    """All options that change something in the results."""
    return config.model_dump(mode="json", exclude=ELSEWHERE)


def make_answers(dishes: Sequence[Dish], config: AblateConfig) -> Made:
    """ablation.json, ablation.html and a picture a question."""

    def fill(folder: Path) -> None:
        # an ablation whose page is there needs no plots
        from stockpot.report import ablation_page, ablation_plots

        answers = {name: Found([read_answer(dish, name) for dish in dishes]) for name in QUESTIONS}
        about = _about(dishes, config)
        told = {"version": 1, "config": essence(config), "about": about}
        told["questions"] = [_plain(name, found) for name, found in answers.items()]
        (folder / FIGURES).write_text(json.dumps(told, indent=1), encoding="utf-8")
        (folder / PAGE).write_text(ablation_page.render(about, answers), encoding="utf-8")
        for name, found in answers.items():
            (folder / f"{name}.png").write_bytes(ablation_plots.draw(name, found, "png"))

    return made(dishes[0], "answers", answers_key(dishes, config), fill)


def _about(dishes: Sequence[Dish], config: AblateConfig) -> dict[str, Any]:
    rows = larder(dishes[0])
    given = config.model_dump(exclude_defaults=True, exclude=ELSEWHERE | {"table"})
    return {
        "table": dishes[0].name,
        "model": config.model,
        "learn": rows.learning.rows,
        "judges": rows.holdout.rows if rows.holdout else 0,
        "seeds": len(dishes),
        "command": " ".join([f"stockpot ablate {shlex.quote(config.table)}", *flags(given)]),
    }


def _plain(question: str, found: Found) -> Mapping[str, Any]:
    arms = []
    for name in found.names:
        figures = dict.fromkeys(f for seed in found.seeds for arm in seed for f in arm.figures)
        known = {f: mean for f in figures if (mean := found.mean(name, f))}
        values = {f: asdict(mean) | {"seeds": found.values(name, f)} for f, mean in known.items()}
        arms.append({"name": name, "at": dict(found.at(name)), "figures": values})
    return {"question": TITLES[question], "name": question, "sentences": tell(question, found), "arms": arms}


def check_folder(config: AblateConfig) -> None:
    """FolderError unless the results may go where the configuration says."""
    folder = config.folder
    if folder.exists() and not folder.is_dir():
        raise FolderError(f"{folder} is a file: give a folder (--out).")
    if not folder.exists() or not any(folder.iterdir()) or config.force or _known(folder) == essence(config):
        return
    raise FolderError(
        f"{folder} holds something else than this ablation's results: give another folder (--out), or "
        "--force to write over what an ablation writes."
    )


def _known(folder: Path) -> object:
    try:
        return json.loads((folder / FIGURES).read_text(encoding="utf-8")).get("config")
    except (OSError, ValueError, AttributeError):
        return None


def deliver(dishes: Sequence[Dish], config: AblateConfig) -> Path:
    """Copy the page and its files to the folder, the figures last, each under another name first."""
    check_folder(config)
    made_at, out = folder_of(dishes[0], make_answers(dishes, config)), config.folder
    out.mkdir(parents=True, exist_ok=True)
    for name in (*(f"{question}.png" for question in QUESTIONS), PAGE, FIGURES):
        part = out / f".{name}.{secrets.token_hex(4)}.part"
        shutil.copyfile(made_at / name, part)
        part.replace(out / name)
    return out / PAGE


def read_sentences(config: AblateConfig) -> list[tuple[str, list[str]]]:
    """(question, sentences) of the results in the folder."""
    told = json.loads((config.folder / FIGURES).read_text(encoding="utf-8"))
    return [(part["question"], part["sentences"]) for part in told["questions"]]
