"""What operations answer to whoever asks: already filtered by what the actor may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from engine.model.balances import Balance
from engine.model.calendars import Calendar
from engine.model.deployments import Definition
from engine.model.files import FileLink
from engine.model.guides import Guide
from engine.model.instances import Instance, Suspension, UserTask
from engine.model.lists import Page as Page
from engine.model.moves import Move


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody as this reader may see them: the name, or a neutral label such as "party 1 of 2"."""

    person_id: str | None
    label: str
    role: str | None = None
    participant_id: str | None = None
    #: False when `label` stands in for a name the reader may not see
    named: bool = True
    #: which of the case's participants, in the order they joined, from 0: pages mark each with a sign of its own
    place: int | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing an instance waits for. `kind`: user_task, timer, message, signal, condition, join, incident, event_gateway, job."""

    kind: str
    element_id: str
    process_key: str
    name: str
    since: datetime
    #: who can move it, already in words ("Ana (assessor)", "anyone in Intake")
    who: tuple[Who, ...] = ()
    due_at: datetime | None = None
    task_id: str | None = None
    #: why nobody can do it; None when somebody can
    nobody: str | None = None
    #: for messages: name; for jobs: type, try and what it waits for, in words; for joins and event gateways: what they wait for, by name
    message: str | None = None
    #: the correlation key that a message has to have, when the reader may be told
    key: str | None = None
    #: which of how many, when the same is waited for several times
    item: int | None = None
    items: int | None = None
    #: id of the event gateway that this is a way out of; its sentence names all of them
    way_out_of: str | None = None
    #: what is waited for in words that can follow "Waits for"; "" stands for the plain words of its kind
    what: str = ""
    #: how it stands beside that, in sentences
    stands: str = ""
    #: all of it in a sentence of its own; only in explanations
    sentence: str = ""
    instance_id: str | None = None
    #: of a task: whose working days its due date is told in; None: every day counts
    calendar: Calendar | None = None
    #: of a task that somebody else does: the participant it is about; only in explanations, never for who takes part from outside
    about: Who | None = None


@dataclass(frozen=True, slots=True)
class Also:
    """Something else that can happen meanwhile: a message, signal or condition that ends what waits, or starts something beside it."""

    kind: str
    element_id: str
    process_key: str
    name: str
    #: the element whose boundary it is on; None: it starts an event sub-process
    attached_to: str | None
    interrupting: bool
    message: str | None
    key: str | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Next:
    """Something that will happen by itself: a timer of the diagram or a rung of a deadline rule."""

    at: datetime
    what: str
    element_id: str | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Answers: what does it wait for, since when, who can move it, what happens next and when?

    `sentence` is the first line of a case page; the lists say the same in parts.
    """

    state: str
    sentence: str
    since: datetime | None
    waiting: tuple[Waiting, ...]
    upcoming: tuple[Next, ...]
    also: tuple[Also, ...] = ()


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A user task in a list."""

    task: UserTask
    case_number: str
    #: names or "party 1 of 2"; None when unassigned
    assignee: Who | None
    participant: Who | None
    role_label: str | None
    overdue: bool
    #: may this reader claim / complete it now
    can_claim: bool
    can_complete: bool
    #: who is away and in whose place the reader would do it
    in_place_of: Who | None = None
    #: the calendar that its due date is told in; None: every day counts
    calendar: Calendar | None = None
    #: since when its procedure is suspended, so that it can be kept but not sent; None: it goes on
    suspended_at: datetime | None = None
    #: the late task that it is about, of a task that a ladder began; "" when there is none or it is not for the reader
    about: str = ""


@dataclass(frozen=True, slots=True)
class HandedOver:
    """The note with which somebody handed a task over."""

    text: str
    author: Who | None
    at: datetime


@dataclass(frozen=True, slots=True)
class TaskPage:
    """A user task with all that its page shows."""

    line: TaskLine
    #: what to do and why, from the diagram
    documentation: str
    #: engine.forms' Form (typed loosely here: model imports nothing of ours)
    form: object | None
    draft: Mapping[str, object] | None
    draft_version: int
    definition_version: int
    #: "self" or "on-behalf"
    modes: tuple[str, ...]
    #: what the reader does who may enter answers for somebody, but not hear these; "": nothing stands in the way
    instead: str
    #: classes this reader may write, for the form
    writable: frozenset[str]
    #: choices for person: and participant: widgets by field name: (value, label)
    choices: Mapping[str, tuple[tuple[str, str], ...]]
    #: earlier records this reader may read that the task's form shows
    records: tuple[VisibleRecord, ...] = ()
    #: class → who can see it, in words
    audiences: Mapping[str, str] = field(default_factory=dict)
    #: class → what its badge says
    class_labels: Mapping[str, str] = field(default_factory=dict)
    #: facts of the case (class C1) that the reader may be told: (label, words)
    facts: tuple[tuple[str, str], ...] = ()
    #: the late task that this one's procedure was started about, when the reader may see it
    about: TaskLine | None = None
    #: what who handed it over wrote, for who can work it now
    note: HandedOver | None = None
    #: what stands in the form before anybody typed, beside what the form itself begins with
    begins: Mapping[str, object] = field(default_factory=dict)
    #: who suspended its procedure, and why; None: it goes on
    suspension: Suspension | None = None
    #: when the draft was kept; None: there is none
    draft_at: datetime | None = None
    #: files that lie beside the reader's draft, by id
    files: Mapping[str, FileLink] = field(default_factory=dict)
    #: what happens after each choice, in sentences
    outcomes: tuple[str, ...] = ()
    #: how much attention each participant had, beside the forms that the pack shows it with
    balances: tuple[Balance, ...] = ()
    #: what the program's people can read up for it
    guides: tuple[Guide, ...] = ()
    #: what is read before the questions, and the code of all that the page says: `user_tasks.complete` asks for it
    reads: tuple[Reading, ...] = ()
    edition: str = ""


@dataclass(frozen=True, slots=True)
class VisibleRecord:
    """A record this reader may read. `fields`: (label, value as text or rows), class label says who can see it."""

    id: str
    form: str
    form_title: str
    cls: str
    cls_label: str
    audience: str
    participant: Who | None
    author: Who | None
    at: datetime
    fields: tuple[tuple[str, object], ...]


def version_code(digest: str) -> str:
    """A version as people compare it on paper: the first eight digits of its digest, in two groups."""
    return f"{digest[:4]} {digest[4:8]}".upper()


@dataclass(frozen=True, slots=True)
class Reading:
    """What lies open before a form's questions: the newest record of a form that is read first."""

    #: key of the form that it was written in, and what such a record is called
    form: str
    title: str
    #: None: whom it is signed or answered for may read it, who enters that may not
    record: VisibleRecord | None
    #: when it was written, in words
    when: str
    #: SHA-256 of what it says, hexadecimal: its version, whoever wrote it and whatever language it is read in
    digest: str

    @property
    def code(self) -> str:
        """The version as people compare it: the first eight digits of the digest."""
        return version_code(self.digest)


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One line of a case's process timeline (C1)."""

    at: datetime
    event: str
    text: str
    actor: Who | None
    on_behalf_of: Who | None
    element_id: str | None
    process_key: str | None


