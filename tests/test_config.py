"""What a person may set, and the sentence that a bad option gets."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from stockpot.config import CookConfig
from stockpot.configuration import configured, flags, read_config, write_config
from stockpot.cook import set_apart
from stockpot.errors import ConfigError
from stockpot.plan import plan
from stockpot.soup import Soup
from stockpot.table import of_frame
from tests.small import frame, quick


def sentence(options, rows=80):
    with pytest.raises(ConfigError) as error:
        plan(configured(options), rows)
    text = str(error.value)
    assert text.endswith(".")
    assert "\n" not in text
    assert "pydantic" not in text
    return text


@pytest.mark.parametrize(
    ("options", "name", "value"),
    [
        ({"rows": -5}, "'rows'", "-5"),
        ({"grid": {"learning_rate": [0]}}, "'grid.learning_rate'", "0"),
        ({"grid": {"learning_rate": [0.001, math.nan]}}, "'grid.learning_rate'", "nan"),
        ({"grid": {"dropout": [1.0]}}, "'grid.dropout'", "1.0"),
        ({"grid": {"schedule": ["wild"]}}, "'grid.schedule'", "'wild'"),
        ({"grid": 3}, "'grid'", "3"),
        ({"tasting": {"sizes": [99]}}, "'tasting.sizes'", "99"),
        ({"tasting": {"sizes": [0]}}, "'tasting.sizes'", "0"),
        ({"tasting": {"recipes": ["ragout"]}}, "'tasting.recipes'", "'ragout'"),
        ({"folds": 1}, "'folds'", "1"),
        ({"folds": 21}, "'folds'", "21"),
        ({"model": "forest"}, "'model'", "'forest'"),
        ({"preset": "seed"}, "'preset'", "'seed'"),
        ({"temperature": math.inf}, "'temperature'", "inf"),
        ({"temperature": 0}, "'temperature'", "0"),
        ({"seed": "x"}, "'seed'", "'x'"),
        ({"subsets": {"share": 1.5}}, "'subsets.share'", "1.5"),
        ({"net": {"embedding": 16}}, "'net.embedding'", "16"),
        ({"model": "char", "net": {"bins": 16}}, "'net.bins'", "16"),
        ({"model": "char", "grid": {"smoothing": [0.1]}}, "'grid.smoothing'", "0.1"),
        ({"model": "char", "grid": {"weight_decay": [0.1]}}, "'grid.weight_decay'", "0.1"),
    ],
)
def test_a_bad_option_is_one_sentence_that_names_it_and_its_value(options, name, value):
    text = sentence(options)
    assert name in text
    assert value in text


def test_an_unknown_option_gets_the_nearest_name():
    assert "'grid.lerning_rate'" in sentence({"grid": {"lerning_rate": [0.1]}})
    assert "did you mean 'learning_rate'" in sentence({"grid": {"lerning_rate": [0.1]}})
    assert sentence({"row": 5}) == "Option 'row' is unknown (did you mean 'rows'?)."


def test_one_fold_says_what_to_do():
    assert sentence({"folds": 1}).endswith("use 0 or at least 2.")


def test_more_folds_than_rows_allow():
    assert sentence({"folds": 7}, rows=10) == (
        "Option 'folds' is 7, and 10 rows allow 5 at most: use fewer folds."
    )


def test_k_larger_than_the_menagerie_names_both():
    text = sentence({"subsets": {"count": 2}, "grid": {"learning_rate": [0.1]}, "tasting": {"sizes": [3]}})
    assert "soup of 3" in text
    assert "2 ingredients" in text


@pytest.mark.parametrize("holdout", [0.05, 0.9])
def test_a_holdout_that_leaves_too_little_is_refused(holdout):
    with pytest.raises(ConfigError) as error:
        set_apart(of_frame(frame(40)), CookConfig(holdout=holdout))
    assert f"'holdout' is {holdout}" in str(error.value)


def test_a_holdout_is_dealt_by_seed_and_whole():
    table = of_frame(pd.DataFrame({"a": np.arange(40) * 1.5, "b": ["x", "y"] * 20}))
    learning, holdout = set_apart(table, CookConfig(holdout=0.25, seed=1))
    assert holdout is not None
    assert (learning.rows, holdout.rows) == (30, 10)
    assert sorted([*learning.frame["a"], *holdout.frame["a"]]) == sorted(table.frame["a"])
    other = set_apart(table, CookConfig(holdout=0.25, seed=2))[1]
    assert other is not None
    assert not other.frame.equals(holdout.frame)


def test_no_holdout_is_the_table_itself():
    table = of_frame(frame(40))
    assert set_apart(table, CookConfig()) == (table, None)


@pytest.mark.parametrize("rows", [0, -1, 2.5, True, "10"])
def test_a_bad_number_of_rows_is_named(rows):
    soup = quick(frame(20), folds=0)
    with pytest.raises(ConfigError, match="rows"):
        soup.sample(rows)


def test_fit_refuses_before_it_trains():
    with pytest.raises(ConfigError, match="nosuch"):
        Soup.fit(frame(20), nosuch=1)


def test_a_written_configuration_reads_as_the_same(tmp_path):
    config = configured({"table": "ä.csv", "grid": {"learning_rate": [0.001]}, "folds": 0, "drop": ["x"]})
    write_config(config, tmp_path / "config.yaml")
    assert configured(read_config(tmp_path / "config.yaml")) == config


@pytest.mark.parametrize(
    ("text", "says"),
    [("rows: [1", "is no YAML"), ("- a\n- b\n", "holds list"), ("\udcff", "cannot be read")],
)
def test_a_file_that_is_no_configuration_is_one_sentence(tmp_path, text, says):
    path = tmp_path / "config.yaml"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(ConfigError, match=says) as error:
        read_config(path)
    assert "config.yaml" in str(error.value)
    assert "\n" not in str(error.value)


def test_an_empty_file_is_all_defaults(tmp_path):
    (tmp_path / "config.yaml").write_text("")
    assert configured(read_config(tmp_path / "config.yaml")) == CookConfig()


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ConfigError, match=r"none\.yaml does not exist"):
        read_config(tmp_path / "none.yaml")


def test_every_option_is_described():
    def described(model):
        for name, field in model.model_fields.items():
            assert field.description, name
            if hasattr(field.annotation, "model_fields"):
                described(field.annotation)

    described(CookConfig)


def test_a_lines_end_that_a_form_adds_to_a_path_is_dropped():
    assert CookConfig(table="trees.csv\n", out=" mine ").folder == Path("mine")
    assert CookConfig(table="trees.csv\n").folder == Path("runs/trees")


def test_flags_are_what_a_person_types():
    options = {
        "seeds": (0, 1),
        "quick": True,
        "force": False,
        "grid": {"learning_rate": [0.1]},
        "out": "my runs",
    }
    told = " ".join(flags(options))
    assert told == "--seeds 0 1 --quick --no-force --grid.learning-rate 0.1 --out 'my runs'"
