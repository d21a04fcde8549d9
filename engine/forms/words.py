"""What people read when an answer does not fit; each sentence says what to do."""

from __future__ import annotations

from engine.language import noted, say, say_many
from engine.model.forms import Field, FieldType
from engine.schemas import Fault

REQUIRED = noted("Please answer this.")
NOT_FOR_YOU = noted("This part is not yours to fill in; leave it out.")
ONLY_ON_BEHALF = noted("This is only filled in by staff who enter an answer for somebody else; leave it out.")
UNKNOWN = noted("This form has no such field; leave it out.")
NOT_A_FORM = noted("Send the answers as names and values.")
BAD_CHARACTER = noted("This text holds a character that cannot be stored; type it again without special signs.")
DERIVED = noted("The form could not work out “{name}” from these answers; tell the people who look after this program.")

_FORMATS = {
    "date": noted("Enter a date like 2026-11-30."),
    "date-time": noted("Enter a date and time like 2026-11-30T14:00."),
    "email": noted("Enter an e-mail address like name@example.org."),
    "uri": noted("Enter a web address that begins with https://."),
}


def of(field: Field, fault: Fault) -> str:
    """The sentence for one fault of an answer."""
    match fault.keyword:
        case "type":
            return of_type(field)
        case "enum":
            return say("Choose one of the answers.") if field.type is FieldType.STRING else say("Choose among the answers given.")
        case "const":
            return say("This has to be agreed to before you can go on." if fault.expected is True else "This answer is not possible here.")
        case "format":
            return say(_FORMATS[str(fault.expected)])
        case "pattern":
            return say("This is not written in the way that is asked for; see the example.")
        case "minimum":
            return say("Enter {expected} or more.", expected=fault.expected)
        case "maximum":
            return say("Enter {expected} or less.", expected=fault.expected)
        case "minLength":
            return say("This is too short; write at least {expected} characters.", expected=fault.expected)
        case "maxLength":
            return say("This is too long; write at most {expected} characters.", expected=fault.expected)
        case _:
            return _of_several(field, fault)


def of_type(field: Field) -> str:
    """The sentence for an answer of the wrong kind."""
    if field.format in _FORMATS:
        return say(_FORMATS[field.format])
    match field.type:
        case FieldType.NUMBER:
            return say("Enter a number.")
        case FieldType.INTEGER:
            return say("Enter a whole number.")
        case FieldType.BOOLEAN:
            return say("Choose yes or no.")
        case FieldType.STRING:
            return say("Choose one of the answers.") if field.options else say("Write a text.")
        case FieldType.CHOICES:
            return say("Choose among the answers given.")
        case _:
            return say("Fill in the fields of this part.")


def _of_several(field: Field, fault: Fault) -> str:
    number = int(str(fault.expected)) if fault.keyword in ("minItems", "maxItems") else 0
    answers = field.type is FieldType.CHOICES
    match fault.keyword:
        case "minItems" if answers:
            return say_many("Give at least {n} answer.", "Give at least {n} answers.", number)
        case "minItems":
            return say_many("Give at least {n} entry.", "Give at least {n} entries.", number)
        case "maxItems" if answers:
            return say_many("Give at most {n} answer.", "Give at most {n} answers.", number)
        case "maxItems":
            return say_many("Give at most {n} entry.", "Give at most {n} entries.", number)
        case "uniqueItems":
            return say("Choose each answer only once.")
        case _:
            return say("This answer cannot be accepted; check it.")
