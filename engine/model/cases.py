"""Cases, who takes part in them, and what of them may be listed (CMMN's words: case, case role, milestone)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.model.states import CaseState


@dataclass(frozen=True, slots=True)
class Case:
    """A case spans process instances. `pack` is the pack's key (None: started from a bare definition)."""

    id: str
    program_id: str
    pack: str | None
    number: str
    serial: int
    year: int
    state: CaseState
    #: code set by the procedure, labelled by the pack
    status: str | None
    outcome: str | None
    opened_at: datetime
    closed_at: datetime | None = None
    #: since when it has its status; None: it has none, or had it before this was kept
    status_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Participant:
    """A person in a case role on one case, from a time to a time. `position` numbers those of one role from 1."""

    id: str
    program_id: str
    case_id: str
    person_id: str
    role: str
    position: int
    from_at: datetime
    to_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Duty:
    """A person once held a case role or did a duty on a case; never deleted, read by the exclusions."""

    id: str
    program_id: str
    case_id: str
    person_id: str
    duty: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Milestone:
    """A milestone of a case was reached by the completion of an element."""

    id: str
    program_id: str
    case_id: str
    instance_id: str
    code: str
    element_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Fact:
    """The newest value of a declared C1 variable of a case. `value` is FEEL's lossless JSON (engine.feel.to_json)."""

    program_id: str
    case_id: str
    key: str
    value: object
    at: datetime


@dataclass(frozen=True, slots=True)
class Wall:
    """A person may not see a case at all; stands before every allow rule.

    It stands from `at` until `cleared_at`, which may lie ahead. `reason` is a code, never words about people.
    """

    id: str
    program_id: str
    case_id: str
    person_id: str
    reason: str
    at: datetime
    cleared_at: datetime | None = None
    #: who put it up; None: the procedure did
    by_id: str | None = None
    #: the wall against another person that it follows from
    person_wall_id: str | None = None
    #: who asked for it to be taken down; somebody else has to agree
    clearing_by: str | None = None
    #: who agreed
    cleared_by: str | None = None


@dataclass(frozen=True, slots=True)
class PersonWall:
    """A person may not see any case in which another person takes or took part, nor any that comes.

    The fields are those of `Wall`; each case of the other person gets a wall of its own that follows from it.
    """

    id: str
    program_id: str
    person_id: str
    other_id: str
    reason: str
    at: datetime
    cleared_at: datetime | None = None
    by_id: str | None = None
    clearing_by: str | None = None
    cleared_by: str | None = None


@dataclass(frozen=True, slots=True)
class Similar:
    """A case that shares people with one about to be opened (warning of a likely duplicate)."""

    case_id: str
    number: str
    state: str
    opened_at: datetime
    shared: tuple[str, ...]
