"""The mail that a program sends, for who runs it: what waits, what went out, what could not be sent. Never why nothing was written
to somebody: that may say what they fear."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from engine import clock, packs, store
from engine.language import say
from engine.model.access import Actor
from engine.model.errors import Conflict, Forbidden, NotFound
from engine.model.lists import Page
from engine.model.packs import Pack
from engine.model.telling import MailState, OutgoingMail
from engine.operations import live, trail
from engine.operations.people import portal_keys
from engine.operations.scope import within
from engine.operations.telling import telling
from engine.store import UnitOfWork


@dataclass(frozen=True, slots=True)
class MailLine:
    """A mail in a list. `record` is what would have gone out, where mail is kept and not sent: to, subject, text."""

    id: str
    person: str
    #: what is told; None for the daily mail
    kind: str | None
    state: MailState
    created_at: datetime
    due_at: datetime
    ended_at: datetime | None
    attempts: int
    #: why it could not be sent, as `engine.jobs` says it; None for what was needless
    error_code: str | None
    record: object = None


def list_(uow: UnitOfWork, actor: Actor, *, state: MailState | None = None, cursor: str | None = None, limit: int = 50) -> Page[MailLine]:
    """The program's mail, newest first, for administrators. Raises Forbidden."""
    if not actor.administrator:
        raise Forbidden
    return _lines(uow, store.mails.list_(uow, actor.program_id, state=state, cursor=cursor, limit=limit))


def kept(uow: UnitOfWork, *, cursor: str | None = None, limit: int = 50) -> Page[MailLine]:
    """What a demonstration would have sent, newest first. Only for systems that send nothing and answer this machine alone."""
    program = next(iter(store.programs.all(uow)), None)
    return _lines(uow, store.mails.list_(uow, program.id, cursor=cursor, limit=limit)) if program else Page((), None)


def _lines(uow: UnitOfWork, page: Page[OutgoingMail]) -> Page[MailLine]:
    people = store.persons.get_many(uow, {mail.person_id for mail in page.items})
    return Page(tuple(_line(uow, mail, people[mail.person_id].name) for mail in page.items), page.next)


def _line(uow: UnitOfWork, mail: OutgoingMail, person: str) -> MailLine:
    pack = live.pack(uow, mail.program_id, mail.pack)
    return MailLine(
        id=mail.id,
        person=person,
        kind=_kind(pack, mail.kind),
        state=mail.state,
        created_at=mail.created_at,
        due_at=mail.due_at,
        ended_at=mail.ended_at,
        attempts=mail.attempts,
        error_code=mail.error_code,
        record=mail.record,
    )


def _kind(pack: Pack | None, key: str) -> str | None:
    """What a mail is about, in the pack's words."""
    if key == telling.DIGEST:
        return None
    if key == portal_keys.MAIL:
        return say("A link to one's own page")
    kind = next((one for one in pack.telling.kinds if one.key == key), None) if pack else None
    return packs.say(pack, pack.language, kind.label) if pack and kind else key


def retry(uow: UnitOfWork, actor: Actor, mail_id: str) -> None:
    """Send a mail that was given up once more, under its id. Raises Forbidden, NotFound, Conflict."""
    if not actor.administrator:
        raise Forbidden
    mail = store.mails.lock(uow, mail_id)
    if mail is None:
        raise NotFound
    if within(actor.program_id, mail).state is not MailState.FAILED:
        raise Conflict(say("This mail was not given up, so there is nothing to try again."))
    now = clock.now()
    fresh = replace(mail, state=MailState.WAITING, attempts=0, created_at=now, due_at=now, ended_at=None, error_code=None)
    store.mails.update(uow, fresh)
    trail.note(uow, actor, "mail_retried", mail=mail.id)
