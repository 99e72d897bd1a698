"""Every recipe by name. A new one is a function and an entry in ``ALL`` (see CONTRIBUTING.md); other packages
bring theirs as plugins.
"""

from __future__ import annotations

from collections.abc import Mapping

from stockpot import plugins
from stockpot.recipes.aligning import aligned
from stockpot.recipes.angles import best_two, model_stock, slerp
from stockpot.recipes.choosing import best, gate, greedy, restarts, uniform, weighted
from stockpot.recipes.fisher import fisher
from stockpot.recipes.learning import learned, learned_layers, searched
from stockpot.recipes.recipe import Need, Recipe
from stockpot.recipes.trajectory import ema, swa
from stockpot.recipes.vectors import dare, task_arithmetic, ties

SOUPS = "Wortsman et al., 'Model soups', ICML 2022 (arXiv 2203.05482)"
BASE: frozenset[Need] = frozenset({"base"})

ALL = (
    Recipe("best", find=best, needs=frozenset({"losses"}), ranked=True),
    Recipe("uniform", find=uniform, paper=SOUPS),
    Recipe("greedy", find=greedy, needs=frozenset({"judge"}), ranked=True, paper=SOUPS),
    Recipe("restarts", find=restarts, needs=frozenset({"judge"}), ranked=True),
    Recipe(
        "weighted",
        find=weighted,
        needs=frozenset({"losses"}),
        knobs={"temperature": (1.0, 0.3, 3.0)},
    ),
    Recipe(
        "gate",
        find=gate,
        needs=frozenset({"judge"}),
        ranked=True,
        paper="Frankle et al., 'Linear Mode Connectivity and the Lottery Ticket Hypothesis', ICML 2020 "
        "(arXiv 1912.05671), for the barrier",
    ),
    Recipe("learned", find=learned, needs=frozenset({"slope"}), paper=SOUPS),
    Recipe("learned_layers", find=learned_layers, needs=frozenset({"slope"}), paper=SOUPS),
    Recipe(
        "searched",
        find=searched,
        needs=frozenset({"judge"}),
        paper="Hansen, 'The CMA Evolution Strategy: A Tutorial', 2016 (arXiv 1604.00772)",
    ),
    Recipe(
        "model_stock",
        blend=model_stock,
        needs=BASE,
        paper="Jang, Yun & Han, 'Model Stock: All we need is just a few fine-tuned models', ECCV 2024 "
        "(arXiv 2403.19522)",
    ),
    Recipe(
        "task_arithmetic",
        blend=task_arithmetic,
        needs=BASE,
        knobs={"scale": (1.0, 0.8, 1.2)},
        paper="Ilharco et al., 'Editing Models with Task Arithmetic', ICLR 2023 (arXiv 2212.04089)",
    ),
    Recipe(
        "ties",
        blend=ties,
        needs=BASE,
        knobs={"density": (0.2, 0.5, 0.8), "scale": (1.0, 0.7)},
        ranges={"density": (0, 1)},
        paper="Yadav et al., 'TIES-Merging: Resolving Interference When Merging Models', NeurIPS 2023 "
        "(arXiv 2306.01708)",
    ),
    Recipe(
        "dare",
        blend=dare,
        needs=BASE,
        knobs={"density": (0.5, 0.1, 0.9)},
        ranges={"density": (0, 1)},
        paper="Yu et al., 'Language Models are Super Mario', ICML 2024 (arXiv 2311.03099)",
    ),
    Recipe(
        "fisher",
        blend=fisher,
        needs=frozenset({"fisher"}),
        knobs={"floor": (0.1, 0.001, 1.0)},
        paper="Matena & Raffel, 'Merging Models with Fisher-Weighted Averaging', NeurIPS 2022 "
        "(arXiv 2111.09832)",
    ),
    Recipe(
        "slerp",
        find=best_two,
        blend=slerp,
        ranked=True,
        paper="Shoemake, 'Animating rotation with quaternion curves', SIGGRAPH 1985",
    ),
    Recipe(
        "swa",
        find=best,
        blend=swa,
        needs=frozenset({"losses", "trajectory"}),
        ranked=True,
        paper="Izmailov et al., 'Averaging Weights Leads to Wider Optima and Better Generalization', UAI "
        "2018 (arXiv 1803.05407)",
    ),
    Recipe(
        "ema",
        find=best,
        blend=ema,
        needs=frozenset({"losses", "trajectory"}),
        ranked=True,
        knobs={"decay": (0.8, 0.5, 0.95)},
        paper="Polyak & Juditsky, 'Acceleration of stochastic approximation by averaging', SIAM Journal on "
        "Control and Optimization 30, 1992",
    ),
    Recipe(
        "aligned",
        blend=aligned,
        needs=frozenset({"symmetry"}),
        paper="Ainsworth, Hayase & Srinivasa, 'Git Re-Basin: Merging Models modulo Permutation Symmetries', "
        "ICLR 2023 (arXiv 2209.04836)",
    ),
)


def _checked(name: str, found: object) -> Recipe:
    """A plugin's recipe."""
    if not isinstance(found, Recipe):
        raise TypeError(f"it is a {type(found).__name__} and no Recipe")
    if found.name != name:
        raise TypeError(f"it calls itself '{found.name}'")
    return found


RECIPES: Mapping[str, Recipe] = plugins.Registry(
    plugins.RECIPES, {recipe.name: recipe for recipe in ALL}, _checked
)
"""Ours, then those of plugins."""
