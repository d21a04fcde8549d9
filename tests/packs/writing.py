"""Just enough of TOML's syntax to write a changed pack.toml in a test."""

from __future__ import annotations

import json
from typing import Any


def toml(table: dict[str, Any]) -> str:
    """A table as TOML text, every inner table written in line."""
    return "\n".join(f"{json.dumps(key)} = {_value(value)}" for key, value in table.items())


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {_value(entry)}" for key, entry in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_value(entry) for entry in value) + "]"
    return json.dumps(value)
