"""Lengths of time as people type them: a number and a unit; and the times of a ladder's rungs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_ONE = re.compile(r"P(?:T(?P<time>\d+)(?P<clock>[MH])|(?P<date>\d+)(?P<calendar>[DMY]))")
#: a length of several units is shown as it is written
AS_WRITTEN = ""


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with its unit (see `pack_words.UNITS`); the unit is "" for what is no length of one unit."""

    number: str
    unit: str = AS_WRITTEN


def of_duration(text: object) -> Amount:
    """An ISO 8601 duration of one unit, without its sign; anything else as it is written."""
    found = _ONE.fullmatch(str(text).removeprefix("-"))
    if found is None:
        return Amount("" if text is None else str(text))
    if found["time"]:
        return Amount(found["time"], found["clock"])
    return Amount(found["date"], "MO" if found["calendar"] == "M" else found["calendar"])


def to_duration(amount: Amount) -> str:
    """As ISO 8601; what is no whole number is given back, so that the checks say what is wrong with it."""
    number = amount.number.strip()
    if not amount.unit or not (number.isascii() and number.isdigit()):
        return number
    if amount.unit in ("M", "H"):
        return f"PT{number}{amount.unit}"
    return f"P{number}{amount.unit[0]}"


def rung_time(rung: Mapping[str, object]) -> tuple[str, Amount]:
    """When a rung stands, as (a key of `pack_words.WHEN`, amount)."""
    if "percentage" in rung:
        return "percentage", Amount(f"{rung['percentage']}")
    if "after" in rung:
        return "began", of_duration(rung["after"])
    offset = str(rung.get("offset", ""))
    if offset.lstrip("-") in ("PT0S", "P0D"):
        return "at", Amount("")
    return ("before" if offset.startswith("-") else "after"), of_duration(offset)


def to_rung_time(when: str, amount: Amount) -> dict[str, str | int | float]:
    """The time of a rung as the pack writes it."""
    if when == "percentage":
        return {"percentage": number(amount.number)}
    if when == "at":
        return {"offset": "PT0S"}
    length = to_duration(amount)
    if when == "began":
        return {"after": length}
    return {"offset": f"-{length}" if when == "before" else length}


def number(text: str) -> int | float | str:
    """A number as typed; what is none is given back, so that the checks say so."""
    try:
        found = float(text.strip().replace(",", "."))
    except ValueError:
        return text.strip()
    if found != found or found in (float("inf"), float("-inf")):
        return text.strip()
    return int(found) if found == int(found) else found
