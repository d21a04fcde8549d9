"""A form in another language: its texts with what they are in that language, found by the text itself.

What has no translation is shown as written. As the text is the key, a translation never outlives the sentence that it
was made for: whoever changes the sentence is told that the other languages have to follow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from engine.model.forms import Field, Form

_Say = Callable[[str], str]


def texts(form: Form) -> tuple[str, ...]:
    """Everything of a form that people read, each text once, in the order it is met."""
    return tuple(dict.fromkeys(text for text in _texts(form) if text))


def _texts(form: Form) -> Iterator[str]:
    yield form.title
    yield form.description
    yield form.kept_as
    for section in form.sections:
        yield section.title
    yield from _level(form.fields)
    for rule in form.rules:
        yield rule.message


def _level(fields: tuple[Field, ...]) -> Iterator[str]:
    for field in fields:
        yield field.title
        yield field.description
        yield field.help
        yield field.read
        for option in field.options:
            yield option.title
        yield from _level(field.fields)


def missing(form: Form, language: str) -> tuple[str, ...]:
    """The texts that have no translation, in the order they are met."""
    known = form.translations.get(language, {})
    return tuple(text for text in texts(form) if text not in known)


def unused(form: Form, language: str) -> tuple[str, ...]:
    """Texts that are translated but that the form does not hold (any more)."""
    held = frozenset(texts(form))
    return tuple(text for text in form.translations.get(language, {}) if text not in held)


def translated(form: Form, language: str) -> Form:
    """The form as read in a language; itself when it has no translation into it. Codes, names and rules stay."""
    known = form.translations.get(language)
    if not known:
        return form

    def say(text: str) -> str:
        return known.get(text, text)

    return replace(
        form,
        title=say(form.title),
        description=say(form.description),
        kept_as=say(form.kept_as),
        fields=tuple(_field(field, say) for field in form.fields),
        sections=tuple(replace(section, title=say(section.title)) for section in form.sections),
        rules=tuple(replace(rule, message=say(rule.message)) for rule in form.rules),
    )


def _field(field: Field, say: _Say) -> Field:
    return replace(
        field,
        title=say(field.title),
        description=say(field.description),
        help=say(field.help),
        read=say(field.read),
        options=tuple(replace(option, title=say(option.title)) for option in field.options),
        fields=tuple(_field(inner, say) for inner in field.fields),
    )
