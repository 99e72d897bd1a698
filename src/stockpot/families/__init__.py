"""Model families, by name. The modules load when they are asked for."""

from __future__ import annotations

from stockpot.errors import ConfigError
from stockpot.families.base import Family


def family(name: str) -> Family:
    """The family called ``name``: ``field`` or ``char``."""
    if name == "field":
        from stockpot.families.field.program import FieldFamily

        return FieldFamily()
    if name == "char":
        from stockpot.families.char.program import CharFamily

        return CharFamily()
    raise ConfigError(f"Option 'model' is '{name}': it must be 'field' or 'char'.")
