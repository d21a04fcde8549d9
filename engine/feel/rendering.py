"""Values as text, as FEEL's string() writes them (DMN 1.5, 10.3.4.1)."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from zoneinfo import ZoneInfo

from engine.feel.values import DaysTime, Function, Range, Value, YearsMonths, coerce

_PLAIN_KEY = re.compile(r"[^\W\d]\w*(?: \w+)*")


def text(value: object) -> str:
    """A value, of FEEL or plain Python, as FEEL's string() gives it; a text is itself, null is the word null.

    Raises TypeError for what has no meaning in FEEL.
    """
    return value if isinstance(value, str) else _written(coerce(value))


def _written(value: Value) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
            return f'"{escaped}"'
        case Decimal():
            return number_text(value)
        case list():
            return "[" + ", ".join(_written(item) for item in value) + "]"
        case dict():
            return "{" + ", ".join(f"{_key(key)}: {_written(item)}" for key, item in value.items()) + "}"
        case Range():
            return _range(value)
        case Function():
            return f"function {value.name}".rstrip()
        case _:
            return moment_text(value)


def number_text(value: Decimal) -> str:
    """A number without exponent and without zeros at the end of its fraction."""
    plain = f"{value:f}"
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return "0" if plain in ("-0", "") else plain


def moment_text(value: date | time | DaysTime | YearsMonths) -> str:
    """A date, time, date and time or duration in ISO 8601."""
    match value:
        case datetime():
            return f"{value.date().isoformat()}T{_clock(value.timetz())}"
        case date():
            return value.isoformat()
        case time():
            return _clock(value)
        case YearsMonths():
            return _months(value.months)
        case DaysTime():
            return _days(value.delta)


def _clock(value: time) -> str:
    plain = value.replace(tzinfo=None).isoformat()
    return (plain.rstrip("0") if "." in plain else plain) + _zone(value.tzinfo)


def _zone(zone: tzinfo | None) -> str:
    if zone is None:
        return ""
    if isinstance(zone, ZoneInfo):
        return f"@{zone.key}"
    offset = zone.utcoffset(None) or timedelta()
    if zone is UTC or not offset:
        return "Z"
    seconds = int(abs(offset).total_seconds())
    tail = f":{seconds % 60:02}" if seconds % 60 else ""
    return f"{'-' if offset < timedelta() else '+'}{seconds // 3600:02}:{seconds // 60 % 60:02}{tail}"


def _months(months: int) -> str:
    years, rest = divmod(abs(months), 12)
    body = (f"{years}Y" if years else "") + (f"{rest}M" if rest else "")
    return ("-" if months < 0 else "") + "P" + (body or "0M")


def _days(length: timedelta) -> str:
    whole = abs(length)
    hours, minutes, seconds = whole.seconds // 3600, whole.seconds // 60 % 60, whole.seconds % 60
    fraction = f".{whole.microseconds:06}".rstrip("0") if whole.microseconds else ""
    clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    clock += f"{seconds}{fraction}S" if seconds or fraction else ""
    body = (f"{whole.days}D" if whole.days else "") + (f"T{clock}" if clock else "")
    return ("-" if length < timedelta() else "") + "P" + (body or "T0S")


def _key(key: str) -> str:
    return key if _PLAIN_KEY.fullmatch(key) else _written(key)


def _range(value: Range) -> str:
    if value.low is None and value.high is not None:
        return f"({'<=' if value.high_in else '<'} {_written(value.high)})"
    if value.high is None and value.low is not None:
        return f"({'>=' if value.low_in else '>'} {_written(value.low)})"
    return f"{'[' if value.low_in else '('}{_written(value.low)}..{_written(value.high)}{']' if value.high_in else ')'}"
