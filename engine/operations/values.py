"""Mappings of FEEL values: lossless JSON for rows, plain JSON for outside readers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from engine import feel
from engine.language import say
from engine.model.errors import FieldError, Invalid


def tagged(values: Mapping[str, object]) -> dict[str, object]:
    """FEEL values as lossless JSON, to be stored."""
    return {key: feel.to_json(cast(feel.Value, value)) for key, value in values.items()}


def untagged(body: object) -> dict[str, object]:
    """FEEL values from their lossless JSON."""
    return {str(key): feel.from_json(value) for key, value in body.items()} if isinstance(body, dict) else {}


def plain(values: Mapping[str, object]) -> dict[str, object]:
    """FEEL values as outside readers get them: numbers with all their digits (`feel.exact`), ISO texts, lists, objects."""
    return {key: feel.exact(cast(feel.Value, value)) for key, value in values.items()}


def from_plain(values: Mapping[str, object]) -> dict[str, object]:
    """Outside JSON as FEEL values; texts stay texts. Raises Invalid with a path for what cannot be kept."""
    found: dict[str, object] = {}
    errors = []
    for key, value in values.items():
        try:
            found[key] = feel.from_plain(value)
        except ValueError as wrong:
            errors.append(FieldError(f"/{key}", "not-a-value", str(wrong)))
    if errors:
        raise Invalid(say("Some values cannot be kept."), tuple(errors))
    return found
