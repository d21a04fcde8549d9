"""Signing in: local accounts (argon2), sessions that end with their account, personal API tokens stored hashed."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import replace
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from engine import clock, store
from engine.language import say
from engine.model.access import Actor
from engine.model.errors import Conflict, FieldError, Forbidden, Invalid, NotFound, NotSignedIn
from engine.model.ids import new_id
from engine.model.packs import Act
from engine.model.people import Account, Token
from engine.operations import live, offers, trail
from engine.operations.people import standing_in
from engine.operations.scope import within
from engine.store import UnitOfWork
from engine.store.standings import Standing

_hasher = PasswordHasher()
_LOGIN = re.compile(r"[A-Za-z0-9._@+-]{2,100}")
#: fewest characters of a password (NIST SP 800-63B asks for at least 8 and for no rules of composition)
LEAST = 10
#: most characters, so that hashing stays bounded
MOST = 1000
#: how an API token begins, so that leaked ones can be found
PREFIX = "parley_"


def sign_in(uow: UnitOfWork, login: str, password: str, *, via: str) -> Actor:
    """Who signs in; raises NotSignedIn with one sentence for every reason it may fail. Throttling is the edge's."""
    account = store.accounts.get_by_login(uow, login)
    usable = account is not None and account.password_hash is not None
    digest = account.password_hash if account is not None and account.password_hash is not None else _decoy()
    if not _matches(digest, password) or not usable or account is None:
        raise NotSignedIn(say("Login or password is wrong."))
    standing = store.standings.of_account(uow, account.id, clock.now())
    assert standing is not None
    actor = _actor(standing, via)
    trail.note(uow, actor, "signed_in", account=account.id)
    return actor


@cache
def _decoy() -> str:
    """Verified when a login is unknown, so that the answer takes as long as for a known one."""
    return _hasher.hash(secrets.token_hex(16))


def _matches(digest: str, password: str) -> bool:
    try:
        return len(password) <= MOST and _hasher.verify(digest, password)
    except (VerifyMismatchError, InvalidHashError):
        return False


def actor_for_account(uow: UnitOfWork, account_id: str, epoch: int, *, via: str) -> Actor:
    """The actor of a session; raises NotSignedIn when the account ended or its sessions were ended."""
    standing = store.standings.of_account(uow, account_id, clock.now())
    if standing is None or standing.account.session_epoch != epoch:
        raise NotSignedIn
    return _actor(standing, via)


def actor_for_token(uow: UnitOfWork, secret: str, *, via: str) -> Actor:
    """The actor of an API token; raises NotSignedIn for unknown, revoked and expired ones."""
    standing = store.standings.of_token(uow, _digest(secret), clock.now())
    if standing is None:
        raise NotSignedIn(say("This token is unknown, revoked or expired."))
    return _actor(standing, via)


def _actor(standing: Standing, via: str) -> Actor:
    account, person = standing.account, standing.person
    if account.deactivated_at is not None or person.deactivated_at is not None:
        raise NotSignedIn(say("Login or password is wrong."))
    return Actor(
        person_id=person.id,
        account_id=account.id,
        program_id=account.program_id,
        roles=standing.roles,
        administrator=account.administrator,
        via=via,
        # Programs read what was written; people read their language.
        languages=(person.language,) if via == "page" else (),
        lent=standing_in.lent(person.id, standing.away) if standing.away else (),
    )


def by_login(uow: UnitOfWork, actor: Actor, login: str) -> Account:
    """An account of the actor's program by its login, for who manages people; NotFound when there is none."""
    _require_manage(uow, actor)
    account = store.accounts.get_by_login(uow, login)
    if account is None:
        raise NotFound(say("There is no account {login}.", login=login))
    return within(actor.program_id, account)


def nobody_yet(uow: UnitOfWork, program_id: str) -> bool:
    """Whether a program has no account, so that nobody can sign in."""
    return not store.accounts.list_(uow, program_id)


