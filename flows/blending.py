"""Blending checkpoint files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import Parameter
from rich.console import Console
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor

from stockpot.errors import BlendError, FolderError
from stockpot.families.base import Symmetry
from stockpot.recipes.states import WITHOUT_DATA, blend_states

if TYPE_CHECKING:
    WithoutData = str
else:
    WithoutData = Literal[WITHOUT_DATA]
BASE_NAMES = ("base", "base_model")
"""Where a file's metadata may say what its base is."""


def blend(
    *states: Annotated[Path, Parameter(help="Checkpoints in safetensors.")],
    out: Annotated[Path, Parameter(help="File to write.")],
    recipe: Annotated[
        WithoutData, Parameter(help="A recipe that needs no data; docs/recipes.md says what each does.")
    ] = "uniform",
    base: Annotated[
        Path | None, Parameter(help="Checkpoint that all others started from, for recipes that need it.")
    ] = None,
    symmetry: Annotated[
        Path | None,
        Parameter(help="JSON for 'aligned': tensor -> for each axis the group of hidden units, or null."),
    ] = None,
    knobs: Annotated[
        tuple[str, ...], Parameter(name="--set", help="A knob of the recipe: --set density=0.2.")
    ] = (),
    unrelated: Annotated[
        bool, Parameter(help="Blend them though they do not share a base.", negative="")
    ] = False,
) -> None:
    """Blend the weights of any checkpoints that share one architecture and started from one base."""
    blend_files(states, out, recipe, base=base, symmetry=symmetry, knobs=knobs, unrelated=unrelated)
    Console().print(f"The {recipe} soup of {len(states)} is in {out}", highlight=False)


def blend_files(
    paths: Sequence[Path],
    out: Path,
    recipe: str = "uniform",
    *,
    base: Path | None = None,
    symmetry: Path | None = None,
    knobs: Sequence[str] = (),
    unrelated: bool = False,
) -> None:
    """Blend safetensors files by a recipe that needs no data, in equal shares."""
    if len(paths) < 2:
        raise BlendError(f"Cannot blend {len(paths)} checkpoints: name at least two .safetensors files.")
    given, bases = dict(map(_knob, knobs)), [_base_of(path) for path in paths]
    soup = blend_states(
        [_load(path) for path in paths],
        recipe,
        names=[str(path) for path in paths],
        base=_load(base) if base else None,
        symmetry=_symmetry(symmetry) if symmetry else None,
        knobs=given,
        bases=bases,
        unrelated=unrelated,
    )
    told = {"recipe": recipe, "knobs": json.dumps(given), "ingredients": json.dumps([p.name for p in paths])}
    same = bases[0] if len(set(bases)) == 1 else None
    known = same or (base and _digest(base))
    _save(soup, out, told | ({"base": known} if known else {}))


def _knob(text: str) -> tuple[str, float]:
    name, _, value = text.partition("=")
    try:
        return name, float(value)
    except ValueError:
        raise BlendError(f"Option '--set' is '{text}': give a knob and a number, as density=0.2.") from None


def _symmetry(path: Path) -> Symmetry:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise FolderError(f"There is no symmetry file {path}: check the path.") from None
    except (OSError, ValueError) as error:
        raise FolderError(f"{path} is no JSON ({error}): give tensor names with a list of groups.") from None
    if not isinstance(told, dict) or not all(map(_axes, told.values())):
        raise FolderError(
            f"{path} is no symmetry: give an object of tensor names, each with a list that has a group's "
            "name or null for every axis."
        )
    return {name: tuple(axes) for name, axes in told.items()}


def _axes(told: Any) -> bool:
    return isinstance(told, list) and all(axis is None or isinstance(axis, str) for axis in told)


def _save(soup: dict[str, Tensor], out: Path, told: dict[str, str]) -> None:
    part = out.with_name(f".{out.name}.part")
    about = {"format": "pt", "stockpot": version("stockpot")} | told
    try:
        save_file({name: value.contiguous() for name, value in soup.items()}, part, about)
        part.replace(out)
    except (OSError, SafetensorError) as error:
        raise FolderError(f"{out} cannot be written ({error}): give another file (--out).") from None


def _load(path: Path) -> dict[str, Tensor]:
    try:
        return load_file(path)
    except FileNotFoundError:
        raise FolderError(f"{path} does not exist: give .safetensors files.") from None
    except (SafetensorError, OSError) as error:
        raise FolderError(f"{path} is no safetensors file ({error}): give .safetensors files.") from None


def _base_of(path: Path) -> str | None:
    """What a file says of its base; what cannot be read is told when it is loaded."""
    try:
        with safe_open(path, framework="pt") as file:
            told = file.metadata() or {}
    except (OSError, SafetensorError):
        return None
    return next((told[name] for name in BASE_NAMES if told.get(name)), None)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"
