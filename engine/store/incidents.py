"""Incidents: steps that failed and wait for a retry."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, literal_column, select
from sqlalchemy.sql.functions import count

from engine.model.instances import Incident
from engine.model.states import IncidentState
from engine.store import tables
from engine.store.rows import Shape
from engine.store.unit_of_work import UnitOfWork
from engine.store.walls import hidden_from

_SHAPE = Shape(Incident, tables.incidents)
_T = tables.incidents.c
#: said literally, so that the databases see that the partial index fits
_OPEN = _T.state == literal_column("'open'")
_OPEN_OF_INSTANCE = _SHAPE.select().where(_T.instance_id == bindparam("instance_id"), _OPEN).order_by(_T.at, _T.id)


def insert(uow: UnitOfWork, incident: Incident) -> None:
    """Store a new incident."""
    _SHAPE.insert(uow, [incident])


def get(uow: UnitOfWork, id: str) -> Incident:
    """Raises NotFound."""
    return _SHAPE.get(uow, id)


def resolve(uow: UnitOfWork, id: str, at: datetime, by: str | None) -> bool:
    """Whether it was open until now."""
    statement = tables.incidents.update().where(_T.id == id, _OPEN)
    return uow.changed(statement.values(state=IncidentState.RESOLVED, resolved_at=at, resolved_by=by)) == 1


def update(uow: UnitOfWork, incident: Incident) -> None:
    """Raises NotFound."""
    _SHAPE.update(uow, incident)


def open_of_instance(uow: UnitOfWork, instance_id: str) -> tuple[Incident, ...]:
    """The open incidents of an instance, oldest first."""
    return _SHAPE.all(uow, _OPEN_OF_INSTANCE, {"instance_id": instance_id})


def of_case(uow: UnitOfWork, case_id: str) -> tuple[Incident, ...]:
    """All incidents of a case, oldest first."""
    return _SHAPE.all(uow, _SHAPE.select().where(_T.case_id == case_id).order_by(_T.at, _T.id))


def open_by_element(uow: UnitOfWork, program_id: str, process_key: str, *, unseen_by: str) -> tuple[tuple[str, str, str, int], ...]:
    """Open incidents of a process: (definition id of the instance, element id, message, how many), the most frequent first.

    None of a case that the person `unseen_by` may not see.
    """
    instances = tables.instances.c
    number = count().label("number")
    statement = (
        select(instances.definition_id, _T.element_id, _T.message, number)
        .join(tables.instances, instances.id == _T.instance_id)
        .where(_T.program_id == program_id, _T.process_key == process_key, _OPEN, _T.case_id.not_in(hidden_from(unseen_by)))
        .group_by(instances.definition_id, _T.element_id, _T.message)
        .order_by(number.desc(), _T.element_id, _T.message)
    )
    return tuple((str(row[0]), str(row[1]), str(row[2]), int(row[3])) for row in uow.execute(statement))
