"""Which keys a scenario file may have, and how a value of the wrong kind is said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine import feel
from engine.language import kept

TOP = ("title", "about", "continues", "people", "opening", "answers", "steps")
OPENING = ("by", "process", "joins", "with", "but")
ACTS = ("does", "passes", "sends", "job")
STEP = ("who", "for", "with", "but", "on_behalf", "gives", "fails", "refused", "expect", *ACTS)
LISTS = ("open", "only_open", "not_open", "notices", "no_notices", "token_at", "passed", "not_passed")
EXPECT = (*LISTS, "facts", "status", "ended")


class Wrong(Exception):
    """A passage of a scenario that cannot be read; the message is a sentence with what to do."""


def keys(found: Mapping[str, Any], allowed: Sequence[str], where: str) -> None:
    """Refuse keys that mean nothing."""
    for key in found:
        if key not in allowed:
            raise Wrong(
                kept("{where} has “{key}”, which means nothing there; it may have {list}.", where=where, key=key, list=", ".join(allowed))
            )


def table(value: Any, where: str) -> dict[str, Any]:
    """A table."""
    if not isinstance(value, dict):
        raise Wrong(kept("{where} is a table: {{ name = value, … }}.", where=where))
    return value


def text(value: Any, where: str, most: int = 200) -> str:
    """One line of text."""
    if not isinstance(value, str) or not value.strip() or len(value) > most or not value.isprintable():
        raise Wrong(kept("{where} is one line of text in quotes, of at most {most} characters.", where=where, most=most))
    return value.strip()


def texts(value: Any, where: str) -> tuple[str, ...]:
    """One text or a list of texts."""
    found = [value] if isinstance(value, str) else value
    if not isinstance(found, list):
        raise Wrong(kept('{where} is a list of texts: ["…", "…"].', where=where))
    return tuple(text(one, where) for one in found)


def flag(value: Any, where: str) -> bool:
    """true or false."""
    if not isinstance(value, bool):
        raise Wrong(kept("{where} is true or false.", where=where))
    return value


def duration(value: Any, where: str) -> str:
    """An ISO 8601 duration, or “=” and FEEL over the pack's settings, so that a scenario still holds when one is changed."""
    found = text(value, where)
    if found.startswith("="):
        return found
    try:
        length = feel.iso_duration(found)
        fine = not found.startswith("-") and feel.text(length) not in ("PT0S", "P0M", "P0D")
    except ValueError as wrong:
        raise Wrong(
            kept(
                '{where} is a duration such as "P3D" (three days) or "PT4H" (four hours), or "=settings.NAME". {wrong}',
                where=where,
                wrong=wrong,
            )
        ) from wrong
    if not fine:
        raise Wrong(kept("{where} is a duration that is not nothing and does not go back.", where=where))
    return found
