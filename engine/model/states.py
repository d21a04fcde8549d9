"""The states things can be in; one enum a thing, each member a past participle or adjective."""

from __future__ import annotations

from enum import StrEnum


class DeploymentState(StrEnum):
    """pending waits for a second person; active can be started; rejected was refused by that person."""

    PENDING = "pending"
    ACTIVE = "active"
    REJECTED = "rejected"


class ChangeState(StrEnum):
    """drawing is worked on; asked waits for a second person; approved is live; withdrawn was given up."""

    DRAWING = "drawing"
    ASKED = "asked"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"


class InstanceState(StrEnum):
    """running; suspended by a person; incident: a step failed and waits for a retry; completed at an end event;
    terminated by a person."""

    RUNNING = "running"
    SUSPENDED = "suspended"
    INCIDENT = "incident"
    COMPLETED = "completed"
    TERMINATED = "terminated"


class CaseState(StrEnum):
    """open takes acts; closed is read-only."""

    OPEN = "open"
    CLOSED = "closed"


class UserTaskState(StrEnum):
    """open waits for a person; completed by one; cancelled by the procedure (event, timer, termination)."""

    OPEN = "open"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class TimerKind(StrEnum):
    """event: a timer event of the diagram; rung: the next rung of a deadline rule."""

    EVENT = "event"
    RUNG = "rung"


class RungState(StrEnum):
    """fired did its act; passed_over: a higher rung was due too (downtime); waived by a person with a reason."""

    FIRED = "fired"
    PASSED_OVER = "passed_over"
    WAIVED = "waived"
    #: this step alone was waived, the ones after it come
    STEP_WAIVED = "step_waived"


class IncidentState(StrEnum):
    """open waits for a retry; resolved went on."""

    OPEN = "open"
    RESOLVED = "resolved"


class JobState(StrEnum):
    """available can be claimed; completed is done; failed used up its attempts."""

    AVAILABLE = "available"
    COMPLETED = "completed"
    FAILED = "failed"


class MigrationState(StrEnum):
    """proposed waits for a second person; running: cases are brought over; done: none is left to try; rejected was refused,
    withdrawn taken back; undoing: cases are brought back; undone: none is left to bring back."""

    PROPOSED = "proposed"
    RUNNING = "running"
    DONE = "done"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    UNDOING = "undoing"
    UNDONE = "undone"


class MigrationRowState(StrEnum):
    """waiting for its turn; migrated runs on the other version; stranded stayed where it was; passed: it ended or was
    brought to another version before its turn; failed: the engine could not do it; leaving waits to be brought back;
    undone is back as it was; kept moved on since, so that it was not brought back."""

    WAITING = "waiting"
    MIGRATED = "migrated"
    STRANDED = "stranded"
    PASSED = "passed"
    FAILED = "failed"
    LEAVING = "leaving"
    UNDONE = "undone"
    KEPT = "kept"
