"""What a pack says of its own parts: every role, notice and bound it names has to exist and make sense."""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from engine.feel import DaysTime, YearsMonths, iso_duration
from engine.language import kept
from engine.model.errors import Problem
from engine.model.packs import Pack, Relation, Role, RoleKind, Rung, RungAct, SettingRule, ValueType
from engine.packs import calendars, guides, measures, surveys, telling, tiles

#: A check made ready for one file: element, code, message.
_Say = Callable[[str, str, str], Problem]

_NUMBER_SPEC = re.compile(r"(0?[1-9]?d?)?")


def inner_problems(pack: Pack, raw: Mapping[str, Any], file: str) -> tuple[Problem, ...]:
    """Everything in a well-shaped pack that contradicts the rest of it."""

    def say(element: str, code: str, message: str) -> Problem:
        return Problem(file, element, code, message)

    return (
        *_case_problems(pack, say),
        *(problem for role in pack.roles.values() for problem in _role_problems(pack, role, say)),
        *_lane_problems(pack, say),
        *(problem for rule in pack.settings.values() for problem in setting_problems(rule, say)),
        *_notice_problems(pack, say),
        *(problem for rule in pack.deadline_rules for rung in rule.rungs for problem in _rung_problems(pack, rule.key, rung, say)),
        *_message_problems(pack, say),
        *calendars.problems(raw, say),
        *telling.problems(pack, say),
        *tiles.inner(pack, file),
        *measures.inner(pack, file),
        *_twice(raw, "deadline_rules", "key", say),
        *_twice(raw, "messages", "name", say),
        *_twice(raw, "panels", "key", say),
        *_twice(raw, "tiles", "key", say),
        *_twice(raw, "measures", "key", say),
        *surveys.inner(pack, raw, file),
        *_twice(raw, "surveys", "key", say),
        *guides.inner(pack, raw, file),
        *_twice(raw, "guides", "key", say),
        *_language_problems(pack, say),
    )


def _language_problems(pack: Pack, say: _Say) -> Iterator[Problem]:
    for language in pack.translations:
        if language not in pack.languages:
            message = kept(
                "There are translations into “{language}”, but languages does not name it; add it there, or take the table out.",
                language=language,
            )
            yield say(f"translations.{language}", "unknown-language", message)


def _labels(pack: Pack) -> str:
    return ", ".join(role.label for role in pack.roles.values())


def _unknown_role(pack: Pack, element: str, role: str, say: _Say) -> Iterator[Problem]:
    if role not in pack.roles:
        yield say(
            element, "unknown-role", f"There is no role “{role}”; add it on the page “Roles”, or choose one of these: {_labels(pack)}."
        )


def _case_problems(pack: Pack, say: _Say) -> Iterator[Problem]:
    if not _is_number_format(pack.case.number):
        yield say(
            "case.number",
            "bad-number-format",
            "The number of a case is made of {serial}, or {serial:04d} for four digits, of {year} and of plain text; correct it.",
        )
    for key in pack.case.required_participants:
        element = f"case.required_participants.{key}"
        yield from _unknown_role(pack, element, key, say)
        if key in pack.roles and pack.roles[key].kind is RoleKind.PROGRAM:
            yield say(element, "not-a-case-role", f"“{key}” is held in the program, so no case can require it; make it a case role.")


def _is_number_format(text: str) -> bool:
    try:
        parts = [(name, spec) for _, name, spec, _ in string.Formatter().parse(text) if name is not None]
    except ValueError:
        return False
    known = all(name in {"year", "serial"} and _NUMBER_SPEC.fullmatch(spec or "") for name, spec in parts)
    return known and any(name == "serial" for name, _ in parts)


def _role_problems(pack: Pack, role: Role, say: _Say) -> Iterator[Problem]:
    element = f"roles.{role.key}"
    if role.eligible is not None:
        yield from _unknown_role(pack, f"{element}.eligible", role.eligible, say)
        if role.eligible in pack.roles and pack.roles[role.eligible].kind is RoleKind.CASE:
            message = kept("“{eligible}” is only held on cases; eligibility is a program role.", eligible=role.eligible)
            yield say(f"{element}.eligible", "not-a-program-role", message)
    for verb, matrix in (("read", role.read), ("write", role.write)):
        for cls, relation in matrix.items():
            if not _can_hold(role.kind, relation):
                yield say(
                    f"{element}.{verb}.{cls}",
                    "relation-never-holds",
                    f"A role of the kind “{role.kind}” never stands in the relation “{relation}” "
                    "to a case, so this gives no right; choose another one.",
                )


def _can_hold(kind: RoleKind, relation: Relation) -> bool:
    if kind is RoleKind.PROGRAM:
        return relation is not Relation.CASE
    return kind is RoleKind.BOTH or relation is not Relation.PROGRAM


def _lane_problems(pack: Pack, say: _Say) -> Iterator[Problem]:
    for lane, role in pack.lanes.items():
        yield from _unknown_role(pack, f"lanes.{lane}", role, say)


