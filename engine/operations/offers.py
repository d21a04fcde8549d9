"""To whom a new user task goes: its role, its assignee, and whether anybody can do it at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from engine import access, clock, store
from engine.model.cases import Case, Participant
from engine.model.instances import UserTask
from engine.model.packs import Act, Pack, RoleKind
from engine.model.people import Person
from engine.operations import live, nobody
from engine.store import UnitOfWork


def offer(uow: UnitOfWork, case: Case, pack: Pack | None, fresh: Sequence[tuple[UserTask, str | None]]) -> tuple[UserTask, ...]:
    """New tasks, each given with its lane, with role (from the diagram, else from the lane) and assignee, ready to insert.

    The one holder of a case role gets the tasks of that role; a task bound to a participant is that person's.
    """
    tasks = []
    for task, lane in fresh:
        role = task.role or (pack.lanes.get(lane or "") if pack else None)
        tasks.append(replace(task, role=role, assignee_id=task.assignee_id or _holder(uow, case, pack, task.participant_id, role)))
    return _told_nobody(uow, case, pack, tasks)


def _told_nobody(uow: UnitOfWork, case: Case, pack: Pack | None, tasks: Sequence[UserTask]) -> tuple[UserTask, ...]:
    """The tasks, those that nobody can do saying so; one statement for all, and none when people of the case can do them."""
    if pack is None or not tasks:
        return tuple(tasks)
    current = store.participants.of_case(uow, case.id)
    able = store.persons.able(uow, {one.person_id for one in current})
    meant = {task.id: _meant(pack, current, task) for task in tasks}
    open_to = {task.id: any(_could(uow, case, pack, task, p) for p in meant[task.id].people if p in able) for task in tasks}
    roles = {role for task in tasks if not open_to[task.id] for role in meant[task.id].roles}
    holders = store.memberships.holder_ids(uow, case.program_id, roles, clock.now())
    found = []
    for task in tasks:
        people = (p for role in meant[task.id].roles for p in holders.get(role, ()))
        some = open_to[task.id] or any(_could(uow, case, pack, task, p) for p in people)
        found.append(task if some else replace(task, nobody=why_nobody(uow, case, pack, task)))
    return tuple(found)


def _holder(uow: UnitOfWork, case: Case, pack: Pack | None, participant_id: str | None, key: str | None) -> str | None:
    """Whose a task of a role is by itself, one bound to a participant or to none."""
    current = store.participants.of_case(uow, case.id)
    if participant_id is not None and (pack is None or access.is_participants_own(key, pack)):
        bound = next((p for p in current if p.id == participant_id), None)
        return bound.person_id if bound else None
    role = pack.roles.get(key or "") if pack else None
    if role is None or role.kind is RoleKind.PROGRAM:
        return None
    holders = [p.person_id for p in current if p.role == role.key]
    return holders[0] if len(holders) == 1 else None


@dataclass(frozen=True, slots=True)
class _Meant:
    """Who is meant to do a task: people of the case by id, and holders of roles in the program."""

    people: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()


def _meant(pack: Pack, current: Sequence[Participant], task: UserTask) -> _Meant:
    role = pack.roles.get(task.role or "")
    if task.participant_id is not None and access.is_participants_own(task.role, pack):
        bound = tuple(p.person_id for p in current if p.id == task.participant_id)
        return _Meant(bound, tuple(key for key, one in pack.roles.items() if Act.TASK_COMPLETE_FOR in one.may))
    if role is None:
        return _Meant()
    held = tuple(p.person_id for p in current if p.role == role.key) if role.kind is not RoleKind.PROGRAM else ()
    return _Meant(held, (role.key,) if role.kind is not RoleKind.CASE else ())


def candidates(uow: UnitOfWork, case: Case, pack: Pack | None, task: UserTask) -> tuple[Person, ...]:
    """Everybody with an active account who could complete a task now, duties and walls taken into account."""
    if pack is None:
        return ()
    meant = _meant(pack, store.participants.of_case(uow, case.id), task)
    people = {p.id: p for p in store.persons.with_account(uow, case.program_id, meant.people)}
    for key in meant.roles:
        people |= {p.id: p for p in store.memberships.holders(uow, case.program_id, key, clock.now())}
    return tuple(p for p in people.values() if _could(uow, case, pack, task, p.id))


def _could(uow: UnitOfWork, case: Case, pack: Pack, task: UserTask, person_id: str) -> bool:
    if store.walls.is_walled(uow, case.id, person_id):
        return False
    if not task.duty:
        return True
    return access.conflict(pack, task.duty, store.duties.of_person(uow, case.id, person_id)) is None


def why_nobody(uow: UnitOfWork, case: Case, pack: Pack | None, task: UserTask) -> str | None:
    """Why no active account may do a task, in words for a supervisor; None when somebody can."""
    if pack is None:
        return None
    if candidates(uow, case, pack, task):
        return None
    role = pack.roles.get(task.role or "")
    if role is None:
        return nobody.NO_ROLE
    if task.duty and store.memberships.holders(uow, case.program_id, role.key, clock.now()):
        return nobody.EXCLUDED.format(role=role.label)
    if role.kind is RoleKind.CASE:
        return nobody.NOT_ON_CASE.format(role=role.label)
    return nobody.NOT_HELD.format(role=role.label)


def refresh(uow: UnitOfWork, case: Case) -> int:
    """After people of a case changed: assign anew what belongs to a case role, and see what nobody can do.

    Gives how many tasks changed.
    """
    pack = live.pack(uow, case.program_id, case.pack)
    changed = 0
    for task in store.user_tasks.open_of_case(uow, case.id):
        fitting = {person.id for person in candidates(uow, case, pack, task)}
        kept = task.assignee_id if pack is None or task.assignee_id in fitting else None
        fresh = replace(task, assignee_id=kept or _holder(uow, case, pack, task.participant_id, task.role))
        fresh = replace(fresh, nobody=why_nobody(uow, case, pack, fresh))
        # What somebody else changed meanwhile is looked at again by the sweep.
        if fresh != task and store.user_tasks.lock(uow, task.id) == task:
            store.user_tasks.update(uow, fresh)
            changed += 1
    return changed


def refresh_of(uow: UnitOfWork, person: Person) -> None:
    """After somebody came, went or got another role: offer anew the tasks that they had or could do.

    Those they could do on behalf of others wait for the sweep that looks at every case.
    """
    for case_id in sorted(store.user_tasks.case_ids_touching(uow, person.program_id, person.id)):
        refresh(uow, store.cases.get(uow, case_id))
