"""Every figure of a cook, as ``figures.json`` holds it.

A figure is a value with its interval, its unit and what it was measured against. Losses are nats a field
(char: nats a character), lower is better; accuracies are shares of tokens in [0, 1], higher is better;
quality and fidelity lie in [0, 100], higher is better; copy rate, verbatim and nearer_train are shares in
[0, 1], read beside the reference.
"""

from __future__ import annotations

import json
import math
import uuid
from collections.abc import Mapping
from dataclasses import MISSING, asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, TypeVar

from stockpot.errors import FolderError

VERSION = 1
NAMES = (
    "held_out_loss",
    "held_out_accuracy",
    "quality_held_out",
    "fidelity_held_out",
    "quality_all",
    "fidelity_all",
    "copy_rate",
    "verbatim",
    "nearer_train",
)
"""The figures that a model can have. ``_held_out``: rows of the fold's soup against the fold's unseen rows,
mean over folds; ``_all``: rows of the main soup against all real rows. With ``--holdout`` the same names end
in ``_holdout``."""

Kind = Literal["single", "soup", "ensemble"]


@dataclass(frozen=True)
class Figure:
    """A value, its interval (95 %; None where there is none), its unit, and what it was measured against."""

    value: float
    low: float | None
    high: float | None
    unit: str
    against: str


@dataclass(frozen=True)
class Model:
    """One row of the verdict's table."""

    name: str
    kind: Kind
    figures: Mapping[str, Figure]


@dataclass(frozen=True)
class Difference:
    """Figures of ``a`` less those of ``b``, on the same rows."""

    a: str
    b: str
    figures: Mapping[str, Figure]


@dataclass(frozen=True)
class Shipped:
    """What is in the bowl (ingredient number -> share), the verdict in one sentence, and which of the models
    it is, so that the report can mark its row.
    """

    recipe: str
    proportions: Mapping[str, float]
    sentence: str
    model: str = ""


@dataclass(frozen=True)
class TableFacts:
    """The real table, without a value of it."""

    name: str
    rows: int
    columns: int
    digest: str


@dataclass(frozen=True)
class Ingredient:
    """One ingredient of the main menagerie: a dot of the menagerie's plot."""

    number: int
    settings: Mapping[str, float | int | str]
    held_out_loss: float
    held_out_accuracy: float
    quality_all: float | None = None


@dataclass(frozen=True)
class Size:
    """Uniform soup of the ``size`` best ingredients by held-out loss: a point of quality by soup size."""

    size: int
    held_out_loss: float
    quality_all: float


@dataclass(frozen=True)
class Figures:
    """All of it. ``rails`` are floor, copy and reference; ``notes`` are sentences that a person should read;
    ``shipped_rows`` are figures of the shipped rows alone (diagnostic, new_rows, invalid_rows ...);
    ``command`` and ``config`` (the text of config.yaml) make the same soup again.
    """

    seed: int
    table: TableFacts
    model: str
    folds: int
    shipped: Shipped
    models: tuple[Model, ...]
    rails: Mapping[str, Mapping[str, Figure]]
    differences: tuple[Difference, ...]
    seconds: Mapping[str, float]
    menagerie: tuple[Ingredient, ...] = ()
    sizes: tuple[Size, ...] = ()
    shipped_rows: Mapping[str, Figure] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    command: str = ""
    config: str = ""
    version: int = VERSION


R = TypeVar("R", TableFacts, Shipped)


def to_json(figures: Figures) -> dict[str, Any]:
    """The document of ``figures.json``. What is not finite becomes null: JSON has no NaN."""
    document = asdict(figures)
    for difference in document["differences"]:
        difference.update(difference.pop("figures"))
    bare = _plain(document)
    return {"version": bare.pop("version"), **bare}


def from_json(document: Any) -> Figures:
    """The figures of a document that ``to_json`` made. A null value is read as NaN, a null bound as None."""
    version = document.get("version") if isinstance(document, Mapping) else None
    if not isinstance(version, int) or version < 1:
        raise FolderError(f"These are not figures of a cook: their version is {version!r}, not {VERSION}.")
    if version > VERSION:
        raise FolderError(
            f"These figures have version {version}, and this stockpot reads up to {VERSION}: "
            "install a newer stockpot."
        )
    try:
        return _figures(document)
    except KeyError as lack:
        raise FolderError(f"These figures have no entry {lack}: cook again to make them anew.") from None
    except (TypeError, ValueError, AttributeError) as fault:
        raise FolderError(f"These figures cannot be read ({fault}): cook again to make them anew.") from None


def write(figures: Figures, path: str | Path) -> Path:
    """Write under a temporary name beside ``path``, then rename: a reader sees all of it or nothing."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(to_json(figures), indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return path


def read(path: str | Path) -> Figures:
    """Read what ``write`` wrote; every way it can fail is one FolderError that names the file."""
    try:
        document = json.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as fault:
        raise FolderError(f"Cannot read the figures '{path}': {fault.strerror}.") from None
    except ValueError:
        raise FolderError(f"'{path}' is not JSON in UTF-8: cook again to make it anew.") from None
    try:
        return from_json(document)
    except FolderError as fault:
        raise FolderError(f"Cannot use '{path}'. {fault}") from None


def _plain(value: Any) -> Any:
    """Plain JSON of dataclass dictionaries: numpy's numbers as Python's, NaN and infinities as None."""
    if isinstance(value, Mapping):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    if hasattr(value, "item"):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _figures(document: Mapping[str, Any]) -> Figures:
    return Figures(
        seed=document["seed"],
        table=_record(TableFacts, document["table"]),
        model=document["model"],
        folds=document["folds"],
        shipped=_record(Shipped, document["shipped"]),
        models=tuple(Model(m["name"], m["kind"], _named(m["figures"])) for m in document["models"]),
        rails={rail: _named(entry) for rail, entry in document["rails"].items()},
        differences=tuple(_difference(entry) for entry in document["differences"]),
        seconds={stage: _number(value) for stage, value in document["seconds"].items()},
        menagerie=tuple(_ingredient(entry) for entry in document.get("menagerie", ())),
        sizes=tuple(
            Size(entry["size"], _number(entry["held_out_loss"]), _number(entry["quality_all"]))
            for entry in document.get("sizes", ())
        ),
        shipped_rows=_named(document.get("shipped_rows", {})),
        notes=tuple(document.get("notes", ())),
        command=document.get("command", ""),
        config=document.get("config", ""),
        version=document["version"],
    )


def _record(kind: type[R], entry: Mapping[str, Any]) -> R:
    known = {
        each.name: entry[each.name] for each in fields(kind) if each.name in entry or each.default is MISSING
    }
    return kind(**known)


def _number(value: float | None) -> float:
    return math.nan if value is None else float(value)


def _named(entries: Mapping[str, Any]) -> dict[str, Figure]:
    return {name: _figure(entry) for name, entry in entries.items()}


def _figure(entry: Mapping[str, Any]) -> Figure:
    return Figure(_number(entry["value"]), entry["low"], entry["high"], entry["unit"], entry["against"])


def _difference(entry: Mapping[str, Any]) -> Difference:
    named = {name: value for name, value in entry.items() if name not in ("a", "b")}
    return Difference(entry["a"], entry["b"], _named(named))


def _ingredient(entry: Mapping[str, Any]) -> Ingredient:
    return Ingredient(
        number=entry["number"],
        settings=dict(entry["settings"]),
        held_out_loss=_number(entry["held_out_loss"]),
        held_out_accuracy=_number(entry["held_out_accuracy"]),
        quality_all=entry["quality_all"],
    )
