"""From a tasting and its scores to ``figures.json``: intervals, differences and the sentence.

Losses are nats a field (char: a character), lower is better. An interval over folds is corrected for their
overlap (Nadeau & Bengio, 2003).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from statistics import fmean

from stockpot.figures import Difference, Figure, Figures, Ingredient, Model, Shipped, Size, TableFacts
from stockpot.kitchen import Kitchen
from stockpot.recipes.mixture import Mixture
from stockpot.score.intervals import Interval, fold_interval
from stockpot.tally import Dot, ModelScores
from stockpot.taste import Taste, Tasting

HOLDOUT = "holdout rows that no stage saw"
POINTS, SHARE, ROWS = "of 100", "share of tokens", "share of rows"
UNITS = {
    "quality": POINTS,
    "fidelity": POINTS,
    "copy_rate": ROWS,
    "verbatim": "share of numbers",
    "nearer_train": ROWS,
}


def token(model: str) -> str:
    """What a loss of the family counts."""
    return "character" if model == "char" else "field"


@dataclass(frozen=True)
class Scores:
    """All that was scored."""

    models: tuple[ModelScores, ...]
    rails: tuple[ModelScores, ...]
    dots: tuple[Dot, ...] = ()
    sizes: tuple[Dot, ...] = ()
    shipped_rows: Mapping[str, Figure] | None = None


@dataclass(frozen=True)
class _Ruler:
    """The sizes that intervals and texts depend on."""

    folds: int
    rows: int
    token: str

    def over_folds(self, values: Sequence[float]) -> Interval:
        test = self.rows / self.folds
        return fold_interval(values, test_rows=test, train_rows=self.rows - test)

    def figure(self, values: Sequence[float | None], unit: str, against: str) -> Figure | None:
        """Mean and interval over folds; nothing where a fold has no value."""
        known = [value for value in values if value is not None]
        if not known or len(known) < len(values):
            return None
        mean = self.over_folds(known)
        return Figure(mean.value, mean.low, mean.high, unit, against)


def figures(
    kitchen: Kitchen, tasting: Tasting, scores: Scores, seconds: Mapping[str, float], notes: Sequence[str]
) -> Figures:
    """Everything that ``figures.json`` holds."""
    ruler = _Ruler(kitchen.plan.folds, kitchen.table.rows, token(kitchen.plan.model))
    pairs = [(tasting.taste(one.name), one) for one in scores.models]
    models = tuple(_model(ruler, taste, score) for taste, score in pairs)
    differences = tuple(_differences(ruler, pairs, tasting)) if ruler.folds else ()
    taste = tasting.taste(tasting.shipped)
    return Figures(
        seed=kitchen.plan.seed,
        table=TableFacts(
            kitchen.table.name, kitchen.table.rows, len(kitchen.table.schema.columns), kitchen.table.digest
        ),
        model=kitchen.plan.model,
        folds=kitchen.plan.folds,
        shipped=Shipped(
            taste.recipe,
            {str(k): v for k, v in taste.proportions.items()},
            sentence(kitchen, tasting, differences),
        ),
        models=models,
        rails={rail.name: _scored(ruler, rail) for rail in scores.rails},
        differences=differences,
        seconds=dict(seconds),
        menagerie=_menagerie(kitchen, tasting, scores.dots),
        sizes=_sizes(tasting, scores.sizes),
        shipped_rows=dict(scores.shipped_rows or {}),
        notes=(*notes, *_below_floor(models, scores, taste, ruler), *_bias(tasting, scores, ruler.token)),
    )


def _below_floor(models: Sequence[Model], scores: Scores, taste: Taste, ruler: _Ruler) -> list[str]:
    """Say so where the shipped rows are worse than columns drawn each by itself."""
    name = "fidelity_held_out" if ruler.folds else "fidelity_all"
    ours = next(model for model in models if model.name == taste.name).figures.get(name)
    floor = next((_scored(ruler, rail).get(name) for rail in scores.rails if rail.name == "floor"), None)
    if ours is None or floor is None or ours.value >= floor.value:
        return []
    return [
        (
            f"The shipped rows do not reach the floor: fidelity {ours.value:.1f} against {floor.value:.1f} "
            "of columns drawn each by itself, so do not use them for what holds between columns."
        )
    ]


def _bias(tasting: Tasting, scores: Scores, token: str) -> list[str]:
    """How far the folds were off, where a holdout can tell."""
    taste = tasting.taste(tasting.shipped)
    beyond = next(one.holdout_loss for one in scores.models if one.name == taste.name)
    if beyond is None or not taste.losses:
        return []
    told = fmean(taste.losses)
    way = "low" if beyond > told else "high"
    return [
        (
            f"On the holdout, which no stage saw, the shipped loss is {beyond:.3f} nats a {token}; the "
            f"folds said {told:.3f}, {abs(beyond - told):.3f} too {way} (the main menagerie learned "
            "from more rows than a fold's, and the holdout is small)."
        )
    ]


def _model(ruler: _Ruler, taste: Taste, scores: ModelScores) -> Model:
    held_out = f"rows of {ruler.folds} folds that their models never saw"
    found = {
        "held_out_loss": ruler.figure(taste.losses, f"nats a {ruler.token}", held_out),
        "held_out_accuracy": ruler.figure(taste.accuracies, SHARE, held_out),
    }
    known = {name: figure for name, figure in found.items() if figure}
    return Model(taste.name, taste.kind, known | _scored(ruler, scores))


def _scored(ruler: _Ruler, scores: ModelScores) -> dict[str, Figure]:
    """Row figures: over folds where there are folds, else of the main menagerie's rows."""
    found: dict[str, Figure | None] = {}
    held_out = f"unseen rows of each of {ruler.folds} folds"
    everything, folds = asdict(scores.everything), [asdict(one) for one in scores.of_folds]
    for name, unit in UNITS.items():
        relative = name in ("quality", "fidelity")
        if folds:
            found[f"{name}_held_out" if relative else name] = ruler.figure(
                [f[name] for f in folds], unit, held_out
            )
        if everything[name] is not None and (relative or not folds):
            found[f"{name}_all" if relative else name] = Figure(
                everything[name], None, None, unit, "all real rows"
            )
        beyond = asdict(scores.holdout)[name] if scores.holdout else None
        if beyond is not None:
            found[f"{name}_holdout"] = Figure(beyond, None, None, unit, HOLDOUT)
    if scores.holdout_loss is not None:
        unit = f"nats a {ruler.token}"
        found["held_out_loss_holdout"] = Figure(scores.holdout_loss, None, None, unit, HOLDOUT)
    return {name: figure for name, figure in found.items() if figure}


