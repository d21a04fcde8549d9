"""What the parts of a pack are called where people change them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from api.web.studio.pack_amounts import Amount, rung_time
from engine.model.packs import PanelKind, RoleKind, RungAct, ValueType
from engine.operations import role_words, sentences

RELATIONS: Mapping[str, str] = role_words.RELATIONS
KINDS: Mapping[str, str] = {
    RoleKind.PROGRAM: "In the program, for all of it",
    RoleKind.CASE: "On single cases, one by one",
    RoleKind.BOTH: "In the program, and on single cases",
}
PANELS: Mapping[str, str] = {
    PanelKind.RECORDS: "What was written in tasks",
    PanelKind.LOG: "A log, with what the procedure sent",
    PanelKind.VERSIONS: "Versions, with who signed",
    PanelKind.RELEASE: "Private until released with a permission",
    PanelKind.ROUNDS: "Round after round, as meetings are",
    PanelKind.CONSOLE: "Large buttons for use in the room",
    PanelKind.DUE: "Things to be done by a date",
    PanelKind.PEOPLE: "By participant",
    PanelKind.TIMELINE: "By the date that is told of",
}
ACTS: Mapping[str, str] = role_words.ACTS
TYPES: Mapping[str, str] = {
    ValueType.STRING: "A code or short text",
    ValueType.NUMBER: "A number",
    ValueType.BOOLEAN: "Yes or no",
    ValueType.DATE: "A date",
    ValueType.DATETIME: "A date and time",
    ValueType.DURATION: "A length of time",
    ValueType.LIST: "A list",
    ValueType.CONTEXT: "Several named values",
}
RUNG_ACTS: Mapping[str, str] = {
    RungAct.REMIND: "Remind",
    RungAct.NOTIFY: "Tell",
    RungAct.START: "Start a procedure",
}
WHEN: Mapping[str, str] = {
    "began": "after the task began",
    "before": "before it is due",
    "at": "when it is due",
    "after": "after it was due",
    "percentage": "percent of the way to due",
}
#: the same without asking, for a sentence
_WHEN: Mapping[str, str] = {**WHEN, "percentage": "of the way to due"}
ACTS_OF_STEPS: Mapping[str, str] = {RungAct.REMIND: "remind", RungAct.NOTIFY: "tell", RungAct.START: "start"}
UNITS: Mapping[str, str] = {"M": "minutes", "H": "hours", "D": "days", "MO": "months", "Y": "years"}


def step(rung: Mapping[str, Any], choices: Mapping[str, Sequence[tuple[str, str]]]) -> str:
    """A step of a deadline rule in words: “3 days after the task began: remind Intake with the notice “Reminder””."""
    when, amount = rung_time(rung)
    length = amount.number if when == "percentage" else _length(amount)
    time = " ".join(part for part in (length, "%" if when == "percentage" else "", _WHEN.get(when, "")) if part)

    def named(part: str) -> str:
        key = str(rung.get(part) or "")
        return dict(choices.get(part, ())).get(key, key)

    act = str(rung.get("act") or RungAct.REMIND)
    whom, what = named("to"), named("notice")
    if act == RungAct.START:
        done = f"start “{named('process') or '?'}”"
    else:
        done = f"{ACTS_OF_STEPS.get(act, act)} {whom or 'nobody'}" + (f" with the notice “{what}”" if what else "")
    label = f" ({rung['label']})" if rung.get("label") else ""
    return f"{time[:1].upper()}{time[1:]}: {done}{label}"


def _length(amount: Amount) -> str:
    unit = UNITS.get(amount.unit, "")
    if not unit:
        return sentences.duration(amount.number)
    return f"{amount.number} {unit[:-1] if amount.number == '1' else unit}"


def said(type: object, value: object) -> str:
    """A setting's value in words."""
    return sentences.plain(str(type), value)
