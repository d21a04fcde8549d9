"""To whom a new user task goes: its role, its assignee, and whether anybody can do it at all."""

from __future__ import annotations

from dataclasses import replace

from engine import access, clock, store
from engine.model.cases import Case
from engine.model.instances import UserTask
from engine.model.packs import Act, Pack, RoleKind
from engine.model.people import Person
from engine.operations import live
from engine.store import UnitOfWork


def offer(uow: UnitOfWork, case: Case, pack: Pack | None, task: UserTask, lane: str | None) -> UserTask:
    """A new task with its role (from the diagram, else from its lane) and assignee, ready to insert.

    The one holder of a case role gets the tasks of that role; a task bound to a participant is that person's.
    """
    role = task.role or (pack.lanes.get(lane or "") if pack else None)
    task = replace(task, role=role)
    assignee = task.assignee_id or _holder(uow, case, pack, task)
    task = replace(task, assignee_id=assignee)
    return replace(task, nobody=why_nobody(uow, case, pack, task))


def _holder(uow: UnitOfWork, case: Case, pack: Pack | None, task: UserTask) -> str | None:
    current = store.participants.of_case(uow, case.id)
    if task.participant_id is not None and (pack is None or access.is_participants_own(task.role, pack)):
        bound = next((p for p in current if p.id == task.participant_id), None)
        return bound.person_id if bound else None
    role = pack.roles.get(task.role or "") if pack else None
    if role is None or role.kind is RoleKind.PROGRAM:
        return None
    holders = [p.person_id for p in current if p.role == role.key]
    return holders[0] if len(holders) == 1 else None


def candidates(uow: UnitOfWork, case: Case, pack: Pack | None, task: UserTask) -> tuple[Person, ...]:
    """Everybody with an active account who could complete a task now, duties and walls taken into account."""
    if pack is None:
        return ()
    now = clock.now()
    current = store.participants.of_case(uow, case.id)
    role = pack.roles.get(task.role or "")
    people: dict[str, Person] = {}
    if task.participant_id is not None and access.is_participants_own(task.role, pack):
        bound = [p.person_id for p in current if p.id == task.participant_id]
        people |= {p.id: p for p in store.persons.with_account(uow, case.program_id, bound)}
        for key, one in pack.roles.items():
            if Act.TASK_COMPLETE_FOR in one.may:
                people |= {p.id: p for p in store.memberships.holders(uow, case.program_id, key, now)}
    elif role is not None:
        if role.kind is not RoleKind.CASE:
            people |= {p.id: p for p in store.memberships.holders(uow, case.program_id, role.key, now)}
        if role.kind is not RoleKind.PROGRAM:
            held = [p.person_id for p in current if p.role == role.key]
            people |= {p.id: p for p in store.persons.with_account(uow, case.program_id, held)}
    return tuple(p for p in people.values() if _could(uow, case, pack, task, p))


def _could(uow: UnitOfWork, case: Case, pack: Pack, task: UserTask, person: Person) -> bool:
    if store.walls.is_walled(uow, case.id, person.id):
        return False
    if not task.duty:
        return True
    return access.conflict(pack, task.duty, store.duties.of_person(uow, case.id, person.id)) is None


def why_nobody(uow: UnitOfWork, case: Case, pack: Pack | None, task: UserTask) -> str | None:
    """Why no active account may do a task, in words for a supervisor; None when somebody can."""
    if pack is None:
        return None
    if candidates(uow, case, pack, task):
        return None
    role = pack.roles.get(task.role or "")
    if role is None:
        return "Nobody can do this, because its lane belongs to no role of the pack."
    if task.duty and store.memberships.holders(uow, case.program_id, role.key, clock.now()):
        return f"Nobody can do this, because everybody in the role {role.label} holds another duty on this case that excludes this one."
    if role.kind is RoleKind.CASE:
        return f"Nobody can do this, because no active account holds the role {role.label} on this case."
    return f"Nobody can do this, because no active account has the role {role.label}."


def refresh(uow: UnitOfWork, case: Case) -> int:
    """After people of a case changed: assign anew what belongs to a case role, and see what nobody can do.

    Gives how many tasks changed.
    """
    pack = live.pack(uow, case.program_id, case.pack)
    changed = 0
    for task in store.user_tasks.open_of_case(uow, case.id):
        fitting = {person.id for person in candidates(uow, case, pack, task)}
        kept = task.assignee_id if pack is None or task.assignee_id in fitting else None
        fresh = replace(task, assignee_id=kept or _holder(uow, case, pack, task))
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
