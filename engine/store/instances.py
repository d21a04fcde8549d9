"""Process instances: the state is saved only over the version it was read at."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import bindparam, or_, select

from engine import clock
from engine.model.errors import StaleVersion
from engine.model.instances import Instance
from engine.model.lists import Page
from engine.model.states import InstanceState
from engine.model.tiles import CaseFilter
from engine.store import case_filters, pages, tables
from engine.store.rows import Shape
from engine.store.unit_of_work import UnitOfWork

SHAPE = Shape(Instance, tables.instances)
_T = tables.instances.c
_SAVE = tables.instances.update().where(_T.id == bindparam("which"), _T.version == bindparam("expected"))
#: what the life of an instance changes
_CHANGING = (
    "definition_id",
    "definition_version",
    "state",
    "version",
    "ended_at",
    "end_event",
    "suspended_at",
    "state_blob",
    "dead_at",
    "places",
)
_BARE_T = tables.cases.c
#: cases that no pack belongs to
_BARE = select(_BARE_T.id).where(_BARE_T.pack.is_(None))
_ORDER = ((_T.started_at, True), (_T.id, True))


def insert(uow: UnitOfWork, instance: Instance) -> None:
    """Store a new instance."""
    SHAPE.insert(uow, [instance])


def get(uow: UnitOfWork, id: str) -> Instance:
    """Raises NotFound."""
    return SHAPE.get(uow, id)


def find(uow: UnitOfWork, id: str) -> Instance | None:
    """The instance with an id."""
    return SHAPE.find(uow, id)


def save(uow: UnitOfWork, instance: Instance, expected_version: int) -> None:
    """Store an instance over the version that was read; its `version` has to be a higher one.

    Raises StaleVersion when somebody else saved it since, whatever the database.
    """
    if instance.version <= expected_version:
        raise ValueError("A saved instance has a higher version than the one it was read at.")
    row = {name: getattr(instance, name) for name in _CHANGING}
    if uow.changed(_SAVE, {**row, "which": instance.id, "expected": expected_version}) != 1:
        raise StaleVersion


def list_(
    uow: UnitOfWork,
    program_id: str,
    *,
    state: InstanceState | None = None,
    key: str | None = None,
    definition_id: str | None = None,
    case_id: str | None = None,
    case_ids: Collection[str] | None = None,
    not_case_ids: Collection[str] = (),
    bare: bool = False,
    business_key: str | None = None,
    asked: CaseFilter | None = None,
    cursor: str | None = None,
    limit: int = 100,
) -> Page[Instance]:
    """Instances, newest first; `key` is the process's, `case_ids` keeps to those cases, `not_case_ids` leaves some out.

    `bare` keeps to cases without a pack, or with `case_ids` adds them to those. `asked`: what their cases are like, and where they stand.
    """
    statement = SHAPE.select().where(_T.program_id == program_id)
    wanted = {"state": state, "key": key, "definition_id": definition_id, "case_id": case_id, "business_key": business_key}
    for name, value in wanted.items():
        if value is not None:
            statement = statement.where(_T[name] == value)
    if bare or case_ids is not None:
        kept = _T.case_id.in_(sorted(case_ids or ()))
        statement = statement.where(or_(kept, _T.case_id.in_(_BARE.where(_BARE_T.program_id == program_id))) if bare else kept)
    if not_case_ids:
        statement = statement.where(_T.case_id.not_in(sorted(not_case_ids)))
    if asked is not None:
        statement = statement.where(*case_filters.of_instance(program_id, asked, clock.now()))
    if cursor is not None:
        statement = statement.where(pages.after(_ORDER, pages.decode(cursor, datetime, str)))
    found = SHAPE.all(uow, pages.ordered(statement, _ORDER, limit))
    return pages.page(found, limit, lambda one: (one.started_at, one.id))


def of_case(uow: UnitOfWork, case_id: str) -> tuple[Instance, ...]:
    """The instances of a case, oldest first."""
    return SHAPE.all(uow, SHAPE.select().where(_T.case_id == case_id).order_by(_T.started_at, _T.id))


def remarkable(uow: UnitOfWork, ids: Collection[str]) -> dict[str, tuple[datetime | None, str | None]]:
    """Of some instances those that are suspended, with since when, or that are about a user task, with its id."""
    if not ids:
        return {}
    stopped = _T.state == InstanceState.SUSPENDED
    statement = select(_T.id, _T.suspended_at, stopped, _T.subject_task_id)
    found = uow.execute(statement.where(_T.id.in_(sorted(ids)), or_(stopped, _T.subject_task_id.is_not(None))))
    return {id: (at if is_stopped else None, task_id) for id, at, is_stopped, task_id in found}


def of_subject(uow: UnitOfWork, task_id: str) -> tuple[Instance, ...]:
    """The instances that a deadline rule of a user task started, oldest first."""
    return SHAPE.all(uow, SHAPE.select().where(_T.subject_task_id == task_id).order_by(_T.started_at, _T.id))
