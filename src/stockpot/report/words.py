"""How figures are named, printed and explained: one glossary for the terminal, Markdown, pictures and page.

Each word says its direction: 'lower' or 'higher' is better, 'beside' is read beside the reference (near what
unseen real rows reach is best). Units and what was measured against are the figures' own.
"""

import math
from dataclasses import dataclass, replace
from typing import Literal

from stockpot.figures import Figure

Better = Literal["lower", "higher", "beside"]
ARROWS: dict[Better, str] = {"lower": "↓", "higher": "↑", "beside": "≈"}
NOTHING = "-"
"""What stands where there is no figure."""


@dataclass(frozen=True)
class Word:
    """One kind of figure: its label, its direction, how many digits say something, and what it is."""

    label: str
    better: Better
    decimals: int
    meaning: str


_QUALITY = (
    "100 x the overall score of SDMetrics' single-table QualityReport (column shapes and pair trends), from "
    "0 to 100. At this size it is noisy and rewards sharp rows, because it bins both sides apart and drops "
    "weak pairs: read it beside fidelity and the rails."
)
_FIDELITY = (
    "The QualityReport's own metrics with their faults at this size mended: both sides share one set of bins "
    "and every pair of columns counts. From 0 to 100."
)
_HELD_OUT = " Rows of each fold's soup against the rows that the fold kept from it, mean over folds."
_ALL = " Rows of the model that all real rows made, against all real rows: it has seen them."
WORDS: dict[str, Word] = {
    "held_out_loss": Word(
        "held-out loss",
        "lower",
        3,
        "How surprised the model is by rows that it never saw: mean negative log probability of the true "
        "value, under one fixed set of masks, mean over folds. This figure chooses the recipe.",
    ),
    "held_out_accuracy": Word(
        "accuracy",
        "higher",
        3,
        "Share of hidden values (tokens) of unseen rows whose likeliest value is the true one, mean over "
        "folds.",
    ),
    "fidelity_held_out": Word("fidelity held out", "higher", 1, _FIDELITY + _HELD_OUT),
    "quality_held_out": Word("quality held out", "higher", 1, _QUALITY + _HELD_OUT),
    "fidelity_all": Word("fidelity all", "higher", 1, _FIDELITY + _ALL),
    "quality_all": Word("quality all", "higher", 1, _QUALITY + _ALL),
    "copy_rate": Word(
        "copy rate",
        "beside",
        3,
        "Share of synthetic rows that equal a learning row in every field. The reference says how many "
        "unseen real rows do: chance alone makes equal rows in a table with few distinct values.",
    ),
    "verbatim": Word(
        "verbatim numbers",
        "beside",
        3,
        "Share of the numbers that repeat what exactly one learning row says. Judge it beside the reference.",
    ),
    "nearer_train": Word(
        "nearer to learning rows",
        "beside",
        3,
        "Share of synthetic rows whose nearest real record is a learning row rather than an unseen one, of "
        "as many each. 0.5 is ideal: more says that the model remembers.",
    ),
    "diagnostic": Word(
        "diagnostic",
        "higher",
        1,
        "100 x the overall score of SDMetrics' DiagnosticReport: values are valid, and columns are those of "
        "the table.",
    ),
    "new_rows": Word(
        "new rows",
        "beside",
        3,
        "Share of synthetic rows that match no real row, numbers within 1 % (SDMetrics' NewRowSynthesis).",
    ),
    "invalid_rows": Word(
        "invalid rows",
        "lower",
        0,
        "Rows that the model wrote and that were rejected, because a field could not be read.",
    ),
}
_HOLDOUT = {
    "quality": "quality_all",
    "fidelity": "fidelity_all",
    "loss": "held_out_loss",
    "accuracy": "held_out_accuracy",
}


def word(name: str) -> Word:
    """The word of a figure's name; ``..._holdout`` is the same word against rows that were set apart."""
    if name in WORDS:
        return WORDS[name]
    base = name.removesuffix("_holdout")
    known = WORDS.get(_HOLDOUT.get(base, base))
    if base == name or known is None:
        return Word(name.replace("_", " "), "beside", 3, "See what it was measured against.")
    meaning = (
        known.meaning.removesuffix(_ALL) + " Against rows that were set apart and that nothing saw before."
    )
    return replace(known, label=f"{_bare(known.label)} holdout", meaning=meaning)


def _bare(label: str) -> str:
    return label.removesuffix(" all").removeprefix("held-out ")


def direction(name: str) -> str:
    """The direction in words."""
    better = word(name).better
    return "beside the reference" if better == "beside" else f"{better} is better"


def number(name: str, value: float | None) -> str:
    """The value with as many digits as say something; '-' where there is none."""
    if value is None or not math.isfinite(value):
        return NOTHING
    return f"{value:.{word(name).decimals}f}"


def cell(name: str, figure: Figure | None) -> str:
    """A figure's value, bare."""
    return number(name, None if figure is None else figure.value)


def interval(name: str, figure: Figure | None, sign: str = "") -> str:
    """A figure's interval as '[low, high]', or nothing; ``sign='+'`` for differences."""
    if figure is None or figure.low is None or figure.high is None:
        return ""
    if not (math.isfinite(figure.low) and math.isfinite(figure.high)):
        return ""
    digits = f"{sign}.{word(name).decimals}f"
    return f"[{figure.low:{digits}}, {figure.high:{digits}}]"


def signed(name: str, figure: Figure | None) -> str:
    """A difference with its sign and interval: '-0.012 ± 0.008', or with brackets where it is lopsided."""
    if figure is None or not math.isfinite(figure.value):
        return NOTHING
    digits = word(name).decimals
    return f"{figure.value:+.{digits}f} {_around(name, figure)}".rstrip()


def _around(name: str, figure: Figure) -> str:
    if not interval(name, figure) or figure.low is None or figure.high is None:
        return ""
    digits = word(name).decimals
    if abs((figure.low + figure.high) / 2 - figure.value) < 0.5 * 10**-digits:
        return f"± {(figure.high - figure.low) / 2:.{digits}f}"
    return interval(name, figure, "+")


def leaning(name: str, difference: Figure | None) -> Literal["better", "worse", "level"]:
    """Whether a difference's interval lies wholly on one side of zero, and whether on the better one."""
    if difference is None or difference.low is None or difference.high is None:
        return "level"
    if word(name).better == "beside" or not (difference.low > 0 or difference.high < 0):
        return "level"
    return "better" if (difference.low > 0) == (word(name).better == "higher") else "worse"
