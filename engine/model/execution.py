"""What engine/bpmn tells the rest: models as read, what waits, what happened in a turn. Frozen, storable, author's ids only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeAlias

from engine.model.calendars import Working
from engine.model.errors import Problem
from engine.model.starts import StartEvent

#: A FEEL value: None, bool, str, Decimal, date and time values, durations, list, dict, range or function.
Value: TypeAlias = object


class RunStatus(StrEnum):
    """Where a process instance stands after a turn."""

    RUNNING = "running"  #: at least one token waits or is to be moved
    COMPLETED = "completed"  #: no token is left
    INCIDENT = "incident"  #: at least one token is stopped before a failing element


class EventKind(StrEnum):
    """What kind of outside event a token waits for or a process threw."""

    MESSAGE = "message"
    SIGNAL = "signal"


class EntryEvent(StrEnum):
    """What happened to an element in a turn."""

    ENTERED = "element_entered"
    COMPLETED = "element_completed"
    CANCELLED = "element_cancelled"
    FAILED = "element_failed"


class WaitKind(StrEnum):
    """What a token waits for."""

    USER_TASK = "user_task"
    TIMER = "timer"
    MESSAGE = "message"
    SIGNAL = "signal"
    CONDITION = "condition"
    JOIN = "join"
    INCIDENT = "incident"
    EVENT_GATEWAY = "event_gateway"
    JOB = "job"


@dataclass(frozen=True, slots=True)
class Element:
    """One flow node as drawn. `attributes` holds its extension attributes of `urn:parley:bpmn:1`, without prefix."""

    id: str
    type: str  #: BPMN local name, for example userTask
    name: str
    lane: str | None
    documentation: str
    attributes: Mapping[str, str]
    called: str | None = None  #: of a call activity: the key of the process it calls
    gives: frozenset[str] = frozenset()  #: of a call activity: names of the inputs that it maps
    takes: frozenset[str] = frozenset()  #: of a call activity: the called process's variables that it maps as they are


@dataclass(frozen=True, slots=True)
class Interface:
    """The data inputs and outputs that a process says it has (BPMN 2.0, 10.4.2)."""

    inputs: frozenset[str]
    required: frozenset[str]  #: inputs that are not optional
    outputs: frozenset[str]


@dataclass(frozen=True, slots=True)
class ProcessModel:
    """One process of a deployed file. The frozensets name everything it needs from outside."""

    key: str  #: the id of the bpmn:process
    name: str
    file: str
    source: bytes  #: the file as it was sent
    normalised: bytes  #: what is run: this process alone, without drawing
    executable: bool
    elements: tuple[Element, ...]
    lanes: tuple[str, ...]
    forms: frozenset[str] = frozenset()
    decisions: frozenset[str] = frozenset()
    calls: frozenset[str] = frozenset()
    messages: frozenset[str] = frozenset()
    start_messages: frozenset[str] = frozenset()
    signals: frozenset[str] = frozenset()
    duties: frozenset[str] = frozenset()
    operations: frozenset[str] = frozenset()
    notices: frozenset[str] = frozenset()
    milestones: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    jobs: frozenset[str] = frozenset()  #: types of outside work
    answers: frozenset[tuple[str, str]] = frozenset()  #: element and variable: what answers of outside work become
    plain_start: bool = True  #: has a start event without a trigger, so it can be started or called
    interface: Interface | None = None  #: None when it does not say what it takes and gives
    starts: tuple[StartEvent, ...] = ()  #: its start events, in the order drawn
    expressions: tuple[tuple[str, str], ...] = ()  #: element and text of what reads variables
    makes: frozenset[str] = frozenset()  #: variables that it declares, sets or hands on


@dataclass(frozen=True, slots=True)
class Reading:
    """All processes of a deployment. With any problem the deployment is to be refused."""

    processes: tuple[ProcessModel, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Closure:
    """Everything an instance is pinned to: `hash` identifies the content and is the cache key."""

    key: str  #: process that is started
    hash: str
    processes: Mapping[str, bytes]  #: normalised XML by process key
    decisions: Mapping[str, bytes] = field(default_factory=dict)  #: DMN XML by decision id


@dataclass(frozen=True, slots=True)
class Env:
    """The surroundings of a turn: its time, names visible everywhere (never stored), and its budget."""

    now: datetime
    context: Mapping[str, Value] = field(default_factory=dict)
    max_steps: int = 2000
    max_seconds: float = 0.2
    #: moments that expressions of this turn worked out in working time, and how
    worked: dict[datetime, Working] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OpenTask:
    """A user task (or manual or plain task) that waits for a person."""

    token_id: str
    element_id: str
    process_key: str
    name: str
    lane: str | None
    form: str | None
    role: str | None
    duty: str | None
    participant: str | None
    assignee: str | None
    due_at: datetime | None
    priority: int  #: 50 unless the model says otherwise; higher is more urgent
    variables: Mapping[str, Value]  #: everything visible to it when first read, without the context of `Env`
    loop: tuple[int, int | None] | None  #: which item (from 1) of how many
    since: datetime
    documentation: str = ""
    #: how the due date was worked out, when that was in working time
    working: Working | None = None


@dataclass(frozen=True, slots=True)
class WaitingTimer:
    """A timer that somebody has to fire at `due_at`."""

    token_id: str
    element_id: str
    process_key: str
    name: str
    due_at: datetime
    anchor_at: datetime
    rule: str  #: the ISO 8601 text or FEEL expression as written
    interrupting: bool | None  #: None unless it is a boundary event or starts an event sub-process
    attached_to: str | None
    repeats: bool
    #: how `due_at` was worked out, when that was in working time
    working: Working | None = None


@dataclass(frozen=True, slots=True)
class WaitingEvent:
    """A subscription to a message or a signal."""

    token_id: str
    element_id: str
    process_key: str
    name_of_element: str
    kind: EventKind
    name: str
    correlation: str | None  #: text to be equal with the message's; None for signals
    attached_to: str | None
    interrupting: bool | None = None


@dataclass(frozen=True, slots=True)
class OpenJob:
    """Outside work that a token waits for. `inputs` is all that a worker is told."""

    token_id: str
    element_id: str
    process_key: str
    name: str
    type: str
    inputs: Mapping[str, Value]
    retries: int  #: tries in all
    backoff: tuple[timedelta, ...]  #: pauses after failures, the last one again and again
    timeout: timedelta  #: how long a worker may hold it, unless it asks otherwise
    since: datetime
    item: int | None = None  #: which turn or instance of the innermost loop, from 1


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of history. Each turn of a loop and each instance of a multi-instance counts, the wrapper does not."""

    event: EntryEvent
    element_id: str
    process_key: str
    element_type: str
    name: str
    token_id: str
    milestone: str | None = None
    item: int | None = None  #: which instance of the innermost multi-instance or loop, from 1
    doubt: str | None = None  #: of a choice: which conditions were null and why, without values; they counted as false


