"""The folder of a cook's results: the rows, the soup, the figures, the report and the configuration.

    synthetic.csv    (or .parquet) the rows
    soup/            the soup; it draws more without the table
    figures.json     every figure
    report.html      the page that explains them
    config.yaml      cooks the same soup again
"""

from __future__ import annotations

import shutil
from pathlib import Path

import yaml

from stockpot.config import CookConfig
from stockpot.configuration import write_config
from stockpot.errors import FolderError

CONFIG = "config.yaml"
ELSEWHERE = frozenset({"out", "store", "runner", "workers", "force"})
"""Options that change nothing in the results."""


def check_folder(config: CookConfig) -> None:
    """FolderError unless the results may go where the configuration says."""
    folder = config.folder
    if folder.exists() and not folder.is_dir():
        raise FolderError(f"{folder} is a file: give a folder (--out).")
    if config.force or not folder.exists() or not any(folder.iterdir()):
        return
    if _known(folder / CONFIG) != _essence(config):
        raise FolderError(
            f"{folder} holds something else than this cook's results: give another folder (--out), or --force to write over "
            "what a cook writes."
        )


def _essence(config: CookConfig) -> dict[str, object]:
    return {k: v for k, v in config.model_dump(mode="json").items() if k not in ELSEWHERE}


def _known(path: Path) -> dict[str, object] | None:
    """What the folder's configuration says, or None if it has none."""
    try:
        read = yaml.safe_load(path.read_text(encoding="utf-8"))
        return _essence(CookConfig.model_validate(read))
    except (OSError, ValueError, TypeError, yaml.YAMLError):
        return None


def begin(config: CookConfig) -> None:
    """Claim the folder: its configuration is written first, so that a killed cook can go on in it."""
    check_folder(config)
    try:
        config.folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FolderError(f"{config.folder} cannot be made ({error.strerror}): give another folder (--out).") from None
    write_config(config, config.folder / CONFIG)


def deliver(config: CookConfig, soup: Path, rows: Path, report: Path) -> None:
    """Copy the stages' files to the folder, each under another name first."""
    out = config.folder
    _copy(rows / f"synthetic.{config.format}", out / f"synthetic.{config.format}")
    for name in ("figures.json", "report.html", "summary.png"):
        _copy(report / name, out / name)
    part = out / ".soup.part"
    shutil.rmtree(part, ignore_errors=True)
    shutil.copytree(soup, part, ignore=shutil.ignore_patterns("manifest.json"))
    shutil.rmtree(out / "soup", ignore_errors=True)
    part.rename(out / "soup")


def _copy(source: Path, target: Path) -> None:
    part = target.with_name(f".{target.name}.part")
    shutil.copyfile(source, part)
    part.replace(target)
