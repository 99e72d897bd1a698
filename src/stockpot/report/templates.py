"""The pages' templates: each fills in the blocks of base.html, which holds the head and the style."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template


@cache
def template(name: str) -> Template:
    """Of a page. What it is not told is an error."""
    return _kitchen().get_template(name)


@cache
def _kitchen() -> Environment:
    return Environment(
        loader=PackageLoader("stockpot.report", ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
