"""A stage's version: the source that it stands on, and no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from stockpot import versions
from stockpot.dish import MODULES, WRITTEN_BY

FILES = {
    "__init__.py": "",
    "top.py": "from stockpot import middle\nimport numpy\n",
    "middle.py": "def late():\n    from stockpot.deep.bottom import thing\n",
    "deep/__init__.py": "",
    "deep/bottom.py": "thing = 1\n",
    "deep/page.html": "<p>",
    "aside.py": "from stockpot import top\n",
    "writer.py": "import stockpot.aside\n",
}


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.setattr(versions, "ROOT", tmp_path)
    return tmp_path


def version(*modules: str) -> str:
    versions.source_version.cache_clear()
    versions._imports.cache_clear()
    return versions.source_version(*modules)


@pytest.mark.parametrize("changed", ["top.py", "middle.py", "deep/bottom.py", "deep/page.html"])
def test_a_change_in_what_is_imported_however_deep_is_another_version(tree, changed):
    before = version("stockpot.top")
    (tree / changed).write_text("other = 1\n")
    assert version("stockpot.top") != before


@pytest.mark.parametrize("changed", ["aside.py", "writer.py"])
def test_a_change_elsewhere_is_the_same_version(tree, changed):
    before = version("stockpot.top")
    (tree / changed).write_text("other = 1\n")
    assert version("stockpot.top") == before


def test_of_a_module_alone_its_own_source_counts_and_not_what_it_imports(tree):
    before = version("stockpot.top", "stockpot.writer")
    (tree / "aside.py").write_text("other = 1\n")
    assert version("stockpot.top", "stockpot.writer") == before
    (tree / "writer.py").write_text("other = 1\n")
    assert version("stockpot.top", "stockpot.writer") != before


def test_every_stage_has_a_module_that_is_there():
    for module in (*MODULES.values(), WRITTEN_BY):
        assert versions._path(module) is not None, module


def test_training_stands_on_its_loop_and_both_families_and_not_on_the_report():
    paths = versions._reached(versions._path(MODULES["train"]))
    reached = {path.relative_to(versions.ROOT).as_posix() for path in paths}
    assert {"train.py", "noise.py", "families/field/net.py", "families/char/net.py"} <= reached
    assert not {
        name for name in reached if name.startswith(("report", "flows", "tasks", "score", "__init__"))
    }


def test_the_report_stands_on_its_page():
    reached = {path.name for path in versions._reached(versions._path(MODULES["report"]))}
    assert "page.html" in reached
