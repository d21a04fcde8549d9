"""Who takes part in a case, in which case role, from when to when."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, func, or_, select

from engine.model.cases import Participant
from engine.store import tables
from engine.store.persons import folded
from engine.store.rows import Shape
from engine.store.unit_of_work import UnitOfWork

_SHAPE = Shape(Participant, tables.participants)
_T = tables.participants.c
#: between roles that are read as one text; no key holds a line break
_BREAK = "\n"
_ORDER = (_T.role, _T.position, _T.id)
_EVER = _SHAPE.select().where(_T.case_id == bindparam("case_id")).order_by(*_ORDER)


def insert(uow: UnitOfWork, participant: Participant) -> None:
    """Raises Conflict when the person holds this role on the case now."""
    _SHAPE.insert(uow, [participant])


def get(uow: UnitOfWork, id: str) -> Participant:
    """Raises NotFound."""
    return _SHAPE.get(uow, id)


def find(uow: UnitOfWork, id: str) -> Participant | None:
    """The participant with an id."""
    return _SHAPE.find(uow, id)


def end(uow: UnitOfWork, id: str, at: datetime) -> bool:
    """Whether they took part until now."""
    statement = tables.participants.update().where(_T.id == id, _T.to_at.is_(None)).values(to_at=at)
    return uow.changed(statement) == 1


def of_case(uow: UnitOfWork, case_id: str, *, at: datetime | None = None, include_ended: bool = False) -> tuple[Participant, ...]:
    """Those who take part in a case now, or did at an instant, or ever; by role and position."""
    if at is None:
        ever = _SHAPE.recall(uow, _EVER, {"case_id": case_id})
        return ever if include_ended else tuple(one for one in ever if one.to_at is None)
    then = _EVER.where(_T.from_at <= at, or_(_T.to_at.is_(None), _T.to_at > at))
    return _SHAPE.all(uow, then, {"case_id": case_id})


def foresee(uow: UnitOfWork, case_ids: Collection[str]) -> tuple[Participant, ...]:
    """Read in one statement who takes or took part in several cases, so that asking for each costs nothing more."""
    found = _SHAPE.all(uow, _SHAPE.select().where(_T.case_id.in_(sorted(case_ids))).order_by(*_ORDER)) if case_ids else ()
    _SHAPE.foresee(uow, _EVER, ((id,) for id in case_ids), (((one.case_id,), one) for one in found))
    return found


def remember_all(uow: UnitOfWork, case_id: str, ever: Sequence[Participant]) -> None:
    """Everybody who takes or took part in a case, read together with other rows: asking for them costs nothing more."""
    listed = sorted(ever, key=lambda one: (one.role, one.position, one.id))
    _SHAPE.foresee(uow, _EVER, [(case_id,)], (((case_id,), one) for one in listed))


def at_address(uow: UnitOfWork, email: str) -> tuple[Participant, ...]:
    """Those who take part in any case now and whose mail address this is, whatever its case; who joined last comes first."""
    persons = tables.persons.c
    statement = _SHAPE.select().join(tables.persons, persons.id == _T.person_id)
    here = statement.where(persons.email_key == folded(email), persons.deactivated_at.is_(None), _T.to_at.is_(None))
    return _SHAPE.all(uow, here.order_by(_T.from_at.desc(), _T.id.desc()))


def roles_of_person(uow: UnitOfWork, program_id: str, person_id: str) -> frozenset[str]:
    """The case roles that a person holds now on any case."""
    known = uow.read_before.setdefault(tables.participants, {})
    if ("roles", person_id) not in known:
        remember_roles(uow, person_id, uow.execute(select(roles_listed(program_id, person_id))).scalar_one())
    found: frozenset[str] = known["roles", person_id]
    return found


def roles_listed(program_id: str, person_id: str) -> ColumnElement[str]:
    """What `remember_roles` takes, as one text inside another query."""
    held = select(_T.role).where(_T.person_id == person_id, _T.program_id == program_id, _T.to_at.is_(None)).distinct().subquery()
    return select(func.aggregate_strings(held.c.role, _BREAK)).scalar_subquery()


def remember_roles(uow: UnitOfWork, person_id: str, listed: str | None) -> None:
    """The case roles that a person holds now, read together with other rows: asking for them costs nothing more."""
    uow.read_before.setdefault(tables.participants, {})["roles", person_id] = frozenset(listed.split(_BREAK) if listed else ())


def case_ids_of_person(uow: UnitOfWork, program_id: str, person_id: str) -> frozenset[str]:
    """The cases a person takes part in now."""
    statement = select(_T.case_id).where(_T.person_id == person_id, _T.program_id == program_id, _T.to_at.is_(None))
    return frozenset(uow.execute(statement).scalars())


def history_for_person(uow: UnitOfWork, case_id: str, person_id: str) -> tuple[Participant, ...]:
    """As what a person takes or ever took part in a case."""
    own = (one for one in of_case(uow, case_id, include_ended=True) if one.person_id == person_id)
    return tuple(sorted(own, key=lambda one: (one.from_at, one.id)))
