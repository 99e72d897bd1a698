"""Figures of a cook that never was, and a table to go with them."""

import numpy as np
import pandas as pd

from stockpot.figures import Difference, Figure, Figures, Ingredient, Model, Shipped, Size, TableFacts

LOSS = "nats a field"
SHARE = "share of rows"
POINTS = "points of 100"


def figure(value, low=None, high=None, unit=POINTS, against="80 real rows"):
    return Figure(value, low, high, unit, against)


def scores(loss, accuracy, fidelity, quality, copies):
    held = "the held-out rows of 5 folds"
    return {
        "held_out_loss": figure(loss, loss - 0.04, loss + 0.04, LOSS, held),
        "held_out_accuracy": figure(accuracy, unit="share of tokens", against=held),
        "fidelity_held_out": figure(fidelity - 4, fidelity - 5.1, fidelity - 2.9, against=held),
        "quality_held_out": figure(quality - 5, quality - 7.0, quality - 3.0, against=held),
        "fidelity_all": figure(fidelity),
        "quality_all": figure(quality),
        "copy_rate": figure(copies, unit=SHARE),
        "verbatim": figure(min(copies * 2 + 0.01, 0.31), unit=SHARE),
        "nearer_train": figure(min(0.5 + 5 * copies, 0.98), unit=SHARE),
    }


def rails():
    return {
        "floor": {k: v for k, v in scores(1.52, 0.40, 84.1, 78.0, 0.0).items() if "held_out_" not in k},
        "copy": {k: v for k, v in scores(0, 0, 97.5, 95.2, 1.0).items() if "held_out_" not in k},
        "reference": {k: v for k, v in scores(0, 0, 89.0, 86.0, 0.002).items() if "held_out_" not in k},
    }


def models():
    return (
        Model("best single", "single", scores(1.312, 0.522, 88.1, 86.4, 0.012)),
        Model("uniform of 8", "soup", scores(1.291, 0.531, 89.0, 86.9, 0.004)),
        Model("greedy of 24", "soup", scores(1.288, 0.533, 89.2, 87.3, 0.003)),
        Model("uniform of 24", "soup", scores(1.283, 0.536, 89.4, 87.1, 0.002)),
        Model("ensemble of 24", "ensemble", scores(1.279, 0.538, 89.3, 86.7, 0.002)),
    )


def less_best(name, loss, half, fidelity):
    entries = {
        "held_out_loss": figure(loss, loss - half, loss + half, LOSS, "the same held-out rows"),
        "fidelity_held_out": figure(
            fidelity, fidelity - 0.9, fidelity + 0.9, against="the same held-out rows"
        ),
        "quality_held_out": figure(
            fidelity, fidelity - 2.1, fidelity + 2.1, against="the same held-out rows"
        ),
    }
    return Difference(name, "best single", entries)


def ingredients(count=24):
    random = np.random.default_rng(3)
    skill = random.normal(size=count).tolist()
    return tuple(
        Ingredient(
            number=i,
            settings={
                "subset": i % 8,
                "lr": (0.003, 0.01, 0.03)[i // 8 % 3],
                "schedule": "decayed",
                "seed": i,
            },
            held_out_loss=1.36 - 0.022 * skill[i],
            held_out_accuracy=0.51 + 0.006 * skill[i],
            quality_all=85.2 + 0.7 * skill[i] + 0.5 * float(random.normal()),
        )
        for i in range(count)
    )


def full_figures(**changes):
    entries = {
        "seed": 0,
        "table": TableFacts("penguins", 80, 8, "5f3a" * 16),
        "model": "field",
        "folds": 5,
        "shipped": Shipped(
            "uniform",
            {str(i): 1 / 24 for i in range(24)},
            "Shipped the soup 'uniform of 24': its held-out loss over 5 folds is 0.029 nats a field below "
            "that of the best single ingredient (95 % interval 0.006 to 0.052 below), more than noise here.",
            "uniform of 24",
        ),
        "models": models(),
        "rails": rails(),
        "differences": (
            less_best("uniform of 8", -0.021, 0.024, 0.7),
            less_best("greedy of 24", -0.024, 0.022, 1.0),
            less_best("uniform of 24", -0.029, 0.023, 1.2),
            less_best("ensemble of 24", -0.033, 0.024, 1.1),
        ),
        "seconds": {"read": 0.3, "train": 21.4, "taste": 2.2, "score": 6.1, "report": 1.2},
        "menagerie": ingredients(),
        "sizes": tuple(
            Size(k, 1.279 + 0.035 / k, 87.2 - 1.1 / k + 0.1 * (k % 3)) for k in (1, 2, 4, 8, 16, 24)
        ),
        "shipped_rows": {
            "diagnostic": figure(100.0),
            "new_rows": figure(0.998, unit=SHARE),
            "invalid_rows": figure(0.0, unit="rows"),
        },
        "notes": ("Column 'year' has 3 distinct values.",),
        "command": "stockpot cook examples/penguins.csv --rows 500 --out runs/penguins",
        "config": "model: field\nseed: 0\nfolds: 5\ningredients: 24\n",
    }
    return Figures(**{**entries, **changes})


def one_model():
    """Without folds: one soup, nothing held out, no menagerie."""
    entries = {
        name: entry for name, entry in scores(0, 0, 89.4, 87.1, 0.002).items() if "held_out" not in name
    }
    shipped = Shipped(
        "uniform", {"0": 1.0}, "Shipped the uniform soup; nothing was tasted, because folds is 0."
    )
    return full_figures(
        folds=0,
        models=(Model("uniform", "soup", entries),),
        differences=(),
        menagerie=(),
        sizes=(),
        shipped=shipped,
    )


def frame(rows=80, seed=0):
    """Numbers, whole numbers, categories, truths, times, each with missing values."""
    random = np.random.default_rng(seed)
    species = random.choice(["Adelie", "Chinstrap", "Gentoo"], rows, p=[0.45, 0.2, 0.35])
    size = (species == "Gentoo") * 1.6 + random.normal(size=rows)
    made = pd.DataFrame(
        {
            "species": species,
            "island": np.where(species == "Gentoo", "Biscoe", random.choice(["Dream", "Torgersen"], rows)),
            "bill_length_mm": np.round(43 + 3 * size + 2 * random.normal(size=rows), 1),
            "body_mass_g": 25 * np.round((4000 + 420 * size + 200 * random.normal(size=rows)) / 25),
            "year": random.integers(2007, 2010, rows),
            "income": np.round(np.exp(10 + 1.3 * random.normal(size=rows)), 0),
            "tagged": random.random(rows) < 0.3,
            "seen": pd.Timestamp("2024-01-01") + pd.to_timedelta(random.integers(0, 90, rows), "D"),
        }
    )
    made.loc[random.random(rows) < 0.1, ["bill_length_mm", "island"]] = np.nan
    return made
