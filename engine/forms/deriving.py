"""FEEL over the answers of a form: entries that are derived from them (`x-derive`) and rules between them (`x-rules`)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo

from engine import feel
from engine.feel import FeelLimit, Value, from_plain, iso_datetime
from engine.forms import words
from engine.language import say
from engine.model.errors import FieldError
from engine.model.forms import Field, FieldType, Form
from engine.packs.values import has_type
from engine.schemas import iso_date, pointer, with_seconds


def feel_value(field: Field, value: object, zone: tzinfo) -> object:
    """A sound answer as a FEEL value: dates become dates, times without a zone are meant in `zone`."""
    if value is None:
        return None
    match field.type:
        case FieldType.GROUP:
            return _row(field, value, zone)
        case FieldType.REPEAT:
            return [_row(field, row, zone) for row in value] if isinstance(value, list) else None
        case FieldType.STRING if field.format == "date":
            return iso_date(str(value))
        case FieldType.STRING if field.format == "date-time":
            return _aware(iso_datetime(with_seconds(str(value))), zone)
        case _:
            return from_plain(value)


def _row(field: Field, value: object, zone: tzinfo) -> object:
    if not isinstance(value, Mapping):
        return None
    return {entry.name: feel_value(entry, value.get(entry.name), zone) for entry in field.fields}


def _aware(moment: datetime, zone: tzinfo) -> datetime:
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)


def derive(form: Form, context: Mapping[str, object], errors: list[FieldError]) -> dict[str, Value]:
    """The derived entries in order, each visible to the next; an entry that looks at a wrong answer is left out."""
    derived: dict[str, Value] = {}
    known = _known(form)
    for entry in form.derive:
        scope = {**context, **derived}
        expression = feel.compile(entry.expression, known)
        if not _looks_at(expression, known) <= scope.keys():
            continue
        try:
            value = expression.evaluate(scope)
            fits = value is None or has_type(entry.type, value)
        except FeelLimit:
            value, fits = None, False
        if not fits:
            errors.append(FieldError("", "derive-failed", say(words.DERIVED, name=entry.name)))
        derived[entry.name] = value
    return derived


def apply_rules(form: Form, context: Mapping[str, object], errors: list[FieldError]) -> None:
    """Add an error for each rule that is not true; null counts as true, and a rule over a wrong answer is not judged."""
    known = _known(form)
    for rule in form.rules:
        expression = feel.compile(rule.expression, known)
        if not _looks_at(expression, known) <= context.keys():
            continue
        try:
            value = expression.evaluate(context)
        except FeelLimit:
            value = False
        if value is not True and value is not None:
            errors.append(FieldError(pointer((rule.field,)), "rule", rule.message))


def _known(form: Form) -> frozenset[str]:
    return frozenset(form.class_of)


def _looks_at(expression: feel.Expression, known: frozenset[str]) -> frozenset[str]:
    return expression.names | (expression.maybe_names & known)
