"""Who is asking: a bearer token or a session cookie. The only place in `api` that works out the actor.

A session is Flask's signed cookie (HttpOnly, SameSite=Lax, Secure over https) with the account's id, its session epoch
and a CSRF token; raising the epoch ends every session of an account. Every unsafe request that does not carry a bearer
token must repeat the CSRF token, in the form field `csrf_token` or the header `X-CSRF-Token`.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, replace
from datetime import timedelta

from flask import Flask, current_app, request, session

from api.errors import CrossSite
from api.running import Config, running
from engine.model.access import Actor
from engine.model.errors import NotSignedIn
from engine.operations.people import accounts, attempts, showing
from engine.store import UnitOfWork

API_PREFIX = "/api/"
FIELD = "csrf_token"
HEADER = "X-CSRF-Token"
#: a session ends this long after its last request
LIFETIME = timedelta(hours=12)

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
#: what stands before an address that tries links and codes, beside the sign-in names that are counted
_GUESS = "link or code from "
#: what stands before the purpose of a mark, so that no key is ever a mark
_MARK = "page of "


@dataclass(frozen=True, slots=True)
class Bearer:
    """A personal API token, as sent."""

    secret: str


@dataclass(frozen=True, slots=True)
class Session:
    """What a session cookie says."""

    account_id: str
    epoch: int


def init_app(app: Flask, config: Config) -> None:
    """Sessions and the CSRF check for an app."""
    app.config.update(
        SECRET_KEY=config.secret,
        SESSION_COOKIE_NAME="parley",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=config.https,
        PERMANENT_SESSION_LIFETIME=LIFETIME,
    )
    app.before_request(check_csrf)


def credentials() -> Bearer | Session | None:
    """What the request says of who sends it; nothing of it is checked yet. Tokens count for REST only."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.casefold() == "bearer" and secret.strip() and request.path.startswith(API_PREFIX):
        return Bearer(secret.strip())
    account_id, epoch = session.get("account"), session.get("epoch")
    if isinstance(account_id, str) and isinstance(epoch, int):
        return Session(account_id, epoch)
    return None


def current_actor(uow: UnitOfWork) -> Actor:
    """The actor of this request. Raises NotSignedIn; a session that no longer counts is dropped."""
    match credentials():
        case Bearer(secret):
            return accounts.actor_for_token(uow, secret, via="rest")
        case Session(account_id, epoch):
            via = "rest" if request.path.startswith(API_PREFIX) else "page"
            try:
                actor = accounts.actor_for_account(uow, account_id, epoch, via=via)
                return replace(actor, languages=(*actor.languages, *_accepted())) if via == "page" else actor
            except NotSignedIn:
                session.clear()
                raise
        case _:
            raise NotSignedIn


def _accepted() -> tuple[str, ...]:
    """The languages that the browser asks for, the best first; what else it sends is no language."""
    return tuple(request.accept_languages.values())[:10]


def signed_in() -> bool:
    """Whether the request carries credentials at all; whether they count is found out by `current_actor`."""
    return credentials() is not None


def sign_in(uow: UnitOfWork, login: str, password: str) -> Actor:
    """Begin a session. Raises NotSignedIn for a wrong login or password, TooManyAttempts after too many of them."""
    address = request.remote_addr or ""
    attempts.check(uow, login, address)
    try:
        actor = accounts.sign_in(uow, login, password, via="page")
    except NotSignedIn:
        attempts.failed(uow, login, address)
        uow.commit()  # it counts although nobody signed in
        raise
    attempts.succeeded(uow, login)
    return _begin(uow, actor)


def try_as(uow: UnitOfWork, login: str) -> Actor:
    """Begin a session as one of a demonstration's made-up people. Raises NotSignedIn anywhere else."""
    return _begin(uow, showing.sign_in(uow, login, via="page"))


def _begin(uow: UnitOfWork, actor: Actor) -> Actor:
    assert actor.account_id is not None
    session.clear()
    session.permanent = True
    session["account"] = actor.account_id
    session["epoch"] = accounts.session_epoch(uow, actor.account_id)
    return replace(actor, via="page")


def sign_out() -> None:
    """End the session in this browser."""
    session.clear()


def visited_key() -> str | None:
    """The id of the link or code whose visit this browser carries; it counts in the room of visitors only."""
    found = session.get("visit")
    return found if isinstance(found, str) else None


def begin_visit(key_id: str) -> None:
    """Carry a visit from here on, and nothing else; the cookie goes when the browser is closed."""
    session.clear()
    session["visit"] = key_id


def end_visit() -> None:
    """Carry the visit no longer."""
    session.pop("visit", None)


def guessing() -> None:
    """Raise TooManyAttempts when this address was wrong about links and codes too often lately."""
    with running().reading() as uow:
        attempts.check(uow, _GUESS + (request.remote_addr or ""), request.remote_addr or "")


def guessed_wrong() -> None:
    """Remember one link or code that opened nothing."""
    with running().unit_of_work() as uow:
        attempts.failed(uow, _GUESS + (request.remote_addr or ""), request.remote_addr or "")
        uow.commit()


def key_of_session(purpose: str) -> bytes:
    """32 bytes that only this account can ask for: the same in all its sessions, until the account's sessions are ended.

    `purpose` keeps keys apart. Raises NotSignedIn.
    """
    account_id, epoch = session.get("account"), session.get("epoch")
    if not isinstance(account_id, str):
        raise NotSignedIn
    return _key(account_id, str(epoch), purpose)


def _key(account_id: str, epoch: str, purpose: str) -> bytes:
    said = "\x1f".join(("key of a session", account_id, epoch, purpose))
    return hmac.digest(bytes(current_app.config["SECRET_KEY"]), said.encode(), "sha256")


def mark(purpose: str) -> str:
    """What a page repeats to show for which sign-in it was made, also after that sign-in ran out. Raises NotSignedIn."""
    return _marked(str(session.get("account")), str(session.get("epoch")), key_of_session(_MARK + purpose))


def marked(purpose: str, mark: str) -> Session | None:
    """The sign-in that a page was made for; None for a mark that we did not give, or gave for something else."""
    account_id, _, rest = mark.partition(".")
    epoch = rest.partition(".")[0]
    expected = _marked(account_id, epoch, _key(account_id, epoch, _MARK + purpose))
    if not epoch.isdecimal() or not hmac.compare_digest(expected.encode(), mark.encode()):
        return None
    return Session(account_id, int(epoch))


def _marked(account_id: str, epoch: str, key: bytes) -> str:
    return f"{account_id}.{epoch}.{key.hex()}"


def csrf_token() -> str:
    """The token that forms of this session repeat; made when it is first asked for."""
    token = session.get(FIELD)
    if not isinstance(token, str):
        token = session[FIELD] = secrets.token_urlsafe(32)
    return token


def check_csrf() -> None:
    """Raise CrossSite for an unsafe request that is carried by a cookie and does not repeat the session's token."""
    if request.method in _SAFE or isinstance(credentials(), Bearer):
        return
    if request.path.startswith(API_PREFIX) and not signed_in():
        return  # carried by nothing: the resource itself answers 401
    expected = session.get(FIELD)
    given = request.headers.get(HEADER) or _field()
    if not isinstance(expected, str) or not hmac.compare_digest(expected.encode(), given.encode()):
        raise CrossSite


def _field() -> str:
    """The token from a posted form; REST takes it from the header only, so that bodies are read in one place."""
    return "" if request.path.startswith(API_PREFIX) else request.form.get(FIELD, "")
