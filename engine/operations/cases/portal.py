"""A participant's visit without an account: one case, one participant, their own tasks; `access` decides as for anybody.

The actor of a visit exists here only: it is handed to no other page and no REST route. Each act asks anew whether the
visit still holds, so that a wall, an ended part or staff's ending it cut it off at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from engine import access, clock, store
from engine.language import say
from engine.model.access import Actor
from engine.model.cases import Case, Participant
from engine.model.content import Draft
from engine.model.errors import LinkGone, NotFound, TaskNotOpen
from engine.model.files import File
from engine.model.instances import UserTask
from engine.model.portal import PortalKey
from engine.model.states import CaseState, InstanceState, UserTaskState
from engine.model.views import CasePage, MessageAct, TaskLine, TaskPage, VisibleRecord
from engine.operations import live, signing, ties, trail
from engine.operations.cases import case_pages, openings, papers
from engine.operations.content import files
from engine.operations.people import languages, portal_keys, task_access
from engine.operations.running import messages
from engine.operations.tasks import calendar_feed, task_lists, user_tasks
from engine.operations.telling import surveys
from engine.operations.telling.surveys import Asked
from engine.store import UnitOfWork

VIA = "portal"


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit that holds now."""

    key: PortalKey
    actor: Actor
    case: Case
    participant: Participant
    #: what the visitor is called
    name: str
    #: the program's name and time zone
    program: str
    timezone: str


@dataclass(frozen=True, slots=True)
class Meeting:
    """An appointment to come. `where`: (label, answer) of what was written about it and the visitor may read."""

    title: str
    at: datetime
    where: tuple[tuple[str, object], ...]


@dataclass(frozen=True, slots=True)
class Home:
    """What a visitor finds: what waits for them, where the case stands, when they meet, what they may send."""

    case_number: str
    #: what the case waits for
    sentence: str
    #: nothing comes next, whatever was not reached
    closed: bool
    open: tuple[TaskLine, ...]
    #: what may be answered and need not be
    surveys: tuple[Asked, ...]
    done: tuple[TaskLine, ...]
    appointments: tuple[Meeting, ...]
    #: who was appointed to the case: (role, name)
    leads: tuple[tuple[str, str], ...]
    #: how far the case is: (label, when it was reached), in the pack's order
    milestones: tuple[tuple[str, datetime | None], ...]
    acts: tuple[MessageAct, ...]
    #: what others wrote about or for the visitor, newest first: answers to questions, for example
    written: tuple[VisibleRecord, ...]
    #: what everybody who takes part may read, newest first: a summary or the terms
    shared: tuple[VisibleRecord, ...]
    #: ids of those that are signed: a visitor takes a copy with all signatures along
    signable: frozenset[str]
    #: who of the program opened the case: (role, when last), newest first
    opened: tuple[tuple[str, datetime], ...]


def _sentence(page: CasePage) -> str:
    """How the case goes on, for a participant: who of the program is late, and who is asked about it, is not theirs to read."""
    if page.line.state == CaseState.CLOSED or page.explanation.state not in (InstanceState.RUNNING, InstanceState.INCIDENT):
        return page.line.sentence
    return say("In progress: the next step is with others.")


def begin(uow: UnitOfWork, secret: str) -> Visit:
    """Use a link or code up. Raises LinkGone for every reason that it opens nothing."""
    key, now = portal_keys.usable(uow, secret), clock.now()
    if not store.portal_keys.use(uow, key.id, now, now + portal_keys.VISIT_LASTS):
        raise LinkGone
    found = _visit(uow, key)
    trail.note(uow, found.actor, "portal_entered", case_id=key.case_id, key=key.id, participant=key.participant_id)
    return found


def resume(uow: UnitOfWork, key_id: str) -> Visit:
    """The visit that a key opened. Raises LinkGone when it is over."""
    key = store.portal_keys.find(uow, key_id)
    if key is None or key.revoked_at is not None or key.ends_at is None or key.ends_at <= clock.now():
        raise LinkGone
    if not portal_keys.holds(uow, key):
        raise LinkGone
    return _visit(uow, key)


