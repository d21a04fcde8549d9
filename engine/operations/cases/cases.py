"""Cases: open one with its people, list them, change who takes part."""

from __future__ import annotations

import calendar
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from engine import access, clock, forms, store
from engine.language import say
from engine.model.access import Actor, Subject
from engine.model.cases import Case, Participant, Similar
from engine.model.errors import BadRequest, FieldError, Forbidden, Invalid, NotFound
from engine.model.forms import Form, Mode
from engine.model.lists import CaseOverview, LentCases, Page
from engine.model.packs import Act, Pack, RoleKind
from engine.model.people import Person
from engine.model.states import CaseState
from engine.model.tiles import CaseFilter
from engine.model.views import CaseLine, Who
from engine.operations import live, offers, ties
from engine.operations.cases import case_lines, moves, opening_files
from engine.operations.content import records
from engine.operations.discretion import Discretion
from engine.operations.people import memberships, standing_in
from engine.operations.people.memberships import NewParticipant
from engine.operations.running import instances, numbering
from engine.operations.scope import within
from engine.store import UnitOfWork

_ANY = CaseFilter()


@dataclass(frozen=True, slots=True)
class OpeningForm:
    """What the page for opening a case needs: its form, the roles to fill and how many of each at least."""

    pack_key: str
    form: Form | None
    roles: tuple[tuple[str, str], ...]
    required: Mapping[str, int]
    #: class → what its badge says
    class_labels: Mapping[str, str]


def to_open(uow: UnitOfWork, actor: Actor) -> tuple[tuple[str, str], ...]:
    """(key, title) of the live packs that this actor may open cases of."""
    subject = Subject("program", actor.program_id)
    found = live.all_packs(uow, actor.program_id)
    return tuple((one.key, one.title) for one in found if access.may(actor, Act.CASE_OPEN, subject, one).allowed)


def opening_form(uow: UnitOfWork, actor: Actor, pack: str | None = None) -> OpeningForm:
    """How a case of a pack is opened, of the first one that the actor may open when none is named. Raises Forbidden, NotFound."""
    found = live.sole_pack(uow, actor, pack or next((key for key, _ in to_open(uow, actor)), None))
    access.require(actor, Act.CASE_OPEN, Subject("program", actor.program_id), found)
    definition = store.definitions.latest(uow, actor.program_id, found.case.process)
    form = live.spoken_form(found, actor, live.pack_form(uow, found, actor.program_id, found.case.opening_form)) if definition else None
    outside = tuple((key, role.label) for key, role in found.roles.items() if not role.staff)
    labels = {cls: records.class_label(found, cls) for cls in form.classes} if form else {}
    return OpeningForm(found.key, form, outside, found.case.required_participants, labels)


def open_(
    uow: UnitOfWork,
    actor: Actor,
    pack: str,
    participants: Sequence[NewParticipant],
    data: Mapping[str, object],
) -> Case:
    """Open a case: number, participants, opening form split by class, first process started.

    Raises Invalid with a path for each mistake: in the form, in a person's details, or too few participants.
    """
    found = live.sole_pack(uow, actor, pack)
    access.require(actor, Act.CASE_OPEN, Subject("program", actor.program_id), found)
    definition = store.definitions.latest(uow, actor.program_id, found.case.process)
    if definition is None:
        raise NotFound(say("The pack's case process is not deployed."))
    _require_enough(found, participants)
    form = live.spoken_form(found, actor, live.pack_form(uow, found, actor.program_id, found.case.opening_form))
    checked = forms.check(form, data, mode=Mode.SELF, writable=lambda _cls: True) if form else None
    case = numbering.open_case(uow, actor, found, actor.program_id)
    for position, one in enumerate(participants):
        _join(uow, actor, case, one, position)
    if form is not None and checked is not None:
        checked = opening_files.send(uow, actor, case, form, checked)
        records.write(uow, actor, case, form, checked, None)
    instances.begin(uow, actor, definition, case, checked.facts if checked else {}, business_key=case.number)
    return store.cases.get(uow, case.id)


