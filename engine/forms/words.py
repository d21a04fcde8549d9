"""What people read when an answer does not fit; each sentence says what to do."""

from __future__ import annotations

from engine.model.forms import Field, FieldType
from engine.schemas import Fault

REQUIRED = "Please answer this."
NOT_FOR_YOU = "This part is not yours to fill in; leave it out."
ONLY_ON_BEHALF = "This is only filled in by staff who enter an answer for somebody else; leave it out."
UNKNOWN = "This form has no such field; leave it out."
NOT_A_FORM = "Send the answers as names and values."
BAD_CHARACTER = "This text holds a character that cannot be stored; type it again without special signs."
DERIVED = "The form could not work out “{name}” from these answers; tell the people who look after this program."

_FORMATS = {
    "date": "Enter a date like 2026-11-30.",
    "date-time": "Enter a date and time like 2026-11-30T14:00.",
    "email": "Enter an e-mail address like name@example.org.",
    "uri": "Enter a web address that begins with https://.",
}


def of(field: Field, fault: Fault) -> str:
    """The sentence for one fault of an answer."""
    match fault.keyword:
        case "type":
            return of_type(field)
        case "enum":
            return "Choose one of the answers." if field.type is FieldType.STRING else "Choose among the answers given."
        case "const":
            return "This has to be agreed to before you can go on." if fault.expected is True else "This answer is not possible here."
        case "format":
            return _FORMATS[str(fault.expected)]
        case "pattern":
            return "This is not written in the way that is asked for; see the example."
        case "minimum":
            return f"Enter {fault.expected} or more."
        case "maximum":
            return f"Enter {fault.expected} or less."
        case "minLength":
            return f"This is too short; write at least {fault.expected} characters."
        case "maxLength":
            return f"This is too long; write at most {fault.expected} characters."
        case _:
            return _of_several(field, fault)


def of_type(field: Field) -> str:
    """The sentence for an answer of the wrong kind."""
    if field.format in _FORMATS:
        return _FORMATS[field.format]
    match field.type:
        case FieldType.NUMBER:
            return "Enter a number."
        case FieldType.INTEGER:
            return "Enter a whole number."
        case FieldType.BOOLEAN:
            return "Choose yes or no."
        case FieldType.STRING:
            return "Choose one of the answers." if field.options else "Write a text."
        case FieldType.CHOICES:
            return "Choose among the answers given."
        case _:
            return "Fill in the fields of this part."


def _of_several(field: Field, fault: Fault) -> str:
    thing = "answers" if field.type is FieldType.CHOICES else "entries"
    match fault.keyword:
        case "minItems":
            return f"Give at least {fault.expected} {thing}."
        case "maxItems":
            return f"Give at most {fault.expected} {thing}."
        case "uniqueItems":
            return "Choose each answer only once."
        case _:
            return "This answer cannot be accepted; check it."
