"""Walls as people put them up, look them over and take them down, by the act `wall.manage`.

Nobody is told here of a wall that keeps themselves away, nor of a case they are kept from. A wall comes down only when
two people agree.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from engine import access, clock, store
from engine.language import noted, say
from engine.model.access import Actor
from engine.model.cases import Case, PersonWall, Wall
from engine.model.errors import BadRequest, Conflict, FieldError, Forbidden, Invalid, NotFound
from engine.model.ids import new_id
from engine.model.keeping_views import WallForm, WallLine
from engine.model.lists import Page
from engine.model.packs import Act
from engine.operations import live, naming, offers, ties, trail
from engine.operations.people import standing_in, task_access, walls
from engine.operations.scope import within
from engine.store import UnitOfWork

#: why somebody may be kept away, as codes: words about people would be content that everybody who looks after walls could read
REASONS: Mapping[str, str] = {
    "conflict-of-interest": noted("Conflict of interest"),
    "recusal": noted("Stepped back"),
    "personal-tie": noted("Family or work tie"),
    "complaint": noted("Complaint"),
    "breach": noted("Breach of confidence"),
    "other": noted("Other reason"),
}
_NO_CASE = noted("There is no case with this number.")


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom a wall keeps away, why (a code), from when on and until when; None: from now on, until two people agree."""

    person_id: str
    reason: str
    since: datetime | None
    until: datetime | None

    @property
    def begins(self) -> datetime:
        """From when on it stands."""
        return clock.now() if self.since is None else max(clock.now(), self.since)

    def is_met_by(self, one: Wall | PersonWall) -> bool:
        """Whether another wall keeps the person away for good by the time this one would begin."""
        return self.until is None and one.person_id == self.person_id and one.cleared_at is None and one.at <= self.begins