def _require_enough(pack: Pack, participants: Sequence[NewParticipant]) -> None:
    for role, least in pack.case.required_participants.items():
        if sum(one.role == role for one in participants) < least:
            label = pack.roles[role].label
            message = say("Enter at least {least} people in the role {label}.", least=least, label=label)
            raise Invalid(message, (FieldError("/participants", "too-few", message),))


def _join(uow: UnitOfWork, actor: Actor, case: Case, one: NewParticipant, position: int) -> None:
    try:
        memberships.join_new(uow, actor, case, one)
    except Invalid as wrong:
        moved = tuple(replace(e, path=f"/participants/{position}{e.path}") for e in wrong.errors)
        raise Invalid(wrong.message, moved) from wrong


def similar(uow: UnitOfWork, actor: Actor, pack: str | None, participants: Sequence[NewParticipant]) -> tuple[Similar, ...]:
    """Cases that share at least two of these people: a likely duplicate. New people are matched by name or contact."""
    found = live.sole_pack(uow, actor, pack)
    access.require(actor, Act.CASE_OPEN, Subject("program", actor.program_id), found)
    people = {p.id: p.name for one in participants for p in _same(uow, actor, one)}
    if found.case.duplicate_months == 0 or len(people) < 2:
        return ()
    since = _months_before(clock.now(), found.case.duplicate_months)
    rows = store.cases.similar(uow, actor.program_id, frozenset(people), since)
    shared = {row.id: store.participants.of_case(uow, row.id, include_ended=True) for row in rows}
    return tuple(
        Similar(
            row.id,
            row.number,
            str(row.state),
            row.opened_at,
            tuple(sorted({people[p.person_id] for p in shared[row.id] if p.person_id in people})),
        )
        for row in rows
        if not store.walls.is_walled(uow, row.id, actor.person_id)
    )


def _same(uow: UnitOfWork, actor: Actor, one: NewParticipant) -> tuple[Person, ...]:
    if one.person_id is not None:
        return (within(actor.program_id, store.persons.get(uow, one.person_id)),)
    return store.persons.alike(uow, actor.program_id, name=one.name or "", email=one.email, phone=one.phone)


def _months_before(at: datetime, months: int) -> datetime:
    whole = at.year * 12 + at.month - 1 - months
    year, month = divmod(whole, 12)
    return at.replace(year=year, month=month + 1, day=min(at.day, calendar.monthrange(year, month + 1)[1]))


def list_(
    uow: UnitOfWork,
    actor: Actor,
    *,
    state: str | None = None,
    text: str = "",
    also: CaseFilter = _ANY,
    named: Collection[str] = (),
    place: str = "",
    cursor: str | None = None,
    limit: int = 50,
) -> Page[CaseLine]:
    """Cases with what each waits for: all of the program for who may list them, else the actor's own and those in which
    they take the part of somebody who is away.

    `place`: only the cases that they see in that person's place, all of them where that person lists all. `also`: what
    else they have to be like, and the order; `named`: the packs in whose cases `text` finds people too. What nobody can
    do stands on top, then what is overdue. Raises Forbidden for somebody whose roles see no case, NotFound for the place
    of anybody whose place they do not take.
    """
    wanted = _state(state)
    lists_all = live.program_may(uow, actor, Act.CASE_LIST)
    lent = _lent(uow, actor, place, lists_all)
    if not lists_all and not actor.lent and not live.may_see_cases(uow, actor):
        raise Forbidden(say("Your roles see no cases."))
    page = store.cases.overview(
        uow,
        actor.program_id,
        state=wanted,
        text=text,
        names=bool(named),
        named_packs=named,
        also=also,
        of_person=None if lists_all or place else actor.person_id,
        lent=lent,
        unseen_by=actor.person_id,
        cursor=cursor,
        limit=limit,
    )
    some = {row.case.id for row in page.items if lent or not _knows_all(uow, actor, row.case)}
    store.foresight.foresee(uow, some, actor.person_id)
    zone = store.programs.get(uow, actor.program_id).timezone
    if not lent:
        return Page(tuple(_line(uow, actor, row, zone) for row in page.items), page.next)
    for one in lent:
        store.foresight.foresee(uow, some, one.person_id, people={one.person_id})
    readers = ((standing_in.reader(uow, actor, row.case, place), row) for row in page.items)
    return Page(tuple(_line(uow, one, row, zone) for one, row in readers if one is not None), page.next)