def part_ended(uow: UnitOfWork, key_id: str) -> bool:
    """Whether a visit that would go on is over because the visitor no longer takes part, by what they answered for example."""
    key = store.portal_keys.find(uow, key_id)
    if key is None or key.revoked_at is not None or key.ends_at is None or key.ends_at <= clock.now():
        return False
    return not portal_keys.holds(uow, key)


def _visit(uow: UnitOfWork, key: PortalKey) -> Visit:
    participant = store.participants.get(uow, key.participant_id)
    person = store.persons.get(uow, participant.person_id)
    program = store.programs.get(uow, key.program_id)
    # No program roles, whatever the person holds elsewhere: the visit is that of a participant.
    actor = Actor(person.id, None, key.program_id, via=VIA, languages=(person.language,))
    return Visit(key, actor, store.cases.get(uow, key.case_id), participant, person.name, program.title, program.timezone)


def read_in(visit: Visit, languages: tuple[str, ...]) -> Visit:
    """The same visit in other languages, the best first."""
    return replace(visit, actor=replace(visit.actor, languages=languages))


def end(uow: UnitOfWork, visit: Visit) -> None:
    """The visitor leaves."""
    store.portal_keys.end(uow, visit.key.id, clock.now())


def home(uow: UnitOfWork, visit: Visit) -> Home:
    """The first page of a visit."""
    page = case_pages.page(uow, visit.actor, visit.case.id)
    own = [line for line in page.tasks if line.task.participant_id == visit.participant.id]
    return Home(
        case_number=page.line.number,
        sentence=_sentence(page),
        closed=page.line.state == CaseState.CLOSED,
        open=tuple(line for line in own if line.can_complete),
        surveys=surveys.open_to(uow, visit.actor, visit.case.id),
        done=tuple(line for line in own if line.task.completed_by == visit.actor.person_id),
        appointments=_appointments(uow, visit, page),
        leads=_leads(uow, visit),
        milestones=tuple((label, at) for _code, label, at in page.milestones),
        acts=_acts(page),
        written=_written(uow, visit, page),
        shared=_shared(page),
        signable=papers.signable(uow, visit.actor, visit.case.id),
        opened=openings.told(uow, visit.case, live.spoken(uow, visit.actor, visit.case.pack)),
    )


def _written(uow: UnitOfWork, visit: Visit, page: CasePage) -> tuple[VisibleRecord, ...]:
    """What somebody else wrote to this participant, in a class that they write themselves: a talk, not an assessment.

    Whether it may be read was decided before; needs and the like stay off a page that others may glance at.
    """
    subject, pack = ties.to_case(uow, visit.actor, visit.case), live.pack(uow, visit.case.program_id, visit.case.pack)
    every = (record for panel in page.panels for record in panel.records)
    own = [one for one in every if one.participant is not None and one.participant.participant_id == visit.participant.id]
    talk = (one for one in own if access.can_write(visit.actor, ties.to_record(subject, one.cls, visit.participant.id, None), pack))
    others = [one for one in talk if one.author is None or one.author.person_id != visit.actor.person_id]
    return tuple(sorted(others, key=lambda one: one.at, reverse=True))


def _shared(page: CasePage) -> tuple[VisibleRecord, ...]:
    """What the visitor reads and what is about nobody in particular, so that no other participant is named for it."""
    every = (record for panel in page.panels for record in panel.records if record.participant is None)
    return tuple(sorted(every, key=lambda one: one.at, reverse=True))


def _appointments(uow: UnitOfWork, visit: Visit, page: CasePage) -> tuple[Meeting, ...]:
    """Those to come. The newest record says where; of several to come it would be unknown which it is about, so none does."""
    found = calendar_feed.appointments(uow, visit.actor, visit.case, next(iter(visit.actor.languages), ""))
    coming = tuple(entry for entry in found if entry.until > clock.now())
    pack = live.pack(uow, visit.case.program_id, visit.case.pack)
    told = {one.form for one in pack.telling.appointments if one.form} if pack and len(coming) == 1 else set[str]()
    where = next((one.fields for one in _shared(page) if one.form in told), ())
    return tuple(Meeting(entry.title, entry.at, where) for entry in coming)


