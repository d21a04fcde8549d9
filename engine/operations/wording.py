"""Dates and lists as people read them, in the program's time zone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from engine import clock, packs
from engine.language import Pattern, current, dated, say
from engine.model.packs import Pack


@lru_cache(maxsize=64)
def zone(name: str) -> ZoneInfo:
    """A time zone by its IANA name."""
    return ZoneInfo(name)


def moment(at: datetime, timezone: str) -> str:
    """An instant as "Thu 27 Nov, 09:00"; with the year when it is not this one."""
    here = at.astimezone(zone(timezone))
    return dated(here, Pattern.SHORT if _is_this_year(here) else Pattern.SHORT_OF_YEAR)


def day(at: datetime, timezone: str) -> str:
    """An instant's day as "Thu 27 Nov"; with the year when it is not this one."""
    return weekday(at.astimezone(zone(timezone)))


def weekday(here: datetime) -> str:
    """The day of a moment in its zone; with the year when it is not this one."""
    return dated(here, Pattern.WEEKDAY if _is_this_year(here) else Pattern.WEEKDAY_OF_YEAR)


def _is_this_year(here: datetime) -> bool:
    return here.year == clock.now().astimezone(here.tzinfo).year


def quoted(name: str) -> str:
    """A name in the quotation marks of the language: “name”, «name»."""
    return say("“{name}”", name=name)


def of_pack(pack: Pack | None, text: str) -> str:
    """A name of a pack or of its diagrams in the language spoken now; as written where it has no translation."""
    return packs.say(pack, packs.fitting(pack, (current(),)), text) if pack else text


def of_timer(pack: Pack | None, name: str) -> str:
    """What a timer does, as its row has it ("Reminder: Answer the terms"), in the language spoken now."""
    label, mark, task = name.partition(": ")
    if not mark:
        return of_pack(pack, name)
    told = of_pack(pack, label)
    return f"{told if told != label else say(label)}: {of_pack(pack, task)}"


def listed(words: Sequence[str], most: int = 3, *, counted: bool = True) -> str:
    """Words joined as "a, b and c", or "a, b and 4 more"; uncounted "a, b and others"."""
    unique = list(dict.fromkeys(words))
    if len(unique) > most and not counted:
        return say("{list} and others", list=", ".join(unique[: most - 1]))
    if len(unique) > most:
        return say("{list} and {n} more", list=", ".join(unique[: most - 1]), n=len(unique) - most + 1)
    if len(unique) < 2:
        return "".join(unique)
    return say("{list} and {last}", list=", ".join(unique[:-1]), last=unique[-1])


def either(words: Sequence[str]) -> str:
    """Words joined as "a, b or c"."""
    unique = list(dict.fromkeys(words))
    return say("{list} or {last}", list=", ".join(unique[:-1]), last=unique[-1]) if len(unique) > 1 else "".join(unique)
