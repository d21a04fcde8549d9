"""Stepping in: what somebody who looks after all cases wants done, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias


class ActKind(StrEnum):
    """What is done to one task or one procedure of a case."""

    ASSIGN = "assign"
    DUE = "due"
    WAIVE = "waive"
    SUSPEND = "suspend"
    RESUME = "resume"
    RETRY = "retry"
    SEND = "send"
    BACK = "back"
    UNDO_BACK = "undo-back"
    TERMINATE = "terminate"


@dataclass(frozen=True, slots=True)
class Wanted:
    """One act. `instance_id` or `task_id` says to what; the rest is what the kind asks for."""

    kind: ActKind
    case_id: str
    reason: str = ""
    instance_id: str | None = None
    task_id: str | None = None
    #: who gets the task; None: everybody in its role
    person_id: str | None = None
    due_at: datetime | None = None
    #: name of the message, and for whom it is sent
    message: str | None = None
    participant_id: str | None = None
    #: key of an earlier step
    step: str | None = None
    #: the case's edition that the actor looked at; None: whatever it is
    seen: int | None = None


class EffectKind(StrEnum):
    """What a line of an effect is about."""

    CASE = "case"
    PROCEDURE = "procedure"
    CLOSED = "closed"
    OPENED = "opened"
    ASSIGNEE = "assignee"
    DUE = "due"
    DRAFT = "draft"
    TIMER = "timer"
    NOTICE = "notice"


Worth: TypeAlias = "datetime | str | None"


@dataclass(frozen=True, slots=True)
class EffectLine:
    """One thing that is otherwise afterwards: words, or a moment; None where there is nothing."""

    kind: EffectKind
    #: of the task, procedure or timer
    name: str
    before: Worth = None
    after: Worth = None


@dataclass(frozen=True, slots=True)
class Effect:
    """What an act makes of a case, the most important first. Without a line, it changes nothing that people see."""

    case_id: str
    lines: tuple[EffectLine, ...]


@dataclass(frozen=True, slots=True)
class Offered:
    """An act that the reader may do now, and to what."""

    kind: ActKind
    label: str
    case_id: str
    name: str
    instance_id: str | None = None
    task_id: str | None = None
    message: str | None = None