def _leads(uow: UnitOfWork, visit: Visit) -> tuple[tuple[str, str], ...]:
    """Who holds a role of the program on this case for which they had to be eligible: whoever works with people says who they are."""
    pack = live.spoken(uow, visit.actor, visit.case.pack)
    if pack is None:
        return ()
    rows = [one for one in store.participants.of_case(uow, visit.case.id) if one.role in pack.roles]
    appointed = [one for one in rows if pack.roles[one.role].staff and pack.roles[one.role].eligible]
    people = store.persons.get_many(uow, {one.person_id for one in appointed})
    return tuple((pack.roles[one.role].label, people[one.person_id].name) for one in appointed)


def _acts(page: CasePage) -> tuple[MessageAct, ...]:
    """Those that are sent for oneself, without choosing anybody."""
    return tuple(act for act in page.acts if not act.participants)


def act(uow: UnitOfWork, visit: Visit, name: str) -> MessageAct:
    """A message that the visitor may send now. Raises NotFound."""
    found = next((one for one in _acts(case_pages.page(uow, visit.actor, visit.case.id)) if one.name == name), None)
    if found is None:
        raise NotFound
    return found


def send(uow: UnitOfWork, visit: Visit, name: str) -> None:
    """Send a message for oneself, such as one's withdrawal; no reason is asked. Raises Forbidden, Conflict."""
    messages.send_to_case(uow, visit.actor, visit.case.id, name, visit.participant.id)


def task(uow: UnitOfWork, visit: Visit, task_id: str) -> TaskPage:
    """One of the visitor's own tasks with its form. Raises NotFound for any other, TaskNotOpen when it was done or taken back."""
    _own(uow, visit, task_id)
    return task_lists.page(uow, visit.actor, task_id)


def done(uow: UnitOfWork, visit: Visit, task_id: str) -> UserTask:
    """A task that the visitor completed. Raises NotFound."""
    found = store.user_tasks.find(uow, task_id)
    if found is None or found.participant_id != visit.participant.id or found.completed_by != visit.actor.person_id:
        raise NotFound
    return found


def complete(
    uow: UnitOfWork, visit: Visit, task_id: str, data: Mapping[str, object], signed: signing.Way = signing.USUAL,
    edition: str | None = None,
) -> UserTask:
    """Answer the form that was read as `edition`, signed in that way; raises as `task` and `user_tasks.complete`."""
    _own(uow, visit, task_id)
    return user_tasks.complete(uow, visit.actor, task_id, data, signed=signed, edition=edition)


def keep(uow: UnitOfWork, visit: Visit, task_id: str, data: Mapping[str, object], *, expected_version: int | None = None) -> Draft:
    """Keep what was typed, for this visit or the next. Raises PreconditionFailed when a newer draft was kept elsewhere."""
    _own(uow, visit, task_id)
    return user_tasks.save_draft(uow, visit.actor, task_id, data, expected_version=expected_version)


def _own(uow: UnitOfWork, visit: Visit, task_id: str) -> None:
    found = store.user_tasks.find(uow, task_id)
    if found is None or found.case_id != visit.case.id or found.participant_id != visit.participant.id:
        raise NotFound
    if found.state is not UserTaskState.OPEN:
        raise TaskNotOpen
    if not task_access.modes(task_access.load(uow, visit.actor, task_id)):
        raise NotFound


def file(uow: UnitOfWork, visit: Visit, file_id: str) -> File:
    """A file of this case that the visitor may read now. Raises NotFound for any other, whoever else they are elsewhere."""
    found = files.get(uow, visit.actor, file_id)
    if found.case_id != visit.case.id:
        raise NotFound
    return found


def file_part(uow: UnitOfWork, visit: Visit, file_id: str, number: int) -> bytes | None:
    """One part of such a file's content; None after the last. Raises NotFound once the visitor may not read it."""
    return store.files.part(uow, file(uow, visit, file_id), number)


def choose_language(uow: UnitOfWork, visit: Visit, tag: str) -> None:
    """Read, and be written to, in another language. Raises Invalid."""
    languages.choose(uow, visit.actor, tag)
