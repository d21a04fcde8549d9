"""What the parts of a pack are called where people change them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from api.web.studio.pack_amounts import Amount, rung_time
from api.web.studio.pack_fields import Options
from engine.language import noted, say, say_many
from engine.model.packs import PanelKind, RoleKind, RungAct, ValueType
from engine.operations.words import role_words, sentences

RELATIONS: Mapping[str, str] = role_words.RELATIONS
KINDS: Mapping[str, str] = noted(
    {
        RoleKind.PROGRAM: "In the program, for all of it",
        RoleKind.CASE: "On single cases, one by one",
        RoleKind.BOTH: "In the program, and on single cases",
    }
)
PANELS: Mapping[str, str] = noted(
    {
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
)
ACTS: Mapping[str, str] = role_words.ACTS
TYPES: Mapping[str, str] = noted(
    {
        ValueType.STRING: "A code or short text",
        ValueType.NUMBER: "A number",
        ValueType.BOOLEAN: "Yes or no",
        ValueType.DATE: "A date",
        ValueType.DATETIME: "A date and time",
        ValueType.DURATION: "A length of time",
        ValueType.LIST: "A list",
        ValueType.CONTEXT: "Several named values",
    }
)
RUNG_ACTS: Mapping[str, str] = noted(
    {
        RungAct.REMIND: "Remind",
        RungAct.NOTIFY: "Tell",
        RungAct.START: "Start a procedure",
    }
)
WHEN: Mapping[str, str] = noted(
    {
        "began": "after the task began",
        "before": "before it is due",
        "at": "when it is due",
        "after": "after it was due",
        "percentage": "percent of the way to due",
    }
)
#: the same in a sentence
_WHEN: Mapping[str, str] = noted(
    {
        "began": "{length} after the task began",
        "before": "{length} before it is due",
        "at": "when it is due",
        "after": "{length} after it was due",
        "percentage": "{length} % of the way to due",
    }
)
_ACTS_OF_STEPS: Mapping[str, str] = noted({RungAct.REMIND: "remind {whom}", RungAct.NOTIFY: "tell {whom}"})
UNITS: Mapping[str, str] = noted({"M": "minutes", "H": "hours", "D": "days", "MO": "months", "Y": "years"})


def choices(table: Mapping[str, str]) -> Options:
    """What one of these tables offers, in words."""
    return tuple((str(key), say(label)) for key, label in table.items())


def step(rung: Mapping[str, Any], choices: Mapping[str, Sequence[tuple[str, str]]]) -> str:
    """A step of a deadline rule in words: “3 days after the task began: remind Intake with the notice “Reminder””."""
    when, amount = rung_time(rung)
    length = amount.number if when == "percentage" else _length(amount)
    time = say(_WHEN[when], length=length) if when in _WHEN else length

    def named(part: str) -> str:
        key = str(rung.get(part) or "")
        return dict(choices.get(part, ())).get(key, key)

    act = str(rung.get("act") or RungAct.REMIND)
    whom, what = named("to"), named("notice")
    if act == RungAct.START:
        done = say("start “{name}”", name=named("process") or "?")
    else:
        whom = whom or say("nobody")
        done = say(_ACTS_OF_STEPS[act], whom=whom) if act in _ACTS_OF_STEPS else f"{act} {whom}"
        done = say("{what} with the notice “{name}”", what=done, name=what) if what else done
    label = f" ({rung['label']})" if rung.get("label") else ""
    return f"{time[:1].upper()}{time[1:]}: {done}{label}"


def _length(amount: Amount) -> str:
    unit = UNITS.get(amount.unit, "")
    if not unit:
        return sentences.duration(amount.number)
    if not amount.number.isdecimal():
        return f"{amount.number} {say(unit)}"
    return _counted(int(amount.number), amount.unit)


def _counted(number: int, unit: str) -> str:
    match unit:
        case "M":
            return say_many("{n} minute", "{n} minutes", number)
        case "H":
            return say_many("{n} hour", "{n} hours", number)
        case "D":
            return say_many("{n} day", "{n} days", number)
        case "MO":
            return say_many("{n} month", "{n} months", number)
        case _:
            return say_many("{n} year", "{n} years", number)


def said(type: object, value: object) -> str:
    """A setting's value in words."""
    return sentences.plain(str(type), value)
