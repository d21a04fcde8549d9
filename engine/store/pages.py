"""Keyset paging: a cursor says where the last page ended, as the sort key of its last row."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

import orjson
from sqlalchemy import ColumnElement, Select, and_, or_

from engine.model.errors import BadRequest
from engine.model.lists import Page

#: rows in a page at most
MOST = 200
#: stands before what LIKE would take for a wildcard
ESCAPE = "/"

Item = TypeVar("Item")
Key = tuple[str | int | datetime, ...]


def capped(limit: int) -> int:
    """A page's size between 1 and 200."""
    return max(1, min(limit, MOST))


def page(items: Sequence[Item], limit: int, key: Callable[[Item], Key]) -> Page[Item]:
    """A page of the first `limit` items; one item more was asked for, so that its presence tells there is a next page."""
    size = capped(limit)
    shown = tuple(items[:size])
    return Page(shown, encode(key(shown[-1])) if len(items) > size else None)


def encode(key: Key) -> str:
    """An opaque cursor."""
    parts = [{"at": part.isoformat()} if isinstance(part, datetime) else part for part in key]
    return base64.urlsafe_b64encode(orjson.dumps(parts)).decode().rstrip("=")


def decode(cursor: str, *types: type) -> Any:
    """The key in a cursor, a tuple of values of the given types. Raises BadRequest when it is not such a key."""
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        parts = [_instant(part["at"]) if isinstance(part, dict) else part for part in orjson.loads(text)]
    except (binascii.Error, ValueError, TypeError, KeyError) as error:
        raise BadRequest(_BAD) from error
    if len(parts) != len(types) or any(type(part) is not kind for part, kind in zip(parts, types, strict=True)):
        raise BadRequest(_BAD)
    return tuple(parts)


def part_of(text: str) -> str:
    """A text as LIKE looks for it anywhere inside another, with ESCAPE."""
    for wildcard in (ESCAPE, "%", "_"):
        text = text.replace(wildcard, ESCAPE + wildcard)
    return f"%{text}%"


def _instant(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(text)
    return found.astimezone(UTC)


_BAD = "The cursor cannot be read; ask for the list from its beginning."

Column = tuple[ColumnElement[Any], bool]


def after(columns: Sequence[Column], key: Sequence[Any]) -> ColumnElement[bool]:
    """Rows that come after a key. Each column comes with whether it descends.

    The first column is also bounded on its own, so that the database can seek in an index.
    """
    first, descends = columns[0]
    bound = first <= key[0] if descends else first >= key[0]
    alternatives = []
    for index, (column, down) in enumerate(columns):
        same = [columns[i][0] == key[i] for i in range(index)]
        alternatives.append(and_(*same, column < key[index] if down else column > key[index]))
    return and_(bound, or_(*alternatives))


def ordered(statement: Select[Any], columns: Sequence[Column], limit: int) -> Select[Any]:
    """In order, and one row more than the page holds."""
    order = [column.desc() if down else column.asc() for column, down in columns]
    return statement.order_by(*order).limit(capped(limit) + 1)
