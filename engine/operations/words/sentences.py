"""What a procedure says in a program's own words: durations, timers, who, conditions; shared by all that tells of procedures.

Pure: everything is worked out from the files of one version. What is richer than words can say is shown as it is written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache, reduce

import orjson

from engine import feel, packs
from engine.bpmn import drawn
from engine.bpmn.xml import Unreadable
from engine.feel import conditions
from engine.feel.conditions import Condition, Group, Moment, Op, Operand, Other, Row
from engine.feel.rendering import number_text
from engine.language import noted, say, say_many
from engine.model.packs import Pack, SettingRule, ValueType
from engine.operations import bundles
from engine.operations.wording import listed, quoted

_SETTING = re.compile(r"=?\s*settings\.([A-Za-z_][A-Za-z0-9_]*)\s*")
#: a text in quotation marks, which stays as it is, or a name with its path
_NAMES = re.compile(r'"(?:[^"\\]|\\.)*"|(?<![\w.])[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*')
_WORKING = re.compile(r'working duration\(\s*(?:"([^"]+)"|settings\.(\w+))\s*,[^()]*\)')
_PART = re.compile(r"([0-9]{1,5})\s*(\w+)")
_DAY = timedelta(days=1)
_UNITS = ((timedelta(days=1), "day"), (timedelta(hours=1), "hour"), (timedelta(minutes=1), "minute"), (timedelta(seconds=1), "second"))
#: how a number of each unit is said
_COUNTED: Mapping[str, Callable[[int], str]] = {
    "year": lambda number: say_many("{n} year", "{n} years", number),
    "month": lambda number: say_many("{n} month", "{n} months", number),
    "week": lambda number: say_many("{n} week", "{n} weeks", number),
    "day": lambda number: say_many("{n} day", "{n} days", number),
    "hour": lambda number: say_many("{n} hour", "{n} hours", number),
    "minute": lambda number: say_many("{n} minute", "{n} minutes", number),
    "second": lambda number: say_many("{n} second", "{n} seconds", number),
}
#: of those that a calendar of working time knows
_WORKED: Mapping[str, Callable[[int], str]] = {
    "day": lambda number: say_many("{n} working day", "{n} working days", number),
    "hour": lambda number: say_many("{n} working hour", "{n} working hours", number),
    "minute": lambda number: say_many("{n} working minute", "{n} working minutes", number),
}
_OPS = noted(
    {
        Op.EQUAL: "{name} is {value}",
        Op.UNEQUAL: "{name} is not {value}",
        Op.LESS: "{name} is less than {value}",
        Op.AT_MOST: "{name} is at most {value}",
        Op.MORE: "{name} is more than {value}",
        Op.AT_LEAST: "{name} is at least {value}",
        Op.ONE_OF: "{name} is one of {value}",
        Op.NONE_OF: "{name} is none of {value}",
        Op.TRUE: "{name} is yes{value}",
        Op.NOT_TRUE: "{name} is not yes{value}",
        Op.EMPTY: "{name} has no answer{value}",
    }
)
_JOINED = noted({"and": "{one} and {other}", "or": "{one} or {other}"})


class Timing(StrEnum):
    """How a timer counts."""

    AT = "at"
    AFTER = "after"
    AGAIN = "again"


@dataclass(frozen=True, slots=True)
class Words:
    """What the files of one version call things: the pack (None when it cannot be read), titles of forms and processes."""

    pack: Pack | None = None
    forms: Mapping[str, str] = field(default_factory=dict)
    processes: Mapping[str, str] = field(default_factory=dict)
    #: "process/element" → its name, of the elements that have one
    steps: Mapping[str, str] = field(default_factory=dict)

    def setting(self, key: str) -> SettingRule | None:
        """A setting by its key."""
        return self.pack.settings.get(key) if self.pack else None

    def role(self, key: str) -> str:
        """A role as people call it."""
        found = self.pack.roles.get(key) if self.pack else None
        return found.label if found else key

    def step(self, target: str) -> str:
        """A step that a deadline rule stands on, "process/element" or "*", as people call it; as written when it is not there."""
        if target == "*":
            return say("every other task")
        found = self.steps.get(target)
        process = target.partition("/")[0]
        return say("“{step}” of {process}", step=found, process=self.processes.get(process, process)) if found else target

    def ladder(self, key: str) -> str:
        """A deadline rule as people call it; by the tasks that it is for when it has no name of its own."""
        found = next((rule for rule in self.pack.deadline_rules if rule.key == key), None) if self.pack else None
        if found is None:
            return key
        return found.label or listed([self.steps.get(target) or self.step(target) for target in found.applies_to], most=2)

    def name(self, path: str) -> str:
        """A variable or setting as people call it."""
        if path.startswith("settings.") and (rule := self.setting(path.removeprefix("settings."))):
            return f"{rule.label} ({setting_value(rule)})"
        found = self.pack.variables.get(path) if self.pack else None
        return found.label if found else path


def of_files(files: Mapping[str, bytes]) -> Words:
    """The words of one version; what cannot be read gives none."""
    pack: Pack | None = None
    titles: dict[str, str] = {}
    named: dict[str, str] = {}
    steps: dict[str, str] = {}
    for name, content in files.items():
        kind = bundles.kind(name)
        if kind == "pack":
            pack = _pack(content)
        elif kind == "form":
            titles |= _form(content)
        elif kind == "bpmn":
            named |= _processes(content)
            steps |= _steps(content)
    return Words(pack, titles, named, steps)


# Files are read again and again for each page about them; what they say follows from their bytes alone.
@lru_cache(maxsize=16)
def _pack(content: bytes) -> Pack | None:
    return packs.read(content, file="pack.toml")[0]


def _form(content: bytes) -> Mapping[str, str]:
    try:
        raw = orjson.loads(content)
    except orjson.JSONDecodeError:
        return {}
    return {str(raw["$id"]): str(raw.get("title") or raw["$id"])} if isinstance(raw, dict) and "$id" in raw else {}


@lru_cache(maxsize=128)
def _processes(content: bytes) -> Mapping[str, str]:
    try:
        found = drawn.read(content).processes
    except Unreadable:
        return {}
    return {one.id: one.name or one.id for one in found}


@lru_cache(maxsize=128)
def _steps(content: bytes) -> Mapping[str, str]:
    try:
        elements = drawn.read(content).elements
    except Unreadable:
        return {}
    return {f"{_process_of(one, elements)}/{one.id}": one.name for one in elements.values() if one.name and one.scope}


def _process_of(one: drawn.Drawn, elements: Mapping[str, drawn.Drawn]) -> str:
    while one.scope and one.scope in elements:
        one = elements[one.scope]
    return one.id


def duration(text: str, *, working: bool = False) -> str:
    """An ISO 8601 duration in words, without its sign: "P1DT4H" is "1 day and 4 hours". Other texts are given back.

    `working` counts days, hours and minutes of a calendar: "5 working days".
    """
    counted = {**_COUNTED, **_WORKED} if working else _COUNTED
    try:
        found = feel.iso_duration(text.strip())
    except ValueError:
        return text
    if isinstance(found, feel.YearsMonths):
        years, months = divmod(abs(found.months), 12)
        return listed([counted[unit](number) for number, unit in ((years, "year"), (months, "month")) if number]) or counted["month"](0)
    rest, said = abs(found.delta), []
    for length, unit in _UNITS:
        number, rest = divmod(rest, length)
        said += [counted[unit](number)] if number else []
    return listed(said, most=4) or say("no time")


def read_duration(text: str) -> str | None:
    """Words such as "3 days", "2 weeks" or "1 day and 4 hours" as an ISO 8601 duration; None for anything else."""
    said = text.strip()
    if said[:1] in "Pp" and said[1:2].isalnum():
        try:
            feel.iso_duration(said.upper())
        except ValueError:
            return None
        return said.upper()
    found = dict.fromkeys(("year", "month", "week", "day", "hour", "minute"), 0)
    units, link = _unit_words(), re.escape(say("{list} and {last}", list="", last="").strip())
    for part in re.split(rf"\s*(?:,|\band\b|\b{link}\b)\s*", said.lower()):
        match = _PART.fullmatch(part)
        if match is None or match[2] not in units:
            return None
        found[units[match[2]]] += int(match[1])
    years, months, days = found["year"], found["month"], found["day"] + 7 * found["week"]
    date = "".join(f"{number}{unit}" for number, unit in ((years, "Y"), (months, "M"), (days, "D")) if number)
    time = "".join(f"{found[name]}{unit}" for name, unit in (("hour", "H"), ("minute", "M")) if found[name])
    if (years or months) and (days or time):
        return None
    return f"P{date}T{time}" if time else f"P{date or '0D'}"


def _unit_words() -> dict[str, str]:
    """The words for units that are understood, each with the unit: those of English and of the language spoken now."""
    units = ("year", "month", "week", "day", "hour", "minute")
    spoken = {_COUNTED[unit](number).rpartition(" ")[2].lower(): unit for unit in units for number in (1, 2)}
    return {**spoken, **{unit: unit for unit in units}, **{f"{unit}s": unit for unit in units}}


def setting_value(rule: SettingRule) -> str:
    """A setting's value in words."""
    return plain(rule.type, rule.default)


