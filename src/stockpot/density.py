"""How likely a soup finds rows: the losses that tasting judges by, of rows that a person gives."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
import torch

from stockpot.canonical import canonical
from stockpot.draw import BLOCK, Ladle
from stockpot.threads import single_threaded

MASKS = 32
"""About so many masks a row, every number of fields alike."""


def losses(ladle: Ladle, frame: pd.DataFrame) -> npt.NDArray[np.float64]:
    """(rows,) in nats a token, lower is better: the loss of each row of a table with the soup's columns."""
    rows = ladle.transform.forward(canonical(frame, ladle.schema))
    bound = ladle.program.bind(rows, [ladle.menagerie])
    columns = len(rows.columns)
    masks = columns * max(1, round(MASKS / columns))
    parts = [torch.arange(start, min(start + BLOCK, len(rows)))[None] for start in range(0, len(rows), BLOCK)]
    with single_threaded(), torch.no_grad():
        found = [
            bound.losses(ladle.weights, part, masks, 1 / ladle.temperature, ladle.mix)[0] for part in parts
        ]
    return torch.cat(found).double().numpy()
