"""How urgent a task is, from what a diagram says."""

from __future__ import annotations

from decimal import Decimal

from engine.language import kept
from engine.model.execution import Value

#: the most urgent; 0 is the least
MOST = 100


def read(found: Value) -> int | None:
    """The priority that a text or number means, from 0 to 100; None when nothing is said. Raises ValueError."""
    if found is None:
        return None
    text = found.strip() if isinstance(found, str) else ""
    # Length first: a very long number is not worth reading.
    if text.isascii() and text.isdigit() and len(text) <= 9:
        found = Decimal(text)
    if not isinstance(found, Decimal) or not 0 <= found <= MOST or found != found.to_integral_value():
        raise ValueError(kept("The priority has to be a whole number from 0 to {most}.", most=MOST))
    return int(found)
