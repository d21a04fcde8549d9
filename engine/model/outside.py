"""Outside work: jobs that a service task leaves for workers, and the hosts that a webhook may call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class OutsideState(StrEnum):
    """available can be taken, or is held by a worker for now; completed was answered; errored was answered by a BPMN error;
    failed used up its tries and waits for a retry; cancelled: the procedure moved on without it."""

    AVAILABLE = "available"
    COMPLETED = "completed"
    ERRORED = "errored"
    FAILED = "failed"
    CANCELLED = "cancelled"


#: how lists call a job that is available but held by a worker for now
HELD = "held"


@dataclass(frozen=True, slots=True)
class OutsideJob:
    """Work of one token that somebody outside does and answers; one row a token, also when it is tried again.

    `body` passes the sealing door: `inputs` in FEEL's lossless JSON, `note` the last worker's words on a failure, and
    what a built-in worker recorded.
    """

    id: str
    program_id: str
    case_id: str
    instance_id: str
    #: key of the case's pack, whose roles say who may work it; None: administrators only
    pack: str | None
    token_id: str
    process_key: str
    element_id: str
    name: str
    type: str
    state: OutsideState
    #: tries before it becomes an incident
    retries: int
    retries_left: int
    #: how often somebody took it
    attempts: int
    #: pauses after failures, in seconds; the last one again and again
    backoff: str
    #: how long whoever takes it may hold it, in seconds, unless they ask otherwise
    timeout: int
    #: when it can be taken (again): after a pause, or when the hold ends
    due_at: datetime
    created_at: datetime
    body: Mapping[str, object]
    #: the worker that took it last, and the person whose account it used; None: nobody yet, or given back
    lock_owner: str | None = None
    lock_person: str | None = None
    locked_until: datetime | None = None
    ended_at: datetime | None = None
    #: code of the last failure or of the BPMN error
    error_code: str | None = None

    def is_held(self, now: datetime) -> bool:
        """Whether a worker holds it at an instant."""
        return self.state is OutsideState.AVAILABLE and self.locked_until is not None and self.locked_until > now

    def shown(self, now: datetime) -> str:
        """Its state as lists tell it: of what is available also whether a worker holds it."""
        return HELD if self.is_held(now) else str(self.state)

    def pause(self) -> timedelta:
        """How long to wait before the next try, after one more failure."""
        pauses = [float(part) for part in self.backoff.split()]
        failed = self.retries - self.retries_left
        return timedelta(seconds=pauses[min(failed, len(pauses) - 1)]) if pauses else timedelta(0)


@dataclass(frozen=True, slots=True)
class OutsideWait:
    """A job that can be taken or is held, as a list tells it."""

    id: str
    instance_id: str
    process_key: str
    element_id: str
    name: str
    type: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Host:
    """A host that webhooks of the program may call. `private`: also where its address is private or loopback, and without TLS."""

    id: str
    program_id: str
    name: str
    port: int
    private: bool
    added_at: datetime
    added_by: str | None
