"""What somebody signed, as it stood before them: the words of the form with the answers, in their language. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence

from engine.language import say
from engine.model.files import Signed
from engine.model.forms import Field, FieldType, Form
from engine.model.views import Reading

WIDGET = "signature"


def fields(form: Form) -> tuple[Field, ...]:
    """The fields of a form that are signed."""
    return tuple(field for field in form.fields if field.widget == WIDGET)


def edition(form: Form, language: str) -> str:
    """A short code of what a form says in a language, by which a page is known that shows an older one."""
    said = [form.digest, language, form.title, form.description, *(text for field in form.fields for text in _words(field))]
    return hashlib.sha256("\x1f".join(said).encode()).hexdigest()[:16]


def text(form: Form, answers: Mapping[str, object], cls: str, reads: Sequence[Reading] = ()) -> str:
    """The text that a signature of class `cls` stands under: what lay open before the questions with its version, and the questions.

    Every question that was asked stands in it. Of the answers, and of what was read, only facts and those of the same class
    do, since whoever may read the signature may not therefore read the others.
    """
    return "\n".join(_lines(form, answers, cls, reads))


def digest(shown: str) -> str:
    """SHA-256 of a text, hexadecimal."""
    return hashlib.sha256(shown.encode()).hexdigest()


def _lines(form: Form, answers: Mapping[str, object], cls: str, reads: Sequence[Reading]) -> Iterator[str]:
    yield form.title
    if form.description:
        yield form.description
    for one in reads:
        yield ""
        yield from _read(one, cls)
    if reads:
        yield ""
    titles = {name: section.title for section in form.sections for name in section.fields[:1]}
    for field in form.fields:
        if field.name not in answers or field.widget == WIDGET:
            continue
        if titles.get(field.name):
            yield ""
            yield titles[field.name]
        yield from (line for line in (field.title, field.description, field.help, field.read) if line)
        yield "  " + (_answer(field, answers[field.name]) if field.cls in ("C0", "C1", cls) else say("(answered; kept apart from this)"))


def _read(one: Reading, cls: str) -> Iterator[str]:
    open_here = one.record is not None and one.record.cls in ("C0", "C1", cls)
    if one.record is None or not open_here:
        yield one.title
    for title, value in one.record.fields if one.record and open_here else ():
        yield title
        if isinstance(value, tuple):
            for number, row in enumerate(value, 1):
                yield from _numbered(number, row)
        else:
            yield f"  {_said(value)}"
    if one.record is None:
        yield "  " + say("(not shown to who entered this: it stands on the paper that was signed)")
    elif not open_here:
        yield "  " + say("(read first; kept apart from this)")
    yield say("As written {when}. Code {code}. Version: SHA-256 {digest}", when=one.when, code=one.code, digest=one.digest)


def _numbered(number: int, row: object) -> Iterator[str]:
    """A row of answers, each on a line of its own under its number."""
    if not isinstance(row, tuple):
        yield f"  {number}. {_said(row)}"
        return
    for place, (title, value) in enumerate(row):
        yield f"  {f'{number}.' if not place else '  '} {title}: {_said(value)}"


def _said(value: object) -> str:
    """A labelled answer, or a row of them, on one line."""
    if isinstance(value, tuple):
        return "; ".join(f"{title}: {_said(inner)}" for title, inner in value)
    return f"{value.name} (SHA-256 {value.digest})" if isinstance(value, Signed) else str(getattr(value, "name", value))


def _answer(field: Field, value: object) -> str:
    titles = {str(option.value): option.title for option in field.options}
    if isinstance(value, bool):
        return say("Yes") if value else say("No")
    if field.type is FieldType.REPEAT and isinstance(value, list):
        return "\n  ".join(_row(field, row) for row in value if isinstance(row, Mapping))
    if isinstance(value, Mapping):
        return f"{value.get('name', '')} (SHA-256 {value.get('digest', '')})" if "digest" in value else _row(field, value)
    if isinstance(value, list):
        return ", ".join(titles.get(str(one), str(one)) for one in value)
    return titles.get(str(value), str(value))


def _row(field: Field, row: Mapping[str, object]) -> str:
    return "; ".join(f"{inner.title}: {_answer(inner, row[inner.name])}" for inner in field.fields if inner.name in row)


def _words(field: Field) -> Iterator[str]:
    yield from (field.title, field.description, field.help, field.read, *(option.title for option in field.options))
    for inner in field.fields:
        yield from _words(inner)
