"""Repeated writes: the same Idempotency-Key with the same request gives the first answer again; what is done is done once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from engine import clock, store
from engine.language import say
from engine.model.access import Actor
from engine.model.errors import Conflict, FieldError, Invalid, NotSignedIn, StaleVersion
from engine.model.lists import Answer
from engine.store import UnitOfWork

#: how long an answer is kept
KEPT_FOR = timedelta(days=2)


def earlier(uow: UnitOfWork, actor: Actor, key: str, fingerprint: str) -> Answer | None:
    """What the actor's account was answered with for this key; None when it is new.

    `fingerprint` stands for the whole request. Raises Invalid when the key was used for another one.
    """
    found = store.idempotency.get(uow, key, _account(actor))
    if found is None or found.at < clock.now() - KEPT_FOR:
        return None
    if found.fingerprint != fingerprint:
        message = "This Idempotency-Key was used for another request; take a new one."
        raise Invalid(message, (FieldError("", "idempotency-key", message),))
    return found


def remember(uow: UnitOfWork, actor: Actor, key: str, fingerprint: str, status: int, body: Mapping[str, object]) -> None:
    """Keep an answer with the act it tells of, in one transaction.

    Raises StaleVersion when the same request was answered at the same time; trying again finds that answer.
    """
    now = clock.now()
    store.idempotency.prune(uow, now - KEPT_FOR)
    try:
        store.idempotency.put(uow, key, _account(actor), fingerprint, status, dict(body), now)
    except Conflict as conflict:
        raise StaleVersion from conflict


def _account(actor: Actor) -> str:
    if actor.account_id is None:
        raise NotSignedIn(say("An Idempotency-Key belongs to an account."))
    return actor.account_id
