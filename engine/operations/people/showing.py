"""Accounts of a demonstration: anybody at this machine may sign in as one of them without a password.

Only seeding writes the list; a program that was not seeded has none, so nobody can sign in this way there.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from engine import store
from engine.language import say
from engine.model.access import Actor
from engine.model.errors import NotSignedIn
from engine.operations.people import accounts
from engine.store import UnitOfWork

_KEY = "demo-accounts"


def offer(uow: UnitOfWork, people: Sequence[tuple[str, str, str]]) -> None:
    """Write down who can be tried: (login, who they are, what they can do), in the order shown."""
    store.meta.put(uow, _KEY, json.dumps(people))


def logins(uow: UnitOfWork) -> tuple[tuple[str, str, str], ...]:
    """Who can be tried: (login, who they are, what they can do)."""
    kept = store.meta.get(uow, _KEY)
    return tuple((login, who, does) for login, who, does in json.loads(kept)) if kept else ()


def sign_in(uow: UnitOfWork, login: str, *, via: str) -> Actor:
    """Become one of the demonstration's people. Raises NotSignedIn for anybody else."""
    account = store.accounts.get_by_login(uow, login)
    if account is None or login not in {known for known, _, _ in logins(uow)}:
        raise NotSignedIn(say("Nobody of that name can be tried here."))
    return accounts.actor_for_account(uow, account.id, account.session_epoch, via=via)
