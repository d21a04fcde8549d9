"""Reading what a request holds, strictly, and writing answers.

A JSON body is one object, in UTF-8, without doubled names, NUL characters, lone surrogates, NaN or infinity, numbers of
more than 34 digits (FEEL's precision, DMN 1.5 10.3.2.3), or nesting deeper than 32: what cannot be stored and given
back exactly is refused at the door.
"""

from __future__ import annotations

import json
import math
from decimal import Decimal
from typing import Any, NoReturn

import flask
import marshmallow
import orjson
from webargs.flaskparser import FlaskParser, is_json_request

from api.errors import WrongMediaType
from engine import feel
from engine.model.errors import BadRequest, FieldError, Invalid

MAX_DEPTH = 32
MAX_DIGITS = 34


def encode(value: object) -> bytes:
    """JSON bytes of an answer; numbers that no float holds are written with all their digits."""
    return orjson.dumps(value, default=_written)


def _written(value: object) -> orjson.Fragment:
    if isinstance(value, Decimal):
        return orjson.Fragment(feel.json_number(value))
    raise TypeError


def decode(body: bytes) -> dict[str, Any]:
    """The object in a JSON body. Raises BadRequest, which says what is wrong with it."""
    try:
        value = _DECODER.decode(body.decode("utf-8"))
    except UnicodeDecodeError:
        raise BadRequest("The body is not UTF-8 text.") from None
    except json.JSONDecodeError as error:
        raise BadRequest(f"The body is not JSON: line {error.lineno}, column {error.colno}.") from None
    except RecursionError:
        raise BadRequest(_TOO_DEEP) from None
    if not isinstance(value, dict):
        raise BadRequest('The body has to be one JSON object, like {"name": "value"}.')
    _check(value, MAX_DEPTH)
    return value


_TOO_DEEP = f"The body is nested deeper than {MAX_DEPTH} levels."


def _integer(digits: str) -> int:
    if len(digits.lstrip("-")) > MAX_DIGITS:
        raise BadRequest(f"A number in the body has more than {MAX_DIGITS} digits.")
    return int(digits)


def _number(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise BadRequest("A number in the body is too large.")
    return number


def _constant(name: str) -> NoReturn:
    raise BadRequest(f"{name} is not a JSON number.")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BadRequest("An object in the body has the same name twice.")
    return found


def _check(value: object, depth: int) -> None:
    match value:
        case str():
            check_text(value)
        case dict() | list() if depth == 0:
            raise BadRequest(_TOO_DEEP)
        case dict():
            for name, held in value.items():
                check_text(name)
                _check(held, depth - 1)
        case list():
            for held in value:
                _check(held, depth - 1)


def check_text(text: str) -> None:
    """Raise BadRequest for text that cannot be stored: NUL characters and halves of characters."""
    if "\0" in text:
        raise BadRequest("Text with a NUL character cannot be stored.")
    if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
        raise BadRequest("Text with half a character (a lone surrogate) cannot be stored.")


_DECODER = json.JSONDecoder(parse_int=_integer, parse_float=_number, parse_constant=_constant, object_pairs_hook=_object)


class StrictParser(FlaskParser):
    """webargs' parser with the strict reader above, and errors as ours: each with a JSON Pointer."""

    def load_json(self, req: flask.Request, schema: marshmallow.Schema) -> Any:
        """The body's object; an absent body is an empty one."""
        body = req.get_data(cache=True)
        if not body:
            return {}
        if not is_json_request(req):
            raise WrongMediaType
        return decode(body)

    def load_querystring(self, req: flask.Request, schema: marshmallow.Schema) -> Any:
        """The query's parameters; one that is given twice counts once, empty ones do not count."""
        for name, text in req.args.items(multi=True):
            check_text(name)
            check_text(text)
        return self._makeproxy(req.args, schema)

    def handle_error(self, error: marshmallow.ValidationError, req: flask.Request, schema: marshmallow.Schema, **_: Any) -> NoReturn:
        """Raise Invalid with all errors and their paths; webargs puts the location around them."""
        located = error.messages if isinstance(error.messages, dict) else {"": error.messages}
        raise Invalid(errors=tuple(found for messages in located.values() for found in field_errors(messages)))


def field_errors(messages: object, path: str = "") -> list[FieldError]:
    """marshmallow's nested messages as a flat list; `_schema` stands for the object itself."""
    if isinstance(messages, dict):
        found: list[FieldError] = []
        for name, inner in messages.items():
            step = "" if name == "_schema" else f"/{_escaped(str(name))}"
            found.extend(field_errors(inner, path + step))
        return found
    lines = messages if isinstance(messages, list) else [messages]
    return [FieldError(path, "invalid", str(line)) for line in lines]


def _escaped(name: str) -> str:
    """A name as a step of a JSON Pointer (RFC 6901 3)."""
    return name.replace("~", "~0").replace("/", "~1")
