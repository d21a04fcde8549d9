"""Conditions between fields (`x-show-if`, `x-required-if`) and which fields of a form are there at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.model.forms import Condition, Field, Form, Mode

#: Whether the person who fills the form in may write a class.
Writable = Callable[[str], bool]


def condition_of(raw: Mapping[str, Any] | None) -> Condition | None:
    """A condition as written in a form file."""
    if raw is None:
        return None
    if "not" in raw:
        return Condition(raw["field"], None, (raw["not"],))
    return Condition(raw["field"], tuple(raw["in"]) if "in" in raw else (raw.get("equals"),), None)


def holds(condition: Condition | None, data: Mapping[str, object]) -> bool:
    """Whether a condition is true over some answers. Of a question that is not answered nothing is true.

    With several answers ticked, it is enough that one of them is meant.
    """
    if condition is None:
        return True
    answer = data.get(condition.field)
    if is_blank(answer):
        return False
    answers = answer if isinstance(answer, list) else [answer]
    if condition.among is not None:
        return any(_same(given, meant) for given in answers for meant in condition.among)
    return not any(_same(given, meant) for given in answers for meant in condition.unless or ())


def _same(given: object, meant: object) -> bool:
    # Python calls True and 1 equal; answers do not.
    return isinstance(given, bool) == isinstance(meant, bool) and given == meant


def is_blank(value: object) -> bool:
    """Whether an answer says nothing: absent, null, only white space, nothing ticked, no rows."""
    match value:
        case None:
            return True
        case str():
            return not value.strip()
        case list() | dict():
            return not value
        case _:
            return False


def is_offered(field: Field, mode: str, writable: Writable) -> bool:
    """Whether a field is for this person at all: some are only for staff who act for another, and classes limit the rest.

    Facts (C0, C1) are part of the task itself; who may complete it may set them.
    """
    if field.on_behalf_only and mode != Mode.ON_BEHALF:
        return False
    return field.cls in ("C0", "C1") or writable(field.cls)


def offered_fields(form: Form, mode: str, writable: Writable) -> tuple[Field, ...]:
    """The fields for this person, whether or not their conditions are true now."""
    return tuple(field for field in form.fields if is_offered(field, mode, writable))


def visible_fields(form: Form, data: Mapping[str, object], mode: str, writable: Writable) -> tuple[Field, ...]:
    """The fields for this person that the answers so far call for, in the order of the form."""
    seen: dict[str, object] = {}
    visible: list[Field] = []
    for field in offered_fields(form, mode, writable):
        if holds(field.show_if, seen):
            visible.append(field)
            seen[field.name] = data.get(field.name)
    return tuple(visible)
