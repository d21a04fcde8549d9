"""Signatures: the name, when and how it was given, and the exact text it stands under, kept in the record and never changed."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from engine import clock, forms, language
from engine.language import noted, say
from engine.model.errors import BadRequest, FieldError, FormInvalid
from engine.model.forms import Checked, Form, Mode, RecordPart
from engine.model.views import Reading
from engine.schemas import pointer

#: field → the PNG that was drawn there
Drawn = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Way:
    """How signatures in a form were given."""

    #: a key of METHODS; "": typed, or on paper for staff
    method: str = ""
    drawn: Drawn = field(default_factory=dict)
    #: the code of the version on the paper, where who enters it may not read the text
    code: str = ""


USUAL = Way()

#: how a name was given: by the person in the form, or to staff who enter it
METHODS: Mapping[str, str] = {
    "typed": noted("typed in the form"),
    "drawn": noted("typed and drawn in the form"),
    "paper": noted("signed on paper"),
    "screen": noted("signed on the screen of staff"),
}


def sign(form: Form, checked: Checked, mode: Mode, way: Way, reads: Sequence[Reading] = ()) -> Checked:
    """The answers with every signature as records keep it. `reads` lay open before the questions, and stands in the text.

    What is drawn stands beside the typed name, which is enough without it; what was drawn here was signed here, so it says the way.
    Raises BadRequest for a method that does not fit who fills the form in, FormInvalid for a drawing that cannot be kept.
    """
    signed = {one.name: one for one in forms.signing.fields(form)}
    if not signed:
        return checked
    usual, fitting = ("typed", {"typed"}) if mode is Mode.SELF else ("paper", {"paper", "screen"})
    how = way.method or usual
    if how not in fitting:
        raise BadRequest(say("Say how it was signed: {methods}.", methods=", ".join(sorted(fitting))))
    answers = {name: value for part in checked.records for name, value in part.fields.items()} | dict(checked.facts)
    asked = {name: answers[name] for name in checked.field_names if name in answers}
    # a field that its condition hides was not asked for, so what was drawn there goes like what was typed there
    asks = {name for name, one in signed.items() if one.show_if is None or name in checked.field_names}
    pictures = {name: _picture(name, png, answers) for name, png in way.drawn.items() if name in asks}
    ways = {name: how if name not in pictures else "drawn" if mode is Mode.SELF else "screen" for name in signed}
    signing = {part.cls: forms.signing.text(form, asked, part.cls, reads) for part in checked.records if ways.keys() & part.fields.keys()}
    return replace(checked, records=tuple(_signed(form, part, ways, pictures, signing.get(part.cls, "")) for part in checked.records))


def _picture(name: str, png: bytes, answers: Mapping[str, object]) -> Mapping[str, str]:
    if name not in answers:
        message = say("Type your name as well; what you drew stands beside it.")
        raise FormInvalid(message, (FieldError(pointer((name,)), "name-missing", message),))
    kept = forms.drawing.cleaned(name, png)
    written = base64.b64encode(kept).decode()
    return {"drawn": written, "drawn_digest": forms.drawing.digest(written)}


def _signed(
    form: Form, part: RecordPart, ways: Mapping[str, str], pictures: Mapping[str, Mapping[str, str]], shown: str
) -> RecordPart:
    if not ways.keys() & part.fields.keys():
        return part
    proof = {
        "at": clock.now().isoformat(),
        "language": language.current(),
        "form": form.key,
        "version": form.version,
        "form_digest": form.digest,
        "shown": shown,
        "digest": forms.signing.digest(shown),
    }

    def kept(name: str, value: object) -> object:
        return {"signature": value, "method": ways[name], **proof, **pictures.get(name, {})} if name in ways else value

    return RecordPart(part.cls, {name: kept(name, value) for name, value in part.fields.items()})
