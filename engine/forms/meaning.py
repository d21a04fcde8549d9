"""What a well-shaped form may still get wrong: names that lead nowhere, free text among facts, expressions that do not parse."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

from engine import feel
from engine.feel import FeelLimit, FeelSyntaxError
from engine.forms.translating import unused
from engine.language import kept
from engine.model.errors import Level, Problem
from engine.model.forms import Field, FieldType, Form
from engine.schemas import faults, matches

_Raw: TypeAlias = Mapping[str, Any]
#: A check made ready for one file: field, code, message.
_Say = Callable[[str | None, str, str], Problem]

_TYPED: Mapping[FieldType, frozenset[str]] = {
    FieldType.STRING: frozenset({"format", "minLength", "maxLength", "pattern", "oneOf", "x-code", "x-files"}),
    FieldType.NUMBER: frozenset({"minimum", "maximum"}),
    FieldType.INTEGER: frozenset({"minimum", "maximum"}),
    FieldType.BOOLEAN: frozenset(),
    FieldType.CHOICES: frozenset({"items", "uniqueItems", "minItems", "maxItems"}),
    FieldType.REPEAT: frozenset({"items", "minItems", "maxItems"}),
    FieldType.GROUP: frozenset({"properties", "required", "additionalProperties"}),
}
_ALL_TYPED = frozenset().union(*_TYPED.values())

_WIDGETS: Mapping[FieldType, frozenset[str]] = {
    FieldType.STRING: frozenset({"text", "long", "radio", "select", "date", "datetime", "yes-no-na", "signature", "file"}),
    FieldType.NUMBER: frozenset({"number", "rating"}),
    FieldType.INTEGER: frozenset({"number", "rating"}),
    FieldType.BOOLEAN: frozenset({"yes-no", "checkbox"}),
    FieldType.CHOICES: frozenset({"checkboxes"}),
    FieldType.REPEAT: frozenset({"repeat"}),
    FieldType.GROUP: frozenset({"group"}),
}


def meaning_problems(form: Form, raw: _Raw, file: str) -> tuple[Problem, ...]:
    """Everything wrong with a form of the right shape, as problems of the file."""

    def say(field: str | None, code: str, message: str) -> Problem:
        return Problem(file, field, code, message)

    return (
        *_level_problems(form.fields, raw, "", frozenset(), say),
        *_section_problems(form, say),
        *_expression_problems(form, say),
        *_translation_problems(form, file),
    )


def _translation_problems(form: Form, file: str) -> Iterator[Problem]:
    for language in form.translations:
        for text in unused(form, language):
            message = kept(
                "“{text}” is translated ({language}), but this form does not say it; give the translation to the new words, or drop it.",
                text=text[:80],
                language=language,
            )
            yield Problem(file, None, "translation-unused", message, Level.WARN)


def _level_problems(fields: tuple[Field, ...], raw: _Raw, prefix: str, outer: frozenset[str], say: _Say) -> Iterator[Problem]:
    names = {field.name for field in fields}
    for name in raw.get("required", []):
        if name not in names:
            yield say(prefix + name, "unknown-field", f"“{name}” is required but there is no such field; add it or correct the name.")
    earlier = set(outer)
    for field in fields:
        source = raw["properties"][field.name]
        yield from _field_problems(field, source, prefix, say)
        yield from _condition_problems(field, prefix, earlier, names | outer, say)
        if field.fields:
            inner = source["items"] if field.type is FieldType.REPEAT else source
            yield from _level_problems(field.fields, inner, f"{field.name}.", frozenset(earlier), say)
        earlier.add(field.name)


def _field_problems(field: Field, raw: _Raw, prefix: str, say: _Say) -> Iterator[Problem]:
    place = prefix + field.name
    for keyword in sorted((raw.keys() & _ALL_TYPED) - _TYPED[field.type]):
        yield say(place, "unsupported-keyword", f"“{keyword}” means nothing for a field of type {field.type}; remove it.")
    if field.type is FieldType.CHOICES and "items" not in raw:
        yield say(place, "missing-keyword", "A list needs items: answers to choose (oneOf) or rows of fields.")
    picks = field.type is FieldType.STRING and (field.widget == "candidate" or ":" in field.widget)
    if field.widget not in _WIDGETS[field.type] and not picks:
        fitting = ", ".join(sorted(_WIDGETS[field.type]))
        yield say(place, "widget-does-not-fit", f"The widget “{field.widget}” does not fit type {field.type}; use one of: {fitting}.")
    if prefix and "x-class" in raw and raw["x-class"] != field.cls:
        yield say(place, "class-inside-group", "Fields inside a group or rows have the class of the outer field; set it there.")
    values = [option.value for option in field.options]
    if len(values) != len(set(values)):
        yield say(place, "duplicate-answer", "Two answers have the same const; give each its own.")
    for keyword in ("default", "const"):
        if keyword in raw and not field.fields and faults(field.schema, raw[keyword]):
            yield say(
                place, "bad-default", f"The {keyword} is not a value that this field accepts; choose one that it does, or leave it out."
            )
    if raw.get("minimum", 0) > raw.get("maximum", float("inf")) or raw.get("minLength", 0) > raw.get("maxLength", float("inf")):
        yield say(place, "bad-bounds", "The least is above the most, so no answer would fit; correct one of them.")
    yield from _text_problems(field, raw, place, say)


def _text_problems(field: Field, raw: _Raw, place: str, say: _Say) -> Iterator[Problem]:
    if "pattern" in raw and matches("", raw["pattern"]) is None:
        yield say(place, "bad-pattern", "The pattern is not a regular expression; correct it.")
    elif "pattern" in raw and feel.is_ambiguous(raw["pattern"]):
        message = kept(
            "The pattern reads some texts in so many ways that checking an answer could take for ever, as (a+)+ "
            "does; let what repeats not repeat inside itself, nor begin as what it follows."
        )
        yield say(place, "slow-pattern", message)
    if field.widget == "file":
        yield from _file_problems(field, raw, place, say)
        return
    if not _is_free_text(field, raw):
        return
    if field.format is None and "maxLength" not in raw:
        yield say(place, "max-length-missing", "Free text needs a maxLength, so that nobody is surprised by a limit.")
    is_code = raw.get("x-code") and "pattern" in raw
    if field.cls in ("C0", "C1") and not is_code:
        message = kept(
            "Free text may hold anything, so it cannot be class C1; give it a higher x-class, or for a code x-code and a pattern."
        )
        yield say(place, "free-text-in-c1", message)


def _file_problems(field: Field, raw: _Raw, place: str, say: _Say) -> Iterator[Problem]:
    if field.cls in ("C0", "C1"):
        yield say(place, "file-in-c1", "A file may hold anything, so it cannot be class C1; give it a higher x-class.")
    for keyword in sorted(raw.keys() & {"format", "minLength", "maxLength", "pattern", "oneOf", "default", "const", "x-autofill"}):
        yield say(place, "unsupported-keyword", f"“{keyword}” means nothing for a file; remove it.")


def _is_free_text(field: Field, raw: _Raw) -> bool:
    if field.type is not FieldType.STRING or field.options or "const" in raw or ":" in field.widget:
        return False
    return field.format not in ("date", "date-time")


def _condition_problems(field: Field, prefix: str, earlier: set[str], known: set[str] | frozenset[str], say: _Say) -> Iterator[Problem]:
    place = prefix + field.name
    if field.show_if is not None and field.show_if.field not in earlier:
        message = f"x-show-if looks at “{field.show_if.field}”, which is no earlier field; ask that first."
        yield say(place, "unknown-field", message)
    if field.required_if is not None and field.required_if.field not in known:
        yield say(
            place,
            "unknown-field",
            f"x-required-if looks at “{field.required_if.field}”, but there is no such field; add it or correct the name.",
        )


def _section_problems(form: Form, say: _Say) -> Iterator[Problem]:
    names = [field.name for field in form.fields]
    placed = [name for section in form.sections for name in section.fields]
    for name in placed:
        if name not in names:
            yield say(name, "unknown-field", f"A section names “{name}”, but there is no such field; add it or correct the name.")
    for name in names:
        if form.sections and placed.count(name) != 1:
            yield say(name, "field-not-in-section", "With x-sections, each field stands in exactly one section.")


def _expression_problems(form: Form, say: _Say) -> Iterator[Problem]:
    known = {field.name for field in form.fields}
    for entry in form.derive:
        if entry.name in known:
            yield say(entry.name, "duplicate-name", f"“{entry.name}” is here twice; a derived entry needs a name of its own.")
        yield from _feel_problems(entry.expression, known, entry.name, say)
        known.add(entry.name)
    names = {field.name for field in form.fields}
    for rule in form.rules:
        if rule.field not in names:
            yield say(
                rule.field, "unknown-field", f"A rule points at “{rule.field}”, but there is no such field; add it or correct the name."
            )
        yield from _feel_problems(rule.expression, known, rule.field, say)


def _feel_problems(expression: str, known: set[str], place: str, say: _Say) -> Iterator[Problem]:
    try:
        used = feel.compile(expression, frozenset(known)).names
    except (FeelSyntaxError, FeelLimit) as error:
        yield say(place, "bad-expression", f"The expression cannot be read; correct it: {error}")
        return
    for name in sorted(used - known):
        yield say(
            place, "unknown-name", f"The expression uses “{name}”, but no field or earlier entry has this name; add one or correct it."
        )
