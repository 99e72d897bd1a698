"""``stockpot blend``: any checkpoints, by every recipe that needs no data."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from stockpot.errors import BlendError
from stockpot.flows.cli import main
from stockpot.recipes import RECIPES
from stockpot.recipes.states import WITHOUT_DATA, blend_states
from tests.flows.test_cli import told
from tests.recipes.pots import SYMMETRY, drawn, floating, menagerie, mixture_of, pot_of, soup_of

SOUP = "soup.safetensors"
FLAGS = {"base": ["--base", "base.safetensors"], "symmetry": ["--symmetry", "symmetry.json"]}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a base, two ingredients of it, two strangers, and what goes wrong."""
    monkeypatch.chdir(tmp_path)
    base, states = menagerie(2)
    save_file(base, "base.safetensors")
    for name, state in zip("ab", states.values(), strict=True):
        save_file(state, f"{name}.safetensors")
    for seed, name in enumerate(("x", "y")):
        own = torch.Generator().manual_seed(seed)
        save_file({"w": torch.randn(20, 20, generator=own)}, f"{name}.safetensors")
    (tmp_path / "symmetry.json").write_text(json.dumps(SYMMETRY))
    return tmp_path


def blend(*arguments: str, recipe: str = "uniform") -> dict[str, torch.Tensor]:
    flags = [flag for need in sorted(RECIPES[recipe].needs) for flag in FLAGS[need]]
    main(["blend", *arguments, "--out", SOUP, "--recipe", recipe, *flags])
    return load_file(SOUP)


def metadata(path: str = SOUP) -> dict[str, str]:
    with safe_open(path, framework="pt") as file:
        return file.metadata()


def test_recipes_without_data_are_those_that_need_none():
    assert WITHOUT_DATA == ("uniform", "model_stock", "task_arithmetic", "ties", "dare", "slerp", "aligned")


@pytest.mark.parametrize("recipe", WITHOUT_DATA)
def test_a_blend_of_files_is_what_the_recipe_makes(here, capsys, recipe):
    base, states = menagerie(2)
    numbered = dict(enumerate(states.values()))
    made = blend("a.safetensors", "b.safetensors", recipe=recipe)
    pot = pot_of(numbered, lambda soup: soup["enter.bias"].sum())
    expected = soup_of(recipe, pot, base, numbered)
    assert made.keys() == expected.keys()
    for name, value in expected.items():
        torch.testing.assert_close(made[name], value)
    assert len(mixture_of(recipe, pot).proportions) == 2
    assert capsys.readouterr().out == f"The {recipe} soup of 2 is in {SOUP}\n"


def test_a_knob_is_set(here):
    plain = blend("a.safetensors", "b.safetensors")
    scaled = ["a.safetensors", "b.safetensors", "--recipe", "task_arithmetic", *FLAGS["base"], "--out", "s"]
    main(["blend", *scaled, "--set", "scale=0"])
    assert torch.equal(load_file("s")["enter.bias"], load_file("base.safetensors")["enter.bias"])
    main(["blend", *scaled, "--set", "scale=1"])
    torch.testing.assert_close(load_file("s")["enter.bias"], plain["enter.bias"])
    assert metadata("s")["knobs"] == '{"scale": 1.0}'


def test_a_soup_says_what_it_is_made_of(here):
    blend("a.safetensors", "b.safetensors")
    told = metadata()
    assert (told["recipe"], told["ingredients"], told["format"]) == (
        "uniform",
        '["a.safetensors", "b.safetensors"]',
        "pt",
    )
    assert "base" not in told


def test_soups_of_one_base_are_known_as_kin_and_of_two_as_strangers(here, capsys):
    one = ["a.safetensors", "b.safetensors", "--recipe", "model_stock", "--base"]
    main(["blend", *one, "base.safetensors", "--out", "one.safetensors"])
    main(["blend", *one, "base.safetensors", "--out", "same.safetensors"])
    main(["blend", *one, "a.safetensors", "--out", "other.safetensors"])
    blend("one.safetensors", "same.safetensors")
    assert metadata()["base"] == metadata("one.safetensors")["base"]
    assert metadata()["base"].startswith("sha256:")
    capsys.readouterr()
    assert "they started from different bases, 'sha256:" in told(
        capsys, "blend", "one.safetensors", "other.safetensors", "--out", "c.safetensors"
    )


def test_files_that_share_no_base_are_refused_unless_asked_for(here, capsys):
    sentence = told(capsys, "blend", "x.safetensors", "y.safetensors", "--out", "c.safetensors")
    assert sentence.startswith(
        "Cannot blend 'y.safetensors' with 'x.safetensors': they do not seem to share a base"
    )
    assert sentence.endswith(
        "align them (--recipe aligned --symmetry FILE), or average them all the same (--unrelated)."
    )
    assert not list(here.glob("c.*"))
    main(["blend", "x.safetensors", "y.safetensors", "--out", SOUP, "--unrelated"])
    (here / "symmetry.json").write_text('{"w": ["unit", null]}')
    blend("x.safetensors", "y.safetensors", recipe="aligned")


