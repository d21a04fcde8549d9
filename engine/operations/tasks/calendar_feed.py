"""Dates for a person's calendar under a secret link: what is due to them and when they meet, without names or content (R32).

Whoever has the link reads the dates, so only its digest is stored, it is shown once, and it can be renewed and ended.
Access is looked up anew at each reading: what ended, ended here too.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from engine import access, bpmn, clock, feel, packs, store
from engine.language import noted, say, speaking
from engine.model.access import Actor
from engine.model.cases import Case
from engine.model.errors import NotFound, NotSignedIn
from engine.model.ids import new_id
from engine.model.instances import Instance
from engine.model.packs import Act, Pack
from engine.model.states import CaseState, InstanceState
from engine.model.telling import CalendarFeed
from engine.operations import live, ties, trail
from engine.operations.people import accounts
from engine.operations.running import surroundings
from engine.operations.tasks import task_lists
from engine.operations.telling import telling
from engine.store import UnitOfWork

#: most tasks that a calendar is told of
_MOST = 200
#: appointments that are longer ago are left out
_PAST = timedelta(days=90)
#: instances that still go on
_OPEN = (InstanceState.RUNNING, InstanceState.INCIDENT, InstanceState.SUSPENDED)
_DUE = noted("Something is due")


@dataclass(frozen=True, slots=True)
class Entry:
    """One date. `id` stays the same while the date moves; `task_id` is the task that is due, `until` the end of an appointment."""

    id: str
    at: datetime
    until: datetime
    title: str
    task_id: str | None = None


def link(uow: UnitOfWork, actor: Actor) -> CalendarFeed | None:
    """The actor's link, without its secret."""
    return store.calendar_feeds.of_account(uow, actor.account_id) if actor.account_id else None


def renew(uow: UnitOfWork, actor: Actor) -> str:
    """The secret of a new link, told this once; one that the actor had before ends. Raises NotSignedIn without an account."""
    if actor.account_id is None:
        raise NotSignedIn
    store.calendar_feeds.revoke(uow, actor.account_id, clock.now())
    secret = secrets.token_urlsafe(32)
    feed = CalendarFeed(new_id(clock.now()), actor.program_id, actor.account_id, _digest(secret), clock.now())
    store.calendar_feeds.insert(uow, feed)
    trail.note(uow, actor, "calendar_link_made", account=actor.account_id)
    return secret


def revoke(uow: UnitOfWork, actor: Actor) -> None:
    """End the actor's link at once; without one nothing happens."""
    if actor.account_id is not None and store.calendar_feeds.revoke(uow, actor.account_id, clock.now()):
        trail.note(uow, actor, "calendar_link_ended", account=actor.account_id)


def entries(uow: UnitOfWork, secret: str) -> tuple[Entry, ...]:
    """The dates of the person whose link has this secret, by time. Raises NotFound for every link that does not hold (any more)."""
    feed = store.calendar_feeds.by_digest(uow, _digest(secret))
    if feed is None:
        raise NotFound
    try:
        actor = accounts.actor_for_account(uow, feed.account_id, accounts.session_epoch(uow, feed.account_id), via="calendar")
    except NotSignedIn as ended:
        raise NotFound from ended
    person = store.persons.get(uow, actor.person_id)
    with speaking(person.language):
        found = (*_tasks(uow, actor, person.language), *_appointments(uow, actor, person.language))
    return tuple(sorted(found, key=lambda one: (one.at, one.id)))


def appointments(uow: UnitOfWork, actor: Actor, case: Case, language: str) -> tuple[Entry, ...]:
    """When the actor meets others in an open case, by time; nothing of a case that they may not see."""
    pack = live.pack(uow, case.program_id, case.pack)
    if pack is None or not pack.telling.appointments or case.state is not CaseState.OPEN or not _sees(uow, actor, case, pack):
        return ()
    found = _of_case(uow, actor, case, pack, telling.zone_of(uow, case.program_id), language)
    return tuple(sorted(found, key=lambda one: (one.at, one.id)))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def _tasks(uow: UnitOfWork, actor: Actor, language: str) -> Iterator[Entry]:
    """The open tasks that are the person's own and have a due date."""
    for line in task_lists.inbox(uow, actor, scope="mine", limit=_MOST).items:
        task = line.task
        if task.due_at is None:
            continue
        pack = live.pack(uow, actor.program_id, store.cases.get(uow, task.case_id).pack)
        named = pack.telling.due_title if pack else None
        title = _said(pack, language, named) if pack and named else say(_DUE)
        yield Entry(task.id, task.due_at, task.due_at, title, task.id)


def _appointments(uow: UnitOfWork, actor: Actor, language: str) -> Iterator[Entry]:
    """The appointments of the cases that the person takes part in now."""
    since = clock.now() - _PAST
    hidden = store.walls.of_person(uow, actor.program_id, actor.person_id)
    case_ids = store.participants.case_ids_of_person(uow, actor.program_id, actor.person_id) - hidden
    for case in store.cases.get_many(uow, case_ids).values():
        yield from (one for one in appointments(uow, actor, case, language) if one.at > since)


def _sees(uow: UnitOfWork, actor: Actor, case: Case, pack: Pack) -> bool:
    return access.may(actor, Act.CASE_VIEW, ties.to_case(uow, actor, case), pack).allowed


def _of_case(uow: UnitOfWork, actor: Actor, case: Case, pack: Pack, zone: ZoneInfo, language: str) -> Iterator[Entry]:
    subject, facts = ties.to_case(uow, actor, case), store.facts.of_case(uow, case.id)
    running = [_restored(uow, case, instance) for instance in store.instances.of_case(uow, case.id) if instance.state in _OPEN]
    for one in pack.telling.appointments:
        if not access.tellable(actor, subject, pack, {one.variable: None}):
            continue
        known: list[object] = [feel.from_json(facts[one.variable].value)] if one.variable in facts else []
        known += [value for execution in running for value in execution.held(one.variable)]
        moments = sorted({at if at.tzinfo else at.replace(tzinfo=zone) for at in known if isinstance(at, datetime)})
        for number, at in enumerate(moments, 1):
            id = f"{case.id}.{one.variable}.{number}"
            yield Entry(id, at, at + timedelta(minutes=one.minutes), _said(pack, language, one.title))


def _restored(uow: UnitOfWork, case: Case, instance: Instance) -> bpmn.Execution:
    """A running procedure: a date that a called one holds becomes a fact of the case only when that one is done."""
    definition = store.definitions.get(uow, instance.definition_id)
    env = surroundings.env(uow, definition, case, instance.id)
    return bpmn.restore(live.compiled(uow, definition), env, instance.state_blob)


def _said(pack: Pack, language: str, text: str) -> str:
    return packs.say(pack, packs.fitting(pack, [language]), text)
