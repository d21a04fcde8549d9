"""What a log for process mining holds: which steps cases went through and when, and who acted under a made-up name; no content."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Transition(StrEnum):
    """What happened to a step; the words of the standard's lifecycle (IEEE 1849, extension Lifecycle)."""

    START = "start"
    COMPLETE = "complete"
    #: it was left without being done
    ABORT = "ate_abort"


@dataclass(frozen=True, slots=True)
class LogQuestion:
    """Which cases: those opened from `since` to before `until`, each as a whole. `numbers` names them as their program does."""

    since: datetime | None = None
    until: datetime | None = None
    numbers: bool = False


@dataclass(frozen=True, slots=True)
class LogPlan:
    """A log that is being written. The salt that made-up names come from is kept nowhere else and goes with it."""

    program_id: str
    question: LogQuestion
    #: whose cases are in it
    packs: Collection[str]
    #: cases of bare definitions too
    bare: bool
    salt: bytes


@dataclass(frozen=True, slots=True)
class LogEvent:
    """One thing that happened at a step. `instance` is the same for the start of a stay and its end, within its case."""

    name: str
    instance: int
    transition: Transition
    at: datetime
    process: str
    element_id: str
    type: str
    #: the made-up name of who completed it
    resource: str = ""
    #: the role whose task it is
    role: str = ""


@dataclass(frozen=True, slots=True)
class Trace:
    """What happened in one case, oldest first."""

    name: str
    events: tuple[LogEvent, ...]


@dataclass(frozen=True, slots=True)
class LogCase:
    """A case that belongs into a log."""

    id: str
    number: str
    pack: str | None


@dataclass(frozen=True, slots=True)
class LogMove:
    """An entry of the trail as a log needs it."""

    case_id: str
    instance_id: str
    definition_id: str | None
    process_key: str
    element_id: str
    event: str
    at: datetime
    actor_id: str | None
    details: object
