"""Filled-in data against a form: every mistake at once with its path, or the answers split into facts and records.

What is checked is what the person was asked: fields that their conditions hide are dropped, fields that are not for this
person are refused. Content reaches the flow only through the entries that the form derives.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import UTC, tzinfo

from engine.feel import Value, plain
from engine.forms import words
from engine.forms.conditions import Writable, holds, is_blank, is_offered
from engine.forms.deriving import apply_rules, derive, feel_value
from engine.language import say
from engine.model.errors import FieldError, FormInvalid
from engine.model.forms import Checked, Field, FieldType, Form, Mode, RecordPart
from engine.schemas import faults, is_storable, pointer, safe

_Path = tuple[str | int, ...]
_Answers = Mapping[str, object]


@dataclass(slots=True)
class _Check:
    """The state of checking one submission."""

    mode: str
    writable: Writable
    errors: list[FieldError] = dataclass_field(default_factory=list)

    def fail(self, path: _Path, code: str, message: str) -> None:
        self.errors.append(FieldError(safe(pointer(path)), code, say(message)))


def check(form: Form, data: object, *, mode: str = Mode.SELF, writable: Writable, zone: tzinfo = UTC) -> Checked:
    """Check a filled-in form and split it by class.

    `writable` says whether the actor may write a class; `zone` is meant by times that name none.
    Raises FormInvalid with one error for each mistake.
    """
    if not isinstance(data, Mapping):
        raise FormInvalid(errors=(FieldError("", "type", say(words.NOT_A_FORM)),))
    walk = _Check(mode, writable)
    answers = _level(walk, form.fields, data, (), {})
    # Rules are still told when all that they look at is sound, so that one round of corrections is enough.
    context = _sound_context(form, answers, walk.errors, zone)
    derived = derive(form, context, walk.errors)
    apply_rules(form, {**context, **derived}, walk.errors)
    if walk.errors:
        raise FormInvalid(errors=tuple(walk.errors))
    return _split(form, answers, context, derived, walk)


def _sound_context(form: Form, answers: _Answers, errors: list[FieldError], zone: tzinfo) -> dict[str, object]:
    wrong = {error.path.split("/")[1] for error in errors if "/" in error.path}
    return {entry.name: feel_value(entry, answers.get(entry.name), zone) for entry in form.fields if entry.name not in wrong}


def _level(walk: _Check, fields: tuple[Field, ...], data: _Answers, path: _Path, outer: _Answers) -> dict[str, object]:
    """The answers of one level that are to be kept; `outer` are the answers that conditions may look at."""
    known = {entry.name for entry in fields}
    for name in data:
        if name not in known:
            walk.fail((*path, str(name)), "unknown-field", words.UNKNOWN)
    kept: dict[str, object] = {}
    for entry in fields:
        value = data.get(entry.name)
        place = (*path, entry.name)
        if not is_offered(entry, walk.mode, walk.writable):
            _refuse(walk, entry, value, place)
            continue
        scope = {**outer, **kept}
        if not holds(entry.show_if, scope):
            continue
        if is_blank(value):
            # A condition may look at a later field, which is not kept yet.
            if entry.required or (entry.required_if is not None and holds(entry.required_if, {**data, **scope})):
                walk.fail(place, "required", words.REQUIRED)
            continue
        kept[entry.name] = _value(walk, entry, value, place, scope)
    return kept


def _refuse(walk: _Check, entry: Field, value: object, place: _Path) -> None:
    if is_blank(value):
        return
    if entry.on_behalf_only and walk.mode != Mode.ON_BEHALF:
        walk.fail(place, "only-on-behalf", words.ONLY_ON_BEHALF)
    else:
        walk.fail(place, "not-writable", words.NOT_FOR_YOU)


def _value(walk: _Check, entry: Field, value: object, place: _Path, scope: _Answers) -> object:
    if entry.type is FieldType.GROUP:
        if isinstance(value, Mapping):
            return _level(walk, entry.fields, value, place, scope)
        walk.fail(place, "type", words.of_type(entry))
        return None
    if not _is_storable(value):
        walk.fail(place, "bad-character", words.BAD_CHARACTER)
        return None
    wrong = faults(entry.schema, value) if _is_sensible(entry, value) else ()
    if not _is_sensible(entry, value):
        walk.fail(place, "type", words.of_type(entry))
    for fault in wrong:
        walk.fail((*place, *fault.path), fault.keyword, words.of(entry, fault))
    if wrong or entry.type is not FieldType.REPEAT or not isinstance(value, list):
        return value
    return [_row(walk, entry, row, (*place, number), scope) for number, row in enumerate(value)]


def _row(walk: _Check, entry: Field, row: object, place: _Path, scope: _Answers) -> object:
    if isinstance(row, Mapping):
        return _level(walk, entry.fields, row, place, scope)
    walk.fail(place, "type", words.of_type(entry))
    return None


def _is_sensible(entry: Field, value: object) -> bool:
    """Shuts out what JSON readers let through and the schema cannot judge: not-a-number, endless lists."""
    if isinstance(value, float) and not math.isfinite(value):
        return False
    return not (entry.type is FieldType.CHOICES and isinstance(value, list) and len(value) > 2 * len(entry.options))


def _is_storable(value: object) -> bool:
    """Text that can be kept as UTF-8 in every database; deeper values are looked at where they are fields."""
    if isinstance(value, list):
        return all(is_storable(part) for part in value if isinstance(part, str))
    return not isinstance(value, str) or is_storable(value)


def _split(form: Form, answers: _Answers, context: _Answers, derived: Mapping[str, Value], walk: _Check) -> Checked:
    facts: dict[str, object] = {}
    records: dict[str, dict[str, object]] = {}
    shown: dict[str, object] = {}
    for entry in form.fields:
        visible = is_offered(entry, walk.mode, walk.writable) and holds(entry.show_if, shown)
        if visible:
            shown[entry.name] = answers.get(entry.name)
        if entry.cls in ("C0", "C1"):
            # A question that was asked and left blank clears what an earlier round answered.
            if visible:
                facts[entry.name] = context[entry.name]
        elif entry.name in answers:
            records.setdefault(entry.cls, {})[entry.name] = answers[entry.name]
    for derivation in form.derive:
        value = derived[derivation.name]
        if derivation.cls in ("C0", "C1"):
            facts[derivation.name] = value
        elif value is not None:
            records.setdefault(derivation.cls, {})[derivation.name] = plain(value)
    parts = tuple(RecordPart(cls, fields) for cls, fields in sorted(records.items()))
    return Checked(facts, parts, tuple(answers))
