"""What did not work, in sentences read off the figures: losing soups, failed ingredients, leaking rows."""

import math

from stockpot.figures import Figures
from stockpot.report.verdict import Row, value, verdict
from stockpot.report.words import leaning, number, signed, word


def what_did_not_work(figures: Figures) -> list[str]:
    """One sentence each; empty where all went well."""
    told = verdict(figures)
    lost = [sentence for row in told.models if (sentence := _lost(told.judge, told.to_beat, row))]
    return [*lost, *_below_floor(figures), *_copies(figures), *_untrained(figures)]


def _lost(judge: str, to_beat: str | None, row: Row) -> str:
    if row.to_beat or row.difference is None or not math.isfinite(row.difference.value):
        return ""
    leans = leaning(judge, row.difference)
    if leans == "better":
        return ""
    how = f"{word(judge).label} {signed(judge, row.difference)} {row.difference.unit}"
    if leans == "worse":
        return f"'{row.name}' is worse than '{to_beat}': {how}."
    return f"'{row.name}' cannot be told from '{to_beat}' on this table: {how}."


def _below_floor(figures: Figures) -> list[str]:
    sentences = []
    for name in ("fidelity_held_out", "fidelity_all"):
        floor = value(figures.rails.get("floor", {}), name)
        low = [model.name for model in figures.models if value(model.figures, name) < floor]
        if low:
            sentences.append(
                f"Below the floor in {word(name).label} ({number(name, floor)}), which needs no model: "
                f"{', '.join(low)}."
            )
    return sentences


def _copies(figures: Figures) -> list[str]:
    unseen = value(figures.rails.get("reference", {}), "copy_rate")
    shipped = next((row for row in verdict(figures).models if row.shipped), None)
    if shipped is None or not value(shipped.figures, "copy_rate") > unseen:
        return []
    rate = number("copy_rate", value(shipped.figures, "copy_rate"))
    return [
        f"The shipped rows repeat learning rows more often ({rate}) than unseen real rows do ({unseen:.3f})."
    ]


def _untrained(figures: Figures) -> list[str]:
    failed = [
        each.number for each in figures.menagerie if figures.folds and not math.isfinite(each.held_out_loss)
    ]
    if not failed:
        return []
    return [
        f"No held-out loss came from {len(failed)} of {len(figures.menagerie)} ingredients: {_some(failed)}."
    ]


def _some(numbers: list[int], most: int = 20) -> str:
    rest = len(numbers) - most
    listed = ", ".join(str(each) for each in numbers[:most])
    return f"{listed} and {rest} more" if rest > 0 else listed
