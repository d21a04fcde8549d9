"""User tasks: what is open, for whom. A person's own list is in engine.store.inbox."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, bindparam, or_, select

from engine.model.instances import UserTask
from engine.model.lists import Page
from engine.model.states import UserTaskState
from engine.store import pages, tables
from engine.store.doubtful import doubtful_cases
from engine.store.inbox import inbox, waiting
from engine.store.task_rows import CASES, IS_ABOUT, OPEN, ORDER, SHAPE, due_key, urgency, with_cases
from engine.store.unit_of_work import UnitOfWork
from engine.store.walls import hidden_from

__all__ = [
    "OFFERED",
    "case_ids_touching",
    "doubtful_cases",
    "find",
    "foresee",
    "get",
    "get_many",
    "inbox",
    "is_foreseen",
    "insert_many",
    "list_",
    "lock",
    "move_due",
    "of_case",
    "open_of_case",
    "open_of_instance",
    "open_of_pack",
    "open_shown",
    "remember_offered",
    "set_nobody",
    "update",
    "waiting",
]

_T = tables.user_tasks.c
_OPEN_OF_INSTANCE = SHAPE.select().where(_T.instance_id == bindparam("instance_id"), OPEN).order_by(_T.id)
_OPEN_OF_CASE = SHAPE.select().where(_T.case_id == bindparam("case_id"), OPEN).order_by(_T.id)
#: open tasks that are assigned to the person `person_id`, or to nobody and are no participant's own
OFFERED: ColumnElement[bool] = and_(
    OPEN,
    or_(_T.assignee_id == bindparam("person_id"), and_(_T.assignee_id.is_(None), or_(_T.participant_id.is_(None), IS_ABOUT))),
)
_OFFERED = select(_T.case_id, _T.role, _T.shows, _T.assignee_id).where(
    _T.case_id.in_(bindparam("case_ids", expanding=True)),
    OFFERED,
)


def insert_many(uow: UnitOfWork, tasks: Sequence[UserTask]) -> None:
    """Store new tasks."""
    SHAPE.insert(uow, tasks)


def get(uow: UnitOfWork, id: str) -> UserTask:
    """Raises NotFound."""
    return SHAPE.get(uow, id)


def get_many(uow: UnitOfWork, ids: Collection[str]) -> dict[str, UserTask]:
    """The tasks with these ids, by id; unknown ids are left out."""
    return SHAPE.get_many(uow, ids)


def find(uow: UnitOfWork, id: str) -> UserTask | None:
    """The task with an id."""
    return SHAPE.find(uow, id)


def lock(uow: UnitOfWork, id: str) -> UserTask:
    """As `get`, and no other unit of work changes the task until this one ends. Raises NotFound."""
    return SHAPE.lock(uow, id)


def update(uow: UnitOfWork, task: UserTask) -> None:
    """Raises NotFound."""
    SHAPE.update(uow, task)


def move_due(uow: UnitOfWork, task: UserTask) -> None:
    """Store the due date of a task, where it is still open; nothing else of it."""
    values = {"due_at": task.due_at, "due_key": due_key(task)}
    uow.execute(tables.user_tasks.update().where(_T.id == task.id, OPEN).values(values))


def open_of_instance(uow: UnitOfWork, instance_id: str) -> tuple[UserTask, ...]:
    """The open tasks of an instance, oldest first."""
    return SHAPE.all(uow, _OPEN_OF_INSTANCE, {"instance_id": instance_id})


def open_of_pack(uow: UnitOfWork, program_id: str, pack: str, *, after: str = "", limit: int = 500) -> tuple[UserTask, ...]:
    """Open tasks with a due date of all cases of a pack by id, those after an id; asking for their cases then costs nothing more."""
    cases = tables.cases
    statement = SHAPE.select().add_columns(*CASES.columns).join(cases, cases.c.id == _T.case_id)
    wanted = statement.where(_T.program_id == program_id, OPEN, cases.c.pack == pack, _T.due_at.is_not(None), _T.id > after)
    return tuple(task for task, _case in with_cases(uow, wanted.order_by(_T.id).limit(limit)))


def open_of_case(uow: UnitOfWork, case_id: str) -> tuple[UserTask, ...]:
    """The open tasks of a case, oldest first."""
    return SHAPE.all(uow, _OPEN_OF_CASE, {"case_id": case_id})


def of_case(uow: UnitOfWork, case_id: str, *, state: UserTaskState | None = None) -> tuple[UserTask, ...]:
    """The tasks of a case, oldest first; `state` None: ended ones too."""
    statement = SHAPE.select().where(_T.case_id == case_id)
    if state is not None:
        statement = statement.where(_T.state == state)
    return SHAPE.all(uow, statement.order_by(_T.id))


def open_shown(uow: UnitOfWork, case_id: str, person_id: str, roles: Collection[str]) -> frozenset[tuple[str, str]]:
    """The roles of a case's open tasks that are assigned to a person, or to nobody and ask for one of these roles.

    Each with the classes its page shows, as written in the diagram. A task that asks for no role counts as the role "".
    """
    known = uow.read_before.setdefault(tables.user_tasks, {})
    if ("offered", case_id, person_id) not in known:
        foresee(uow, [case_id], person_id)
    offered: set[tuple[str | None, str, bool]] = known["offered", case_id, person_id]
    return frozenset((role or "", shows) for role, shows, own in offered if own or role in roles)


def foresee(uow: UnitOfWork, case_ids: Collection[str], person_id: str) -> None:
    """Read in one statement what `open_shown` will be asked of several cases, so that asking for each costs nothing more."""
    rows = uow.execute(_OFFERED, {"case_ids": sorted(case_ids), "person_id": person_id}) if case_ids else ()
    remember_offered(uow, case_ids, person_id, ((id, (role, shows, assignee is not None)) for id, role, shows, assignee in rows))


def is_foreseen(uow: UnitOfWork, case_id: str, person_id: str) -> bool:
    """Whether `open_shown` of a case would cost nothing now."""
    return ("offered", case_id, person_id) in uow.read_before.get(tables.user_tasks, {})


def remember_offered(
    uow: UnitOfWork, case_ids: Collection[str], person_id: str, offered: Iterable[tuple[str, tuple[str | None, str, bool]]]
) -> None:
    """What `open_shown` will be asked, read together with other rows: by case the role, the classes shown, whether it is assigned."""
    found: dict[str, set[tuple[str | None, str, bool]]] = {id: set() for id in case_ids}
    for case_id, one in offered:
        found[case_id].add(one)
    known = uow.read_before.setdefault(tables.user_tasks, {})
    for case_id, every in found.items():
        known["offered", case_id, person_id] = every


def case_ids_touching(uow: UnitOfWork, program_id: str, person_id: str) -> frozenset[str]:
    """The cases with an open task that a person has, or could have by a role they hold or held there or in the program."""
    member, participant = tables.memberships.c, tables.participants.c
    by_case = select(participant.case_id).where(participant.person_id == person_id)
    by_program = select(member.role).where(member.person_id == person_id, member.program_id == program_id)
    mine = or_(_T.assignee_id == person_id, _T.case_id.in_(by_case), _T.role.in_(by_program))
    statement = select(_T.case_id).where(_T.program_id == program_id, OPEN, mine)
    return frozenset(uow.execute(statement.distinct()).scalars())


def list_(
    uow: UnitOfWork,
    program_id: str,
    *,
    instance_id: str | None = None,
    case_id: str | None = None,
    state: UserTaskState | None = UserTaskState.OPEN,
    role: str | None = None,
    assignee_id: str | None = None,
    due_before: datetime | None = None,
    unseen_by: str | None = None,
    cursor: str | None = None,
    limit: int = 100,
) -> Page[UserTask]:
    """Tasks, soonest due first, those without a due date last, then by priority; `state` None: all.
    `unseen_by`: none of a case that this person may not see.

    Asking for their cases then costs nothing more.
    """
    cases = tables.cases
    statement = SHAPE.select().add_columns(*CASES.columns).join(cases, cases.c.id == _T.case_id)
    # the few tasks of one instance or case are not to be looked for along the program's due dates
    narrow = instance_id is not None or case_id is not None
    statement = statement.where((cases if narrow else tables.user_tasks).c.program_id == program_id)
    wanted = {"instance_id": instance_id, "case_id": case_id, "role": role, "assignee_id": assignee_id}
    for name, value in wanted.items():
        if value is not None:
            statement = statement.where(_T[name] == value)
    if state is UserTaskState.OPEN:
        statement = statement.where(OPEN)
    elif state is not None:
        statement = statement.where(_T.state == state)
    if due_before is not None:
        statement = statement.where(_T.due_key < due_before)
    if unseen_by is not None:
        statement = statement.where(_T.case_id.not_in(hidden_from(unseen_by)))
    if cursor is not None:
        statement = statement.where(pages.after(ORDER, pages.decode(cursor, datetime, int, str)))
    found = [task for task, _case in with_cases(uow, pages.ordered(statement, ORDER, limit))]
    return pages.page(found, limit, lambda task: (due_key(task), urgency(task), task.id))


def set_nobody(uow: UnitOfWork, reasons: Mapping[str, str | None]) -> None:
    """Say of open tasks, by id, why nobody can do them; None: somebody can."""
    if reasons:
        statement = tables.user_tasks.update().where(_T.id == bindparam("task"), OPEN)
        rows = [{"task": id, "reason": reason} for id, reason in reasons.items()]
        uow.execute(statement.values(nobody=bindparam("reason")), rows)
