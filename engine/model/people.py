"""Programs, persons, accounts. A person is not an account: a participant may have none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Program:
    """One program; every other row belongs to one. `timezone` is an IANA name for what people read."""

    id: str
    key: str
    title: str
    timezone: str
    language: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody known by name. Name and contacts are class C2."""

    id: str
    program_id: str
    name: str
    email: str | None
    phone: str | None
    language: str
    #: works for the program (staff), as opposed to an outside participant
    staff: bool
    created_at: datetime
    deactivated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """What a person signs in with."""

    id: str
    program_id: str
    person_id: str
    login: str
    password_hash: str | None
    administrator: bool
    #: rises whenever all sessions of the account must end
    session_epoch: int
    created_at: datetime
    deactivated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Token:
    """A personal API token; only its SHA-256 is stored."""

    id: str
    program_id: str
    account_id: str
    digest: str
    label: str
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Membership:
    """A person holds a program role from a time to a time (None: still)."""

    id: str
    program_id: str
    person_id: str
    role: str
    from_at: datetime
    to_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Absence:
    """A person is away from a time to a time (exclusive), and others stand in. `ended_at`: called off or ended sooner."""

    id: str
    program_id: str
    person_id: str
    from_at: datetime
    to_at: datetime
    #: who said so
    by_id: str | None
    at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StandIn:
    """Somebody who stands in during an absence: in one role or all, in the procedures of one pack or all (None)."""

    id: str
    program_id: str
    absence_id: str
    person_id: str
    role: str | None = None
    pack: str | None = None


@dataclass(frozen=True, slots=True)
class Away:
    """Somebody is away now: who stands in, in which role and pack (None: all), and the program roles that the absent holds."""

    person_id: str
    stand_in_id: str
    role: str | None
    pack: str | None
    held: frozenset[str]
