"""Programs and their first administrator: what has to be there before anybody can act."""

from __future__ import annotations

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine import clock, store
from engine.model.access import Actor
from engine.model.errors import FieldError, Invalid
from engine.model.ids import new_id
from engine.model.people import Account, Program
from engine.operations.people import accounts, known
from engine.store import UnitOfWork


def ensure(uow: UnitOfWork, *, key: str, title: str, timezone: str = "UTC", language: str = "en") -> Program:
    """The program of a key, made when it is not there yet. `timezone` is an IANA name."""
    found = store.programs.get_by_key(uow, key)
    if found is not None:
        return found
    try:
        ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError) as wrong:
        message = "Give a time zone such as Europe/Berlin."
        raise Invalid(message, (FieldError("/timezone", "unknown-zone", message),)) from wrong
    now = clock.now()
    program = Program(new_id(now), key, title, timezone, language, now)
    store.programs.insert(uow, program)
    return program


def title(uow: UnitOfWork, actor: Actor) -> str:
    """What the actor's program is called."""
    return store.programs.get(uow, actor.program_id).title


def system(program: Program, via: str = "system") -> Actor:
    """The engine itself acting in a program: timers, set-up, seeding. Holds administrator's rights, no person."""
    return Actor(person_id="", account_id=None, program_id=program.id, administrator=True, via=via)


def first_administrator(
    uow: UnitOfWork,
    program: Program,
    login: str,
    password: str | None,
    *,
    name: str = "Administrator",
    secret: str | None = None,
) -> tuple[Account, str]:
    """An administrator's account with an API token's secret (a sandbox gives its own); the account may exist already."""
    actor = system(program)
    account = store.accounts.get_by_login(uow, login)
    if account is None:
        person = known.make(uow, actor, name=name, email=None, phone=None, language=program.language, staff=True)
        account = accounts.add_account(uow, actor, person.id, login, password, administrator=True)
    _token, told = accounts.add_token(uow, actor, account.id, "first", secret=secret)
    return account, told