def best_single(tasting: Tasting) -> Taste:
    """The thing to beat: the single ingredient with the lowest held-out loss."""
    return min((t for t in tasting.tastes if t.kind == "single"), key=lambda t: fmean(t.losses))


def _differences(
    ruler: _Ruler, pairs: Sequence[tuple[Taste, ModelScores]], tasting: Tasting
) -> list[Difference]:
    base = best_single(tasting)
    theirs = next(score for taste, score in pairs if taste.name == base.name)
    return [
        Difference(taste.name, base.name, _difference(ruler, (taste, score), (base, theirs)))
        for taste, score in pairs
        if taste.name != base.name
    ]


def _difference(
    ruler: _Ruler, ours: tuple[Taste, ModelScores], theirs: tuple[Taste, ModelScores]
) -> dict[str, Figure]:
    """Fold by fold on the same rows."""
    against = f"the same unseen rows of {ruler.folds} folds"
    columns: dict[str, tuple[Sequence[float | None], Sequence[float | None], str]] = {
        "held_out_loss": (ours[0].losses, theirs[0].losses, f"nats a {ruler.token}"),
        "held_out_accuracy": (ours[0].accuracies, theirs[0].accuracies, SHARE),
    }
    for name, unit in UNITS.items():
        named = f"{name}_held_out" if name in ("quality", "fidelity") else name
        mine, other = ([getattr(one, name) for one in side[1].of_folds] for side in (ours, theirs))
        columns[named] = (mine, other, unit)
    gaps = {
        name: ruler.figure(
            [None if a is None or b is None else a - b for a, b in zip(x, y, strict=True)], unit, against
        )
        for name, (x, y, unit) in columns.items()
    }
    return {name: figure for name, figure in gaps.items() if figure}


