"""How a pack tells people outside of the pages: its shape in pack.toml, reading it, and what is wrong with it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

from engine.language import kept
from engine.model.errors import Problem
from engine.model.forms import FieldType, Form
from engine.model.packs import Pack, ValueType
from engine.model.telling import Appointment, ContactRule, Kind, Letter, Telling, Way

_Schema: TypeAlias = dict[str, object]
_Raw: TypeAlias = Mapping[str, Any]
_Say = Callable[[str, str, str], Problem]

_LINE: _Schema = {"type": "string", "minLength": 1, "maxLength": 200}
_LONG: _Schema = {"type": "string", "minLength": 1, "maxLength": 2000}
_KEY: _Schema = {"type": "string", "pattern": r"^[a-z0-9][a-z0-9_-]{0,63}$"}
_HOUR: _Schema = {"type": "string", "pattern": r"^([01][0-9]|2[0-3]):[0-5][0-9]$"}
_WAY: _Schema = {"enum": [way.value for way in Way]}


def _table(properties: _Schema, *required: str) -> _Schema:
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


def _list(entry: _Schema, least: int = 0) -> _Schema:
    return {"type": "array", "items": entry, "minItems": least, "maxItems": 50, "uniqueItems": True}


_KIND = _table(
    {
        "key": _KEY,
        "label": _LINE,
        "notices": _list(_KEY, 1),
        "way": _WAY,
        "ways": _list(_WAY, 1),
        "roles": _list(_KEY, 1),
        "subject": _LINE,
        "text": _LONG,
    },
    *("key", "label", "notices", "subject", "text"),
)
_LENGTH: _Schema = {"type": "integer", "minimum": 5, "maximum": 1440}
_APPOINTMENT = _table({"variable": _LINE, "title": _LINE, "minutes": _LENGTH, "form": _KEY}, "variable", "title")

_TO: _Schema = {"type": "string", "pattern": "^(case-)?role:[a-z0-9_-]+$"}
#: what is told when a mail was kept back, and to whom: those on the case, or of the program, in a role
_CONTACT = _table(
    {"form": _KEY, "field": _LINE, "mail": _LINE, "instead": _KEY, "to": _list(_TO, 1)},
    *("form", "field", "mail"),
)
#: the table [telling] of pack.toml
SHAPE: _Schema = _table(
    {
        "kinds": _list(_KIND),
        "digest": _table({"subject": _LINE, "text": _LONG}, "subject", "text"),
        "digest_at": _HOUR,
        "quiet": {**_list(_HOUR, 2), "maxItems": 2},
        "due_title": _LINE,
        "appointments": _list(_APPOINTMENT),
        "contact": _CONTACT,
    }
)


def read(raw: _Raw) -> Telling:
    """The table [telling], after it was checked against the shape."""
    digest, quiet, contact = raw.get("digest"), raw.get("quiet", ["00:00", "00:00"]), raw.get("contact")
    return Telling(
        kinds=tuple(_kind(entry) for entry in raw.get("kinds", [])),
        digest=Letter(digest["subject"], digest["text"]) if digest else None,
        digest_at=minutes(raw.get("digest_at", "08:00")),
        quiet=(minutes(quiet[0]), minutes(quiet[1])),
        due_title=raw.get("due_title"),
        appointments=tuple(
            Appointment(one["variable"], one["title"], one.get("minutes", 60), one.get("form", "")) for one in raw.get("appointments", [])
        ),
        contact=_contact(contact) if contact else None,
    )


def _contact(raw: _Raw) -> ContactRule:
    return ContactRule(raw["form"], raw["field"], raw["mail"], raw.get("instead", ""), tuple(raw.get("to", [])))


def _kind(raw: _Raw) -> Kind:
    ways = tuple(Way(way) for way in raw.get("ways", list(Way)))
    letter, roles = Letter(raw["subject"], raw["text"]), frozenset(raw.get("roles", []))
    return Kind(raw["key"], raw["label"], tuple(raw["notices"]), letter, Way(raw.get("way", ways[0])), ways, roles)


def minutes(hour: str) -> int:
    """Minutes after midnight of a time such as 07:30."""
    hours, _, rest = hour.partition(":")
    return int(hours) * 60 + int(rest)


def texts(telling: Telling) -> Iterator[str]:
    """Everything of it that people read."""
    for kind in telling.kinds:
        yield from (kind.label, kind.letter.subject, kind.letter.text)
    if telling.digest is not None:
        yield from (telling.digest.subject, telling.digest.text)
    yield telling.due_title or ""
    yield from (one.title for one in telling.appointments)


def problems(pack: Pack, say: _Say) -> Iterator[Problem]:
    """What of [telling] contradicts the rest of the pack, or could tell too much (R32)."""
    telling = pack.telling
    for kind in telling.kinds:
        element = f"telling.kinds.{kind.key}"
        for notice in (one for one in kind.notices if one not in pack.notices):
            yield say(element, "unknown-notice", f"There is no notice “{notice}”; add [notices.{notice}], or take it out of this kind.")
        for role in sorted(kind.roles - pack.roles.keys()):
            yield say(element, "unknown-role", f"There is no role “{role}”; choose another one, or take it out of this kind.")
        if kind.way not in kind.ways:
            yield say(element, "bad-value", f"The way “{kind.way}” is not among the ways that may be chosen; add it to ways.")
        yield from _neutral(element, kind.letter, (), say)
    yield from _once(telling, say)
    if telling.digest is not None:
        yield from _neutral("telling.digest", telling.digest, ("{count}",), say)
    elif any(Way.DIGEST in kind.ways for kind in telling.kinds):
        yield say("telling.digest", "missing-key", "Some kinds may come once a day; add [telling.digest] with subject and text.")
    yield from _instead(pack, say)
    for one in telling.appointments:
        rule = pack.variables.get(one.variable)
        if rule is None or rule.type is not ValueType.DATETIME or not rule.fact:
            message = kept(
                "“{variable}” has to be a declared variable of type datetime with fact = true to stand in calendars.", variable=one.variable
            )
            yield say(f"telling.appointments.{one.variable}", "not-an-appointment", message)


def _instead(pack: Pack, say: _Say) -> Iterator[Problem]:
    """Whether what is told in place of a mail is there, and those who are told it."""
    rule = pack.telling.contact
    if rule is None:
        return
    if bool(rule.instead) != bool(rule.to):
        message = kept("Say both which notice is given when mail is kept back (instead) and to whom (to).")
        yield say("telling.contact", "missing-key", message)
    if rule.instead and rule.instead not in pack.notices:
        message = kept("There is no notice “{notice}”; add [notices.{notice}], or name another one.", notice=rule.instead)
        yield say("telling.contact.instead", "unknown-notice", message)
    for role in (one.partition(":")[2] for one in rule.to):
        if role not in pack.roles:
            yield say("telling.contact.to", "unknown-role", kept("There is no role “{role}”; choose another one.", role=role))


def _neutral(element: str, letter: Letter, allowed: tuple[str, ...], say: _Say) -> Iterator[Problem]:
    for name, text in (("subject", letter.subject), ("text", letter.text)):
        rest = text
        for mark in allowed:
            rest = rest.replace(mark, "")
        if re.search(r"[{}]", rest):
            most = kept("only {list}", list=", ".join(allowed)) if allowed else "nothing"
            message = kept("A mail may be read by others, so it says the same to everybody: it may hold {most} in braces.", most=most)
            yield say(f"{element}.{name}", "bad-placeholder", message)


def _once(telling: Telling, say: _Say) -> Iterator[Problem]:
    keys = Counter(kind.key for kind in telling.kinds)
    for key in (key for key, often in keys.items() if often > 1):
        yield say(f"telling.kinds.{key}", "duplicate-key", f"“{key}” is here twice; give each kind its own key.")
    held = Counter(notice for kind in telling.kinds for notice in set(kind.notices))
    for notice in (notice for notice, often in held.items() if often > 1):
        yield say("telling.kinds", "duplicate-key", f"The notice “{notice}” is of two kinds; keep it in one, so that people can choose.")


def contact_problems(pack: Pack, forms: Mapping[str, Form], file: str) -> Iterator[Problem]:
    """Whether the field that says how somebody can be reached is there and can say it."""
    rule = pack.telling.contact
    if rule is None:
        return
    form = forms.get(rule.form)
    field = next((one for one in form.fields if one.name == rule.field), None) if form else None
    if field is None or field.type is not FieldType.CHOICES or rule.mail not in {option.value for option in field.options}:
        message = kept(
            "The form “{form}” needs a field “{field}” with choices, one of them “{mail}”; add it, or correct this.",
            form=rule.form,
            field=rule.field,
            mail=rule.mail,
        )
        yield Problem(file, "telling.contact", "unknown-contact-field", message)
