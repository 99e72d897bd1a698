"""Peers: other people's generators, each at its own defaults in an environment of its own.

The environment is made the first time that a peer is asked for, in the user's cache folder. Peers of one line
of requirements share it. Rows go there and back as CSV; fitting, drawing and the clock are there
(``peers/draw.py``), scoring is here.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pandas as pd

from stockpot.benchmarks.cart import flagged, unflagged
from stockpot.benchmarks.clock import Cost
from stockpot.score.align import Kinds, kinds_of
from stockpot.store import default_root

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Peer:
    """``install``: what pip installs. ``module``: of peers/, '' of one that cannot be run here. ``flagged``:
    whether it takes no missing values. ``cpu_s``: of a fit, roughly.
    """

    method: str
    title: str
    install: str
    module: str
    flagged: bool
    cpu_s: float

    @property
    def environment(self) -> Path:
        name = sha256(f"{sys.version_info[:2]} {self.install}".encode()).hexdigest()[:16]
        return default_root() / "peers" / name

    @property
    def python(self) -> Path:
        return self.environment / ("Scripts" if os.name == "nt" else "bin") / "python"


@dataclass(frozen=True)
class Answer:
    """A peer's rows, what they cost, and the peak memory of its process."""

    rows: pd.DataFrame
    cost: Cost
    peak_mb: float


def peers() -> list[Peer]:
    """Those of peers.csv."""
    with (HERE / "peers.csv").open(encoding="utf-8", newline="") as file:
        return [
            Peer(
                row["method"],
                row["title"],
                row["install"],
                row["module"],
                bool(row["flagged"]),
                float(row["cpu_s"] or 0),
            )
            for row in csv.DictReader(file)
        ]


def install(peer: Peer) -> None:
    """Make its environment; OSError, with pip's last words, if pip cannot."""
    ready = peer.environment / "ready"
    if ready.exists():
        return
    _run([sys.executable, "-m", "venv", "--clear", str(peer.environment)])
    _run([str(peer.python), "-m", "pip", "--disable-pip-version-check", "install", *peer.install.split()])
    ready.touch()


def _run(command: list[str]) -> None:
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    if ended.returncode:
        last = (ended.stderr.strip() or "it said nothing").splitlines()[-1]
        raise OSError(f"A peer's environment cannot be made ({' '.join(command)}): {last}")


def draw(peer: Peer, train: pd.DataFrame, rows: int, seed: int) -> Answer:
    """Fit and draw in the peer's environment. RuntimeError says what it failed of."""
    shown = flagged(train) if peer.flagged else train
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shown.to_csv(folder / "learning.csv", index=False)
        (folder / "kinds.json").write_text(json.dumps(kinds_of(shown)), encoding="utf-8")
        script = [str(HERE / "peers" / "draw.py"), peer.module, peer.method, name, str(rows), str(seed)]
        ended = subprocess.run(
            [str(peer.python), "-W", "ignore", *script],
            capture_output=True,
            text=True,
            check=False,
            env={k: v for k, v in os.environ.items() if k != "PYTHONPATH"},
        )
        if ended.returncode:
            raise RuntimeError((ended.stderr.strip() or f"exit {ended.returncode}").splitlines()[-1])
        drawn = _read(folder / "drawn.csv", kinds_of(shown))
        cost = json.loads((folder / "cost.json").read_text(encoding="utf-8"))
    found = unflagged(drawn, train) if peer.flagged else drawn
    return Answer(found, Cost(cost["wall_s"], cost["cpu_s"]), cost["peak_mb"])


def _read(path: Path, kinds: Kinds) -> pd.DataFrame:
    """Text as text, numbers as numbers; what is empty is missing."""
    text = {name: str for name, kind in kinds.items() if kind == "categorical"}
    frame = pd.read_csv(path, dtype=text, keep_default_na=False, na_values=[""])
    return frame[list(kinds)]