def _menagerie(kitchen: Kitchen, tasting: Tasting, dots: Sequence[Dot]) -> tuple[Ingredient, ...]:
    quality = {next(iter(dot.proportions)): dot.quality_all for dot in dots}
    found = []
    for spec, (loss, accuracy) in zip(kitchen.plan.ingredients, tasting.merits, strict=False):
        settings = {k: v for k, v in asdict(spec.settings).items() if v not in (0, 0.0)} | {
            "subset": spec.subset
        }
        found.append(Ingredient(spec.number, settings, loss, accuracy, quality.get(spec.number)))
    return tuple(found)


def _sizes(tasting: Tasting, dots: Sequence[Dot]) -> tuple[Size, ...]:
    losses = {loss[0]: loss[1] for loss in tasting.size_losses}
    return tuple(
        Size(len(dot.proportions), losses[len(dot.proportions)], dot.quality_all)
        for dot in dots
        if dot.quality_all is not None
    )


def sentence(kitchen: Kitchen, tasting: Tasting, differences: Sequence[Difference]) -> str:
    """What was shipped, by what, whether it beat the best single ingredient, and if noise explains it."""
    shipped = tasting.taste(tasting.shipped)
    if not kitchen.plan.folds:
        return (
            f"Shipped without tasting: the uniform soup of all {len(shipped.proportions)} ingredients; "
            "nothing says whether it beats a single one (use folds for that)."
        )
    unit, folds = f"nats a {token(kitchen.plan.model)}", f"{kitchen.plan.folds} folds"
    base = best_single(tasting)
    if shipped.kind == "single":
        return _no_soup(tasting, shipped, differences, unit, folds)
    gain = _less(next(d.figures["held_out_loss"] for d in differences if d.a == shipped.name))
    return (
        f"Shipped '{shipped.name}' ({made_of(shipped.mixture)}), which has the lowest held-out loss over "
        f"{folds}: {fmean(shipped.losses):.3f} {unit} against "
        f"{fmean(base.losses):.3f} of the best single ingredient, a gain of {_told(gain)}."
    )


def made_of(mixture: Mixture) -> str:
    """``ties, density 0.2, scale 1, 24 ingredients``."""
    count = len(mixture.proportions)
    knobs = [f"{knob} {value:g}" for knob, value in mixture.knobs.items()]
    layers = ["each layer with shares of its own"] if mixture.layers else []
    return ", ".join([mixture.recipe, *knobs, f"{count} ingredient{'s' * (count > 1)}", *layers])


def _no_soup(
    tasting: Tasting, shipped: Taste, differences: Sequence[Difference], unit: str, folds: str
) -> str:
    soups = [t for t in tasting.tastes if t.kind == "soup"]
    loss = f"by held-out loss over {folds}: {fmean(shipped.losses):.3f} {unit}"
    if not soups:
        return f"No soup was tasted, so '{shipped.name}' was shipped, {loss}."
    start = f"No soup beats the best single ingredient on this table, so '{shipped.name}' was shipped, {loss}"
    near = min(soups, key=lambda t: fmean(t.losses))
    lead = next(d.figures["held_out_loss"] for d in differences if d.a == near.name)
    return (
        f"{start} against {fmean(near.losses):.3f} of the best soup, '{near.name}', a lead of {_told(lead)}."
    )


def _less(gap: Figure) -> Figure:
    """The difference taken the other way round."""
    low, high = (None if bound is None else -bound for bound in (gap.high, gap.low))
    return replace(gap, value=-gap.value, low=low, high=high)


def _told(lead: Figure) -> str:
    """A lead with its interval, and whether it can be told from noise."""
    if lead.low is None or lead.high is None:
        return f"{lead.value:.3f} (no interval), which cannot be told from noise on this table"
    told = "can" if lead.low > 0 else "cannot"
    interval = f"95 % interval {lead.low:.3f} to {lead.high:.3f}"
    return f"{lead.value:.3f} ({interval}), which {told} be told from noise on this table"
