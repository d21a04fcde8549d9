"""Signatures: the name, when and how it was given, and the exact text it stands under, kept in the record and never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine import clock, forms, language
from engine.language import noted, say
from engine.model.errors import BadRequest
from engine.model.forms import Checked, Form, Mode, RecordPart

#: how a name was given: by the person in the form, or to staff who enter it
METHODS: Mapping[str, str] = {
    "typed": noted("typed in the form"),
    "paper": noted("signed on paper"),
    "screen": noted("signed on the screen of staff"),
}


def sign(form: Form, checked: Checked, mode: Mode, method: str) -> Checked:
    """The answers with every signature as records keep it. `method` "" is the usual one: typed, or on paper for staff.

    Raises BadRequest for a method that does not fit who fills the form in.
    """
    signed = {field.name: field for field in forms.signing.fields(form)}
    if not signed:
        return checked
    usual, fitting = ("typed", {"typed"}) if mode is Mode.SELF else ("paper", {"paper", "screen"})
    how = method or usual
    if how not in fitting:
        raise BadRequest(say("Say how it was signed: {methods}.", methods=", ".join(sorted(fitting))))
    answers = {name: value for part in checked.records for name, value in part.fields.items()} | dict(checked.facts)
    asked = {name: answers[name] for name in checked.field_names if name in answers}
    return replace(checked, records=tuple(_signed(form, part, frozenset(signed), asked, how) for part in checked.records))


def _signed(form: Form, part: RecordPart, signed: frozenset[str], asked: Mapping[str, object], how: str) -> RecordPart:
    if not signed & part.fields.keys():
        return part
    shown = forms.signing.text(form, asked, part.cls)
    proof = {
        "at": clock.now().isoformat(),
        "method": how,
        "language": language.current(),
        "form": form.key,
        "version": form.version,
        "form_digest": form.digest,
        "shown": shown,
        "digest": forms.signing.digest(shown),
    }
    return RecordPart(part.cls, {name: {"signature": value, **proof} if name in signed else value for name, value in part.fields.items()})
