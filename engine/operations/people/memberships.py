"""Who takes part in a case: joining and leaving a case role, with the duties that exclude each other."""

from __future__ import annotations

from dataclasses import dataclass

from engine import access, clock, store
from engine.language import say
from engine.model.access import Actor
from engine.model.cases import Case, Duty, Participant
from engine.model.errors import Conflict, Excluded, FieldError, Invalid
from engine.model.ids import new_id
from engine.model.packs import Pack
from engine.operations import live, trail
from engine.operations.people import departures, known, walls
from engine.operations.scope import within
from engine.store import UnitOfWork

leave_case = departures.leave_case


@dataclass(frozen=True, slots=True)
class NewParticipant:
    """Somebody to join a case: a known person by id, or a new one by name and contacts (class C2)."""

    role: str
    person_id: str | None = None
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    language: str = "en"


def join_new(uow: UnitOfWork, actor: Actor, case: Case, new: NewParticipant) -> Participant:
    """Give a case role to a known person or to one made for it."""
    person_id = (
        new.person_id
        or known.make(uow, actor, name=new.name or "", email=new.email, phone=new.phone, language=new.language, staff=False).id
    )
    return join_case(uow, actor, case, person_id, new.role)


def join_case(uow: UnitOfWork, actor: Actor, case: Case, person_id: str, role: str) -> Participant:
    """Give a person a case role. Raises Excluded for a forbidden pair, Invalid when the role asks for another one."""
    pack = live.pack(uow, case.program_id, case.pack)
    person = within(case.program_id, store.persons.get(uow, person_id))
    current = store.participants.of_case(uow, case.id)
    if any(p.person_id == person.id and p.role == role for p in current):
        raise Conflict(say("This person already has that role on the case."))
    if pack is not None:
        _require_fitting(uow, case, pack, person_id, role)
    everyone = store.participants.of_case(uow, case.id, include_ended=True)
    row = Participant(
        id=new_id(clock.now()),
        program_id=case.program_id,
        case_id=case.id,
        person_id=person.id,
        role=role,
        position=1 + sum(p.role == role for p in everyone),
        from_at=clock.now(),
    )
    store.participants.insert(uow, row)
    perform_duty(uow, case, person.id, role)
    trail.note(uow, actor, "participant_added", case_id=case.id, participant=row.id, person=person.id, role=role)
    walls.follow(uow, actor, case, person.id)
    return row


def _require_fitting(uow: UnitOfWork, case: Case, pack: Pack, person_id: str, role: str) -> None:
    rule = pack.roles.get(role)
    if rule is None:
        message = say("The pack has no such role.")
        raise Invalid(message, (FieldError("/role", "unknown-role", message),))
    if store.walls.is_walled(uow, case.id, person_id):
        raise Excluded(say("This person is walled off from the case."))
    against = access.conflict(pack, role, store.duties.of_person(uow, case.id, person_id))
    if against is not None:
        raise Excluded(against.reason)
    if rule.eligible:
        held = {m.role for m in store.memberships.current(uow, case.program_id, person_id, clock.now())}
        if rule.eligible not in held:
            label = pack.roles[rule.eligible].label if rule.eligible in pack.roles else rule.eligible
            message = say("Choose somebody who has the role {label} in the program.", label=label)
            raise Invalid(message, (FieldError("/person", "not-eligible", message),))


def perform_duty(uow: UnitOfWork, case: Case, person_id: str, duty: str) -> None:
    """Remember for good that a person held a case role or did a duty on a case."""
    if duty in store.duties.of_person(uow, case.id, person_id):
        return
    now = clock.now()
    store.duties.insert(uow, Duty(new_id(now), case.program_id, case.id, person_id, duty, now))
