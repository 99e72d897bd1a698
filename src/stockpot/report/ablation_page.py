"""The ablation's page: a sentence, a picture and a table a question. It asks nothing of the network."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass

from stockpot.ablation.arms import Found
from stockpot.ablation.barrier import DOT
from stockpot.ablation.telling import TITLES, tell
from stockpot.report import ablation_plots
from stockpot.report.ink import minus, themed
from stockpot.report.templates import template
from stockpot.report.words import NOTHING


@dataclass(frozen=True)
class Part:
    """One question on the page."""

    title: str
    sentences: tuple[str, ...]
    address: str
    figures: tuple[str, ...]
    lines: tuple[tuple[str, tuple[str, ...]], ...]


def render(about: Mapping[str, object], answers: Mapping[str, Found]) -> str:
    """The page of all answers."""
    return template("ablation.html").render(
        about=about, parts=[_part(name, found) for name, found in answers.items()]
    )


def _part(question: str, found: Found) -> Part:
    arms = [arm for seed in found.seeds for arm in seed if DOT not in arm.at]
    figures = tuple(dict.fromkeys(name for arm in arms for name in arm.figures))
    names = dict.fromkeys(arm.name for arm in arms)
    lines = tuple((name, tuple(_cell(found, name, figure) for figure in figures)) for name in names)
    svg = themed(ablation_plots.draw(question, found)).encode()
    address = "data:image/svg+xml;base64," + base64.b64encode(svg).decode("ascii")
    return Part(TITLES[question], tuple(map(minus_signs, tell(question, found))), address, figures, lines)


def minus_signs(sentence: str) -> str:
    """A hyphen before a digit is a minus."""
    return sentence.replace(" -", f" {minus('-')}").replace("(-", f"({minus('-')}")


def _cell(found: Found, name: str, figure: str) -> str:
    mean = found.mean(name, figure)
    if mean is None:
        return NOTHING
    half = "" if mean.half is None else f" ± {mean.half:.2g}"
    return minus(f"{mean.value:.4g}{half}")
