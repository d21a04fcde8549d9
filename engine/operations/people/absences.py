"""Being away: from when to when, and who stands in, in which role or for which procedures.

Set by the person or by who manages people. Whoever stands in needs no further right: what they may do in that place is
worked out act by act (`standing_in`). Two people who stand in for each other at the same time would be nobody; that is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from engine import clock, store
from engine.language import say
from engine.model.access import Actor
from engine.model.errors import Conflict, FieldError, Invalid, NotFound
from engine.model.ids import new_id
from engine.model.keeping_views import AbsenceForm, AbsenceLine, StandInLine
from engine.model.packs import Act
from engine.model.people import Absence, StandIn
from engine.operations import live, naming, trail
from engine.operations.scope import within
from engine.store import UnitOfWork

#: the longest absence; a longer one is somebody who left
LONGEST = timedelta(days=366)
#: most lines of who stands in
MOST = 20


@dataclass(frozen=True, slots=True)
class NewStandIn:
    """Somebody to stand in: in one role or all, in the procedures of one pack or all (None)."""

    person_id: str
    role: str | None = None
    pack: str | None = None


def away(
    uow: UnitOfWork, actor: Actor, person_id: str, *, from_at: datetime, to_at: datetime, stand_ins: Sequence[NewStandIn]
) -> AbsenceLine:
    """A person is away from a time to a time (exclusive). Raises Invalid with a path for each mistake, Conflict for a circle."""
    _require_own_or_managed(uow, actor, person_id)
    person = within(actor.program_id, store.persons.get(uow, person_id))
    errors = [*_wrong_times(from_at, to_at), *_wrong_people(uow, actor, person.id, stand_ins)]
    if errors:
        raise Invalid(say("The absence cannot be kept like this."), tuple(errors))
    now = clock.now()
    absence = Absence(new_id(now), actor.program_id, person.id, from_at, to_at, actor.person_id or None, now)
    lines = tuple(StandIn(new_id(now), actor.program_id, absence.id, one.person_id, one.role, one.pack) for one in stand_ins)
    _refuse_circle(uow, absence, lines)
    store.absences.insert(uow, absence, lines)
    told = [{"person": one.person_id, "role": one.role, "pack": one.pack} for one in lines]
    trail.note(uow, actor, "absence_set", person=person.id, start=from_at.isoformat(), end=to_at.isoformat(), stand_ins=told)
    return _line(uow, actor, absence, lines)


def end(uow: UnitOfWork, actor: Actor, absence_id: str) -> AbsenceLine:
    """Call an absence off, or end it now: nobody stands in any more."""
    found = within(actor.program_id, store.absences.get(uow, absence_id))
    _require_own_or_managed(uow, actor, found.person_id)
    if found.ended_at is not None or found.to_at <= clock.now():
        raise Conflict(say("This absence has ended already."))
    ended = replace(found, ended_at=clock.now())
    store.absences.update(uow, ended)
    trail.note(uow, actor, "absence_ended", person=found.person_id)
    return _line(uow, actor, ended, store.absences.stand_ins(uow, [found.id]))


def list_(uow: UnitOfWork, actor: Actor, person_id: str | None = None) -> tuple[AbsenceLine, ...]:
    """Absences of now and to come: of one person (oneself, or for who manages people), or of all for who manages people."""
    if person_id is not None:
        _require_own_or_managed(uow, actor, person_id)
    else:
        live.require_program_act(uow, actor, Act.PERSON_MANAGE)
    found = store.absences.list_(uow, actor.program_id, clock.now(), person_id=person_id)
    lines = store.absences.stand_ins(uow, [one.id for one in found])
    return tuple(_line(uow, actor, one, [line for line in lines if line.absence_id == one.id]) for one in found)


def form(uow: UnitOfWork, actor: Actor) -> AbsenceForm:
    """What an absence can be entered with: colleagues who can sign in, roles, procedures; and for whom one stands in now."""
    staff = store.persons.list_(uow, actor.program_id, staff=True, limit=200).items
    able = store.persons.with_account(uow, actor.program_id, [one.id for one in staff])
    packs = _packs(uow, actor)
    standing = store.persons.get_many(uow, {one.person_id for one in actor.lent})
    return AbsenceForm(
        people=naming.told_apart((one, one.name) for one in able if one.id != actor.person_id),
        roles=_roles(uow, actor),
        packs=packs if len(packs) > 1 else (),
        standing_in_for=tuple((one.id, one.name) for one in standing.values()),
    )


def standing_in_for(uow: UnitOfWork, actor: Actor) -> tuple[tuple[str, str], ...]:
    """For whom the actor stands in now: (person id, name), by name; no statement when for nobody."""
    if not actor.lent:
        return ()
    people = store.persons.get_many(uow, {one.person_id for one in actor.lent})
    return tuple(sorted(((one.id, one.name) for one in people.values()), key=lambda pair: (pair[1], pair[0])))


def _require_own_or_managed(uow: UnitOfWork, actor: Actor, person_id: str) -> None:
    if person_id != actor.person_id and not actor.administrator:
        live.require_program_act(uow, actor, Act.PERSON_MANAGE)


def _roles(uow: UnitOfWork, actor: Actor) -> tuple[tuple[str, str], ...]:
    return tuple((key, role.label) for key, role in live.spoken_roles(uow, actor).items() if role.staff)


def _packs(uow: UnitOfWork, actor: Actor) -> tuple[tuple[str, str], ...]:
    found = (live.spoken(uow, actor, one.key) or one for one in live.all_packs(uow, actor.program_id))
    return tuple((one.key, one.title) for one in found)


def _wrong_times(from_at: datetime, to_at: datetime) -> list[FieldError]:
    if to_at <= from_at:
        return [FieldError("/to_at", "before-start", say("Choose a last day that is not before the first."))]
    if to_at <= clock.now():
        return [FieldError("/to_at", "not-in-future", say("Choose a last day that has not passed."))]
    if to_at - from_at > LONGEST:
        return [FieldError("/to_at", "too-long", say("An absence is a year at most; for a longer one the roles are given to others."))]
    return []


def _wrong_people(uow: UnitOfWork, actor: Actor, person_id: str, stand_ins: Sequence[NewStandIn]) -> list[FieldError]:
    if not 1 <= len(stand_ins) <= MOST:
        return [FieldError("/stand_ins", "number", say("Name at least one person who stands in, and at most {most}.", most=MOST))]
    able = {one.id: one for one in store.persons.with_account(uow, actor.program_id, [one.person_id for one in stand_ins])}
    roles, packs = dict(_roles(uow, actor)), {one.key for one in live.all_packs(uow, actor.program_id)}
    errors = []
    for number, one in enumerate(stand_ins):
        found = able.get(one.person_id)
        if found is None or not found.staff or found.id == person_id:
            message = say("Choose a colleague who can sign in.")
            errors.append(FieldError(f"/stand_ins/{number}/person_id", "not-eligible", message))
        if one.role is not None and one.role not in roles:
            errors.append(FieldError(f"/stand_ins/{number}/role", "unknown-role", say("Choose one of the roles.")))
        if one.pack is not None and one.pack not in packs:
            errors.append(FieldError(f"/stand_ins/{number}/pack", "unknown-pack", say("Choose one of the procedures.")))
    return errors


def _refuse_circle(uow: UnitOfWork, absence: Absence, lines: Sequence[StandIn]) -> None:
    """Follow who stands in for the stand-ins while all are away, in a role and pack that all lines share, back to the person."""
    others = store.absences.overlapping(uow, absence.program_id, absence.from_at, absence.to_at)
    ways: list[tuple[Absence, StandIn, tuple[str, ...]]] = [(absence, line, (line.person_id,)) for line in lines]
    while ways:
        at, line, people = ways.pop()
        for further, other in others:
            both = replace(at, from_at=max(at.from_at, further.from_at), to_at=min(at.to_at, further.to_at))
            shared = _shared(line, other)
            if further.person_id != line.person_id or both.from_at >= both.to_at or shared is None:
                continue
            if other.person_id == absence.person_id:
                raise Conflict(_circle(uow, absence.person_id, people))
            if other.person_id not in people:
                ways.append((both, replace(shared, person_id=other.person_id), (*people, other.person_id)))


def _shared(one: StandIn, other: StandIn) -> StandIn | None:
    """What passes through two lines; None: they are about different roles or procedures."""
    for mine, theirs in ((one.role, other.role), (one.pack, other.pack)):
        if mine is not None and theirs is not None and mine != theirs:
            return None
    return replace(one, role=one.role or other.role, pack=one.pack or other.pack)


def _circle(uow: UnitOfWork, person_id: str, people: Sequence[str]) -> str:
    found = store.persons.get_many(uow, {person_id, *people})
    names = " → ".join(found[one].name for one in (person_id, *people, person_id))
    return say("They would stand in for each other at the same time: {names}. Choose somebody else.", names=names)


def _line(uow: UnitOfWork, actor: Actor, absence: Absence, lines: Sequence[StandIn]) -> AbsenceLine:
    people = store.persons.get_many(uow, {absence.person_id, *(one.person_id for one in lines)})
    if absence.person_id not in people:
        raise NotFound
    labels = {key: role.label for key, role in live.spoken_roles(uow, actor).items()}
    titles = dict(_packs(uow, actor))
    now = clock.now()
    return AbsenceLine(
        id=absence.id,
        person_id=absence.person_id,
        person=people[absence.person_id].name,
        from_at=absence.from_at,
        to_at=absence.to_at,
        ended_at=absence.ended_at,
        is_now=absence.ended_at is None and absence.from_at <= now < absence.to_at,
        stand_ins=tuple(
            StandInLine(
                person_id=one.person_id,
                person=people[one.person_id].name,
                role=one.role,
                role_label=labels.get(one.role, one.role) if one.role else None,
                pack=one.pack,
                pack_title=titles.get(one.pack, one.pack) if one.pack else None,
            )
            for one in lines
        ),
    )
