"""What a person may say of a table's source; what is not said is found out, and told."""

from __future__ import annotations

import codecs
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from stockpot.form import Where, box

Kind = Literal["csv", "tsv", "jsonl", "parquet", "arrow", "xlsx"]
"""Of a file. ``jsonl`` takes an array of objects too."""
Form = Literal["csv", "tsv", "jsonl", "parquet", "arrow", "xlsx", "dataset"]
"""What rows are written as: a file, or the folder of a saved dataset."""
SPELT = {"tab": "\t", "\\t": "\t", "space": " ", "comma": ",", "semicolon": ";", "pipe": "|"}


def _one_sign(text: str) -> str:
    sign = SPELT.get(text.strip().lower(), text)
    if len(sign) != 1 or sign in '"\r\n':
        raise ValueError("should be one character, or one of tab, space, comma, semicolon, pipe")
    return sign


def _known(name: str) -> str:
    try:
        known = codecs.lookup(name.strip())
        "".encode(known.name)
    except LookupError:
        raise ValueError("is no encoding of text that Python knows (utf-8, cp1252, utf-16 ...)") from None
    return known.name


class Source(BaseModel):
    """How the table is read. What is left empty is found out from the place's name and content."""

    model_config = ConfigDict(extra="forbid", frozen=True, protected_namespaces=())

    kind: Literal["auto", Kind] = Field(
        default="auto",
        title="Format",
        description="What the table's file is. `auto`: as its name says; of standard input, CSV.",
    )
    delimiter: Annotated[str, AfterValidator(_one_sign)] | None = Field(
        default=None,
        title="Delimiter",
        description="What separates the fields of a CSV: one character, or `tab`. Empty: it is found out.",
        json_schema_extra=box,
    )
    encoding: Annotated[Where, AfterValidator(_known)] | None = Field(
        default=None,
        title="Encoding",
        description="Of text: utf-8, cp1252, utf-16 ... Empty: it is found out.",
        json_schema_extra=box,
    )
    decimal: Literal["auto", ".", ","] = Field(
        default="auto",
        title="Decimal sign",
        description="Between whole and decimal digits. `auto`: it is found out.",
    )
    sheet: Where | None = Field(
        default=None,
        title="Sheet",
        description="Of an Excel file: its name, or its number from 1. Empty: the first.",
        json_schema_extra=box,
    )
    query: Where | None = Field(
        default=None,
        title="Query",
        description="SQL that gives the rows, where the table is a database's URL. Empty: ?table=name of the "
        "URL.",
        json_schema_extra=box,
    )
    split: Where | None = Field(
        default=None,
        title="Split",
        description="Of a saved dataset or one of the Hub. Empty: the only one.",
        json_schema_extra=box,
    )
    subset: Where | None = Field(
        default=None,
        title="Subset",
        description="Of a dataset of the Hub (its 'config'). Empty: its default.",
        json_schema_extra=box,
    )
    megabytes: int = Field(
        default=1024,
        ge=1,
        le=10_000_000,
        title="Most megabytes",
        description="What is fetched or unpacked may have so many, 1 to 10 million.",
    )

    def asked(self, option: str) -> Any:
        """What is said of an option; None if nothing is."""
        said = getattr(self, option)
        return None if said == "auto" else said

    @property
    def most_bytes(self) -> int:
        return self.megabytes * 1_000_000


FOUND_OUT = Source()
"""Nothing is said."""
