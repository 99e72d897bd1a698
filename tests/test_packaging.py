"""What pip installs: the names in a wheel that is built from this tree."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LINKED = ("flows", "tasks", "benchmarks", "deployments")
PARTS = ("src", *LINKED)
ALONE = ("pyproject.toml", "LICENSE", "NOTICE", "README.md")


def copy_of_the_tree(tree: Path) -> Path:
    """What a wheel is made from, its links kept; the tree itself must not get a build folder."""
    for part in PARTS:
        skip = shutil.ignore_patterns("__pycache__", "*.egg-info")
        shutil.copytree(ROOT / part, tree / part, symlinks=True, ignore=skip)
    for name in ALONE:
        shutil.copy(ROOT / name, tree / name)
    return tree


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """Built with the setuptools of this environment, so that no network is needed."""
    folder = tmp_path_factory.mktemp("wheel")
    tree = copy_of_the_tree(folder / "tree")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder / "dist", tree]
    done = subprocess.run(build, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    (made,) = (folder / "dist").glob("*.whl")
    return zipfile.ZipFile(made)


def modules(folder: Path, inside: str) -> set[str]:
    """The modules of a folder, as the wheel should name them."""
    return {f"{inside}/{path.relative_to(folder).as_posix()}" for path in folder.rglob("*.py")}


def test_a_wheel_installs_no_top_level_name_but_stockpot(wheel: zipfile.ZipFile) -> None:
    tops = {name.split("/")[0] for name in wheel.namelist()}
    assert tops == {"stockpot", "stockpot-0.1.0.dist-info"}


@pytest.mark.parametrize("part", ["flows", "tasks", "benchmarks"])
def test_a_wheel_has_every_module_behind_the_links(wheel: zipfile.ZipFile, part: str) -> None:
    assert f"stockpot/{part}/__init__.py" in wheel.namelist()
    assert modules(ROOT / part, f"stockpot/{part}") <= set(wheel.namelist())


def test_a_wheel_has_every_module_of_the_library(wheel: zipfile.ZipFile) -> None:
    assert modules(ROOT / "src" / "stockpot", "stockpot") <= set(wheel.namelist())


def test_a_wheel_has_the_pages_the_types_marker_and_the_licence(wheel: zipfile.ZipFile) -> None:
    licences = {f"stockpot-0.1.0.dist-info/licenses/{name}" for name in ("LICENSE", "NOTICE")}
    pages = {"stockpot/report/page.html", "stockpot/py.typed", "stockpot/benchmarks/intro.md"}
    assert pages | licences <= set(wheel.namelist())


def test_a_wheel_has_the_benchmarks_tables(wheel: zipfile.ZipFile) -> None:
    lists = {f"stockpot/benchmarks/{name}.csv" for name in ("tables", "truth", "peers")}
    assert lists <= set(wheel.namelist())


def test_a_wheel_has_the_deployments(wheel: zipfile.ZipFile) -> None:
    assert "stockpot/deployments/prefect.yaml" in wheel.namelist()
    assert not [name for name in wheel.namelist() if "Dockerfile" in name or "compose" in name]


def test_a_wheel_gives_the_command(wheel: zipfile.ZipFile) -> None:
    assert b"stockpot = stockpot.flows.cli:main" in wheel.read("stockpot-0.1.0.dist-info/entry_points.txt")


def test_the_links_stay_inside_the_tree() -> None:
    for part in LINKED:
        link = ROOT / "src" / "stockpot" / part
        assert link.is_symlink(), (
            f"{link} must be a link (git config core.symlinks true, then check out anew)"
        )
        assert link.readlink() == Path("..", "..", part)
