"""How processes start: the start events of a diagram, and those that wait to start an instance by themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class StartKind(StrEnum):
    """What starts a process at a start event (BPMN 2.0, table 10.84); none: a person, a call, a deadline rule."""

    NONE = "none"
    MESSAGE = "message"
    TIMER = "timer"
    SIGNAL = "signal"
    CONDITIONAL = "conditional"


class StartState(StrEnum):
    """waiting can start an instance; spent did so as often as it says."""

    WAITING = "waiting"
    SPENT = "spent"


@dataclass(frozen=True, slots=True)
class StartEvent:
    """A start event of a process as drawn."""

    element_id: str
    kind: StartKind
    title: str = ""  #: what is written beside it
    name: str | None = None  #: of the message or signal
    rule: str | None = None  #: the timer or condition as written
    timer: str | None = None  #: of a timer: date, duration or cycle


@dataclass(frozen=True, slots=True)
class Plan:
    """When a timer is due, and what its next occurrence is worked out from."""

    rule: str  #: as resolved: a cycle's ISO 8601 text, otherwise the instant or length that the rule gave
    anchor_at: datetime
    due_at: datetime
    remaining: int | None = None  #: occurrences left, this one included; None: without end, or it never repeated
    step: int | None = None  #: which occurrence, counted from the anchor; None: it does not repeat


@dataclass(frozen=True, slots=True)
class Start:
    """A start event of the newest active version of a process, waiting for what starts an instance."""

    id: str
    program_id: str
    definition_id: str
    pack: str | None
    process_key: str
    element_id: str
    kind: StartKind
    name: str | None  #: of the message or signal
    rule: str | None  #: the timer or condition as written
    resolved: str | None  #: what the rule of a timer gave when it was set
    state: StartState
    since: datetime
    anchor_at: datetime | None = None
    due_at: datetime | None = None  #: of a timer; of a condition that failed, when it is looked at again
    remaining: int | None = None
    step: int | None = None
    held: bool = False  #: whether the condition was true when last looked at
    last_at: datetime | None = None  #: when it last started an instance
    attempts: int = 0
    problem: str | None = None  #: why the last attempt failed, without content
