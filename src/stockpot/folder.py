"""The soup's folder: weights in safetensors, all else in JSON.

It holds no row of the table and draws without it.

    soup.json            format version, family, temperature, raking, the digests of the other files
    weights.safetensors
    codec.json           how tokens become values: smoothed bins, categories that several rows share
    schema.json          the schema as SDV single-table metadata
    table.json           ours, with dtypes and precision
    margins.json         the coarse marginals that raking meets
    provenance.json      what went in: plan, proportions, versions, size and digest of the table
    README.md            the model card; with config.json the folder is a repository of the Hugging Face
    config.json          Hub. Neither is needed to draw, and the card may be edited
    constraints.json     what must hold in every row, if anything must
"""

from __future__ import annotations

import hashlib
import json
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save

from stockpot import plugins
from stockpot.card import PAGES, README, facts_of, pages
from stockpot.constraints.rules import Rules
from stockpot.draw import Ladle
from stockpot.errors import ConfigError, FolderError
from stockpot.families import family
from stockpot.rake import Margins
from stockpot.schema import Schema
from stockpot.transform import transform_of

FORMAT = 1
WEIGHTS = "weights.safetensors"
HEAD = "soup.json"
CONSTRAINTS = "constraints.json"
"""Only in the folder of a soup that has some."""
PARTS = (HEAD, WEIGHTS, "codec.json", "schema.json", "table.json", "margins.json", "provenance.json")
FILES = (*PARTS, *PAGES)
"""All that is written; the parts are what it takes to draw."""
HELD = (*FILES, CONSTRAINTS)
"""All that a folder may hold."""


def write_soup(
    ladle: Ladle, model: str, provenance: Mapping[str, Any], folder: Path, card: str | None = None
) -> Path:
    """Write the folder under another name and rename it, so that no half a soup is ever read. ``card``: the
    text of README.md, if it is not to be written anew.

    FolderError for a folder that holds something else: it would be lost.
    """
    if folder.exists() and not _replaceable(folder):
        raise FolderError(f"{folder} holds something else than a soup: give a new or empty folder.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    part = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}.part")
    part.mkdir()
    try:
        files = _files(ladle, model, provenance) | ({README: card.encode()} if card else {})
        for name, content in files.items():
            (part / name).write_bytes(content)
        _replace(part, folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return folder


def _replaceable(folder: Path) -> bool:
    return folder.is_dir() and ((folder / PARTS[0]).is_file() or not any(folder.iterdir()))


def _replace(part: Path, folder: Path) -> None:
    if folder.exists():
        old = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}.old")
        folder.replace(old)
        part.replace(folder)
        shutil.rmtree(old, ignore_errors=True)
    else:
        part.replace(folder)


def _files(ladle: Ladle, model: str, provenance: Mapping[str, Any]) -> dict[str, bytes]:
    weights = save({name: value[0].contiguous() for name, value in ladle.weights.items()})
    documents: dict[str, object] = {
        "codec.json": ladle.program.to_json(),
        "schema.json": ladle.schema.to_sdv(),
        "table.json": ladle.schema.to_json(),
        "margins.json": ladle.margins.to_json(),
        "provenance.json": provenance,
    }
    if ladle.rules.given:
        documents[CONSTRAINTS] = ladle.rules.to_json()
    files = {name: _json(value) for name, value in documents.items()} | {WEIGHTS: weights}
    head = {
        "format": FORMAT,
        "model": model,
        "temperature": ladle.temperature,
        "rake": ladle.rake,
        "sha256": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
    }
    if package := plugins.package(plugins.FAMILIES, model):
        head["plugin"] = package
    facts = facts_of(model, ladle.schema.to_json()["columns"], provenance)
    return {HEAD: _json(head)} | files | pages(facts)


def _json(value: object) -> bytes:
    return (json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode()


def read_soup(folder: Path) -> tuple[Ladle, str, Mapping[str, Any]]:
    """(what draws, the family's name, provenance). FolderError says what is missing, damaged or too new."""
    if not folder.is_dir():
        raise FolderError(f"{folder} is no folder: give the 'soup' folder of a cook.")
    missing = next((name for name in PARTS if not (folder / name).is_file()), None)
    if missing:
        raise FolderError(f"{folder} is no soup: it lacks {missing}; give the 'soup' folder of a cook.")
    try:
        return _soup_of(folder)
    except (AttributeError, ConfigError, KeyError, TypeError, ValueError) as fault:
        raise FolderError(f"{folder} is damaged ({fault!r}): cook the soup again or take a copy.") from None


def _soup_of(folder: Path) -> tuple[Ladle, str, Mapping[str, Any]]:
    head = _read(folder / HEAD)
    if head.get("format") != FORMAT:
        raise FolderError(
            f"{folder} is a soup of format {head.get('format')!r}, and this stockpot reads format {FORMAT}: "
            "install the version of stockpot that wrote it, or a newer one."
        )
    if head["model"] not in (known := plugins.names(plugins.FAMILIES, plugins.OURS)):
        raise FolderError(
            f"{folder} is a soup of the family {head['model']!r}, and here are {', '.join(known)}: install "
            f"{head.get('plugin', 'the package that brings it')}."
        )
    for name, sha256 in head["sha256"].items():
        if hashlib.sha256((folder / name).read_bytes()).hexdigest() != sha256:
            raise FolderError(
                f"{folder / name} is damaged: its digest is not the one in {HEAD}; take a copy."
            )
    schema = Schema.from_json(_read(folder / "table.json"))
    ladle = Ladle(
        program=family(head["model"]).from_json(_read(folder / "codec.json")),
        weights=_weights(folder / WEIGHTS),
        transform=transform_of(schema, str(head["model"])),
        margins=Margins.from_json(_read(folder / "margins.json")),
        # early soups of this format were drawn with the square root of the scale that calibration chose
        temperature=float(head["temperature"]) / float(head.get("scale", 1.0)) ** 0.5,
        rake=int(head["rake"]),
        rules=_rules(folder, head, schema),
    )
    return ladle, str(head["model"]), _read(folder / "provenance.json")


def _rules(folder: Path, head: Mapping[str, Any], schema: Schema) -> Rules:
    if CONSTRAINTS not in head["sha256"]:
        return Rules()
    return Rules.from_json(_read(folder / CONSTRAINTS), schema)


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, UnicodeDecodeError):
        raise FolderError(f"{path} is damaged: it is no JSON; cook the soup again or take a copy.") from None


def _weights(path: Path) -> dict[str, torch.Tensor]:
    try:
        read = load(path.read_bytes())
    except SafetensorError as error:
        raise FolderError(f"{path} is no safetensors file ({error}); take a copy.") from None
    return {name: value[None] for name, value in read.items()}