def setting_problems(rule: SettingRule, say: _Say) -> Iterator[Problem]:
    """What is wrong with a setting's default and bounds."""
    element = f"settings.{rule.key}"
    values: dict[str, DaysTime | YearsMonths | float] = {}
    for name, value in (("default", rule.default), ("min", rule.least), ("max", rule.most)):
        if value is None:
            continue
        if not _has_type(rule.type, value):
            yield say(
                f"{element}.{name}", "bad-value", f"This has to be a {rule.type}, as the setting says of itself; correct one of the two."
            )
        elif rule.type is ValueType.DURATION:
            values[name] = iso_duration(str(value))
        elif rule.type is ValueType.NUMBER:
            values[name] = float(value)
    if rule.type not in (ValueType.DURATION, ValueType.NUMBER) and (rule.least is not None or rule.most is not None):
        yield say(element, "bad-value", "Only a length of time or a number has a least and a most; remove them.")
    elif {type(value) for value in values.values()} == {DaysTime, YearsMonths}:
        yield say(
            element, "bad-value", "Value, least and most have to be counted alike: all in days and hours, or all in months; correct them."
        )
    elif not in_bounds(values.get("default"), values.get("min"), values.get("max")):
        yield say(
            f"{element}.default",
            "default-out-of-bounds",
            "The value lies outside the least and the most; choose another value, or widen them.",
        )


def _has_type(kind: ValueType, value: object) -> bool:
    match kind:
        case ValueType.DURATION:
            return isinstance(value, str) and _is_duration(value)
        case ValueType.NUMBER:
            return isinstance(value, int | float) and not isinstance(value, bool)
        case ValueType.BOOLEAN:
            return isinstance(value, bool)
        case _:
            return isinstance(value, str)


def _is_duration(text: str) -> bool:
    try:
        return bool(iso_duration(text))
    except ValueError:
        return False


def in_bounds(value: object, least: object, most: object) -> bool:
    """Whether a value lies within bounds of its own type; a bound of None is open."""
    length = _length(value)
    if length is None:
        return True
    low, high = _length(least), _length(most)
    return (low is None or low <= length) and (high is None or length <= high)


def _length(value: object) -> float | None:
    match value:
        case DaysTime():
            return value.delta.total_seconds()
        case YearsMonths():
            return float(value.months)
        case int() | float():
            return float(value)
        case _:
            return None


def _notice_problems(pack: Pack, say: _Say) -> Iterator[Problem]:
    for notice in pack.notices.values():
        for name, text in (("title", notice.title), ("text", notice.text)):
            if re.search(r"[{}]", text.replace("{case}", "").replace("{task}", "")):
                yield say(
                    f"notices.{notice.key}.{name}",
                    "bad-placeholder",
                    "A notice may hold {case} and {task}, and nothing else in braces; correct it.",
                )


def _rung_problems(pack: Pack, rule: str, rung: Rung, say: _Say) -> Iterator[Problem]:
    element = f"deadline_rules.{rule}.rungs.{rung.number}"
    if [rung.offset, rung.percentage, rung.after].count(None) != 2:
        message = kept(
            "A step of a deadline rule has one time: before or after due, a part of the time to due, or how long "
            "after the task began; keep one."
        )
        yield say(element, "rung-time", message)
    if rung.after is not None and rung.after.startswith("-"):
        yield say(element, "rung-time", "Nobody can be reminded of a task before it began; give a length of time above zero.")
    if rung.act is RungAct.START:
        if rung.process is None:
            yield say(element, "missing-key", "This step starts a procedure, but nothing says which; choose one.")
        return
    if rung.to is None or rung.notice is None:
        yield say(element, "missing-key", "This step tells somebody; choose both who is told and which notice.")
        return
    if rung.notice not in pack.notices:
        yield say(element, "unknown-notice", f"There is no notice “{rung.notice}”; choose another one, or write it on the page “Notices”.")
    if ":" in rung.to:
        yield from _unknown_role(pack, element, rung.to.partition(":")[2], say)


def _message_problems(pack: Pack, say: _Say) -> Iterator[Problem]:
    for rule in pack.messages.values():
        element = f"messages.{rule.name}"
        for role in (*rule.roles, *([rule.of] if rule.of else [])):
            yield from _unknown_role(pack, element, role, say)
        if "self" in rule.payload.values() and rule.of is None:
            yield say(element, "missing-key", "The message says whom it is about; say of which role they are (of), for when staff send it.")


def _twice(raw: Mapping[str, Any], table: str, name: str, say: _Say) -> Iterator[Problem]:
    seen: set[str] = set()
    for entry in raw.get(table, []):
        key = entry[name]
        if key in seen:
            yield say(f"{table}.{key}", "duplicate-key", f"“{key}” is here twice; give each its own {name}.")
        seen.add(key)
