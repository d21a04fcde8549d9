"""Dates and lists as people read them, in the program's time zone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from engine.language import Pattern, dated, say


@lru_cache(maxsize=64)
def zone(name: str) -> ZoneInfo:
    """A time zone by its IANA name."""
    return ZoneInfo(name)


def moment(at: datetime, timezone: str) -> str:
    """An instant as "Thu 27 Nov, 09:00"."""
    return dated(at.astimezone(zone(timezone)), Pattern.SHORT)


def day(at: datetime, timezone: str) -> str:
    """An instant's day as "Thu 27 Nov"."""
    return dated(at.astimezone(zone(timezone)), Pattern.WEEKDAY)


def listed(words: Sequence[str], most: int = 3) -> str:
    """Words joined as "a, b and c", or "a, b and 4 more"."""
    unique = list(dict.fromkeys(words))
    if len(unique) > most:
        return say("{list} and {n} more", list=", ".join(unique[: most - 1]), n=len(unique) - most + 1)
    if len(unique) < 2:
        return "".join(unique)
    return say("{list} and {last}", list=", ".join(unique[:-1]), last=unique[-1])
