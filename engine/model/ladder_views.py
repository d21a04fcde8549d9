"""A deadline rule at work: what its ladder did for one task, and what it does next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.model.calendars import Calendar


@dataclass(frozen=True, slots=True)
class Step:
    """One rung. `state`: fired, passed_over, waived, next or ahead."""

    number: int
    label: str
    #: to whom, or what it starts, in words
    whom: str
    state: str
    #: when it acts or acted; for rungs that are done when that was
    at: datetime


@dataclass(frozen=True, slots=True)
class Ladder:
    """The rungs of one open task, done and ahead."""

    case_id: str
    case_number: str
    task_id: str
    task: str
    rule: str
    due_at: datetime
    steps: tuple[Step, ...]
    #: the clock stands still: the procedure is suspended, or a status of the case stops it
    paused: bool
    may_waive: bool
    #: whose working days the due date is told in; None: every day counts
    calendar: Calendar | None


@dataclass(frozen=True, slots=True)
class Rule:
    """A deadline rule that can be looked at."""

    #: "PACK/KEY"
    key: str
    label: str
