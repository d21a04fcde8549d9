"""Running tables of expressions: each gives the text that string() makes of its value, null as the word null."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from engine import feel

#: The moment of every evaluation in the tables: a Tuesday.
NOW = datetime(2026, 3, 31, 9, 30, tzinfo=UTC)


def written(expression: str, context: Mapping[str, object] | None = None) -> str:
    """The value of an expression as FEEL writes it; texts in quotation marks, so that "1" and 1 differ."""
    value = feel.evaluate(expression, context or {}, now=NOW)
    return f'"{value}"' if isinstance(value, str) else feel.text(value)
