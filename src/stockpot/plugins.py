"""Plugins: model families and recipes that other packages bring. docs/plugins.md has one of each.

A package names them as entry points of the groups ``stockpot.families`` and ``stockpot.recipes``. Which there
are is read off the packages' metadata; a plugin's own code is loaded when it is asked for. A name of
stockpot's own stays stockpot's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import Literal, TypeVar

from stockpot.errors import PluginError

Group = Literal["stockpot.families", "stockpot.recipes"]
FAMILIES: Group = "stockpot.families"
RECIPES: Group = "stockpot.recipes"
OURS: tuple[str, ...] = ("field", "char")
"""The families of stockpot's own."""
WHAT: Mapping[Group, str] = {FAMILIES: "model family", RECIPES: "recipe"}

T = TypeVar("T")


@lru_cache
def found(group: Group) -> Mapping[str, tuple[EntryPoint, ...]]:
    """Every plugin's name, and who brings one of that name."""
    entries = sorted(entry_points(group=group), key=lambda entry: (entry.name, _package(entry)))
    names = dict.fromkeys(entry.name for entry in entries)
    return {name: tuple(entry for entry in entries if entry.name == name) for name in names}


def names(group: Group, ours: Sequence[str]) -> tuple[str, ...]:
    """Ours, then those of plugins."""
    return (*ours, *(name for name in found(group) if name not in ours))


def load(group: Group, name: str, check: Callable[[str, object], T]) -> T:
    """What the plugin brings; ``check`` says what it lacks by a TypeError. PluginError names the plugin."""
    entry = _only(group, name)
    try:
        return check(name, entry.load())
    except Exception as error:
        why = f"{type(error).__name__}: {' '.join(str(error).split())}".rstrip(".")
        raise PluginError(
            f"The {WHAT[group]} '{name}' of package {_package(entry)} cannot be loaded ({why}): mend the "
            "package or uninstall it."
        ) from error


class Registry(Mapping[str, T]):
    """Ours and those of plugins by name; a plugin's code is loaded when its name is looked up."""

    def __init__(self, group: Group, ours: Mapping[str, T], check: Callable[[str, object], T]) -> None:
        self._group, self._ours, self._check = group, dict(ours), check

    def __getitem__(self, name: str) -> T:
        if name in self._ours:
            return self._ours[name]
        if name not in found(self._group):
            raise KeyError(name)
        return load(self._group, name, self._check)

    def __contains__(self, name: object) -> bool:
        return name in self._ours or name in found(self._group)

    def __iter__(self) -> Iterator[str]:
        return iter(names(self._group, tuple(self._ours)))

    def __len__(self) -> int:
        return len(names(self._group, tuple(self._ours)))


def package(group: Group, name: str) -> str | None:
    """The package that brings it, with its version; None if no plugin does."""
    return _package(_only(group, name)) if name in found(group) else None


def sources(group: Group, some: Sequence[str], ours: Sequence[str] = ()) -> list[str]:
    """Of each of these names that a plugin brings: a digest of package, version and source. They are part of
    the keys of what the plugins make.
    """
    return [_source(group, name) for name in some if name not in ours and name in found(group)]


@lru_cache
def _source(group: Group, name: str) -> str:
    entry = _only(group, name)
    state = hashlib.sha256(f"{name}\0{entry.value}\0{_package(entry)}\0".encode())
    for path in _files(entry.module):
        state.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return state.hexdigest()[:16]


def _files(module: str) -> list[Path]:
    """All Python files of the top-level package that the module is in, or of a namespace's portion."""
    parts = module.split(".")
    for depth in range(1, len(parts) + 1):
        try:
            spec = find_spec(".".join(parts[:depth]))
        except (ImportError, ValueError):
            return []  # it cannot be loaded either, which is told then
        if spec and spec.origin and spec.has_location:
            file = Path(spec.origin)
            whole = spec.submodule_search_locations is not None
            return sorted(file.parent.rglob("*.py")) if whole else [file]
    return []


def _only(group: Group, name: str) -> EntryPoint:
    entries = found(group)[name]
    if len(entries) > 1:
        packages = " and ".join(map(_package, entries))
        raise PluginError(
            f"The {WHAT[group]} '{name}' is brought by {len(entries)} packages ({packages}): "
            "uninstall all but one."
        )
    return entries[0]


def _package(entry: EntryPoint) -> str:
    return f"{entry.dist.name} {entry.dist.version}" if entry.dist else "unknown"


def forget() -> None:
    """Look for plugins anew: for whoever installs one while this process runs."""
    found.cache_clear()
    _source.cache_clear()