def plain(type: ValueType | str, value: object) -> str:
    """A value of some type in words."""
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    if type == ValueType.DURATION:
        return duration(str(value))
    return str(value)


def setting_of(text: str) -> str | None:
    """The key of the setting when an expression is nothing but one setting."""
    found = _SETTING.fullmatch(text)
    return found[1] if found and text.strip().startswith("=") else None


def length(text: str, words: Words) -> str:
    """How long, literal or worked out: "14 days", also where a setting says so; an expression as it is written."""
    key = setting_of(text)
    rule = words.setting(key) if key else None
    if rule is not None:
        return setting_value(rule)
    return _worked_out(text, words) if text.startswith("=") else duration(text)


def _worked_out(text: str, words: Words) -> str:
    """A length that an expression gives: "5 working days", else the formula with the pack's words in it."""
    formula = text.strip().removeprefix("=").strip()
    found = _WORKING.fullmatch(formula)
    rule = words.setting(found[2]) if found and found[2] else None
    if found is None or (found[2] and rule is None):
        return labelled(formula, words)
    if rule is None:
        return duration(found[1], working=True)
    said = duration(str(rule.default), working=True) if rule.type is ValueType.DURATION else setting_value(rule)
    return _of_setting(said, rule)


def _of_setting(said: str, rule: SettingRule) -> str:
    return say("{value} (setting “{label}”)", value=said, label=rule.label)


