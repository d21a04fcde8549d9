"""What somebody can do so that a case goes on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class MoveKind(StrEnum):
    """An act that there is, or the page on which it is done."""

    #: do the task oneself
    WORK = "work"
    #: give the task to somebody
    ASSIGN = "assign"
    SEND = "send"
    RETRY = "retry"
    CORRECT = "correct"
    SUSPEND = "suspend"
    RESUME = "resume"
    TERMINATE = "terminate"


@dataclass(frozen=True, slots=True)
class Move:
    """One act and what it is done to."""

    kind: MoveKind
    label: str
    case_id: str
    task_id: str | None = None
    instance_id: str | None = None
    #: name of the message
    message: str | None = None
