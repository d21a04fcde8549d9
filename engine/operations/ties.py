"""How an actor stands to a case or a user task: what `access` needs to decide."""

from __future__ import annotations

from dataclasses import replace

from engine import access, store
from engine.model.access import Actor, Place, Subject
from engine.model.cases import Case, Participant
from engine.model.instances import UserTask
from engine.model.packs import Pack
from engine.operations import live
from engine.store import UnitOfWork
from engine.store.foresight import Ties


def to_case(uow: UnitOfWork, actor: Actor, case: Case) -> Subject:
    """The actor's ties to a case: roles held now, everything ever held, own participants, walls."""
    if actor.place is not None:
        return _in_place(uow, actor, actor.place, case)
    ahead = store.foresight.ties(uow, case.id, actor.person_id)
    if ahead is not None:
        return _foreseen(actor, case, ahead)
    store.case_ties.foresee(uow, case.program_id, case.id, actor.person_id)
    history = store.participants.history_for_person(uow, case.id, actor.person_id)
    held = _held_now(history)
    offered = store.user_tasks.open_shown(uow, case.id, actor.person_id, actor.roles | held)
    return Subject(
        kind="case",
        program_id=case.program_id,
        case_id=case.id,
        case_roles=held,
        ever=store.duties.of_person(uow, case.id, actor.person_id),
        participant_ids=frozenset(p.id for p in history if p.to_at is None),
        task_roles=frozenset(role for role, _ in offered),
        task_shows=frozenset((role, cls) for role, shows in offered for cls in shows.split()),
        walled=store.walls.is_walled(uow, case.id, actor.person_id),
    )


def _in_place(uow: UnitOfWork, actor: Actor, place: Place, case: Case) -> Subject:
    """The ties of the person whose place is taken, as far as they are lent; walls and duties of both count."""
    mine = to_case(uow, replace(actor, place=None, roles=place.own_roles), case)
    theirs = to_case(uow, Actor(place.person_id, None, actor.program_id, actor.roles), case)
    pack = live.pack(uow, case.program_id, case.pack)
    held = frozenset(role for role in theirs.case_roles if is_lent(pack, role, place, mine.ever))
    return replace(
        theirs,
        case_roles=held,
        ever=mine.ever | theirs.ever,
        participant_ids=theirs.participant_ids if held else frozenset(),
        task_roles=frozenset(role for role in theirs.task_roles if role in held | actor.roles),
        task_shows=frozenset(one for one in theirs.task_shows if one[0] in held | actor.roles),
        walled=mine.walled or theirs.walled,
    )


def is_lent(pack: Pack | None, role: str, place: Place, ever: frozenset[str]) -> bool:
    """Whether a case role can be taken in somebody's place: staff's, by who is eligible and holds nothing that excludes it."""
    rule = pack.roles.get(role) if pack else None
    if pack is None or rule is None or not rule.staff or (place.only is not None and role not in place.only):
        return False
    return (rule.eligible is None or rule.eligible in place.own_roles) and access.conflict(pack, role, ever) is None


def _foreseen(actor: Actor, case: Case, ahead: Ties) -> Subject:
    held = actor.roles | ahead.roles
    offered = {(role or "", shows) for role, shows, own in ahead.offered if own or role in held}
    return Subject(
        kind="case",
        program_id=case.program_id,
        case_id=case.id,
        case_roles=frozenset(ahead.roles),
        ever=frozenset(ahead.ever),
        participant_ids=frozenset(ahead.participant_ids),
        task_roles=frozenset(role for role, _ in offered),
        task_shows=frozenset((role, cls) for role, shows in offered for cls in shows.split()),
        walled=ahead.walled,
    )


def to_task(subject: Subject, task: UserTask) -> Subject:
    """The same ties, about one user task of that case."""
    # Written out: `replace` would look at each of its fields for every line of a list.
    return Subject(
        kind="task",
        program_id=subject.program_id,
        case_id=subject.case_id,
        cls=subject.cls,
        case_roles=subject.case_roles,
        ever=subject.ever,
        participant_ids=subject.participant_ids,
        bound_participant=task.participant_id,
        author_id=subject.author_id,
        task_role=task.role,
        assignee_id=task.assignee_id,
        duty=task.duty,
        task_roles=subject.task_roles,
        task_shows=subject.task_shows,
        discreet=task.discreet,
        writing=subject.writing,
        walled=subject.walled,
    )


def to_record(subject: Subject, cls: str, participant_id: str | None, author_id: str | None) -> Subject:
    """The same ties, about a record of a class on that case."""
    return replace(subject, kind="record", cls=cls, bound_participant=participant_id, author_id=author_id)


def _held_now(history: tuple[Participant, ...]) -> frozenset[str]:
    return frozenset(p.role for p in history if p.to_at is None)
