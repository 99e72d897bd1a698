"""A cook's folder of results, made by the stages in this process, without Prefect."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from stockpot import results, stages
from stockpot.config import CookConfig
from stockpot.configuration import configured
from stockpot.larder import prepare
from tests.small import QUICK


def cooked(folder: Path, table: pd.DataFrame, **options: Any) -> tuple[Path, CookConfig]:
    """The folder (``folder / "run"``) with the configuration and the soup, and the configuration."""
    table.to_csv(folder / "trees.csv", index=False)
    places = {"table": str(folder / "trees.csv"), "store": str(folder / "store"), "out": str(folder / "run")}
    config = configured(QUICK | {"rows": 12} | options | places)
    results.begin(config)
    soup = stages.folder_of(dish := prepare(config), stages.make_soup(dish))
    results._copy_soup(soup, config.folder / "soup")
    return config.folder, config
