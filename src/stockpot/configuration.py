"""Checking what a person configured: a fault is one sentence that names option, value and mend."""

from __future__ import annotations

import secrets
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from stockpot.config import CookConfig
from stockpot.errors import ConfigError
from stockpot.schema import nearest

C = TypeVar("C", bound=BaseModel)


def configured(options: Mapping[str, Any]) -> CookConfig:
    """The configuration of a cook, or ConfigError."""
    return checked(CookConfig, options)


def checked(model: type[C], options: Mapping[str, Any]) -> C:
    """The configuration, or ConfigError."""
    try:
        return model.model_validate(options)
    except ValidationError as error:
        raise ConfigError(sentence(error, model)) from None


def sentence(error: ValidationError, model: type[BaseModel] = CookConfig) -> str:
    """The first fault of a configuration, in a sentence."""
    fault = error.errors()[0]
    name = ".".join(str(part) for part in fault["loc"] if not isinstance(part, int))
    if fault["type"] == "extra_forbidden":
        return f"Option '{name}' is unknown{nearest(name.split('.')[-1], _known(model, fault['loc']))}."
    if fault["type"] in ("model_type", "dict_type", "model_attributes_type"):
        return f"Option '{name}' is {fault['input']!r}: it must be a mapping of options."
    message = fault["msg"].removeprefix("Value error, ").removeprefix("Input ")
    return f"Option '{name}' is {fault['input']!r}: it {message}."


def _known(model: Any, path: tuple[int | str, ...]) -> list[str]:
    """The options beside the unknown one."""
    for part in path[:-1]:
        model = model.model_fields[part].annotation
    return list(model.model_fields)


def flags(options: Mapping[str, Any], within: str = "") -> list[str]:
    """What a person types for these options: ``--grid.learning-rate 0.002 0.003``."""
    found: list[str] = []
    for name, value in options.items():
        flag = f"{within}{name.replace('_', '-')}"
        if isinstance(value, Mapping):
            found += flags(value, f"{flag}.")
        elif isinstance(value, bool):
            found.append(f"--{flag}" if value else f"--{within}no-{name.replace('_', '-')}")
        else:
            values = value if isinstance(value, list | tuple) else [value]
            found.append(" ".join([f"--{flag}", *(shlex.quote(str(one)) for one in values)]))
    return found


def read_config(path: str | Path) -> dict[str, Any]:
    """The options of a YAML file."""
    path = Path(path)
    try:
        read = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"{path} does not exist: give a YAML file of options.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} cannot be read ({error}): give a YAML file of options.") from None
    except yaml.YAMLError as error:
        raise ConfigError(f"{path} is no YAML: {' '.join(str(error).split())}.") from None
    if read is None:
        return {}
    if not isinstance(read, dict):
        raise ConfigError(f"{path} holds {type(read).__name__}: give options as 'name: value' lines.")
    return {str(key): value for key, value in read.items()}


def write_config(config: CookConfig, path: Path) -> None:
    """A file that cooks the same soup again. It does not say ``force``: that was meant once."""
    plain = config.model_dump(mode="json", exclude={"force"})
    text = yaml.safe_dump(plain, sort_keys=False, allow_unicode=True)
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    part.write_text(f"# stockpot cook --config {path.name}\n{text}", encoding="utf-8")
    part.replace(path)
