"""Plugins: the package of docs/plugins.md, installed as it stands there; and packages that are broken."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from stockpot import plugins
from stockpot.configuration import configured
from stockpot.cook import cooked
from stockpot.dish import base_key, taste_key
from stockpot.errors import ConditionError, ConfigError, FolderError, PluginError
from stockpot.families import family
from stockpot.larder import stocked
from stockpot.presets import preset
from stockpot.recipes import RECIPES
from stockpot.recipes.states import blend_states
from stockpot.soup import Soup
from stockpot.table import of_frame
from tests.small import QUICK, frame

DOCS = (Path(__file__).parents[1] / "docs" / "plugins.md").read_text(encoding="utf-8")
MODULES = re.findall(r"```python\n# (\S+)\n(.*?)```", DOCS, re.DOTALL)
POINTS = re.findall(r'\[project\.entry-points\."(.*?)"\]\n((?:\w+ = .*\n)+)', DOCS)


def install(place: Path, name: str, version: str = "0.1", **points: str) -> None:
    """A package's metadata, as an installer leaves it. ``points``: families and recipes, as lines."""
    info = place / f"{name}-{version}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    groups = [f"[stockpot.{group}]\n{lines}\n" for group, lines in points.items()]
    (info / "entry_points.txt").write_text("\n".join(groups))


