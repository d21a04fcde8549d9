"""Sending the mail that was promised: held in one transaction, sent in none, answered in a second one.

A crash in between lets the hold run out, and the mail is sent again under the same Message-ID: at least once, never lost.
What became needless meanwhile is not sent: read in the inbox before, the task done, the case no longer theirs.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from engine import clock, jobs, packs, store
from engine.jobs import Mail, NotDone
from engine.language import noted
from engine.model.content import Notice
from engine.model.packs import Pack
from engine.model.people import Person
from engine.model.telling import Letter, MailState, OutgoingMail, Way
from engine.operations import live, trail
from engine.operations.mail import portal_mail
from engine.operations.people import concern, contact_rules, portal_keys, programs
from engine.operations.running.outside_calls import Outlets
from engine.operations.telling import notices, telling, telling_hours
from engine.operations.telling.telling import Wishes
from engine.store import Store, UnitOfWork

#: how long a mail is held while it is given to the server: no call takes longer
_HOLD = timedelta(minutes=5)
#: pauses after failures, the last again and again
BACK_OFF = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1))
#: a mail that could not be sent for so long is given up: what it tells is in the inbox
LIFETIME = timedelta(days=3)
#: mails in a row before the sweep looks around again
_AT_ONCE = 50
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Held:
    """A mail that this process holds; `mail` None: it is not to be sent. `told` are the notices that it tells of."""

    row: OutgoingMail
    mail: Mail | None = None
    told: tuple[Notice, ...] = ()


def run_due(open_store: Store, outlets: Outlets) -> int:
    """Send what is due; gives how many mails were taken. Without a mail server they wait. Idle, one indexed query is all."""
    if outlets.mail is None and not outlets.recording:
        return 0
    with open_store.reading() as uow:
        if store.mails.due(uow, clock.now()) is None:
            return 0
    done = 0
    while done < _AT_ONCE and run_one(open_store, outlets):
        done += 1
    return done


def run_one(open_store: Store, outlets: Outlets) -> bool:
    """Take one mail that is due, send it, say what came of it. False when nothing is due."""
    with open_store.unit_of_work() as uow:
        row = store.mails.due(uow, clock.now())
        if row is None:
            return False
        held = _prepared(uow, replace(row, attempts=row.attempts + 1, due_at=clock.now() + _HOLD), outlets)
        store.mails.update(uow, held.row)
        uow.commit()
    if held.mail is not None:
        _answer(open_store, held, outlets, _outcome(outlets, held.mail))
    return True


def _outcome(outlets: Outlets, mail: Mail) -> NotDone | None:
    """What went wrong; None when the server took the mail, or it is only kept."""
    try:
        if outlets.mail is not None and not outlets.recording:
            jobs.deliver(outlets.mail, mail)
    except NotDone as failure:
        return failure
    except Exception as failure:  # noqa: BLE001 - whatever it is, it counts as a try and never stops the loop
        _log.error("A mail failed in a way that it should not (%s).", type(failure).__name__)
        return NotDone("server-fault", noted("The server could not do this."))
    return None


def _prepared(uow: UnitOfWork, row: OutgoingMail, outlets: Outlets) -> _Held:
    """The mail in the words of its reader; or why it is not sent."""
    person = store.persons.get(uow, row.person_id)
    if row.kind == portal_keys.MAIL:
        return _with_link(uow, row, person, outlets)
    pack = live.pack(uow, row.program_id, row.pack)
    told = tuple(notice for notice in store.notices.of_mail(uow, row.id) if concern.holds(uow, notice) and _wanted(uow, pack, notice))
    letter = _letter(pack, row)
    if person.deactivated_at is not None or not told:
        return _dropped(row, "needless")
    if clock.now() > _last(row):
        return _dropped(row, "too-late")
    if pack is None or letter is None:
        return _dropped(row, "no-words")
    safe = tuple(one for one in told if contact_rules.may_mail(uow, one.case_id, person.id, pack.telling.contact))
    if not safe or person.email is None or not jobs.is_address(person.email):
        for case_id in dict.fromkeys(one.case_id for one in told):
            _call_instead(uow, case_id, person)
        return _dropped(row, "no-address" if safe else "needless")  # not why: it may be what they fear
    subject, text = _said(pack, person, letter, len(safe))
    where = f"{text}\n\n{_door(uow, person, outlets.address)}" if outlets.address else text
    return _Held(row, Mail(row.id, (person.email,), subject, where), told=safe)


def _call_instead(uow: UnitOfWork, case_id: str, person: Person) -> None:
    """Nobody learns of this by mail, so somebody calls; staff have their inbox."""
    if not person.staff:
        case = store.cases.get(uow, case_id)
        system = programs.system(store.programs.get(uow, case.program_id), via="job")
        notices.call_instead(uow, system, case, unless_to=person.id)


def _door(uow: UnitOfWork, person: Person, address: str) -> str:
    """Where the reader comes in: who has nothing to sign in with, at the page that takes a code."""
    return address if store.persons.able(uow, [person.id]) else f"{address.rstrip('/')}{portal_mail.DOOR}"


def _with_link(uow: UnitOfWork, row: OutgoingMail, person: Person, outlets: Outlets) -> _Held:
    """The mail that opens a visit; it tells of no notices."""
    if person.email is None or not jobs.is_address(person.email):
        return _dropped_link(uow, row, person, "no-address")
    if outlets.address is None and not outlets.recording:
        return _dropped(row, "no-place")
    words = portal_mail.write(uow, row, person, outlets.address)
    return _Held(row, Mail(row.id, (person.email,), words.subject, words.text)) if words else _dropped_link(uow, row, person, "needless")


def _dropped_link(uow: UnitOfWork, row: OutgoingMail, person: Person, why: str) -> _Held:
    """A link that was not sent although it would still open something: somebody calls with a code."""
    key = store.portal_keys.of_mail(uow, row.id)
    if key is not None and key.revoked_at is None and key.used_at is None and portal_keys.holds(uow, key):
        _call_instead(uow, key.case_id, person)
    return _dropped(row, why)


def _dropped(row: OutgoingMail, why: str) -> _Held:
    return _Held(replace(row, state=MailState.DROPPED, ended_at=clock.now(), error_code=why))


def _wanted(uow: UnitOfWork, pack: Pack | None, notice: Notice) -> bool:
    """Whether the recipient did not turn mail of this kind off meanwhile."""
    kind = pack.telling.kind_of(notice.template) if pack else None
    chosen = store.telling_choices.find(uow, notice.recipient_id)
    return pack is not None and kind is not None and Wishes(pack.telling, chosen).way(kind) in (Way.MAIL, Way.DIGEST)


def _letter(pack: Pack | None, row: OutgoingMail) -> Letter | None:
    if pack is None or row.kind == telling.DIGEST:
        return pack.telling.digest if pack else None
    return next((kind.letter for kind in pack.telling.kinds if kind.key == row.kind), None)


def _said(pack: Pack, person: Person, letter: Letter, count: int) -> tuple[str, str]:
    language = packs.fitting(pack, [person.language])
    subject, text = (packs.say(pack, language, part).replace("{count}", str(count)) for part in (letter.subject, letter.text))
    return subject, text


def _answer(open_store: Store, held: _Held, outlets: Outlets, failure: NotDone | None) -> None:
    """The second transaction; a mail that somebody else took meanwhile is theirs to answer for."""
    with open_store.unit_of_work() as uow:
        row = store.mails.lock(uow, held.row.id)
        if row is None or row.state is not MailState.WAITING or row.attempts != held.row.attempts:
            return
        if failure is None:
            _sent(uow, row, held, outlets)
        else:
            store.mails.update(uow, _after(uow, row, failure))
        uow.commit()


def _sent(uow: UnitOfWork, row: OutgoingMail, held: _Held, outlets: Outlets) -> None:
    assert held.mail is not None
    record = {"to": list(held.mail.to), "subject": held.mail.subject, "text": held.mail.text} if outlets.recording else None
    store.mails.update(uow, replace(row, state=MailState.SENT, ended_at=clock.now(), error_code=None, record=record))
    actor = programs.system(store.programs.get(uow, row.program_id), via="job")
    for notice in held.told:
        details = {"template": notice.template, "recipient": notice.recipient_id}
        trail.note(uow, actor, "mail_sent", case_id=notice.case_id, task_id=notice.task_id, element_id=notice.element_id, details=details)


def _after(uow: UnitOfWork, row: OutgoingMail, failure: NotDone) -> OutgoingMail:
    """The mail after a failure: tried again later, outside of quiet hours; or given up."""
    now = clock.now()
    again = now + BACK_OFF[min(row.attempts, len(BACK_OFF)) - 1]
    if not failure.again or again > _last(row):
        return replace(row, state=MailState.FAILED, ended_at=now, error_code=failure.code)
    return replace(row, due_at=_held(uow, row, again), error_code=failure.code)


def _last(row: OutgoingMail) -> datetime:
    return row.created_at + LIFETIME


def _held(uow: UnitOfWork, row: OutgoingMail, at: datetime) -> datetime:
    pack = live.pack(uow, row.program_id, row.pack)
    if pack is None:
        return at
    wishes = Wishes(pack.telling, store.telling_choices.find(uow, row.person_id))
    return telling_hours.held(at, wishes.quiet, telling.zone_of(uow, row.program_id))
