"""Model families, by name. The modules load when they are asked for."""

from __future__ import annotations

from typing import cast

from stockpot import plugins
from stockpot.errors import ConfigError
from stockpot.families.base import Family

PARTS = ("name", "learns", "refuse", "fit", "from_json", "preset")
"""What a plugin's family must have; ``stockpot.presets.Plugged`` says more of the last."""


def family(name: str) -> Family:
    """The family called ``name``: ``field``, ``char``, or a plugin's."""
    if name == "field":
        from stockpot.families.field.program import FieldFamily

        return FieldFamily()
    if name == "char":
        from stockpot.families.char.program import CharFamily

        return CharFamily()
    if name in plugins.found(plugins.FAMILIES):
        return plugins.load(plugins.FAMILIES, name, _checked)
    known = ", ".join(f"'{one}'" for one in plugins.names(plugins.FAMILIES, plugins.OURS))
    raise ConfigError(
        f"Option 'model' is '{name}': it must be one of {known}, or a plugin's that is installed."
    )


def _checked(name: str, found: object) -> Family:
    """A family, or a class that makes one."""
    made = found() if isinstance(found, type) else found
    lacking = [part for part in PARTS if not hasattr(made, part)]
    if lacking:
        raise TypeError(f"it is no family, for it lacks {', '.join(lacking)}")
    if cast("Family", made).name != name:
        raise TypeError(f"it calls itself '{cast('Family', made).name}'")
    return cast("Family", made)