def _lent(uow: UnitOfWork, actor: Actor, place: str, lists_all: bool) -> tuple[LentCases, ...]:
    """Whose cases the list gives too: of who lists every case, those are only given by themselves."""
    found = standing_in.cases_of(uow, actor)
    if place:
        if all(one.person_id != place for one in actor.lent):
            raise NotFound(say("You do not stand in for this person now."))
        return tuple(one for one in found if one.person_id == place) or (LentCases(place),)
    return () if lists_all else tuple(replace(one, packs=frozenset()) for one in found if one.held)


def _knows_all(uow: UnitOfWork, actor: Actor, case: Case) -> bool:
    return access.knows_all(actor, live.pack(uow, actor.program_id, case.pack))


def _state(text: str | None) -> CaseState | None:
    if text is None:
        return None
    try:
        return CaseState(text)
    except ValueError as wrong:
        raise BadRequest(f"state is one of: {', '.join(CaseState)}.") from wrong


def _line(uow: UnitOfWork, actor: Actor, row: CaseOverview, zone: str) -> CaseLine:
    pack = live.spoken(uow, actor, row.case.pack)
    if not access.knows_all(actor, pack):
        subject = ties.to_case(uow, actor, row.case)
        row = case_lines.without(row, Discretion(uow, actor, row.case, subject, pack, row.instances))
    line = case_lines.from_overview(row, pack, zone)
    if actor.place is not None:
        # Acts that move somebody else's cases are not lent.
        absent = store.persons.get(uow, actor.place.person_id)
        return replace(line, in_place_of=Who(absent.id, absent.name))
    return replace(line, moves=moves.of_row(row, case_lines.waits(row, pack), actor, pack)) if access.knows_all(actor, pack) else line


def add_participant(uow: UnitOfWork, actor: Actor, case_id: str, new: NewParticipant) -> Participant:
    """Let somebody join a case in a role; forbidden pairs and eligibility hold."""
    case, _subject = _for_participants(uow, actor, case_id)
    joined = memberships.join_new(uow, actor, case, new)
    offers.refresh(uow, case)
    return joined


def end_participant(uow: UnitOfWork, actor: Actor, case_id: str, participant_id: str) -> None:
    """End a participant's role on a case; their open tasks of that role go back to the others."""
    case, _subject = _for_participants(uow, actor, case_id)
    row = within(actor.program_id, store.participants.get(uow, participant_id))
    if row.case_id != case.id or row.to_at is not None:
        raise NotFound(say("No such participant takes part in this case now."))
    memberships.leave_case(uow, actor, case, row)
    offers.refresh(uow, case)


def _for_participants(uow: UnitOfWork, actor: Actor, case_id: str) -> tuple[Case, Subject]:
    case = within(actor.program_id, store.cases.get(uow, case_id))
    subject = ties.to_case(uow, actor, case)
    access.require(actor, Act.CASE_PARTICIPANTS, subject, live.pack(uow, actor.program_id, case.pack))
    return case, subject


def roles(uow: UnitOfWork, actor: Actor, case_id: str) -> tuple[tuple[str, str], ...]:
    """The roles that somebody can be given on a case, for who may change who takes part: (key, label)."""
    case, _subject = _for_participants(uow, actor, case_id)
    pack = live.spoken(uow, actor, case.pack)
    known = pack.roles if pack else {}
    return tuple((key, role.label) for key, role in known.items() if role.kind is not RoleKind.PROGRAM)


def participant_of(uow: UnitOfWork, case_id: str, person_id: str) -> str | None:
    """The participant a person is on a case now; for scripts that play a case."""
    return next((p.id for p in store.participants.of_case(uow, case_id) if p.person_id == person_id), None)
