"""Better synthetic rows from tables too small to learn from.

>>> from stockpot import Soup
>>> Soup.fit(frame).sample(500)  # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stockpot.errors import StockpotError, UserError

if TYPE_CHECKING:
    from stockpot.pooling import pool
    from stockpot.recipes.states import blend_states
    from stockpot.soup import Soup

__all__ = ["Soup", "StockpotError", "UserError", "blend_states", "pool"]


def __getattr__(name: str) -> Any:
    """Load torch when a soup is asked for, not before: `stockpot --help` should not wait for it."""
    if name == "blend_states":
        from stockpot.recipes.states import blend_states

        return blend_states
    if name == "pool":
        from stockpot.pooling import pool

        return pool
    if name == "Soup":
        from stockpot.soup import Soup

        return Soup
    raise AttributeError(f"module 'stockpot' has no attribute {name!r}")
