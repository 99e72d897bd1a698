"""The sentence: what was shipped, by what, whether it beat the best single ingredient, and whether that is
noise.
"""

from __future__ import annotations

import pytest

from stockpot.figures import Difference, Figure, Kind, from_json, to_json
from stockpot.recipes.mixture import Mixture
from stockpot.score.compare import RowScores
from stockpot.season import Season
from stockpot.summary import Scores, best_single, figures, made_of, sentence
from stockpot.tally import ModelScores
from stockpot.taste import Taste, Tasting
from tests.small import frame, kitchen

SEASON = Season(1.0, 1.0, 1.0, 0.5)


def one(name: str, kind: Kind, *losses: float) -> Taste:
    shares = {0: 1.0} if kind == "single" else {0: 0.5, 1: 0.5}
    mixture = Mixture(name.split(maxsplit=1)[0], shares)
    return Taste(name, kind, mixture, (mixture,) * len(losses), losses, (0.5,) * len(losses))


def tasting(shipped: str, *tastes: Taste) -> Tasting:
    return Tasting((SEASON,) * 3, tastes, shipped, ((1.0, 0.5),) * 6, ((1, 1.0), (2, 0.9)), 0, 0)


def gap(a: str, b: str, value: float, low: float | None, high: float | None) -> Difference:
    return Difference(a, b, {"held_out_loss": Figure(value, low, high, "nats a field", "the same rows")})


@pytest.fixture(scope="module")
def made():
    return kitchen(frame(40))


def test_a_soup_that_wins_is_shipped_with_its_gain(made):
    found = tasting("all", one("best by loss", "single", 1.0, 1.2), one("all", "soup", 0.9, 1.0))
    said = sentence(made, found, [gap("all", "best by loss", -0.15, -0.25, -0.05)])
    assert said == (
        "Shipped 'all' (all, 2 ingredients), which has the lowest held-out loss over 2 folds: 0.950 "
        "nats a field against 1.100 of the best single ingredient, a gain of 0.150 (95 % interval 0.050 to "
        "0.250), which can be told from noise on this table."
    )


def test_a_gain_whose_interval_holds_0_cannot_be_told_from_noise(made):
    found = tasting("all", one("best by loss", "single", 1.0, 1.2), one("all", "soup", 0.9, 1.0))
    said = sentence(made, found, [gap("all", "best by loss", -0.15, -0.35, 0.05)])
    assert (
        "a gain of 0.150 (95 % interval -0.050 to 0.350), which cannot be told from noise on this table."
        in said
    )


def test_when_no_soup_beats_the_best_single_it_says_so(made):
    found = tasting("best by loss", one("best by loss", "single", 1.0, 1.0), one("all", "soup", 1.1, 1.3))
    said = sentence(made, found, [gap("all", "best by loss", 0.2, -0.1, 0.5)])
    assert said == (
        "No soup beats the best single ingredient on this table, so 'best by loss' was shipped, by held-out "
        "loss over 2 folds: 1.000 nats a field against 1.200 of the best soup, 'all', a lead of "
        "0.200 (95 % interval -0.100 to 0.500), which cannot be told from noise on this table."
    )
    sure = sentence(made, found, [gap("all", "best by loss", 0.2, 0.1, 0.3)])
    assert "(95 % interval 0.100 to 0.300), which can be told from noise" in sure


def test_an_ensemble_is_not_named_as_a_soup_that_lost(made):
    found = tasting(
        "best by loss",
        one("best by loss", "single", 1.0, 1.0),
        one("all", "soup", 1.2, 1.2),
        one("ensemble", "ensemble", 0.5, 0.5),
    )
    said = sentence(made, found, [gap("all", "best by loss", 0.2, 0.1, 0.3)])
    assert "ensemble" not in said


def test_where_no_soup_was_tasted_it_says_that(made):
    said = sentence(made, tasting("best by loss", one("best by loss", "single", 1.0, 1.0)), [])
    assert said.startswith("No soup was tasted, so 'best by loss' was shipped")


def test_without_folds_nothing_is_claimed():
    made = kitchen(frame(40), folds=0)
    found = Tasting((SEASON,), (one("all", "soup"),), "all", (), (), 0, 0)
    assert "nothing says whether it beats a single one" in sentence(made, found, [])


def test_the_best_single_is_the_one_with_the_lowest_loss():
    found = tasting(
        "x",
        one("best by loss", "single", 2.0, 1.0),
        one("best by accuracy", "single", 1.0, 1.0),
        one("x", "soup", 0, 0),
    )
    assert best_single(found).name == "best by accuracy"


def scored(name: str, *fidelities: float) -> ModelScores:
    rows = [RowScores(80.0, value, 0.0, None, 0.5) for value in fidelities]
    return ModelScores(name, tuple(rows), RowScores(90.0, 95.0, 0.1, 0.2, None))


def test_differences_are_paired_on_the_same_folds(made):
    tastes = one("best by loss", "single", 1.0, 1.2), one("all", "soup", 0.9, 1.0)
    models = scored("best by loss", 80, 90), scored("all", 82, 93)
    found = figures(
        made,
        tasting("all", *tastes),
        Scores(models, (scored("floor", 50, 60),)),
        {"train": 1.0},
        (),
    )
    (difference,) = found.differences
    assert (difference.a, difference.b) == ("all", "best by loss")
    assert difference.figures["held_out_loss"].value == pytest.approx(-0.15)
    assert difference.figures["fidelity_held_out"].value == pytest.approx(2.5)
    # two folds: t of one degree of freedom 12.706, deviation 0.7071, overlap 20 rows / 20 rows: sqrt(1/2 + 1)
    low = difference.figures["fidelity_held_out"].low
    assert low == pytest.approx(2.5 - 12.706 * 0.70711 * 1.22474, abs=1e-3)


def test_a_figure_that_a_fold_lacks_is_left_out(made):
    tastes = one("best by loss", "single", 1.0, 1.2), one("all", "soup", 0.9, 1.0)
    models = scored("best by loss", 80, 90), scored("all", 82, 93)
    found = figures(made, tasting("all", *tastes), Scores(models, ()), {}, ())
    assert "verbatim" not in found.models[0].figures
    assert {"held_out_loss", "fidelity_held_out", "fidelity_all", "copy_rate"} <= set(found.models[0].figures)
    assert all(figure.unit and figure.against for figure in found.models[0].figures.values())


def test_figures_survive_json(made):
    tastes = one("best by loss", "single", 1.0, 1.2), one("all", "soup", 0.9, 1.0)
    models = scored("best by loss", 80, 90), scored("all", 82, 93)
    found = figures(made, tasting("all", *tastes), Scores(models, ()), {"train": 1.0}, ("a note",))
    assert from_json(to_json(found)) == found


def test_what_a_soup_is_made_of_is_said_with_its_knobs():
    assert made_of(Mixture("greedy", {0: 0.5, 1: 0.5})) == "greedy, 2 ingredients"
    told = made_of(Mixture("ties", {3: 1.0}, {"enter": {3: 1.0}}, {"density": 0.2, "scale": 1.0}))
    assert told == "ties, density 0.2, scale 1, 1 ingredient, each layer with shares of its own"
