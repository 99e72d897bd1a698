"""Rows as tokens: (rows, fields) integers, one field a column that can vary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from stockpot.bins import SHARED, Floats, Ints
from stockpot.errors import SchemaError
from stockpot.families.field.columns import Category, Field, Number
from stockpot.schema import Column, Schema

LEARNT = ("numerical", "categorical", "boolean")
PUBLIC = (
    {"false", "true"},
    {"no", "yes"},
    {"n", "y"},
    {"f", "t"},
    {"0", "1"},
    {"female", "male"},
    {"f", "m"},
)
"""Pairs of words of which one tells that there is the other: they are kept however few rows say them."""


@dataclass(frozen=True)
class Layout:
    """How wide each field's part of inputs (``features``), outputs and tokens is: the widest of all
    menageries.
    """

    features: tuple[int, ...]
    outputs: tuple[int, ...]
    tokens: tuple[int, ...]


@dataclass(frozen=True)
class FieldCodec:
    """The fields of one menagerie, fitted on its learning rows alone."""

    fields: tuple[Field, ...]

    @classmethod
    def fit(cls, frame: pd.DataFrame, schema: Schema, most: int, basis: int) -> FieldCodec:
        """``frame`` is canonical: numbers as float64, all else text or None."""
        return cls(tuple(_field(frame[c.name], schema, c.name, most, basis) for c in schema.columns))

    def tokens(self, frame: pd.DataFrame) -> Ints:
        """(rows, fields)"""
        return np.stack([field.tokens(frame[field.name]) for field in self.fields], axis=1)

    def unseen(self, frame: pd.DataFrame) -> int:
        """How many values of the frame the learning rows never told of."""
        return sum(field.unseen(frame[field.name]) for field in self.fields)

    def decode(self, tokens: Ints, rng: np.random.Generator) -> pd.DataFrame:
        """Canonical rows; a number is drawn inside its bin."""
        return pd.DataFrame({f.name: f.decode(tokens[:, j], rng) for j, f in enumerate(self.fields)})

    def to_json(self) -> list[Mapping[str, object]]:
        return [field.to_json() for field in self.fields]

    @classmethod
    def from_json(cls, data: Sequence[Mapping[str, object]]) -> FieldCodec:
        kinds: dict[str, type[Number | Category]] = {Number.kind: Number, Category.kind: Category}
        return cls(tuple(kinds[str(one["kind"])].from_json(one) for one in data))


def layout(codecs: Sequence[FieldCodec]) -> Layout:
    """The widest of each field, so that one program serves all menageries."""

    def widest(sizes: Sequence[Sequence[int]]) -> tuple[int, ...]:
        return tuple(max(column) for column in zip(*sizes, strict=True))

    return Layout(
        features=widest([[f.features().shape[1] for f in codec.fields] for codec in codecs]),
        outputs=widest([[len(f.outputs()) for f in codec.fields] for codec in codecs]),
        tokens=widest([[len(f.counts) for f in codec.fields] for codec in codecs]),
    )


def padded(block: Floats, rows: int, columns: int) -> Floats:
    """The block with zeros behind and below."""
    return np.pad(block, ((0, rows - block.shape[0]), (0, columns - block.shape[1])))


def refuse(schema: Schema) -> None:
    """Say which column this family cannot learn yet, and what to do."""
    for column in schema.columns:
        if column.sdtype not in LEARNT:
            raise SchemaError(
                f"Column '{column.name}' holds {column.sdtype} values, which the field family cannot learn "
                f"yet: leave it out (--drop {column.name!r}), name it categorical in a schema, or use "
                "--model char."
            )


def _field(values: pd.Series, schema: Schema, name: str, most: int, basis: int) -> Field:
    column = schema.column(name)
    if column.sdtype == "numerical" and values.notna().sum() >= SHARED:
        return Number.fit(name, values, column.decimals or 0, most, basis)
    made = Category.fit(name, values, _public(values))
    if made.rare and not made.levels and _always_says(column):
        raise SchemaError(
            f"Column '{name}' has no value that two rows share, and a value of one row is never drawn: leave "
            f"it out (--drop {name!r}), or call it numerical in a schema."
        )
    return made


def _public(values: pd.Series) -> tuple[str, ...]:
    """The column's levels, if they are one of the public pairs."""
    levels = [str(level) for level in values.dropna().unique()]
    told = {level.casefold() for level in levels}
    return tuple(levels) if any(told <= pair for pair in PUBLIC) else ()


def _always_says(column: Column) -> bool:
    """Whether the column's dtype has no missing value: numpy's integers and bool."""
    dtype = pd.api.types.pandas_dtype(column.dtype)
    return isinstance(dtype, np.dtype) and dtype.kind in "iub"
