"""The only door to jsonschema: checks a value against a JSON Schema 2020-12 and says plainly where it does not fit.

No reference is ever followed outside the schema itself, so that nothing is read from disk or network.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import orjson
from jsonschema import Draft202012Validator, FormatChecker, validators
from jsonschema.exceptions import ValidationError
from jsonschema.protocols import Validator
from referencing import Registry

from engine.feel import evaluate, iso_datetime, iso_duration
from engine.language import kept

_PATH = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """One place where a value does not fit: the keyword of the schema that it breaks, and what the schema wants."""

    path: tuple[str | int, ...]
    keyword: str
    expected: object
    value: object


def canonical(value: object) -> str:
    """A JSON value as text with sorted keys; equal values give equal text."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def faults(schema: str, value: Any) -> tuple[Fault, ...]:
    """Every fault of a value against a schema (canonical JSON text), in the order of their paths."""
    found = [fault for error in _validator(schema).iter_errors(value) for fault in _faults(error)]
    unique = {(fault.path, fault.keyword): fault for fault in found}
    return tuple(sorted(unique.values(), key=lambda fault: [str(part) for part in fault.path]))


def pointer(path: tuple[str | int, ...]) -> str:
    """A path as a JSON Pointer (RFC 6901)."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)


def is_storable(text: str) -> bool:
    """Whether a text can be kept as UTF-8 in every database."""
    return "\x00" not in text and safe(text) == text


def safe(text: str) -> str:
    """A text from outside that can be sent back: what is no UTF-8 in it becomes a question mark."""
    return text.encode("utf-8", "replace").decode("utf-8")


def sentence(fault: Fault) -> str:
    """What an author has to change, in words."""
    expected = fault.expected
    match fault.keyword:
        case "type":
            return kept("This has to be {expected}.", expected=_types(expected))
        case "required":
            return kept("This is missing; add it.")
        case "additionalProperties":
            return kept("This name is not known here; remove it or correct its spelling.")
        case "enum":
            return kept("Use one of: {expected}.", expected=_listed(expected))
        case "const":
            return kept("This has to be {expected}.", expected=canonical(expected))
        case "pattern":
            return kept("This does not have the form {expected}.", expected=expected)
        case "propertyNames":
            return kept("This name cannot be used here; a name has the form {expected}.", expected=expected)
        case "format":
            return kept("This is not a {expected}.", expected=expected)
        case "minLength" | "minItems" | "minProperties":
            return kept("This is too short; at least {expected} needed.", expected=expected)
        case "maxLength" | "maxItems":
            return kept("This is too long; at most {expected} allowed.", expected=expected)
        case "minimum" | "exclusiveMinimum":
            return kept("This is too small; the least is {expected}.", expected=expected)
        case "maximum":
            return kept("This is too large; the most is {expected}.", expected=expected)
        case "uniqueItems":
            return kept("Each entry may appear only once.")
        case _:
            return kept("This cannot be combined with what stands beside it.")


def matches(text: str, pattern: str) -> bool | None:
    """Whether a pattern is found in a text, with FEEL's limit of time; None for what is no pattern or takes too long."""
    found = evaluate("matches(text, pattern)", {"text": text, "pattern": pattern})
    return found if isinstance(found, bool) else None


@lru_cache(maxsize=4096)
def _validator(schema: str) -> Validator:
    return _Checking(orjson.loads(schema), registry=Registry(), format_checker=_formats)


def _pattern(_: Validator, pattern: str, value: object, __: object) -> Iterator[ValidationError]:
    # Python's own matching has no time limit, and a form's author may write a pattern that needs for ever.
    if isinstance(value, str) and not matches(value, pattern):
        yield ValidationError(kept("The text does not match."))


_Checking: type[Validator] = validators.extend(Draft202012Validator, {"pattern": _pattern})  # type: ignore[no-untyped-call]  # its stubs leave it so


def _faults(error: ValidationError) -> Iterator[Fault]:
    path: _PATH = tuple(error.absolute_path)
    keyword = str(error.validator)
    value = error.instance
    if "propertyNames" in error.absolute_schema_path:
        yield Fault((*path, str(value)), "propertyNames", error.validator_value, value)
    elif keyword == "required" and isinstance(value, dict):
        wanted = error.validator_value if isinstance(error.validator_value, list) else []
        missing = [name for name in wanted if name not in value]
        yield from (Fault((*path, name), keyword, None, None) for name in missing)
    elif keyword == "additionalProperties" and isinstance(value, dict):
        known = error.schema.get("properties", {}) if isinstance(error.schema, dict) else {}
        extra = [name for name in value if name not in known]
        yield from (Fault((*path, name), keyword, None, None) for name in extra)
    else:
        yield Fault(path, keyword, error.validator_value, value)


def _types(expected: object) -> str:
    names = {
        "string": kept("a text"),
        "number": kept("a number"),
        "integer": kept("a whole number"),
        "boolean": kept("true or false"),
        "array": kept("a list"),
        "object": kept("a table of names and values"),
    }
    first, *others = expected if isinstance(expected, list) else [expected]
    said = names.get(str(first), str(first))
    for name in others:
        said = kept("{one} or {other}", one=said, other=names.get(str(name), str(name)))
    return said


def _listed(expected: object) -> str:
    return ", ".join(str(entry) for entry in expected) if isinstance(expected, list) else str(expected)


_formats = FormatChecker(formats=())


@_formats.checks("date", raises=ValueError)
def _is_date(value: object) -> bool:
    return not isinstance(value, str) or bool(iso_date(value))


@_formats.checks("date-time", raises=ValueError)
def _is_datetime(value: object) -> bool:
    return not isinstance(value, str) or ("T" in value and bool(iso_datetime(with_seconds(value))))


@_formats.checks("duration", raises=ValueError)
def _is_duration(value: object) -> bool:
    return not isinstance(value, str) or bool(iso_duration(value))


@_formats.checks("email")
def _is_email(value: object) -> bool:
    if not isinstance(value, str):
        return True
    name, _, domain = value.rpartition("@")
    return bool(name) and "." in domain.strip(".") and not any(sign.isspace() for sign in value)


@_formats.checks("uri")
def _is_uri(value: object) -> bool:
    return not isinstance(value, str) or (value.startswith(("https://", "http://")) and not any(sign.isspace() for sign in value))


def iso_date(text: str) -> date:
    """A calendar date, e.g. 2026-11-30. Raises ValueError for anything else, also for a date with a time."""
    if len(text) != len("2026-11-30"):
        raise ValueError(kept("A date is written like 2026-11-30."))
    return iso_datetime(text).date()


def with_seconds(text: str) -> str:
    """A date and time as browsers send it (2026-11-30T14:00) with the seconds that ISO 8601's full form has."""
    return text + ":00" if len(text) == len("2026-11-30T14:00") and text[10] == "T" else text
