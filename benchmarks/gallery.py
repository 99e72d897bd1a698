"""The gallery of recipes, docs/recipes.md: ``python -m stockpot.benchmarks.gallery docs/recipes.md``.

Each recipe's section is what its function says of itself, with what the registry knows. Folders of ablations
behind the page's name (``runs/penguins runs/slid``) bring figures, a table each:
``stockpot ablate table.csv --out runs/penguins`` asks each its ninth question. Without folders the figures
stay. What stands outside the page's marks is written by hand.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from stockpot.ablation.arms import Arm, Found
from stockpot.benchmarks.words import interval, number, table
from stockpot.recipes import RECIPES
from stockpot.recipes.recipe import Recipe

FIRST, MISSING = "best", "-"
FILE_OPTIONS = {"base": "--base FILE", "symmetry": "--symmetry FILE"}


def section(recipe: Recipe) -> str:
    """A recipe's part of the page."""
    words = [re.sub(r"\s*\n\s*", " ", part) for part in recipe.idea.split("\n\n")]
    told = "\n\n".join(words).replace("``", "`")
    return f"### `{recipe.name}`\n\n{told}\n\n{facts(recipe)}".rstrip() + "\n"


def facts(recipe: Recipe) -> str:
    """A list of what the registry knows."""
    knobs = "; ".join(f"`{knob}` {', '.join(map(number, tried))}" for knob, tried in recipe.knobs.items())
    lines = {"Values tried": knobs, "Files": _command(recipe), "Paper": recipe.paper}
    return "\n".join(f"- {name}: {value}" for name, value in lines.items() if value)


def _command(recipe: Recipe) -> str:
    """How it blends checkpoints, if it can."""
    options = "".join(f" {FILE_OPTIONS[need]}" for need in sorted(recipe.needs & FILE_OPTIONS.keys()))
    return f"`stockpot blend --recipe {recipe.name}{options}`" if recipe.needs_no_data else ""


def sections() -> str:
    """Of every recipe."""
    return "\n".join(map(section, RECIPES.values()))


def figures(told: Mapping[str, Found]) -> str:
    """A row a recipe: held-out loss less the best single ingredient's on each table, and CPU seconds."""
    head = ["recipe", *told, "CPU s"]
    return table(head, [[f"`{name}`", *_cells(name, told.values())] for name in RECIPES if name != FIRST])


def _cells(name: str, told: Any) -> list[str]:
    tables = list(told)
    less = [found.less(name, FIRST, "loss") for found in tables]
    spent = [mean.value for found in tables if (mean := found.mean(name, "seconds"))]
    seconds = number(sum(spent) / len(spent)) if spent else MISSING
    return [*(interval(one, 3) if one else MISSING for one in less), seconds]


def read(folder: Path) -> tuple[str, Found]:
    """A table's name, and the ninth question's answer."""
    told = json.loads((folder / "ablation.json").read_text(encoding="utf-8"))
    arms = next(part["arms"] for part in told["questions"] if part["name"] == "contest")
    seeds = {int(s) for arm in arms for figure in arm["figures"].values() for s in figure["seeds"]}
    return told["about"]["table"], Found([[_arm(arm, seed) for arm in arms] for seed in sorted(seeds)])


def _arm(told: Mapping[str, Any], seed: int) -> Arm:
    known = {name: figure["seeds"] for name, figure in told["figures"].items()}
    return Arm(told["name"], {name: by[str(seed)] for name, by in known.items() if str(seed) in by})


def written(page: str, part: str, text: str) -> str:
    """The page with another text between a part's marks."""
    first, last = f"<!-- {part} -->\n", f"<!-- end of {part} -->"
    before, _, rest = page.partition(first)
    _, found, after = rest.partition(last)
    if not found:
        raise SystemExit(f"The page lacks the marks '{first.strip()}' and '{last}'.")
    return f"{before}{first}\n{text.strip()}\n\n{last}{after}"


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("page", type=Path)
    parser.add_argument("folders", type=Path, nargs="*", help="of ablations")
    given = parser.parse_args(arguments)
    page = written(given.page.read_text(encoding="utf-8"), "recipes", sections())
    if given.folders:
        page = written(page, "figures", figures(dict(map(read, given.folders))))
    given.page.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
