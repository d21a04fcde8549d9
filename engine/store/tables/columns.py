"""How tables are declared: shared metadata, names of constraints, and short forms of the usual columns."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Integer, LargeBinary, MetaData, Text

from engine.store.types import Instant, Json

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)


def identity() -> Column[Any]:
    """The primary key: an id of engine.model.ids."""
    return Column("id", Text, primary_key=True)


def text(name: str, *, null: bool = False) -> Column[Any]:
    """Text of any length."""
    return Column(name, Text, nullable=null)


def to(name: str, target: str, *, null: bool = False) -> Column[Any]:
    """A reference that the database keeps."""
    return Column(name, Text, ForeignKey(f"{target}.id"), nullable=null)


def instant(name: str, *, null: bool = False) -> Column[Any]:
    """An aware UTC date-time."""
    return Column(name, Instant, nullable=null)


def number(name: str) -> Column[Any]:
    """A small whole number."""
    return Column(name, Integer, nullable=False)


def big_number(name: str) -> Column[Any]:
    """A whole number of up to 64 bits."""
    return Column(name, BigInteger, nullable=False)


def flag(name: str) -> Column[Any]:
    """Yes or no."""
    return Column(name, Boolean, nullable=False)


def blob(name: str) -> Column[Any]:
    """Bytes."""
    return Column(name, LargeBinary, nullable=False)


def json(name: str) -> Column[Any]:
    """Plain JSON as text."""
    return Column(name, Json, nullable=False)


def sealed() -> tuple[Column[Any], Column[Any], Column[Any]]:
    """What the sealing door writes: the bytes, the key they are sealed with (None: not sealed), the class."""
    return Column("sealed", LargeBinary, nullable=False), text("key_id", null=True), text("cls")
