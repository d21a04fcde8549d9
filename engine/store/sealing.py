"""The sealing door: everything people wrote passes here on its way to and from the database.

It encodes and does not encrypt yet (`key_id` is empty); whoever does, does it here, and nothing else changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import orjson
from sqlalchemy import Executable, RowMapping, Select, Table, select

from engine.store.types import encode
from engine.store.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    Value = TypeVar("Value", bound=DataclassInstance)
else:
    Value = TypeVar("Value")

#: the class of a body that may hold several classes; as strict as the strictest
MIXED = "mixed"


def seal(cls: str, case_id: str | None, body: object) -> tuple[bytes, str | None]:  # noqa: ARG001 - for the keys
    """The bytes to store and the key they are sealed with (None: not sealed).

    `cls` is the body's confidentiality class or MIXED; `case_id` the case whose key would be taken.
    Raises BadRequest when the body cannot be written as JSON.
    """
    return encode(body), None


def unseal(cls: str, case_id: str | None, sealed: bytes, key_id: str | None) -> object:  # noqa: ARG001 - for the keys
    """The body that was sealed. Raises ValueError for a key this installation does not have."""
    if key_id is not None:
        raise ValueError("This was sealed with a key that is not here.")
    return orjson.loads(sealed)


def seal_bytes(cls: str, case_id: str | None, content: bytes) -> tuple[bytes, str | None]:  # noqa: ARG001 - for the keys
    """As `seal`, for a part of a file's content."""
    return content, None


def unseal_bytes(cls: str, case_id: str | None, sealed: bytes, key_id: str | None) -> bytes:  # noqa: ARG001 - for the keys
    """The content that was sealed. Raises ValueError for a key this installation does not have."""
    if key_id is not None:
        raise ValueError("This was sealed with a key that is not here.")
    return bytes(sealed)


class SealedShape(Generic[Value]):
    """How values with a body are kept: as a Shape does, but the body passes the door."""

    def __init__(self, cls: type[Value], table: Table, body: str) -> None:
        self.cls = cls
        self.table = table
        self._body = body
        self._insert = table.insert()
        names = tuple(field.name for field in fields(cls))
        self._names = tuple(name for name in names if name != body)
        #: whether the value says its class itself
        self._classed = "cls" in names
        self._has_case = "case_id" in names
        self._extra = ("sealed", "key_id") if self._classed else ("sealed", "key_id", "cls")

    def select(self) -> Select[Any]:
        """All rows; `all` and `first` read its rows as values."""
        return select(*(self.table.c[name] for name in (*self._names, *self._extra)))

    def row(self, value: Value) -> dict[str, Any]:
        """The row of a value, its body sealed."""
        row = {name: getattr(value, name) for name in self._names}
        cls = row.setdefault("cls", MIXED)
        row["sealed"], row["key_id"] = seal(cls, row.get("case_id"), getattr(value, self._body))
        return row

    def read(self, row: RowMapping) -> Value:
        """The value of a row, its body unsealed."""
        values = {name: row[name] for name in self._names}
        values[self._body] = unseal(row["cls"], row["case_id"] if self._has_case else None, row["sealed"], row["key_id"])
        return self.cls(**values)

    def all(self, uow: UnitOfWork, statement: Executable, parameters: Mapping[str, Any] | None = None) -> tuple[Value, ...]:
        """The values a statement finds."""
        return tuple([self.read(row) for row in uow.execute(statement, parameters).mappings()])

    def first(self, uow: UnitOfWork, statement: Executable, parameters: Mapping[str, Any] | None = None) -> Value | None:
        """The first value a statement finds."""
        row = uow.execute(statement, parameters).mappings().first()
        return None if row is None else self.read(row)

    def insert(self, uow: UnitOfWork, values: Sequence[Value]) -> None:
        """Store new values in one statement. Raises Conflict when a constraint is broken."""
        if values:
            uow.execute(self._insert, [self.row(value) for value in values])