def within(text: str, words: Words) -> str:
    """A due time: "within 14 days (setting “…”)", "by …"."""
    key = setting_of(text)
    rule = words.setting(key) if key else None
    if rule is not None:
        return say("within {length}", length=_of_setting(setting_value(rule), rule))
    if text.startswith("="):
        said = _worked_out(text, words)
        return say("within {length}", length=said) if _WORKING.search(text) else say("by {moment}", moment=said)
    return say("within {length}", length=duration(text)) if text.lstrip("-").startswith("P") else say("by {moment}", moment=text)


def timer(trait: str, words: Words) -> str:
    """A timer as a diagram's `timer` trait (`timeDuration|P3D`): "after 3 days", "on …", "every 10 days, 3 times"."""
    how, said = timing(trait, words)
    match how:
        case Timing.AT:
            return say("at {moment}", moment=said)
        case Timing.AFTER:
            return say("after {length}", length=said)
        case _:
            return said


def timing(trait: str, words: Words) -> tuple[Timing, str]:
    """A timer as how it counts and what it counts to: (AFTER, "3 days"); of one that comes again the whole sentence."""
    kind, _, text = trait.partition("|")
    text = text.strip()
    if not text:
        return Timing.AT, say("a time that is not given yet")
    key = setting_of(text)
    rule = words.setting(key) if key else None
    if kind == "timeCycle" and rule is None:
        return Timing.AGAIN, _cycle(text, words)
    if kind == "timeCycle" and rule is not None:
        return Timing.AGAIN, say("every {length}", length=_of_setting(_each(setting_value(rule)), rule))
    if kind == "timeDuration" or rule is not None:
        said = length(text, words)
        return Timing.AFTER, _of_setting(said, rule) if rule is not None else said
    return Timing.AT, labelled(text.removeprefix("=").strip(), words)


