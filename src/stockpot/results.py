"""The folder of a cook's results: the rows, the soup, the figures, the report and the configuration.

    synthetic.csv    (or .parquet, .xlsx ...) the rows; of several sets synthetic-1.csv, synthetic-2.csv ...
    soup/            the soup; it draws more without the table
    figures.json     every figure
    report.html      the page that explains them
    summary.png      the picture at its top
    config.yaml      cooks the same soup again

Nothing else in the folder is ever touched.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

import yaml

from stockpot import figures as ledger
from stockpot.card import write_card
from stockpot.config import CookConfig
from stockpot.configuration import write_config
from stockpot.errors import FolderError
from stockpot.figures import Figures
from stockpot.sources.asked import Kind
from stockpot.writing import check_target

CONFIG, SOUP, HEAD = "config.yaml", "soup", "soup.json"
FIGURES = "figures.json"
REPORT = (FIGURES, "report.html", "summary.png")
ROWS = tuple(f"synthetic.{kind}" for kind in get_args(Kind))
FILES = (*ROWS, *REPORT)
ELSEWHERE = frozenset({"out", "store", "runner", "cluster", "workers", "force", "alert_below"})
"""Options that change nothing in the results."""


def check_folder(config: CookConfig) -> None:
    """FolderError unless the results may go where the configuration says."""
    check_target(f"synthetic.{config.format}", rows=config.rows)
    folder, soup = config.folder, config.folder / SOUP
    if folder.exists() and not folder.is_dir():
        raise FolderError(f"{folder} is a file: give a folder (--out).")
    if not folder.exists() or _empty(folder) or _known(folder) == _essence(config):
        return
    if not config.force:
        raise FolderError(
            f"{folder} holds something else than this cook's results: give another folder (--out), or "
            "--force to write over what a cook writes."
        )
    if soup.exists() and not _is_soup(soup):
        raise FolderError(f"{soup} holds something else than a soup: give another folder (--out).")


def begin(config: CookConfig) -> None:
    """Claim the folder: its configuration is written first, so that a killed cook can go on in it.

    Under --force the results of another cook are taken away, so that nothing of two cooks lies side by
    side.
    """
    check_folder(config)
    folder = config.folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if _known(folder) not in (None, _essence(config)):
            _clear(folder)
        write_config(config, folder / CONFIG)
    except OSError as error:
        raise FolderError(
            f"{folder} cannot be written ({error.strerror}): give another folder (--out)."
        ) from None


def deliver(config: CookConfig, soup: Path, rows: Sequence[Path], report: Path) -> None:
    """Copy the stages' files to the folder, each under another name first; ``finish`` copies the figures."""
    out = config.folder
    if _known(out) != _essence(config):
        raise FolderError(
            f"{out} was taken by another cook meanwhile: give each cook its own folder (--out)."
        )
    for number, folder in enumerate(rows, start=1):
        name = f"synthetic-{number}" if len(rows) > 1 else "synthetic"
        _copy(folder / f"synthetic.{config.format}", out / f"{name}.{config.format}")
    for name in REPORT:
        if name != FIGURES:
            _copy(report / name, out / name)
    _copy_soup(soup, out / SOUP, _figures(report / FIGURES))


def finish(config: CookConfig, report: Path) -> None:
    """The figures, last: those of the run before lie in the folder until all else is delivered and told."""
    _copy(report / FIGURES, config.folder / FIGURES)


def figures_of(config: CookConfig) -> Figures | None:
    """What the last run left in the folder, if it can be read."""
    return _figures(config.folder / FIGURES)


def _figures(path: Path) -> Figures | None:
    try:
        return ledger.read(path)
    except FolderError:
        return None


def _empty(folder: Path) -> bool:
    """Whether nothing is in it but what a cook is about to rename: another may be claiming it right now."""
    return all(entry.name.startswith(".") and entry.suffix == ".part" for entry in folder.iterdir())


def _essence(config: CookConfig) -> dict[str, object]:
    return config.model_dump(mode="json", exclude=set(ELSEWHERE))


def _known(folder: Path) -> dict[str, object] | None:
    """What the folder's configuration says, or None if it has none."""
    try:
        read = yaml.safe_load((folder / CONFIG).read_text(encoding="utf-8"))
        return _essence(CookConfig.model_validate(read))
    except (OSError, ValueError, TypeError, yaml.YAMLError):
        return None


def _is_soup(folder: Path) -> bool:
    return folder.is_dir() and ((folder / HEAD).is_file() or not any(folder.iterdir()))


def _clear(folder: Path) -> None:
    """Take a cook's results away, and nothing else."""
    for name in FILES:
        (folder / name).unlink(missing_ok=True)
    for path in folder.glob("synthetic-*.*"):
        if path.stem.removeprefix("synthetic-").isdecimal():
            path.unlink()
    if _is_soup(folder / SOUP):
        shutil.rmtree(folder / SOUP)


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")


def _copy(source: Path, target: Path) -> None:
    part = _beside(target)
    try:
        shutil.copyfile(source, part)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _copy_soup(source: Path, target: Path, told: Figures | None = None) -> None:
    """With a card that tells figures, if they are given."""
    part, old = _beside(target), _beside(target)
    try:
        shutil.copytree(source, part, ignore=shutil.ignore_patterns("manifest.json"))
        if told:
            write_card(part, told)
        if target.exists():
            target.rename(old)
        part.rename(target)
    finally:
        for folder in (part, old):
            shutil.rmtree(folder, ignore_errors=True)
