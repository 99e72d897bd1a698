"""SDV's single-table synthesizers."""

from __future__ import annotations

import pandas as pd
import sdv.single_table
import torch
from sdv.metadata import Metadata


def gaussian_copula(train: pd.DataFrame, kinds: dict[str, str], rows: int, seed: int) -> pd.DataFrame:
    return _drawn("GaussianCopulaSynthesizer", train, kinds, rows, seed)


def tvae(train: pd.DataFrame, kinds: dict[str, str], rows: int, seed: int) -> pd.DataFrame:
    return _drawn("TVAESynthesizer", train, kinds, rows, seed)


def ctgan(train: pd.DataFrame, kinds: dict[str, str], rows: int, seed: int) -> pd.DataFrame:
    return _drawn("CTGANSynthesizer", train, kinds, rows, seed)


def _drawn(name: str, train: pd.DataFrame, kinds: dict[str, str], rows: int, seed: int) -> pd.DataFrame:
    """Told the columns' types, so that none is taken for a key."""
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    columns = {column: {"sdtype": kind} for column, kind in kinds.items()}
    told = Metadata.load_from_dict({"tables": {"table": {"columns": columns}}, "relationships": []})
    synthesizer = getattr(sdv.single_table, name)(told)
    synthesizer.fit({"table": train})
    drawn = synthesizer.sample(rows)
    found: pd.DataFrame = drawn["table"] if isinstance(drawn, dict) else drawn
    return found
