"""Changing a procedure in its plain view: names, notes, who, forms, due times, timers and conditions, one element at a time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from engine import feel
from engine.bpmn import editing
from engine.bpmn.drawn import Diagram, Drawn
from engine.language import noted, say
from engine.model.access import Actor
from engine.model.errors import FieldError, Invalid, NotFound
from engine.model.packs import ValueType
from engine.operations.drafting import change_files, changes, pack_changes
from engine.operations.drafting.change_files import ChangeFile
from engine.operations.words import plain_view, sentences
from engine.operations.words.sentences import Words
from engine.store import UnitOfWork

_HUMAN = frozenset({"userTask", "manualTask", "task"})
#: how a time is given: none, so long, as a setting says, worked out by an expression
HOWS = ("none", "length", "setting", "expression")
_LENGTH = noted("Say how long in words, such as “3 days”, “2 weeks” or “4 hours”.")
_ISO = re.compile(r"\bP[0-9T][0-9A-Z]*")
_LONGEST = 4000


@dataclass(frozen=True, slots=True)
class Time:
    """A due time or timer as people give it: how, and what for each way."""

    how: str
    length: str = ""
    setting: str = ""
    expression: str = ""


@dataclass(frozen=True, slots=True)
class Editable:
    """What can be changed at one element, with its values now; None or False where it does not have such a thing.

    `roles`, `forms` and `settings` are what can be chosen: (key, words). `setting_values` are the settings' lengths in words.
    """

    id: str
    kind: str
    name: str
    notes: str | None = None
    role: str | None = None
    form: str | None = None
    due: Time | None = None
    timer: Time | None = None
    condition: str | None = None
    condition_words: str = ""
    roles: tuple[tuple[str, str], ...] = ()
    forms: tuple[tuple[str, str], ...] = ()
    settings: tuple[tuple[str, str], ...] = ()
    setting_values: Mapping[str, str] = field(default_factory=dict)


def editable(element: Drawn, diagram: Diagram, words: Words) -> Editable:
    """What can be changed at an element."""
    traits, human = element.traits, element.kind in _HUMAN
    flow = element.kind == "sequenceFlow"
    condition = traits.get("conditionExpression") if flow else traits.get("conditionalEventDefinition/condition")
    if flow and condition is None and _may_have_condition(element, diagram):
        condition = ""
    rules = words.pack.settings if words.pack else {}
    lengths = {key: sentences.setting_value(rule) for key, rule in rules.items() if rule.type is ValueType.DURATION}
    return Editable(
        id=element.id,
        kind=element.kind,
        name=element.name,
        notes=None if flow else traits.get("documentation", ""),
        role=traits.get("own:role", "") if human else None,
        form=traits.get("own:form", "") if human else None,
        due=_time(traits.get("own:due", "")) if human else None,
        timer=_time(traits["timer"].partition("|")[2]) if "timer" in traits else None,
        condition=condition,
        condition_words=sentences.condition(condition, words) if condition else "",
        roles=tuple((key, role.label) for key, role in words.pack.roles.items()) if words.pack else (),
        forms=tuple(sorted(words.forms.items(), key=lambda one: one[1])),
        settings=tuple((key, rules[key].label) for key in lengths),
        setting_values=lengths,
    )


def _may_have_condition(flow: Drawn, diagram: Diagram) -> bool:
    """Whether a way is taken by a condition: not the one for when none holds, not out of events and parallel gateways."""
    source = diagram.elements.get(flow.traits.get("sourceRef", ""))
    barred = ("parallelGateway", "eventBasedGateway", "boundaryEvent")
    return source is not None and source.traits.get("default") != flow.id and not (source.kind.endswith("Event") or source.kind in barred)


def _time(text: str) -> Time:
    if not text:
        return Time("none")
    if key := sentences.setting_of(text):
        return Time("setting", setting=key)
    said = sentences.duration(text)
    return Time("length", length=said) if sentences.read_duration(said) else Time("expression", expression=text)


def edit(uow: UnitOfWork, actor: Actor, change_id: str, name: str, element_id: str, given: Mapping[str, str], revision: int) -> ChangeFile:
    """Change one element of a diagram of a change by what was filled in; what is not in `given` stays.

    `due` and `timer` are given as `due_how`, `due_length`, `due_setting`, `due_expression`; `due_value` is the setting's own
    value in words, which is changed in the pack of the same change. Raises Invalid, StaleDraft, NotFound and as `change_files.save`.
    """
    change = changes.to_draw(uow, actor, change_id)
    found = change_files.get(uow, actor, change_id, name)
    if found.revision != revision:
        raise change_files.StaleDraft
    words = sentences.of_files(change_files.contents(uow, change))
    diagram = plain_view.read(found.content)
    element = diagram.elements.get(element_id)
    if element is None:
        raise NotFound(say("The diagram has no such element any more."))
    now = editable(element, diagram, words)
    content = _edited(found.content, element, now, given)
    _set_settings(uow, actor, change_id, now, given)
    return found if content == found.content else change_files.save(uow, actor, change_id, name, content, revision)


def _edited(content: bytes, element: Drawn, now: Editable, given: Mapping[str, str]) -> bytes:
    id = element.id
    if "name" in given and given["name"].strip() != now.name:
        content = editing.set_name(content, id, _short(given["name"], "name"))
    if now.notes is not None and "notes" in given and _lines(given["notes"]) != _lines(now.notes):
        content = editing.set_documentation(content, id, _short(_lines(given["notes"]), "notes"))
    for key in ("role", "form"):
        if getattr(now, key) is not None and key in given and given[key] != getattr(now, key):
            content = editing.set_attribute(content, id, key, given[key] or None)
    if now.due is not None and (text := _written(given, "due", now.due)) is not None:
        content = editing.set_attribute(content, id, "due", text or None)
    if now.timer is not None and (text := _written(given, "timer", now.timer)) is not None:
        kind = element.traits["timer"].partition("|")[0]
        content = editing.set_timer(content, id, "timeDuration" if given["timer_how"] == "length" else kind, text)
    if now.condition is not None and "condition" in given and given["condition"].strip() != now.condition:
        content = editing.set_condition(content, id, _expression(given["condition"], "condition") or None)
    return content


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _short(text: str, field: str) -> str:
    if len(text) > _LONGEST:
        raise _wrong(field, say("Write at most {most} characters.", most=_LONGEST))
    return text


def _written(given: Mapping[str, str], field: str, now: Time) -> str | None:
    """A time as the diagram has it; None when nothing was said or nothing is different."""
    how = given.get(f"{field}_how")
    if how not in HOWS:
        return None
    wanted = Time(how, *(given.get(f"{field}_{part}", "").strip() if how == part else "" for part in HOWS[1:]))
    if wanted == now:
        return None
    match how:
        case "length":
            text = sentences.read_duration(wanted.length)
            if text is None:
                raise _wrong(f"{field}_length", say(_LENGTH))
            return text
        case "setting" if wanted.setting:
            return f"=settings.{wanted.setting}"
        case "setting":
            raise _wrong(f"{field}_setting", say("Choose the setting."))
        case "expression":
            text = wanted.expression
            if not text:
                raise _wrong(f"{field}_expression", say("Write the time, or an expression that begins with “=”."))
            return f"={_expression(text, f'{field}_expression')}" if text.startswith("=") else text
        case _:
            if field == "timer":
                raise _wrong("timer_how", say("A timer needs a time."))
            return ""


def _expression(text: str, field: str) -> str:
    """An expression that can at least be read."""
    said = _short(text.strip(), field)
    try:
        if said.removeprefix("=").strip():
            feel.compile(said.removeprefix("="))
    except feel.FeelError as wrong:
        raise _wrong(field, say("This cannot be read: {problem}", problem=wrong.message)) from wrong
    return said.removeprefix("=").strip() if field != "condition" else said


def _set_settings(uow: UnitOfWork, actor: Actor, change_id: str, now: Editable, given: Mapping[str, str]) -> None:
    """The value of a setting that a time refers to, in the pack of the same change."""
    for part in ("due", "timer"):
        key, said = given.get(f"{part}_setting", ""), given.get(f"{part}_value", "").strip()
        if given.get(f"{part}_how") != "setting" or not said or key not in now.setting_values or said == now.setting_values[key]:
            continue
        if key != (getattr(now, part) or Time("none")).setting:
            continue  # another setting was chosen now; what stands in the field is the value of the one before
        text = sentences.read_duration(said)
        if text is None:
            raise _wrong(f"{part}_value", say(_LENGTH))
        try:
            pack_changes.set_setting(uow, actor, change_id, key, text)
        except Invalid as wrong:
            raise _wrong(f"{part}_value", _ISO.sub(lambda found: sentences.duration(found[0]), wrong.message)) from wrong


def _wrong(field: str, message: str) -> Invalid:
    return Invalid(message, (FieldError(f"/{field}", "bad-value", message),))