@dataclass(frozen=True, slots=True)
class Thrown:
    """A message or signal that left the process; delivering it is the caller's work."""

    kind: EventKind
    name: str
    correlation: str | None
    payload: Mapping[str, Value]
    element_id: str
    process_key: str


@dataclass(frozen=True, slots=True)
class Request:
    """Something the process asks the engine to do in the same transaction."""

    operation: str
    inputs: Mapping[str, Value]
    element_id: str
    process_key: str
    token_id: str


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a token is stopped before an element. The message holds no variable values."""

    element_id: str
    process_key: str
    code: str
    message: str
    token_id: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What waits before a turn, by token: compared with what the turn leaves behind, it tells which rows changed."""

    tasks: frozenset[str] = frozenset()
    timers: Mapping[str, datetime] = field(default_factory=dict)  #: when each is due
    subscriptions: frozenset[str] = frozenset()
    jobs: frozenset[str] = frozenset()
    stopped: bool = False  #: a token is stopped before a failing element
    variables: Mapping[str, Value] = field(default_factory=dict)  #: of the top scope


@dataclass(frozen=True, slots=True)
class Turn:
    """What a run left behind. `tasks`, `timers`, `subscriptions`, `faults` and `jobs` are all there are now; the rest is new."""

    state: bytes
    status: RunStatus
    more: bool  #: the budget is used up before everything came to rest; run another turn
    end_event: str | None  #: author's id of the last end event reached at top level
    tasks: tuple[OpenTask, ...]
    timers: tuple[WaitingTimer, ...]
    subscriptions: tuple[WaitingEvent, ...]
    entries: tuple[Entry, ...]
    thrown: tuple[Thrown, ...]
    requests: tuple[Request, ...]
    milestones: tuple[str, ...]
    variables: Mapping[str, Value]  #: of the top scope
    faults: tuple[Fault, ...]
    jobs: tuple[OpenJob, ...] = ()  #: all there are now
    dead: bool = False  #: something waits that nothing can end any more
    places: tuple[tuple[str, str], ...] = ()  #: where tokens stand now: process key and element id, one pair a token


@dataclass(frozen=True, slots=True)
class Place:
    """A token at an element of a process: author's ids."""

    token_id: str
    process_key: str
    element_id: str


@dataclass(frozen=True, slots=True)
class Wait:
    """What one token waits for."""

    token_id: str
    element_id: str
    process_key: str
    name: str
    element_type: str
    kind: WaitKind
    since: datetime
    due_at: datetime | None = None
    attached_to: str | None = None
    event_name: str | None = None  #: of a message or signal; of outside work its type
    branches: tuple[str, ...] = ()  #: author's ids of elements whose branches a join still waits for
    ways_out: tuple[str, ...] = ()  #: author's ids of the events an event gateway waits for
    message: str = ""  #: of an incident
    dead: bool = False  #: nothing that can still happen ends this wait
    inside: tuple[Place, ...] = ()  #: the activities it is inside of, outermost last
    key: str | None = None  #: the correlation key that a message has to have
    interrupting: bool | None = None  #: None unless it can happen besides: on a boundary, or as the start of an event sub-process
    gateway: str | None = None  #: token of the event gateway that it is a way out of
    turn: tuple[int, int | None] | None = None  #: which item (from 1) of how many
