"""The library's own version of a stage: a digest of the source that it stands on.

A change in a module makes new artefacts of the stages that import it, however deep, and of no other.
"""

from __future__ import annotations

import ast
import hashlib
from functools import lru_cache
from pathlib import Path
from threading import Lock

ROOT = Path(__file__).parent
ONE_AT_A_TIME = Lock()
"""Before 3.11.5 Python counts the depth of a syntax tree for all threads together: tasks that parse at once
end in 'AST constructor recursion depth mismatch' (gh-106905). Debian 12 has 3.11.2.
"""


@lru_cache
def source_version(module: str, *alone: str) -> str:
    """Digest of a module's source and of all of ours that it imports, however deep; of ``alone`` the
    source only.

    A page's template, which a module reads, counts with the modules beside it.
    """
    paths = _reached(_path(module)) | {path for path in map(_path, alone) if path}
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def _reached(start: Path | None) -> set[Path]:
    found: set[Path] = set()
    waiting = [start] if start else []
    while waiting:
        path = waiting.pop()
        if path not in found:
            found |= {path, *path.parent.glob("*.html")}
            waiting += [p for p in map(_path, _imports(path)) if p]
    return found


def _path(module: str) -> Path | None:
    """The file of a module of ours."""
    parts = module.split(".")
    if parts[0] != "stockpot":
        return None
    place = ROOT.joinpath(*parts[1:])
    if place.is_dir():
        return place / "__init__.py"
    file = place.with_suffix(".py")
    return file if file.exists() else None


@lru_cache
def _imports(path: Path) -> tuple[str, ...]:
    """Every module that a file imports, inside functions too. ``from package import module`` is the module
    alone.
    """
    found: list[str] = []
    with ONE_AT_A_TIME:
        tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            found += [name if _path(name) else node.module for name in names]
    return tuple(found)
