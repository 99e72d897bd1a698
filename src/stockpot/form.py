"""How an option is drawn in the form of the Prefect UI, and what it takes there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from stockpot import plugins

if TYPE_CHECKING:
    FamilyName = str
else:
    FamilyName = Literal[plugins.names(plugins.FAMILIES, plugins.OURS)]
Rate = Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, lt=1, allow_inf_nan=False)]
Where = Annotated[str, StringConstraints(strip_whitespace=True)]
"""A path: the form's boxes take a line's end as well, which no path has."""


def box(schema: dict[str, Any]) -> None:
    """For an option that may be left empty: its JSON schema becomes that of its value alone.

    Of ``X | None`` Prefect's form makes a switch between two types. Without the null, and without a default
    of null, it draws an empty box; its server still takes null for what is left empty.
    """
    schema.pop("default", None)
    for branch in schema.pop("anyOf", ()):
        schema.update({} if branch == {"type": "null"} else branch)


def registered(name: str) -> str:
    """The name, if a recipe has it. The recipes stand on torch: whoever names none does not wait for it."""
    from stockpot.recipes import RECIPES

    if name not in RECIPES:
        raise ValueError(f"should be one of {', '.join(RECIPES)}")
    return name


def recipes(schema: dict[str, Any]) -> None:
    """The form offers every recipe."""
    from stockpot.recipes import RECIPES

    schema["enum"] = list(RECIPES)


def sentences(given: Any) -> list[str]:
    """Constraints as sentences: of sentences, SDV's constraints, or a JSON file of these."""
    from stockpot.constraints.from_sdv import texts_of
    from stockpot.errors import ConstraintError

    try:
        return texts_of(given)
    except ConstraintError as error:
        raise ValueError(f"cannot be read: {str(error).rstrip('.')}") from None


def readable(text: str) -> str:
    """The sentence, if it is a constraint."""
    from stockpot.constraints.spelling import read
    from stockpot.errors import ConstraintError

    try:
        return read(text).text
    except ConstraintError as error:
        raise ValueError(f"cannot be read: {str(error).rstrip('.')}") from None


Constraints = Annotated[tuple[Annotated[str, AfterValidator(readable)], ...], BeforeValidator(sentences)]


def paired(given: Any) -> Any:
    """A mapping, as YAML and Python have it, as the pairs that a command line has."""
    return (
        tuple(f"{name}={sdtype}" for name, sdtype in given.items()) if isinstance(given, Mapping) else given
    )


def a_pair(text: str) -> str:
    """The text, if it is column=sdtype; a column's name may hold the sign itself."""
    name, sign, sdtype = text.rpartition("=")
    if not (name and sign and sdtype):
        raise ValueError("should be column=sdtype, as in 'zip code=id'")
    return text


Sdtypes = Annotated[tuple[Annotated[str, AfterValidator(a_pair)], ...], BeforeValidator(paired)]
RecipeName = Annotated[str, AfterValidator(registered), Field(json_schema_extra=recipes)]
Runner = Annotated[
    Literal["threads", "processes", "dask", "ray"], Field(title="Runner", description="Who runs the tasks.")
]
Cluster = Annotated[
    Where | None,
    Field(
        title="Cluster",
        description="Address of a Dask scheduler or Ray cluster that runs. Empty: one of this run's own.",
        json_schema_extra=box,
    ),
]
Workers = Annotated[
    int,
    Field(
        ge=1,
        le=1000,
        title="Workers",
        description="Tasks at a time, 1 to 1000 (of a cluster: about as many as it has workers).",
    ),
]
StorePlace = Annotated[
    Where | None,
    Field(
        title="Store",
        description="Folder of cached stages, or a URL that machines share (s3://bucket/prefix). Empty: "
        "STOCKPOT_STORE, or the user's cache folder.",
        json_schema_extra=box,
    ),
]