def session_epoch(uow: UnitOfWork, account_id: str) -> int:
    """What a new session of an account is bound to."""
    return store.accounts.get(uow, account_id).session_epoch


def add_account(
    uow: UnitOfWork,
    actor: Actor,
    person_id: str,
    login: str,
    password: str | None,
    *,
    administrator: bool = False,
) -> Account:
    """Let a person sign in. Only administrators make administrators. Raises Invalid, Conflict, Forbidden."""
    _require_manage(uow, actor)
    if administrator and not actor.administrator:
        raise Forbidden(say("Only an administrator makes administrators."))
    person = within(actor.program_id, store.persons.get(uow, person_id))
    _require_fitting(login, password)
    if store.accounts.get_by_login(uow, login) is not None:
        raise Conflict(say("This login is taken; choose another one."))
    if store.accounts.get_by_person(uow, person_id) is not None:
        raise Conflict(say("This person has an account already."))
    digest = _hasher.hash(password) if password else None
    account = Account(new_id(clock.now()), actor.program_id, person.id, login, digest, administrator, 1, clock.now())
    store.accounts.insert(uow, account)
    trail.note(uow, actor, "account_added", account=account.id, person=person.id, administrator=administrator)
    offers.refresh_of(uow, person)
    return account


def _require_fitting(login: str, password: str | None) -> None:
    errors = []
    if not _LOGIN.fullmatch(login):
        errors.append(FieldError("/login", "login", say("Use 2 to 100 letters, digits and . _ @ + - for a login.")))
    if password is not None and not LEAST <= len(password) <= MOST:
        errors.append(FieldError("/password", "password", say("Use at least {least} characters for a password.", least=LEAST)))
    if errors:
        raise Invalid(say("The account cannot be made like this."), tuple(errors))


def set_password(uow: UnitOfWork, actor: Actor, account_id: str, password: str) -> None:
    """A new password, one's own or by who manages people; ends every session of the account."""
    account = _own_or_managed(uow, actor, account_id)
    _require_fitting(account.login, password)
    store.accounts.update(uow, replace(account, password_hash=_hasher.hash(password), session_epoch=account.session_epoch + 1))
    trail.note(uow, actor, "password_set", account=account.id)


def add_token(uow: UnitOfWork, actor: Actor, account_id: str, label: str, *, secret: str | None = None) -> tuple[Token, str]:
    """A new API token and its secret, which is shown this once. A sandbox that is emptied gives its own `secret` again."""
    account = _own_or_managed(uow, actor, account_id)
    secret = secret or PREFIX + secrets.token_urlsafe(32)
    token = Token(new_id(clock.now()), account.program_id, account.id, _digest(secret), label[:100], clock.now())
    store.tokens.insert(uow, token)
    trail.note(uow, actor, "token_added", account=account.id, token=token.id)
    return token, secret


def revoke_token(uow: UnitOfWork, actor: Actor, token_id: str) -> None:
    """End an API token at once."""
    token = within(actor.program_id, store.tokens.get(uow, token_id))
    _own_or_managed(uow, actor, token.account_id)
    if not store.tokens.revoke(uow, token.id, clock.now()):
        raise NotFound
    trail.note(uow, actor, "token_revoked", account=token.account_id, token=token.id)


def _own_or_managed(uow: UnitOfWork, actor: Actor, account_id: str) -> Account:
    """Somebody else's account is managed with person.manage; an administrator's only by administrators."""
    account = within(actor.program_id, store.accounts.get(uow, account_id))
    if account.id == actor.account_id:
        return account
    _require_manage(uow, actor)
    if account.administrator and not actor.administrator:
        raise Forbidden(say("Only an administrator changes an administrator's account."))
    return account


def _require_manage(uow: UnitOfWork, actor: Actor) -> None:
    if not actor.administrator:
        live.require_program_act(uow, actor, Act.PERSON_MANAGE)


def _digest(secret: str) -> str:
    """Tokens are long and random, so one round of SHA-256 is enough to keep them unreadable."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
