"""How an option is drawn in the form of the Prefect UI, and what it takes there."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, StringConstraints

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