def add(
    uow: UnitOfWork,
    actor: Actor,
    *,
    person_id: str,
    reason: str,
    case: str | None = None,
    participant_id: str | None = None,
    other_id: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> WallLine:
    """Keep a person from one case (its number or id), or from all cases of somebody: a participant of a case, or a person.

    It stands from now on, or from `since` where that lies ahead, until `until` or until two people agree.
    Only who manages people names somebody without a case. Raises Invalid, Conflict, NotFound, Forbidden.
    """
    live.require_program_act(uow, actor, Act.WALL_MANAGE)
    if sum(one is not None for one in (case, participant_id, other_id)) != 1:
        raise BadRequest("Say one of: case, participant_id, other_id.")
    _require_fitting(person_id, reason, since, until)
    person = within(actor.program_id, store.persons.get(uow, person_id))
    if case is not None:
        return _around(uow, actor, _case(uow, actor, case), Asked(person.id, reason, since, until))
    other = _other(uow, actor, participant_id, other_id)
    if other == person.id:
        message = say("Choose two different people.")
        raise Invalid(message, (FieldError("/person_id", "same-person", message),))
    return _between(uow, actor, other, Asked(person.id, reason, since, until))


def _require_fitting(person_id: str, reason: str, since: datetime | None, until: datetime | None) -> None:
    errors = []
    if not person_id:
        errors.append(FieldError("/person_id", "missing", say("Choose who is kept away.")))
    if reason not in REASONS:
        errors.append(FieldError("/reason", "unknown-reason", say("Choose a reason: {reasons}.", reasons=", ".join(REASONS))))
    if until is not None and until <= clock.now():
        errors.append(FieldError("/until", "not-in-future", say("Choose an end that lies in the future, or none.")))
    elif until is not None and since is not None and until <= since:
        errors.append(FieldError("/until", "ends-first", say("Choose an end that comes after the beginning.")))
    if errors:
        raise Invalid(say("The wall cannot be put up like this."), tuple(errors))


def _case(uow: UnitOfWork, actor: Actor, named: str) -> Case:
    """A case by number or id; one behind a wall is as one that is not there."""
    found = store.cases.find(uow, named) or store.cases.get_by_number(uow, actor.program_id, named.strip())
    if found is None or found.program_id != actor.program_id:
        raise NotFound(say(_NO_CASE))
    if store.walls.is_walled(uow, found.id, actor.person_id):
        raise NotFound(say(_NO_CASE), walled=found.id)
    return found


def _other(uow: UnitOfWork, actor: Actor, participant_id: str | None, other_id: str | None) -> str:
    if participant_id is not None:
        row = within(actor.program_id, store.participants.get(uow, participant_id))
        case = store.cases.get(uow, row.case_id)
        access.require(actor, Act.CASE_VIEW, ties.to_case(uow, actor, case), live.pack(uow, actor.program_id, case.pack))
        return row.person_id
    live.require_program_act(uow, actor, Act.PERSON_MANAGE)
    return within(actor.program_id, store.persons.get(uow, other_id or "")).id


def _around(uow: UnitOfWork, actor: Actor, case: Case, asked: Asked) -> WallLine:
    if any(asked.is_met_by(one) for one in store.walls.of_case(uow, case.id)):
        raise Conflict(say("This person is kept from the case already."))
    made = walls.build(uow, actor, case, asked.person_id, asked.reason, since=asked.since, until=asked.until)
    offers.refresh(uow, case)
    return _lines(uow, actor, (made,))[0]


def _between(uow: UnitOfWork, actor: Actor, other: str, asked: Asked) -> WallLine:
    if any(asked.is_met_by(one) for one in store.walls.against(uow, other)):
        raise Conflict(say("This person is kept from the other's cases already."))
    made = PersonWall(
        new_id(clock.now()), actor.program_id, asked.person_id, other, asked.reason, asked.begins, asked.until, actor.person_id or None
    )
    store.walls.insert_between(uow, made)
    trail.note(uow, actor, "person_wall_added", wall=made.id, person=asked.person_id, other=other, reason=asked.reason)
    for case_id in store.walls.cases_with(uow, actor.program_id, other):
        case = store.cases.get(uow, case_id)
        walls.build(uow, actor, case, asked.person_id, asked.reason, since=made.at, until=asked.until, between=made)
        offers.refresh(uow, case)
    return _line_between(uow, actor, made)


def ask_clearing(uow: UnitOfWork, actor: Actor, wall_id: str) -> WallLine:
    """Propose that a wall comes down; it stands until somebody else agrees."""
    found = _standing(uow, actor, wall_id)
    if found.clearing_by is not None:
        raise Conflict(say("Somebody asked for that already; a second person has to agree."))
    return _changed(uow, actor, replace(found, clearing_by=actor.person_id), "wall_clearing_asked")


def keep(uow: UnitOfWork, actor: Actor, wall_id: str) -> WallLine:
    """Let a wall stand that somebody asked to take down."""
    found = _standing(uow, actor, wall_id)
    if found.clearing_by is None:
        raise Conflict(say("Nobody asked to take this wall down."))
    return _changed(uow, actor, replace(found, clearing_by=None), "wall_kept")


def clear(uow: UnitOfWork, actor: Actor, wall_id: str) -> WallLine:
    """Agree, as a second person, that a wall comes down now. Case roles that ended with it stay ended."""
    found = _standing(uow, actor, wall_id)
    if found.clearing_by is None:
        raise Conflict(say("Ask first; then somebody else agrees."))
    if found.clearing_by == actor.person_id:
        raise Forbidden(say("You asked for it, so somebody else has to agree."))
    return _changed(uow, actor, replace(found, cleared_at=clock.now(), cleared_by=actor.person_id), "wall_cleared")


def _standing(uow: UnitOfWork, actor: Actor, wall_id: str) -> Wall | PersonWall:
    live.require_program_act(uow, actor, Act.WALL_MANAGE)
    found = _find(uow, actor, wall_id)
    if found.person_id == actor.person_id:
        raise NotFound
    if found.cleared_at is not None and found.cleared_at <= clock.now():
        raise Conflict(say("This wall has come down already."))
    return found


def _find(uow: UnitOfWork, actor: Actor, wall_id: str) -> Wall | PersonWall:
    try:
        wall = within(actor.program_id, store.walls.get(uow, wall_id))
    except NotFound:
        return within(actor.program_id, store.walls.get_between(uow, wall_id))
    if wall.person_id != actor.person_id and store.walls.is_walled(uow, wall.case_id, actor.person_id):
        raise NotFound
    if wall.person_wall_id is not None:
        raise Conflict(say("This wall follows from one between people; take that one down."))
    return wall


def _changed(uow: UnitOfWork, actor: Actor, after: Wall | PersonWall, event: str) -> WallLine:
    if isinstance(after, Wall):
        store.walls.update(uow, after)
        trail.note(uow, actor, event, case_id=after.case_id, wall=after.id, person=after.person_id)
        if after.cleared_by is not None:
            offers.refresh(uow, store.cases.get(uow, after.case_id))
        return _lines(uow, actor, (after,))[0]
    store.walls.update_between(uow, after)
    trail.note(uow, actor, f"person_{event}", wall=after.id, person=after.person_id, other=after.other_id)
    return _line_between(uow, actor, after)


def list_(
    uow: UnitOfWork,
    actor: Actor,
    *,
    person: str | None = None,
    case: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[WallLine]:
    """Walls around single cases, those that came down too, newest first."""
    live.require_program_act(uow, actor, Act.WALL_MANAGE)
    page = store.walls.list_(uow, actor.program_id, unseen_by=actor.person_id, person_id=person, case_id=case, cursor=cursor, limit=limit)
    return Page(_lines(uow, actor, page.items), page.next)


def between(uow: UnitOfWork, actor: Actor) -> tuple[WallLine, ...]:
    """Walls between people, those that came down too, newest first; the newest 200."""
    live.require_program_act(uow, actor, Act.WALL_MANAGE)
    found = store.walls.list_between(uow, actor.program_id, unseen_by=actor.person_id)
    store.persons.get_many(uow, {id for one in found for id in (one.person_id, one.other_id, one.by_id or one.person_id)})
    return tuple(_line_between(uow, actor, one) for one in found)


def form(uow: UnitOfWork, actor: Actor, *, case: str | None = None, other: str | None = None) -> WallForm:
    """What a wall can be put up with: the staff, and around one case those who take part in it, for who may see it."""
    live.require_program_act(uow, actor, Act.WALL_MANAGE)
    staff = store.persons.list_(uow, actor.program_id, staff=True, limit=200).items
    people = tuple((one.id, one.name) for one in staff)
    if other is not None:
        live.require_program_act(uow, actor, Act.PERSON_MANAGE)
        return WallForm(people, other=(other, within(actor.program_id, store.persons.get(uow, other)).name))
    if case is None:
        return WallForm(people)
    found = _case(uow, actor, case)
    subject, pack = ties.to_case(uow, actor, found), live.pack(uow, actor.program_id, found.pack)
    taking_part: tuple[tuple[str, str], ...] = ()
    if access.may(actor, Act.CASE_VIEW, subject, pack).allowed:
        names = naming.Names(uow, actor, found, subject, pack)
        taking_part = tuple((one.id, names.of(one).label) for one in store.participants.of_case(uow, found.id))
    return WallForm(people, case_number=found.number, participants=taking_part)


def _lines(uow: UnitOfWork, actor: Actor, found: tuple[Wall, ...]) -> tuple[WallLine, ...]:
    numbers = store.cases.get_many(uow, {one.case_id for one in found})
    tried = store.audit.tries(uow, walls.MET, {one.case_id for one in found})
    store.persons.get_many(uow, {id for one in found for id in (one.person_id, one.by_id or one.person_id)})
    return tuple(
        replace(
            _line(uow, actor, one),
            case_id=one.case_id,
            case_number=numbers[one.case_id].number,
            tries=tried.get((one.case_id, one.person_id), (0, None))[0],
            last_try_at=tried.get((one.case_id, one.person_id), (0, None))[1],
        )
        for one in found
    )


def _line_between(uow: UnitOfWork, actor: Actor, one: PersonWall) -> WallLine:
    return replace(_line(uow, actor, one), other=_name(uow, actor, one.other_id))


def _line(uow: UnitOfWork, actor: Actor, one: Wall | PersonWall) -> WallLine:
    by = naming.of_person(uow, one.by_id) if one.by_id else say("the procedure")
    return WallLine(
        id=one.id,
        person_id=one.person_id,
        person=_name(uow, actor, one.person_id),
        reason=one.reason,
        reason_label=REASONS.get(one.reason, one.reason.replace("-", " ").capitalize()),
        at=one.at,
        until=one.cleared_at,
        standing=one.cleared_at is None or one.cleared_at > clock.now(),
        ahead=one.at > clock.now(),
        by=by,
        clearing_by=naming.of_person(uow, one.clearing_by) if one.clearing_by else None,
        may_clear=one.clearing_by is not None and one.clearing_by != actor.person_id,
    )


def _name(uow: UnitOfWork, actor: Actor, person_id: str) -> str:
    """By name who works for the program, and everybody to who manages people."""
    person = store.persons.find(uow, person_id)
    if person is not None and live.program_may(uow, actor, Act.PERSON_MANAGE):
        return person.name
    return naming.of_person(uow, person_id)


def still_seen(uow: UnitOfWork, actor: Actor, case_id: str, task_id: str | None = None) -> bool:
    """Whether somebody may still see a case, or a task of it; asking is no try to get in, so nothing is written down."""
    try:
        if task_id is not None:
            task_access.seen(uow, actor, task_id)
            return True
        case = within(actor.program_id, store.cases.get(uow, case_id))
    except (NotFound, Forbidden):
        return False
    reader = standing_in.for_case(uow, actor, case, Act.CASE_VIEW)
    pack = live.pack(uow, actor.program_id, case.pack)
    return access.may(reader, Act.CASE_VIEW, ties.to_case(uow, reader, case), pack).allowed
