"""The mail that brings a link: neutral words in the reader's language. Its secret is made as it leaves the house."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from engine import clock, store
from engine.language import fitting, noted, say, speaking
from engine.model.people import Person
from engine.model.telling import OutgoingMail
from engine.operations import live
from engine.operations.people import contact_rules, portal_keys
from engine.store import UnitOfWork

#: where a visit without an account begins, below the address of the system
DOOR = "/portal"
#: where a link leads to; the secret follows
PLACE = f"{DOOR}/enter/"
_SUBJECT = noted("Your link")
_TEXT = noted(
    "With this link you come to what waits for you. It works once, within three days, and you need no password. "
    "If it has run out, the page it leads to sends you a new one. "
    "If you do not want to use it, call us; everything can be done by phone too."
)


@dataclass(frozen=True, slots=True)
class Words:
    """What the mail says."""

    subject: str
    text: str


def write(uow: UnitOfWork, row: OutgoingMail, person: Person, address: str | None) -> Words | None:
    """The words with a new secret, which takes the place of the one of an earlier try; None: it is not to be sent.

    Not to whoever uses another way safely (told to nobody), nor when the link was ended, used or ran out.
    """
    key = store.portal_keys.of_mail(uow, row.id)
    pack = live.pack(uow, row.program_id, row.pack)
    if key is None or pack is None or key.expires_at <= clock.now() or not portal_keys.holds(uow, key):
        return None
    if not contact_rules.may_mail(uow, key.case_id, person.id, pack.telling.contact):
        return None
    secret = secrets.token_urlsafe(32)
    if not store.portal_keys.set_digest(uow, key.id, portal_keys.digest(secret)):
        return None
    with speaking(fitting([person.language])):
        return Words(say(_SUBJECT), f"{say(_TEXT)}\n\n{(address or '').rstrip('/')}{PLACE}{secret}")
