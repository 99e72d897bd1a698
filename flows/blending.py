"""Averaging checkpoint files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from stockpot.errors import BlendError, FolderError
from stockpot.recipes import RECIPES
from stockpot.recipes.making import decide, make
from stockpot.recipes.pot import Pot


def blend_files(paths: Sequence[Path], recipe: str, out: Path) -> None:
    """Blend safetensors files by a recipe that needs no data, in the order given."""
    if len(paths) < 2:
        raise BlendError(f"Cannot blend {len(paths)} checkpoints: name at least two .safetensors files.")
    states = [_load(path) for path in paths]
    mixture = decide(RECIPES[recipe], Pot(range(len(states))), {})
    soup = make(mixture, dict(enumerate(states)), names=[str(path) for path in paths])
    part = out.with_name(f".{out.name}.part")
    try:
        save_file({name: value.contiguous() for name, value in soup.items()}, part)
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
