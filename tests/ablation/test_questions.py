"""Each question, asked of a tiny table with tiny settings, gives its figures and its sentences."""

from dataclasses import replace

import pytest

from stockpot.ablation.arms import Found
from stockpot.ablation.barrier import DOT, ONE_BASE
from stockpot.ablation.extent import Extent, cost, extent
from stockpot.ablation.questions import BASE, BOTH, ONCE, QUESTIONS, SEEDS, TWICE, UNTRAINED
from stockpot.ablation.telling import TITLES, tell
from stockpot.configuration import configured
from stockpot.cook import Clock, tasted
from stockpot.report import ablation_plots
from stockpot.report.ablation_page import render
from stockpot.table import of_frame
from tests.small import QUICK, frame

TINY = Extent(
    most=6,
    few=2,
    many=3,
    orders=2,
    rates=(1, 3),
    steps=(1, 2),
    bases=(0.1, 1),
    schedules=("decayed", "constant"),
    pot=2,
    spoilers=((1, 1), (300, 2), (3, 1)),
    kin=3,
    points=5,
    side=3,
    drawn=1,
)

ABOUT = {
    "table": "<b>",
    "model": "field",
    "learn": 30,
    "judges": 30,
    "seeds": 2,
    "command": "stockpot ablate",
}


@pytest.fixture(scope="module")
def tallies():
    options = QUICK | {"holdout": 0.5}
    return [tasted(of_frame(frame(60)), configured(options | {"seed": seed}), Clock()) for seed in (0, 1)]


@pytest.fixture(scope="module")
def answers(tallies):
    with pytest.MonkeyPatch.context() as patch:
        for judge in ("detection", "utility"):  # forests of two trees are quick
            patch.setattr(f"stockpot.score.{judge}.TREES", 2)
        return {name: Found([ask(tally, TINY) for tally in tallies]) for name, ask in QUESTIONS.items()}


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_gives_figures_and_sentences(answers, question):
    found = answers[question]
    assert len(found.names) >= 4
    assert all(arm.figures for seed in found.seeds for arm in seed)
    told = tell(question, found)
    assert told
    assert all(sentence.endswith((".", ")")) for sentence in told)
    assert TITLES[question].endswith("?")


def test_an_ingredient_averaged_with_itself_is_itself(answers):
    found = answers["controls"]
    assert set(found.values(TWICE, "far").values()) == {0.0}
    assert found.values(TWICE, "soup") == found.values(ONCE, "soup")


def test_a_soup_of_untrained_ingredients_is_the_base(answers):
    found = answers["controls"]
    assert found.values(UNTRAINED, "soup") == pytest.approx(found.values(BASE, "soup"))


def test_the_curve_has_every_size_in_both_orders(answers):
    sizes = {name.rpartition(" ")[2] for name in answers["sizes"].names if name.startswith("by loss")}
    assert sizes == {"1", "2", "3", "4", "5", "6"}
    assert {f"at random {size}" for size in sizes} <= set(answers["sizes"].names)


def test_a_soup_of_all_is_the_same_in_any_order(answers):
    found = answers["sizes"]
    assert found.values("at random 6", "loss") == pytest.approx(found.values("by loss 6", "loss"), abs=1e-5)


def test_noise_alone_and_both_are_among_what_ingredients_differ_in(answers):
    assert {SEEDS, BOTH} <= set(answers["variety"].names)


def test_the_map_has_every_regime(answers):
    assert len(answers["regimes"].names) == 2 * 2 * 2 * 2


def test_the_same_seed_gives_the_same_answer(tallies):
    assert QUESTIONS["controls"](tallies[0], TINY) == QUESTIONS["controls"](tallies[0], TINY)


def test_points_of_lines_and_planes_are_in_the_picture_and_not_in_the_table(answers):
    dots = [name for name in answers["barrier"].names if DOT in answers["barrier"].at(name)]
    assert len(dots) > 6
    page = render(ABOUT, {"barrier": answers["barrier"]})
    assert ONE_BASE in page
    assert not [name for name in dots if f">{name}<" in page]


def test_every_question_is_a_picture_and_a_part_of_the_page(answers):
    page = render(ABOUT, answers)
    assert page.count("data:image/svg+xml") == len(QUESTIONS)
    assert "<b>" not in page
    assert "<script" not in page
    for name, found in answers.items():
        assert ablation_plots.draw(name, found, "png").startswith(b"\x89PNG")


def test_char_answers_too(monkeypatch):
    monkeypatch.setattr("stockpot.families.char.sampler.PATIENCE", 1)  # of nets that draw no valid row yet
    options = QUICK | {
        "model": "char",
        "net": {"width": 8, "embedding": 4},
        "grid": {"steps": [2]},
        "holdout": 0.5,
    }
    tally = tasted(of_frame(frame(40)), configured(options), Clock())
    small = Extent(
        2, 2, 2, 1, (1,), (1,), (1,), ("constant",), 2, ((1, 1),), kin=2, points=3, side=2, drawn=1
    )
    for question in ("controls", "regimes", "barrier"):
        assert tell(question, Found([QUESTIONS[question](tally, small)]))


def test_the_extents_cost_more_with_more_steps():
    assert cost(extent("field"), 200, 100, 24, 6) > cost(extent("field"), 100, 100, 24, 6) > 10_000


def test_where_no_row_was_drawn_the_picture_says_so(answers):
    losses = [
        [replace(arm, figures={n: v for n, v in arm.figures.items() if n != "quality"}) for arm in seed]
        for seed in answers["selection"].seeds
    ]
    said = "hardly a valid row was drawn"
    assert said in ablation_plots.draw("selection", Found(losses)).decode()
    assert said not in ablation_plots.draw("selection", answers["selection"]).decode()
