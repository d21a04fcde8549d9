"""Running procedures and their projections: what is open, what waits, what failed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from engine.model.calendars import Working
from engine.model.states import IncidentState, InstanceState, JobState, RungState, TimerKind, UserTaskState


@dataclass(frozen=True, slots=True)
class Instance:
    """One run of a process definition. `version` rises with every saved step; `state_blob` is ours, opaque."""

    id: str
    program_id: str
    case_id: str
    definition_id: str
    key: str
    definition_version: int
    business_key: str | None
    state: InstanceState
    version: int
    state_blob: bytes
    started_at: datetime
    ended_at: datetime | None = None
    #: the author's id of the end event reached last
    end_event: str | None = None
    suspended_at: datetime | None = None
    #: the user task whose deadline rule started this instance, if one did
    subject_task_id: str | None = None
    #: since when something in it waits for what can never come; None: nothing does
    dead_at: datetime | None = None
    #: where its tokens stand as texts "process/element" between spaces, one a token; None: saved before this was kept
    places: str | None = None


def places_text(places: Iterable[tuple[str, str]]) -> str:
    """Pairs of process key and element id as `Instance.places` keeps them."""
    return " ".join(f"{process}/{element}" for process, element in places)


def places_read(text: str) -> tuple[tuple[str, str], ...]:
    """The pairs of `Instance.places`; neither keys nor ids hold a space or a slash (XML's NCName)."""
    return tuple((process, element) for process, _, element in (one.partition("/") for one in text.split()))


@dataclass(frozen=True, slots=True)
class UserTask:
    """A task for a person. `name` is the author's title: no content, no names. Content lives in records."""

    id: str
    program_id: str
    case_id: str
    instance_id: str
    definition_id: str
    token_id: str
    process_key: str
    element_id: str
    name: str
    form: str | None
    role: str | None
    duty: str | None
    participant_id: str | None
    assignee_id: str | None
    priority: int
    state: UserTaskState
    created_at: datetime
    due_at: datetime | None = None
    follow_up_at: datetime | None = None
    ended_at: datetime | None = None
    completed_by: str | None = None
    on_behalf_of: str | None = None
    #: why nobody can do this now, in words; None when somebody can
    nobody: str | None = None
    #: when a person last set the due date anew: rungs that acted before then no longer count; None: never
    due_since: datetime | None = None
    #: classes its page shows to whoever works it, as written in the diagram ("C2 C7.conflict")
    shows: str = ""
    #: nobody is told that it exists but who can work it or lists all cases
    discreet: bool = False
    #: how the due date was worked out when that was in working time: length, calendar, from when
    due_rule: str | None = None
    due_calendar: str | None = None
    due_anchor_at: datetime | None = None

    @property
    def due_working(self) -> Working | None:
        """The three as one; None for calendar time, and for a date that a person set."""
        if self.due_rule is None or self.due_calendar is None or self.due_anchor_at is None:
            return None
        return Working(self.due_rule, self.due_calendar, self.due_anchor_at)


@dataclass(frozen=True, slots=True)
class Timer:
    """A durable timer. For kind event it belongs to a token; for kind rung to a user task.

    `anchor_at` and `rule` let the due time be worked out again. `attempts` counts failures; a failing timer is
    pushed ahead.
    """

    id: str
    program_id: str
    case_id: str
    instance_id: str
    kind: TimerKind
    token_id: str | None
    task_id: str | None
    element_id: str
    process_key: str
    rule: str
    calendar: str | None
    anchor_at: datetime
    due_at: datetime
    attempts: int = 0
    #: what people read: the element's name, or what the rung does
    name: str = ""


@dataclass(frozen=True, slots=True)
class Rung:
    """What one rung of a deadline rule did for one user task; each rung once."""

    id: str
    program_id: str
    case_id: str
    task_id: str
    rule: str
    position: int
    act: str
    state: RungState
    due_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class Subscription:
    """An instance waits for a message or signal. `kind`: message, signal."""

    id: str
    program_id: str
    case_id: str
    instance_id: str
    token_id: str
    element_id: str
    process_key: str
    kind: str
    name: str
    correlation: str | None
    since: datetime


@dataclass(frozen=True, slots=True)
class Incident:
    """A step failed. `message` names element and cause, never a value."""

    id: str
    program_id: str
    case_id: str
    instance_id: str
    process_key: str
    element_id: str
    code: str
    message: str
    state: IncidentState
    at: datetime
    resolved_at: datetime | None = None
    resolved_by: str | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The state of an instance as it was at a version; the last 20 steps and those before interventions are kept."""

    id: str
    program_id: str
    instance_id: str
    version: int
    reason: str
    state_blob: bytes
    at: datetime


@dataclass(frozen=True, slots=True)
class Job:
    """Work to be done after the commit, in a transaction of its own. `payload` passes the sealing door."""

    id: str
    program_id: str
    case_id: str | None
    kind: str
    #: at most one open job for a key
    key: str
    payload: object
    due_at: datetime
    attempts: int
    state: JobState
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Suspension:
    """Who suspended a procedure, and why; "" where it is not known or not for the reader."""

    who: str
    reason: str