def _each(length: str) -> str:
    """A length after “every”: "day", "2 weeks"."""
    return length.removeprefix("1 ") if length.count(" ") == 1 else length


def _cycle(text: str, words: Words) -> str:
    parts = text.split("/")
    if text.startswith("=") or len(parts) not in (2, 3) or not parts[0].startswith("R"):
        return say("again and again: {formula}", formula=labelled(text.removeprefix("=").strip(), words))
    said = _each(duration(parts[-1]))
    said = say("every {length} from {start}", length=said, start=parts[1]) if len(parts) == 3 else say("every {length}", length=said)
    return f"{said}, {say_many('{n} time', '{n} times', int(parts[0][1:]))}" if parts[0][1:].isdigit() else said


def condition(text: str, words: Words) -> str:
    """A condition: "Answer is “Asked a question” and …"; one that is richer than comparisons as it is written."""
    return in_words(text, words) or labelled(text.strip().removeprefix("=").strip(), words)


def in_words(text: str, words: Words) -> str | None:
    """A condition in words; None for one that is richer than comparisons."""
    try:
        found = conditions.read(text)
    except feel.FeelError:
        found = None
    return _said(found, words, inside=False) if found is not None else None


def is_worked_out(trait: str) -> bool:
    """Whether a timer (`timeDate|=…`) comes at a moment that only a formula tells."""
    kind, _, text = trait.partition("|")
    return kind == "timeDate" and text.strip().startswith("=") and setting_of(text.strip()) is None


def labelled(formula: str, words: Words) -> str:
    """A formula with the names that the pack has words for written as those words."""

    def word(match: re.Match[str]) -> str:
        said = match[0] if match[0].startswith('"') else words.name(match[0])
        return match[0] if said == match[0] else quoted(said)

    return _NAMES.sub(word, formula)


def _said(found: Condition, words: Words, *, inside: bool) -> str:
    if isinstance(found, Group):
        parts = [_said(item, words, inside=True) for item in found.items]
        text = reduce(lambda one, other: say(_JOINED[found.join], one=one, other=other), parts) if parts else ""
        return f"({text})" if inside else text
    return _row(found, words)


def _row(row: Row, words: Words) -> str:
    rule = words.pack.variables.get(row.field) if words.pack else None
    labels = rule.values if rule else {}
    values = row.value if isinstance(row.value, tuple) else (() if row.value is None else (row.value,))
    said = say(" or ").join(_value(value, labels, words) for value in values)
    return say(_OPS[row.op], name=words.name(row.field), value=said).strip()


def _value(value: Operand, labels: Mapping[str, str], words: Words) -> str:
    match value:
        case bool():
            return say("yes") if value else say("no")
        case str():
            return quoted(labels.get(value, value))
        case Decimal():
            return labels.get(number_text(value), number_text(value))
        case Moment(text):
            return duration(text)
        case Other(name):
            return words.name(name)
        case _:
            return ""


def who(role: str, lane: str, words: Words) -> str:
    """Who does something, by the role of the step or else that of its lane; empty when nobody is named."""
    if role:
        return words.role(role)
    found = packs.role_of_lane(words.pack, lane) if words.pack and lane else None
    return found.label if found else lane
