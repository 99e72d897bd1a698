"""Answers are cached in the store, the page lies in a folder of its own, and mistakes are told."""

import json

import numpy as np
import pytest

from stockpot.ablation import report
from stockpot.ablation.answers import answer_key, make_answer, read_answer
from stockpot.ablation.arms import Arm
from stockpot.ablation.config import AblateConfig, ablate_configured
from stockpot.ablation.estimate import estimate
from stockpot.ablation.questions import QUESTIONS
from stockpot.ablation.seeds import asked, deal_rows, deal_seeds, learning_rows
from stockpot.errors import ConfigError, FolderError
from stockpot.stages import folder_of
from stockpot.table import of_frame
from tests.ablation.test_questions import TINY
from tests.small import QUICK, frame

SMALL = {name: QUICK[name] for name in ("subsets", "grid", "net")}


@pytest.fixture
def config(tmp_path):
    frame(60).to_csv(tmp_path / "trees.csv", index=False)
    places = {
        "table": str(tmp_path / "trees.csv"),
        "store": str(tmp_path / "store"),
        "out": str(tmp_path / "out"),
    }
    return ablate_configured(SMALL | places | {"seeds": 2})


@pytest.fixture
def few(monkeypatch):
    """One quick question, asked in a small way."""
    monkeypatch.setattr("stockpot.ablation.answers.extent", lambda model: TINY)
    for module in ("report", "seeds", "estimate"):
        monkeypatch.setattr(f"stockpot.ablation.{module}.QUESTIONS", {"controls": QUESTIONS["controls"]})


def test_rows_are_dealt_by_seed_and_none_judges_what_it_taught():
    table = of_frame(frame(60))
    learn, judges = deal_rows(table, 40, seed=0)
    assert (learn.rows, judges.rows) == (40, 20)
    together = sorted(map(tuple, np.vstack([learn.canonical.astype(str), judges.canonical.astype(str)])))
    assert together == sorted(map(tuple, table.canonical.astype(str).to_numpy()))
    assert not deal_rows(table, 40, seed=1)[0].frame.equals(learn.frame)


@pytest.mark.parametrize(("rows", "learn"), [(60, 36), (139, 83), (140, 80), (5000, 80)])
def test_eighty_rows_or_a_share_of_a_small_table_are_learned_from(rows, learn):
    assert learning_rows(AblateConfig(), rows) == learn


@pytest.mark.parametrize(("rows", "learn"), [(45, 40), (20, None), (30, 8000)])
def test_too_few_rows_to_judge_are_told(rows, learn):
    with pytest.raises(ConfigError, match=r"Option 'learn' is .* at least 20 must judge"):
        learning_rows(AblateConfig(learn=learn), rows)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"seeds": 0}, "Option 'seeds' is 0"),
        ({"model": "oak"}, "Option 'model' is 'oak'"),
        ({"learn": 3}, "Option 'learn' is 3"),
        ({"novel": 1}, "Option 'novel' is unknown"),
    ],
)
def test_an_option_that_cannot_be_is_told(options, sentence):
    with pytest.raises(ConfigError, match=sentence):
        ablate_configured(options)


def test_a_preset_of_the_other_family_is_told(config):
    with pytest.raises(ConfigError, match="only the char family has"):
        deal_seeds(config.model_copy(update={"preset": "seed"}))


def test_an_answer_is_found_once_and_then_read(config, few):
    dish = deal_seeds(config)[0]
    first = make_answer(dish, "controls")
    before = (folder_of(dish, first) / "answer.json").read_bytes()
    found = read_answer(dish, "controls")
    assert isinstance(found[0], Arm)
    assert make_answer(dish, "controls") == first
    (folder_of(dish, first) / "answer.json").write_text("damaged")
    make_answer(dish, "controls")
    assert (folder_of(dish, first) / "answer.json").read_bytes() == before


def test_another_seed_or_question_is_another_answer(config):
    one, two = deal_seeds(config)
    assert len({answer_key(one, "controls"), answer_key(two, "controls"), answer_key(one, "sizes")}) == 3


def test_where_the_results_go_changes_no_answer(config):
    other = config.model_copy(update={"out": "elsewhere", "workers": 1})
    assert report.answers_key(deal_seeds(config), config) == report.answers_key(deal_seeds(other), other)


def test_every_question_is_asked_of_every_seed(config):
    pairs = asked(deal_seeds(config))
    assert len(pairs["dish"]) == len(pairs["question"]) == 2 * len(QUESTIONS)


def test_the_results_are_delivered_and_may_be_delivered_again(config, few):
    dishes = deal_seeds(config)
    assert estimate(dishes, workers=2) > 0
    page = report.deliver(dishes, config)
    assert estimate(dishes, workers=2) == 0
    assert {path.name for path in page.parent.iterdir()} == {"ablation.html", "ablation.json", "controls.png"}
    told = json.loads((page.parent / "ablation.json").read_text())
    assert told["about"] | {"learn": 36, "judges": 24, "seeds": 2} == told["about"]
    (part,) = told["questions"]
    assert part["sentences"]
    figure = part["arms"][0]["figures"]["soup"]
    assert figure["low"] <= figure["value"] <= figure["high"]
    assert report.deliver(dishes, config) == page
    assert report.read_sentences(config)[0][1] == part["sentences"]


def test_a_folder_of_something_else_is_left_alone(config, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "notes.txt").write_text("mine")
    with pytest.raises(FolderError, match="holds something else than this ablation's results"):
        report.check_folder(config)
    report.check_folder(config.model_copy(update={"force": True}))
