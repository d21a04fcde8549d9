"""Everything that decides what one person may do on one case, in one statement: who takes part and who of them can
sign in, duties done, walls, the open tasks offered to the person, and where the case's trail ends.

Typed rows of one UNION ALL, remembered for the modules that are asked for them. It costs the same however many there are.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Integer, Select, Text, bindparam, case, cast, literal, null, select, union_all

from engine.model.cases import Duty, Participant, Wall
from engine.store import audit, duties, participants, persons, tables, user_tasks, walls
from engine.store.types import Instant
from engine.store.unit_of_work import UnitOfWork

_NO_TEXT, _NO_TIME = cast(null(), Text()), cast(null(), Instant())
_CASE: ColumnElement[str] = bindparam("case_id", type_=Text())


def foresee(uow: UnitOfWork, program_id: str, case_id: str, person_id: str) -> None:
    """Read it, unless it was foreseen with that of other cases; what is written meanwhile is read anew by who asks."""
    if user_tasks.is_foreseen(uow, case_id, person_id):
        return
    asked = {"case_id": case_id, "person_id": person_id, "program_id": program_id}
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for row in uow.execute(_statement(uow.writes), asked).all():
        found[row[0]].append(row)
    people = [Participant(row[1], program_id, case_id, row[2], row[3], row[4], row[6], row[7]) for row in found["participant"]]
    participants.remember_all(uow, case_id, people)
    persons.remember_able(uow, {row[2]: bool(row[5]) for row in found["participant"]})
    duties.remember_all(uow, case_id, [Duty(row[1], program_id, case_id, row[2], row[3], row[6]) for row in found["duty"]])
    walls.remember_all(uow, case_id, [Wall(row[1], program_id, case_id, row[2], row[3], row[6]) for row in found["wall"]])
    user_tasks.remember_offered(uow, [case_id], person_id, ((case_id, (row[3], row[8], bool(row[4]))) for row in found["offered"]))
    if uow.writes:
        audit.remember_head(uow, case_id, next((audit.Head(case_id, row[4], row[3]) for row in found["head"]), None))


def begin(uow: UnitOfWork, case_id: str) -> None:
    """A case that this unit of work opened: nothing is there of it yet, which need not be read."""
    participants.remember_all(uow, case_id, [])
    duties.remember_all(uow, case_id, [])
    walls.remember_all(uow, case_id, [])
    audit.remember_head(uow, case_id, None)


@cache
def _statement(writes: bool) -> Any:
    parts = [_participants(), _duties(), _walls(), _offered()]
    return union_all(*parts, *([_head()] if writes else []))


def _row(
    what: str,
    *,
    id: ColumnElement[Any] = _NO_TEXT,
    person: ColumnElement[Any] = _NO_TEXT,
    word: ColumnElement[Any] = _NO_TEXT,
    number: ColumnElement[Any] | None = None,
    able: ColumnElement[Any] | None = None,
    at: ColumnElement[Any] = _NO_TIME,
    until: ColumnElement[Any] = _NO_TIME,
    shows: ColumnElement[Any] = _NO_TEXT,
) -> Select[Any]:
    count = cast(literal(0) if number is None else number, BigInteger())
    can = literal(0, Integer()) if able is None else able
    return select(literal(what).label("what"), id.label("id"), person, word, count, can, at, until, shows)


def _participants() -> Select[Any]:
    one = tables.participants.c
    able = case((persons.can_sign_in(one.person_id), 1), else_=0)
    found = _row(
        "participant", id=one.id, person=one.person_id, word=one.role, number=one.position, able=able, at=one.from_at, until=one.to_at
    )
    return found.where(one.case_id == _CASE)


def _duties() -> Select[Any]:
    one = tables.duties.c
    return _row("duty", id=one.id, person=one.person_id, word=one.duty, at=one.at).where(one.case_id == _CASE)


def _walls() -> Select[Any]:
    one = tables.walls.c
    found = _row("wall", id=one.id, person=one.person_id, word=one.reason, at=one.at)
    return found.where(one.case_id == _CASE, walls.standing())


def _offered() -> Select[Any]:
    one = tables.user_tasks.c
    own = case((one.assignee_id.is_not(None), 1), else_=0)
    found = _row("offered", word=one.role, number=own, shows=one.shows)
    return found.where(one.case_id == _CASE, user_tasks.OFFERED).distinct()


def _head() -> Select[Any]:
    last = audit.last_of(_CASE, bindparam("program_id")).subquery()
    return _row("head", word=last.c.hash, number=last.c.seq)
