"""Letting a participant without an account come to their own tasks: links by mail, codes on the phone, and ending both.

Whoever says who takes part in a case makes them. A link's secret is made when its mail leaves the house, so that nobody
here ever reads it; a code is told once, to be read out. Only digests are stored. Each opens one visit, once.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine import access, clock, store
from engine.language import say
from engine.model.access import Actor
from engine.model.cases import Case, Participant
from engine.model.errors import Conflict, FieldError, Forbidden, Invalid, LinkGone, NotFound
from engine.model.ids import new_id
from engine.model.packs import Act, Pack
from engine.model.portal import KeyKind, PortalKey
from engine.model.telling import MailState, OutgoingMail
from engine.operations import live, ties, trail
from engine.operations.scope import within
from engine.store import UnitOfWork

#: what a mail that brings a link has as its kind; no key of a pack begins so
MAIL = "=portal"
#: a link opens nothing after this time, a code not after that
LINK_LASTS = timedelta(days=3)
CODE_LASTS = timedelta(hours=1)
#: a visit ends after this time
VISIT_LASTS = timedelta(hours=2)
#: letters and digits that nobody mistakes for one another, when read or heard over a bad line
LETTERS = "ACEFGHJKMNPQRTWXY34679"
LENGTH = 8


@dataclass(frozen=True, slots=True)
class KeyLine:
    """A link or code as those who made it see it; never its secret."""

    id: str
    participant_id: str
    kind: KeyKind
    by: str | None
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    #: waiting: not used yet; visiting: its visit goes on; used, expired, ended
    state: str


@dataclass(frozen=True, slots=True)
class MadeKey:
    """A new link or code. `code` is told this once; None for a link, which only its mail knows."""

    line: KeyLine
    code: str | None = None


def make(uow: UnitOfWork, actor: Actor, case_id: str, participant_id: str, kind: KeyKind) -> MadeKey:
    """A new link, which goes out by mail at once, or a new code. What the participant did not use before ends.

    Raises Forbidden for who may not change who takes part and for staff's roles, NotFound, Conflict, Invalid without an address.
    """
    case, participant, pack = _for(uow, actor, case_id, participant_id)
    role = pack.roles.get(participant.role) if pack else None
    if role is None or role.staff:
        raise Forbidden(say("Whoever works for the program signs in with an account."))
    person = store.persons.get(uow, participant.person_id)
    if participant.to_at is not None or person.deactivated_at is not None:
        raise Conflict(say("This person does not take part any more."))
    if kind is KeyKind.LINK and not person.email:
        message = say("No mail address is known; make a code and read it out on the phone.")
        raise Invalid(message, (FieldError("/kind", "no-address", message),))
    store.portal_keys.revoke_unused(uow, participant.id, clock.now())
    return _made(uow, actor, case, participant, kind)


def send(uow: UnitOfWork, actor: Actor, participant: Participant) -> None:
    """A new link to a participant who takes part, by mail; what was made before goes on. Who asked was looked at before."""
    _made(uow, actor, store.cases.get(uow, participant.case_id), participant, KeyKind.LINK)


def _made(uow: UnitOfWork, actor: Actor, case: Case, participant: Participant, kind: KeyKind) -> MadeKey:
    now = clock.now()
    secret = "".join(secrets.choice(LETTERS) for _ in range(LENGTH)) if kind is KeyKind.CODE else None
    key = PortalKey(
        id=new_id(now),
        program_id=case.program_id,
        case_id=case.id,
        participant_id=participant.id,
        kind=kind,
        digest=digest(secret) if secret else None,
        by_id=actor.person_id or None,
        created_at=now,
        expires_at=now + (LINK_LASTS if kind is KeyKind.LINK else CODE_LASTS),
        mail_id=None if secret else _promise(uow, case, participant.person_id),
    )
    store.portal_keys.insert(uow, key)
    trail.note(uow, actor, "portal_key_made", case_id=case.id, key=key.id, kind=str(kind), participant=participant.id)
    return MadeKey(_line(uow, key), secret)


def _promise(uow: UnitOfWork, case: Case, person_id: str) -> str:
    """The mail that will bring the link, promised in this transaction; asked for, so that no quiet hours hold it."""
    now = clock.now()
    mail = OutgoingMail(new_id(now), case.program_id, case.id, person_id, case.pack or "", MAIL, MailState.WAITING, now, now)
    store.mails.insert(uow, mail)
    return mail.id


def list_(uow: UnitOfWork, actor: Actor, case_id: str) -> tuple[KeyLine, ...]:
    """Links and codes of a case, newest first, for who may make them. Raises Forbidden, NotFound."""
    case = _case(uow, actor, case_id)
    return tuple(_line(uow, key) for key in store.portal_keys.of_case(uow, case.id))


def revoke(uow: UnitOfWork, actor: Actor, case_id: str, participant_id: str) -> None:
    """End all links and codes of a participant, and their visits, at once. Ending what has ended changes nothing."""
    case, participant, _pack = _for(uow, actor, case_id, participant_id)
    if store.portal_keys.revoke(uow, participant.id, clock.now()):
        trail.note(uow, actor, "portal_keys_ended", case_id=case.id, participant=participant.id)


def usable(uow: UnitOfWork, secret: str) -> PortalKey:
    """The key of a secret that would open a visit now; nothing is used up. Raises LinkGone, whatever the reason."""
    key = store.portal_keys.by_digest(uow, digest(secret))
    if key is None or key.used_at is not None or key.revoked_at is not None or key.expires_at <= clock.now():
        raise LinkGone
    if not holds(uow, key):
        raise LinkGone
    return key


def digest(secret: str) -> str:
    """What is stored of a secret. Links are long and random; codes are short, so searching for them is made slow."""
    text = secret.encode("utf-8", "replace")
    if len(secret) > LENGTH:
        return hashlib.sha256(text).hexdigest()
    return hashlib.scrypt(text, salt=b"a code that opens a visit", n=2**14, r=8, p=1).hex()


def cleaned(typed: str) -> str:
    """A code as it was made, however it was typed: spaces and hyphens, small letters."""
    return "".join(letter for letter in typed.upper() if letter.isalnum())[: LENGTH + 1]


def holds(uow: UnitOfWork, key: PortalKey) -> bool:
    """Whether the participant still takes part: not ended, not behind a wall, the person active."""
    participant = store.participants.get(uow, key.participant_id)
    person = store.persons.get(uow, participant.person_id)
    return participant.to_at is None and person.deactivated_at is None and not store.walls.is_walled(uow, key.case_id, person.id)


def _line(uow: UnitOfWork, key: PortalKey) -> KeyLine:
    maker = store.persons.find(uow, key.by_id) if key.by_id else None
    return KeyLine(
        id=key.id,
        participant_id=key.participant_id,
        kind=key.kind,
        by=maker.name if maker else None,
        created_at=key.created_at,
        expires_at=key.expires_at,
        used_at=key.used_at,
        state=_state(key, clock.now()),
    )


def _state(key: PortalKey, now: datetime) -> str:
    if key.revoked_at is not None:
        return "ended"
    if key.used_at is not None:
        return "visiting" if key.ends_at is not None and key.ends_at > now else "used"
    return "waiting" if key.expires_at > now else "expired"


def _case(uow: UnitOfWork, actor: Actor, case_id: str) -> Case:
    case = within(actor.program_id, store.cases.get(uow, case_id))
    access.require(actor, Act.CASE_PARTICIPANTS, ties.to_case(uow, actor, case), live.pack(uow, actor.program_id, case.pack))
    return case


def _for(uow: UnitOfWork, actor: Actor, case_id: str, participant_id: str) -> tuple[Case, Participant, Pack | None]:
    case = _case(uow, actor, case_id)
    participant = store.participants.find(uow, participant_id)
    if participant is None or participant.case_id != case.id:
        raise NotFound
    return case, participant, live.pack(uow, actor.program_id, case.pack)
