"""Column types that read back the same on every database."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import orjson
from sqlalchemy import Dialect, Text
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.types import TypeDecorator, TypeEngine

from engine.model.errors import BadRequest

#: stands for "never" in sort keys, so that an index can hold them in order
FAR_FUTURE = datetime(9999, 12, 31, tzinfo=UTC)


class Instant(TypeDecorator[datetime]):
    """An aware UTC date-time to the microsecond. SQLite keeps fixed-width ISO 8601 text, which sorts by time."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Text on SQLite, `timestamp with time zone` on PostgreSQL."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(TIMESTAMP(timezone=True))
        return dialect.type_descriptor(Text())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Refuses a naive date-time: nobody could say which instant it is."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A stored date-time must be aware; take it from engine.clock.now().")
        utc = value if value.tzinfo is UTC else value.astimezone(UTC)
        return utc if dialect.name == "postgresql" else utc.isoformat(timespec="microseconds")

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Always aware and in UTC."""
        if value is None:
            return None
        found = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        return found if found.tzinfo is UTC else found.astimezone(UTC)


class Json(TypeDecorator[object]):
    """Plain JSON kept as text, keys in the order given. None is JSON's null, never SQL's."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: object, dialect: Dialect) -> str:
        """Raises BadRequest for what JSON cannot hold (lone surrogates, integers beyond 64 bits)."""
        return encode(value).decode()

    def process_result_value(self, value: Any, dialect: Dialect) -> object:
        """The JSON value."""
        return None if value is None else orjson.loads(value)


class State(TypeDecorator[StrEnum]):
    """A member of one StrEnum, kept as its text."""

    impl = Text
    cache_ok = True

    def __init__(self, states: type[StrEnum]) -> None:
        super().__init__()
        self.states = states
        self._members = {member.value: member for member in states}

    def process_bind_param(self, value: StrEnum | None, dialect: Dialect) -> str | None:
        """The member's text; a text that is no member is refused."""
        return None if value is None else str(value if type(value) is self.states else self.states(value))

    def process_result_value(self, value: Any, dialect: Dialect) -> StrEnum | None:
        """The member."""
        return None if value is None else self._members.get(value) or self.states(value)


def encode(value: object) -> bytes:
    """JSON bytes of plain data. Raises BadRequest when the value cannot be written as JSON."""
    try:
        return orjson.dumps(value)
    except TypeError as error:
        raise BadRequest("That holds characters or numbers that cannot be stored; correct them and try again.") from error