GOOD = "blend a.safetensors b.safetensors --out c.safetensors"
WRONG = {
    f"{GOOD} --recipe model_stock": (
        "Recipe 'model_stock' needs the base that all ingredients started from, and none was given: give"
        " it (--base)."
    ),
    f"{GOOD} --recipe aligned": (
        "Recipe 'aligned' needs to know which hidden units may change places, and that was not said: say"
        " it (--symmetry)."
    ),
    f"{GOOD} --recipe greedy": '"greedy"',
    f"{GOOD} --recipe best": '"best"',
    f"{GOOD} --set density=1": "Recipe 'uniform' has no knob 'density': it has none.",
    f"{GOOD} --recipe ties --base base.safetensors --set thickness=1": (
        "Recipe 'ties' has no knob 'thickness': it has density, scale."
    ),
    f"{GOOD} --recipe ties --base base.safetensors --set density=2": (
        "Knob 'density' of recipe 'ties' is 2: it should be above 0 and at most 1."
    ),
    f"{GOOD} --recipe dare --base base.safetensors --set density=0": (
        "Knob 'density' of recipe 'dare' is 0: it should be above 0 and at most 1."
    ),
    f"{GOOD} --recipe ties --base base.safetensors --set scale=inf": (
        "Knob 'scale' of recipe 'ties' is inf: it should be a finite number."
    ),
    f"{GOOD} --recipe ties --base base.safetensors --set scale=nan": (
        "Knob 'scale' of recipe 'ties' is nan: it should be a finite number."
    ),
    f"{GOOD} --set density": "Option '--set' is 'density': give a knob and a number, as density=0.2.",
    f"{GOOD} --set density=much": (
        "Option '--set' is 'density=much': give a knob and a number, as density=0.2."
    ),
    f"{GOOD} --base none.safetensors": "none.safetensors does not exist: give .safetensors files.",
    f"{GOOD} --recipe ties --base x.safetensors": (
        "Cannot blend from the base: it lacks 'enter.bias', which all ingredients have."
    ),
    f"{GOOD} --recipe ties --base wide.safetensors": (
        "Cannot blend from the base: its 'enter.weight' is [5, 4], and [3, 4] in all ingredients."
    ),
    f"{GOOD} --symmetry none.json": "There is no symmetry file none.json: check the path.",
    f"{GOOD} --symmetry broken.json": "broken.json is no JSON (",
    f"{GOOD} --symmetry list.json": (
        "list.json is no symmetry: give an object of tensor names, each with a list that has a group's "
        "name or null for every axis."
    ),
    f"{GOOD} --symmetry number.json": "number.json is no symmetry: ",
    f"{GOOD} --recipe aligned --symmetry other.json": "'v'",
    f"{GOOD} --recipe aligned --symmetry flat.json": (
        "Cannot align 'enter.weight', [3, 4], by a symmetry of 1 axes"
    ),
    "blend a.safetensors b.safetensors a.safetensors --out c.safetensors --recipe slerp": (
        "Cannot blend 3 ingredients by 'slerp': it takes two, so name two or use another recipe."
    ),
    "blend u.safetensors v.safetensors --out c.safetensors --recipe slerp": (
        "Cannot blend 'w' by 'slerp': it holds complex numbers, which can only be averaged (--recipe "
        "uniform)."
    ),
}


@pytest.mark.parametrize("arguments", WRONG)
def test_a_blend_that_cannot_be_is_told(here, capsys, arguments):
    texts = {"broken.json": "{", "list.json": "[1]", "number.json": '{"w": 1}', "other.json": '{"v": [null]}'}
    texts["flat.json"] = '{"enter.weight": ["unit"]}'
    for name, text in texts.items():
        (here / name).write_text(text)
    save_file(drawn(0) | {"enter.weight": torch.zeros(5, 4)}, "wide.safetensors")
    for name, value in (("u", 1.0), ("v", 2.0)):
        save_file({"w": torch.full((2,), value, dtype=torch.complex64)}, f"{name}.safetensors")
    assert WRONG[arguments] in told(capsys, *arguments.split())
    assert not list(here.glob("*c.safetensors*"))


def test_states_are_blended_from_python_too():
    base, states = menagerie(3)
    soup = blend_states(list(states.values()), "ties", base=base, knobs={"density": 1.0})
    assert floating(soup).keys() == base.keys()
    with pytest.raises(
        BlendError, match=r"^Cannot blend by 'greedy': without data there are the recipes unif"
    ):
        blend_states(list(states.values()), "greedy")
    with pytest.raises(
        BlendError, match="'ingredient 1' with 'ingredient 0': they do not seem to share a base"
    ):
        blend_states([{"w": torch.randn(20, 20)} for _ in range(2)])
    blend_states([{"w": torch.randn(20, 20)} for _ in range(2)], unrelated=True)
