"""An HTML form post as the JSON data that `check` takes; what cannot be read stays as typed, to be shown again.

Names: `field`, `group.field`, `rows-0-field`. Other names (tokens, buttons) are left alone. Blank is absent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

from engine.forms.conditions import Writable, offered_fields
from engine.model.forms import Field, FieldType, Form

_WHOLE = re.compile(r"[+-]?\d{1,18}")
_DECIMAL = re.compile(r"[+-]?\d{1,18}([.,]\d{1,18})?")
_TRUE = frozenset({"true", "yes", "on", "1"})
_FALSE = frozenset({"false", "no", "off", "0"})
#: Rows beyond this number are not read; a form's own limit is far lower.
_MOST_ROWS = 200


class Posted(Protocol):
    """What web frameworks give for a form post: several values a name."""

    def getlist(self, key: str, /) -> list[str]:
        """Every value posted under a name."""
        ...

    def __iter__(self) -> Iterator[str]:
        """Every name that was posted, once."""
        ...


def parse_html(form: Form, posted: Posted, mode: str, writable: Writable) -> dict[str, object]:
    """The data of a form post, for the fields that the person was offered."""
    return _level(offered_fields(form, mode, writable), posted, "")


def _level(fields: tuple[Field, ...], posted: Posted, prefix: str) -> dict[str, object]:
    data: dict[str, object] = {}
    for field in fields:
        value = _value(field, posted, prefix + field.name)
        if value is not None:
            data[field.name] = value
    return data


def _value(field: Field, posted: Posted, name: str) -> object:
    match field.type:
        case FieldType.GROUP:
            return _level(field.fields, posted, f"{name}.") or None
        case FieldType.REPEAT:
            return _rows(field, posted, name) or None
        case FieldType.CHOICES:
            return [value for value in posted.getlist(name) if value.strip()] or None
        case _:
            # The last of several wins, as with a hidden value before a tick box.
            values = posted.getlist(name)
            text = values[-1].replace("\r\n", "\n") if values else ""
            if field.type is FieldType.BOOLEAN and field.widget == "checkbox":
                return _scalar(field, text) if text.strip() else False
            return _scalar(field, text) if text.strip() else None


def _rows(field: Field, posted: Posted, name: str) -> list[object]:
    pattern = re.compile(rf"{re.escape(name)}-(\d{{1,4}})-")
    found = {int(match.group(1)) for key in posted if (match := pattern.match(key))}
    rows = [_level(field.fields, posted, f"{name}-{number}-") for number in sorted(found)[:_MOST_ROWS]]
    return [row for row in rows if any(value is not False for value in row.values())]


def _scalar(field: Field, text: str) -> object:
    stripped = text.strip()
    match field.type:
        case FieldType.INTEGER:
            return int(stripped) if _WHOLE.fullmatch(stripped) else text
        case FieldType.NUMBER:
            return _number(stripped) if _DECIMAL.fullmatch(stripped) else text
        case FieldType.BOOLEAN:
            known = stripped.lower()
            return True if known in _TRUE else False if known in _FALSE else text
        case _:
            return text if field.widget == "long" else stripped


def _number(text: str) -> int | float:
    return int(text) if _WHOLE.fullmatch(text) else float(text.replace(",", "."))


def initial(form: Form, *, now: datetime, actor: str, mode: str, writable: Writable) -> dict[str, object]:
    """What stands in an empty form: defaults, today's date, the present time, the actor's name where a field asks for them.

    `now` is in the reader's time zone.
    """
    filled: dict[str, object] = {
        "today": now.date().isoformat(),
        "now": now.replace(tzinfo=None).isoformat(timespec="minutes"),
        "actor": actor,
    }
    data: dict[str, object] = {}
    for field in offered_fields(form, mode, writable):
        value = filled[field.autofill] if field.autofill else field.default
        if value is not None:
            data[field.name] = value
    return data