def documented(place: Path) -> Path:
    for name, code in MODULES:
        path = place / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(code)
    (place / "columns_apart" / "__init__.py").write_text("")
    lines = {group.removeprefix("stockpot."): entries.replace('"', "") for group, entries in POINTS}
    install(place, "columns_apart", **lines)
    return place


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder that Python looks for packages in."""
    folder = tmp_path / "packages"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    yield folder
    plugins.forget()
    for name in [name for name in sys.modules if name.startswith(("columns_apart", "broken"))]:
        del sys.modules[name]


@pytest.fixture
def docs(place):
    documented(place)
    plugins.forget()
    return place


def cook(**options):
    """With the plugged family: what may be configured is settled at import, so it is put in."""
    given = {"folds": 2, "tasting": {"recipes": ["trimmed", "uniform"]}} | options
    return configured(given).model_copy(update={"model": "columns"})


def test_the_documented_family_and_recipe_cook_a_soup_that_is_saved_and_loaded(docs, tmp_path):
    soup = cooked(of_frame(frame(40)), cook())
    rows = soup.sample(50, seed=1)
    assert (rows.dtypes == frame(40).dtypes).all()
    assert set(rows["kind"].dropna()) == {"oak", "elm", "ash"}
    loaded = Soup.load(soup.save(tmp_path / "soup"))
    assert loaded.sample(50, seed=1).equals(rows)
    names = [model.name for model in soup.figures.models]
    assert {"trimmed by loss", "all", "ensemble"} <= set(names)


def test_a_soup_whose_family_is_not_installed_says_which_package_brings_it(docs, tmp_path):
    folder = cooked(of_frame(frame(40)), cook(folds=0)).save(tmp_path / "soup")
    next(docs.glob("*.dist-info")).rename(docs / "gone")
    plugins.forget()
    with pytest.raises(FolderError, match=r"family 'columns'.*install columns_apart 0\.1"):
        Soup.load(folder)


def test_what_a_plugin_makes_is_made_again_when_its_source_or_version_changes(docs, tmp_path):
    dish = stocked(cook(store=str(tmp_path / "store")), of_frame(frame(40)))

    def keys():
        plugins.forget()
        return base_key(dish), taste_key(dish)

    before = keys()
    assert keys() == before
    with (docs / "columns_apart" / "recipe.py").open("a") as file:
        file.write("# another\n")
    edited = keys()
    assert edited[0] != before[0]
    assert edited[1] != before[1]
    info = next(docs.glob("*.dist-info"))
    (info / "METADATA").write_text((info / "METADATA").read_text().replace("0.1", "0.2"))
    assert keys()[0] not in (before[0], edited[0])


def test_a_dish_without_plugins_keeps_its_keys_whatever_is_installed(place, tmp_path):
    dish = stocked(configured(QUICK | {"store": str(tmp_path / "store")}), of_frame(frame(40)))
    plugins.forget()
    before = base_key(dish), taste_key(dish)
    documented(place)
    plugins.forget()
    assert (base_key(dish), taste_key(dish)) == before


def test_a_plugged_recipe_is_offered_everywhere_its_code_is_loaded_when_it_is_asked_for(docs):
    assert "trimmed" in RECIPES
    assert list(RECIPES)[-1] == "trimmed"
    assert configured({"tasting": {"recipes": ["trimmed"]}}).tasting.recipes == ("trimmed",)
    assert not any(name.startswith("columns_apart") for name in sys.modules)
    assert RECIPES["trimmed"].idea.startswith("Equal shares of all but the worst")
    with pytest.raises(KeyError):
        RECIPES["nosuch"]


def test_the_command_yaml_and_the_form_offer_what_is_plugged_in(tmp_path):
    """In a process of its own: what may be configured is settled when stockpot is imported."""
    documented(tmp_path)
    (tmp_path / "config.yaml").write_text("model: columns\n")
    code = (
        "from stockpot.configuration import configured, read_config\n"
        "from stockpot.flows.cli import main\n"
        "from stockpot.config import CookConfig\n"
        "print(configured(read_config('config.yaml')).model)\n"
        "form = CookConfig.model_json_schema()\n"
        "print(form['properties']['model']['enum'])\n"
        "print(form['$defs']['Tasting']['properties']['recipes']['items']['enum'][-1])\n"
        "main(['cook', '--help'])\n"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=_with(tmp_path), capture_output=True, text=True
    )
    assert found.returncode == 0, found.stderr
    assert found.stdout.startswith("columns\n['field', 'char', 'columns']\ntrimmed\n")
    assert re.search(r"choices: field, char,\W+columns", found.stdout)


def _with(place: Path) -> dict[str, str]:

    paths = [str(place), *filter(None, [os.environ.get("PYTHONPATH")])]
    return os.environ | {"PYTHONPATH": os.pathsep.join(paths), "COLUMNS": "120"}


BROKEN = {
    "broken_away": ("", "No module named 'broken_away'"),
    "broken_raises": ("raise RuntimeError('out of\\nsorts')", "RuntimeError: out of sorts"),
    "broken_empty": ("", "has no attribute 'thing'"),
    "broken_kind": ("thing = 7", "it is a int and no Recipe"),
    "broken_name": (
        "from stockpot.recipes.recipe import Recipe\nthing = Recipe('other')",
        "it calls itself 'other'",
    ),
}


@pytest.mark.parametrize(("module", "code", "why"), [(m, c, w) for m, (c, w) in BROKEN.items()])
def test_a_broken_recipe_is_one_sentence_that_names_it_for_whoever_asks(place, module, code, why):
    if module != "broken_away":
        (place / f"{module}.py").write_text(code)
    install(place, "faulty", "1.2", recipes=f"mine = {module}:thing")
    plugins.forget()
    assert "mine" in RECIPES
    assert "greedy" in RECIPES
    with pytest.raises(PluginError) as error:
        RECIPES["mine"]
    told = str(error.value)
    assert "'mine' of package faulty 1.2" in told
    assert why in told
    assert "\n" not in told


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("class thing:\n    name = 'mine'", "it lacks learns, refuse, fit, from_json, preset"),
        ("class thing:\n    def __init__(self, x): pass", "missing 1 required positional argument"),
        (
            "class thing:\n    name = 'other'\n    learns = refuse = fit = from_json = preset = None",
            "it calls itself 'other'",
        ),
    ],
)
def test_a_broken_family_is_one_sentence_that_names_it(place, code, why):
    (place / "broken_family.py").write_text(code)
    install(place, "faulty", families="mine = broken_family:thing")
    plugins.forget()
    with pytest.raises(PluginError, match=re.escape(why)) as error:
        family("mine")
    assert "model family 'mine' of package faulty 0.1" in str(error.value)


def test_a_family_whose_preset_is_none_is_one_sentence(place):
    (place / "broken_preset.py").write_text(
        "class thing:\n    name = 'mine'\n    learns = refuse = fit = from_json = None\n"
        "    def preset(self, rows): return {}"
    )
    install(place, "faulty", families="mine = broken_preset:thing")
    plugins.forget()
    with pytest.raises(PluginError, match=r"'mine' of package faulty 0\.1 has a dict for its preset"):
        preset("mine", "default", 40)
    with pytest.raises(ConfigError, match="'preset' is 'noisy'"):
        preset("mine", "noisy", 40)


def test_a_family_that_nobody_brings_is_one_sentence():
    with pytest.raises(ConfigError, match=r"'forest'.*'field', 'char'"):
        family("forest")


def test_two_packages_of_one_name_are_told_apart_from_none(place):
    install(place, "one", recipes="mine = broken_one:thing")
    install(place, "two", recipes="mine = broken_two:thing")
    plugins.forget()
    with pytest.raises(PluginError, match=r"brought by 2 packages \(one 0.1 and two 0.1\)"):
        RECIPES["mine"]


def test_a_name_of_ours_stays_ours(place):
    install(
        place, "greedy_too", recipes="greedy = broken_nowhere:thing", families="field = broken_nowhere:thing"
    )
    plugins.forget()
    assert RECIPES["greedy"].ranked
    assert list(RECIPES).count("greedy") == 1
    assert family("field").name == "field"


def test_a_broken_plugin_stops_nobody_else(place):
    import torch

    install(place, "faulty", recipes="mine = broken_nowhere:thing")
    plugins.forget()
    soup = blend_states([{"w": torch.zeros(2)}, {"w": torch.ones(2)}], unrelated=True)
    assert soup["w"].tolist() == [0.5, 0.5]


def test_a_family_that_knows_no_conditions_refuses_them_in_a_sentence(docs):
    plugged = cooked(of_frame(frame(40)), cook(folds=0))
    for wishes in ({"where": "kind=oak"}, {"balance": "kind"}, {"emphasis": {"kind": 2}}):
        with pytest.raises(ConditionError, match="draws no rows of which something is known"):
            plugged.sample(5, **wishes)
    with pytest.raises(ConditionError, match="draws no rows of which something is known"):
        plugged.complete(pd.DataFrame({"kind": ["oak"]}))
    with pytest.raises(ConditionError, match="draws no rows of which something is known"):
        plugged.impute(frame(9))
    assert not plugged.sample(9, distinct=True, temperature=0.5).duplicated().any()