@dataclass(frozen=True, slots=True)
class DiagramView:
    """A diagram to show: which version, and where its tokens are."""

    definition: Definition
    process_key: str
    name: str
    #: element id → number of tokens
    tokens: Mapping[str, int] = field(default_factory=dict)
    #: element id → "overdue" | "incident" | "waiting"
    marks: Mapping[str, str] = field(default_factory=dict)
    completed: frozenset[str] = frozenset()
    instance_id: str | None = None


@dataclass(frozen=True, slots=True)
class ParticipantLine:
    """A participant on a case page."""

    id: str
    who: Who
    role: str
    role_label: str
    from_at: datetime
    to_at: datetime | None
    #: C2, only when the reader may see it
    email: str | None = None
    phone: str | None = None
    #: in a role of somebody who does not work for the program
    outside: bool = False


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case in a list."""

    id: str
    number: str
    state: str
    status: str | None
    outcome: str | None
    opened_at: datetime
    closed_at: datetime | None
    sentence: str
    overdue: int
    #: something nobody can do: tops the list
    nobody: str | None
    next_due_at: datetime | None
    facts: Mapping[str, object]
    #: the calendar that the next due date is told in; None: every day counts
    calendar: Calendar | None = None
    #: how closely it is looked at, in the pack's words, and whether that is more than usual
    intensity: str | None = None
    is_intense: bool = False
    #: what the reader can do so that it goes on
    moves: tuple[Move, ...] = ()
    #: who is away and in whose place the reader sees it; None: it is the reader's own to see
    in_place_of: Who | None = None


@dataclass(frozen=True, slots=True)
class MessageAct:
    """A message this reader may send to the case now (a button)."""

    name: str
    label: str
    confirm: str
    #: participants to choose from when it is sent for somebody else
    participants: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class PanelView:
    """A record panel of the pack, filled with what the reader may see."""

    key: str
    title: str
    records: tuple[VisibleRecord, ...]


@dataclass(frozen=True, slots=True)
class CasePage:
    """All that a case's page shows to one reader."""

    line: CaseLine
    explanation: Explanation
    participants: tuple[ParticipantLine, ...]
    tasks: tuple[TaskLine, ...]
    diagrams: tuple[DiagramView, ...]
    timeline: tuple[TimelineEntry, ...]
    milestones: tuple[tuple[str, str, datetime | None], ...]
    #: how much attention each participant had; empty for outsiders
    balances: tuple[Balance, ...]
    panels: tuple[PanelView, ...]
    acts: tuple[MessageAct, ...]
    instances: tuple[Instance, ...]
    #: acts the reader may do on the page: "suspend", "resume", "terminate", "retry", "assign", "participants"
    may: frozenset[str]
    #: (form, title) of what was written to leave the program
    reports: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A notice in an inbox."""

    id: str
    case_id: str
    case_number: str
    title: str
    text: str
    task_id: str | None
    at: datetime
    read: bool
    #: the name of who is away and whom it was for; None: it is the reader's own
    in_place_of: str | None = None
    #: its task is done, or no longer needed
    over: bool = False


@dataclass(frozen=True, slots=True)
class Stoppage:
    """Where cases of a procedure stopped by an error: an element of one version, why, and how many; never which."""

    version: int
    element_id: str
    sentence: str
    number: int


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A person in the list of people and roles."""

    id: str
    name: str
    email: str | None
    phone: str | None
    staff: bool
    login: str | None
    administrator: bool
    roles: tuple[str, ...]
    active: bool
    account_id: str | None = None
