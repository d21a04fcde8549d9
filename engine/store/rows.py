"""Between frozen values and rows: one shape ties a dataclass to its table, field by column."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Executable, Select, Table, bindparam, select

from engine.model.errors import NotFound
from engine.store.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    Value = TypeVar("Value", bound=DataclassInstance)
else:
    Value = TypeVar("Value")

_BY_ID: dict[tuple[type, Table], Select[Any]] = {}


class Shape(Generic[Value]):
    """How values of one dataclass are kept in one table.

    `computed` gives columns that are no fields: keys to sort and search by.
    """

    def __init__(self, cls: type[Value], table: Table, *, computed: Mapping[str, Callable[[Value], object]] | None = None) -> None:
        self.cls = cls
        self.table = table
        self._names = tuple(field.name for field in fields(cls))
        self._computed = dict(computed or {})
        #: the columns of the value's fields, in the order of its constructor
        self.columns: tuple[ColumnElement[Any], ...] = tuple(table.c[name] for name in self._names)
        self._insert = table.insert()
        self._update = table.update().where(table.c.id == bindparam("which")) if "id" in table.c else None

    def select(self) -> Select[Any]:
        """All rows; `all` and `first` read its rows as values."""
        return select(*self.columns)

    def _by_id(self) -> Select[Any]:
        """The same statement for every shape of a class and a table, so that they share what was read before."""
        found = _BY_ID.get((self.cls, self.table))
        if found is None:
            found = _BY_ID[self.cls, self.table] = self.select().where(self.table.c.id == bindparam("id"))
        return found

    def row(self, value: Value) -> dict[str, Any]:
        """The row of a value."""
        row = {name: getattr(value, name) for name in self._names}
        for name, compute in self._computed.items():
            row[name] = compute(value)
        return row

    def read(self, row: Sequence[Any]) -> Value:
        """The value of a row that begins with this shape's columns."""
        make: Callable[..., Value] = self.cls
        return make(*row[: len(self._names)])

    def all(self, uow: UnitOfWork, statement: Executable, parameters: Mapping[str, Any] | None = None) -> tuple[Value, ...]:
        """The values a statement finds; it selects exactly this shape's columns."""
        make: Callable[..., Value] = self.cls
        return tuple([make(*row) for row in uow.execute(statement, parameters).all()])

    def first(self, uow: UnitOfWork, statement: Executable, parameters: Mapping[str, Any] | None = None) -> Value | None:
        """The first value a statement finds."""
        row = uow.execute(statement, parameters).first()
        return None if row is None else self.read(row)

    def recall(self, uow: UnitOfWork, statement: Executable, parameters: Mapping[str, str]) -> tuple[Value, ...]:
        """As `all`, asked once in a unit of work; `statement` is built once and reads this shape's table only."""
        known = uow.read_before.setdefault(self.table, {})
        question = (id(statement), *parameters.values())
        if question not in known:
            known[question] = self.all(uow, statement, parameters)
        found: tuple[Value, ...] = known[question]
        return found

    def foresee(
        self, uow: UnitOfWork, statement: Executable, questions: Iterable[tuple[str, ...]], answers: Iterable[tuple[tuple[str, ...], Value]]
    ) -> None:
        """Remember what `recall` of a statement will be asked: each question with the values that answer it, in order."""
        known = uow.read_before.setdefault(self.table, {})
        found: dict[tuple[str, ...], list[Value]] = {question: [] for question in questions}
        for question, value in answers:
            if question in found:
                found[question].append(value)
        for question, values in found.items():
            known[id(statement), *question] = tuple(values)

    def remember(self, uow: UnitOfWork, values: Iterable[Value]) -> None:
        """Values that were read together with others: `find`, `get` and `get_many` need no statement for them."""
        listed = list(values)
        ids = [(str(getattr(value, "id")),) for value in listed]  # noqa: B009 - not every dataclass has an id
        self.foresee(uow, self._by_id(), ids, zip(ids, listed, strict=True))

    def get_many(self, uow: UnitOfWork, ids: Collection[str]) -> dict[str, Value]:
        """The values with these ids, by id; unknown ids are left out. One statement for those not asked for before."""
        known = uow.read_before.setdefault(self.table, {})
        missing = sorted({one for one in ids if (id(self._by_id()), one) not in known})
        if missing:
            found = self.all(uow, self.select().where(self.table.c.id.in_(missing)))
            self.foresee(uow, self._by_id(), ((one,) for one in missing), (((self.row(value)["id"],), value) for value in found))
        return {one: value for one in sorted(set(ids)) if (value := self.find(uow, one)) is not None}

    def find(self, uow: UnitOfWork, id: str) -> Value | None:
        """The value with an id; asked once in a unit of work."""
        return next(iter(self.recall(uow, self._by_id(), {"id": id})), None)

    def get(self, uow: UnitOfWork, id: str) -> Value:
        """The value with an id. Raises NotFound."""
        return _there(self.find(uow, id))

    def lock(self, uow: UnitOfWork, id: str) -> Value:
        """As `get`, and kept from other writers until the end of this unit of work. Raises NotFound."""
        uow.read_before.pop(self.table, None)
        return _there(self.first(uow, self._by_id().with_for_update(), {"id": id}))

    def insert(self, uow: UnitOfWork, values: Sequence[Value]) -> None:
        """Store new values in one statement. Raises Conflict when a constraint is broken."""
        if values:
            uow.execute(self._insert, [self.row(value) for value in values])

    def update(self, uow: UnitOfWork, value: Value) -> None:
        """Store all fields of a value over the row with its id. Raises NotFound."""
        assert self._update is not None
        row = self.row(value)
        if uow.changed(self._update, {**row, "which": row["id"]}) == 0:
            raise NotFound


def _there(value: Value | None) -> Value:
    if value is None:
        raise NotFound
    return value
