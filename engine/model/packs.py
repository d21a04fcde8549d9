"""A pack: what a program says about its procedures beside the diagrams, read from `pack.toml` (engine/packs)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from engine.model.calendars import Calendar
from engine.model.fillings import Filling, Hearing
from engine.model.guides import Guide
from engine.model.measures import Caseload, Measure
from engine.model.policies import Policies
from engine.model.surveys import Survey
from engine.model.telling import Telling
from engine.model.tiles import Tile


class Relation(StrEnum):
    """How a person must stand to a record for a role to give a right on it, weakest right first."""

    #: only records one wrote oneself
    AUTHOR = "author"
    #: only records bound to one's own participant
    SELF = "self"
    #: only while one has an open task of the case
    TASK = "task"
    #: any record of a case on which one holds the role now
    CASE = "case"
    #: any record of any case of the program
    PROGRAM = "program"


class RoleKind(StrEnum):
    """case: held by a participant of one case; program: held by membership; both: the same key is used for each."""

    CASE = "case"
    PROGRAM = "program"
    BOTH = "both"


class Act(StrEnum):
    """What a role may do; the words of `may` in a role."""

    CASE_OPEN = "case.open"
    #: see the page of a case one has to do with
    CASE_VIEW = "case.view"
    #: all cases of the program
    CASE_LIST = "case.list"
    #: take the list of cases out as a file
    CASE_EXPORT = "case.export"
    CASE_PARTICIPANTS = "case.participants"
    #: claim, release and complete the tasks offered to one's roles
    TASK_WORK = "task.work"
    TASK_ASSIGN = "task.assign"
    #: complete a participant's task on their behalf
    TASK_COMPLETE_FOR = "task.complete_for"
    #: suspend, resume, terminate, retry
    INSTANCE_CONTROL = "instance.control"
    MESSAGE_SEND = "message.send"
    PERSON_MANAGE = "person.manage"
    DEFINITION_VIEW = "definition.view"
    DEFINITION_DEPLOY = "definition.deploy"
    DEFINITION_APPROVE = "definition.approve"
    AUDIT_VIEW = "audit.view"
    NOTICE_VIEW = "notice.view"
    #: put walls between people and cases, and take them down with a second person
    WALL_MANAGE = "wall.manage"
    #: fetch and answer jobs of outside work
    JOB_WORK = "job.work"


class ValueType(StrEnum):
    """The types of variables and settings."""

    STRING = "string"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"
    DURATION = "duration"
    LIST = "list"
    CONTEXT = "context"


class RungAct(StrEnum):
    """remind sends a notice to whom it concerns; notify to others; start begins a process on the same case."""

    REMIND = "remind"
    NOTIFY = "notify"
    START = "start"


@dataclass(frozen=True, slots=True)
class CaseRules:
    """How cases of the pack are opened and numbered."""

    label: str
    #: format text with {year} and {serial}
    number: str
    #: key of the process that opening a case starts
    process: str
    #: form on the page where a case is opened
    opening_form: str | None
    #: role key -> least number of people
    required_participants: Mapping[str, int]
    #: warn of a likely duplicate within this many months; 0: never
    duplicate_months: int
    #: the fact that says how closely a case is looked at, for lists
    intensity: str | None = None
    #: processes that a message begins on a closed case too; their own tasks are all that is open on it then
    afterwards: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Role:
    """A role with the classes it reads and writes and the acts it may do."""

    key: str
    label: str
    kind: RoleKind
    #: works for the program; False: an outside participant
    staff: bool
    #: program role a person needs before being given this case role
    eligible: str | None
    #: class or sub-class -> relation
    read: Mapping[str, Relation]
    write: Mapping[str, Relation]
    may: frozenset[str]


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Whoever ever held one of the two (case role or duty) on a case may not do the other on it."""

    between: tuple[str, str]
    reason: str

    def partner(self, duty: str) -> str | None:
        """The other of the two, when `duty` is one of them."""
        first, second = self.between
        if duty == first:
            return second
        return first if duty == second else None


@dataclass(frozen=True, slots=True)
class VariableRule:
    """A variable that may exist; always class C1."""

    key: str
    type: ValueType
    label: str
    #: projected to facts for lists, search and measures
    fact: bool
    #: code -> what people read
    values: Mapping[str, str]
    #: not told to outside participants: the fact alone would say what is confidential
    staff: bool = False


@dataclass(frozen=True, slots=True)
class SettingRule:
    """A setting that diagrams read as `settings.KEY`. `default`, `least` and `most` are as written in the file."""

    key: str
    type: ValueType
    label: str
    default: str | int | float | bool
    least: str | int | float | None
    most: str | int | float | None


@dataclass(frozen=True, slots=True)
class NoticeText:
    """A neutral notice: `{case}` is the number, `{task}` the stored title; never content."""

    key: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a ladder: a time by `offset` from due, `percentage` of the way there or `after` the task began, and an act then."""

    #: position in the ladder, from 1
    number: int
    #: ISO 8601 duration, may be negative
    offset: str | None
    #: 0 to 100
    percentage: float | None
    act: RungAct
    #: "assignee", "role:KEY" or "case-role:KEY"
    to: str | None
    notice: str | None
    process: str | None
    label: str | None
    #: ISO 8601 duration from when the task began, or its due date was last set
    after: str | None = None


@dataclass(frozen=True, slots=True)
class DeadlineRule:
    """A ladder and the elements it stands on: "process-key/element-id", or "*" for every user task."""

    key: str
    applies_to: tuple[str, ...]
    rungs: tuple[Rung, ...]
    #: the working time that its offsets, lengths and percentages are counted in; None: calendar time
    working: Calendar | None = None
    #: what people call it; empty: by the tasks it is for
    label: str = ""


@dataclass(frozen=True, slots=True)
class MessageRule:
    """A message that people may send to a case when an instance of it waits for it."""

    name: str
    label: str
    roles: tuple[str, ...]
    #: payload key -> where its value comes from: "self", the sender's participant; "given", a declared variable that they state
    payload: Mapping[str, str]
    #: role of the participant that staff choose when they send it
    of: str | None
    confirm: str | None


class PanelKind(StrEnum):
    """How a panel of the case page shows what it holds."""

    #: what people wrote in tasks, by form
    RECORDS = "records"
    #: entries by when it happened, beside the notices and mails that the procedure sent
    LOG = "log"
    #: each entry with its versions; of forms of tasks each record is a version, with who signed it
    VERSIONS = "versions"
    #: entries about one participant that others read only after a release with that participant's permission
    RELEASE = "release"
    #: records of tasks in rounds: each of the first form begins one
    ROUNDS = "rounds"
    #: large buttons to write while people are in the room
    CONSOLE = "console"
    #: entries with a date until which something is to be done
    DUE = "due"
    #: each participant with what is written about them
    PEOPLE = "people"
    #: entries by the date that they tell of
    TIMELINE = "timeline"


@dataclass(frozen=True, slots=True)
class Criterion:
    """What has to be there before an entry of a form can be added (CMMN's entry criterion)."""

    form: str
    #: form of tasks: each record of it begins anew; None: it counts from the opening of the case
    since: str | None
    #: forms of tasks: a record of one of them is enough
    records: tuple[str, ...]
    #: form of entries: one about each participant of its role is enough too
    each: str | None
    #: what has to be done first, for who finds it closed
    label: str


@dataclass(frozen=True, slots=True)
class Weighing:
    """Which entries about participants are counted against each other, and from when on they are out of balance."""

    forms: tuple[str, ...]
    #: questions of those forms that say how many minutes it took
    minutes: tuple[str, ...]
    #: setting with the difference from which on it is too far apart
    limit: str
    #: forms of tasks beside which it is shown
    shown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EntryMessage:
    """A message that an entry sends to the procedure of its case."""

    form: str
    #: FEEL over process facts: `entry` is the one just written, `earlier` the list of the others
    when: str
    message: str


@dataclass(frozen=True, slots=True)
class Panel:
    """Records of some forms shown together on the case page, and the forms with which people add entries to it."""

    key: str
    title: str
    #: forms of tasks whose records it shows
    forms: tuple[str, ...]
    columns: tuple[str, ...]
    kind: PanelKind = PanelKind.RECORDS
    #: forms with which entries are written
    entries: tuple[str, ...] = ()
    #: roles that may write them, each in the classes that the role writes
    adds: tuple[str, ...] = ()
    #: form -> role of the participant that its entries are about
    about: Mapping[str, str] = field(default_factory=dict)
    #: kept from outside participants
    staff: bool = False
    #: field with the date that entries are listed by, or are due
    date: str | None = None
    #: field that says how far an entry is, and its codes for what is done
    state: str | None = None
    done: tuple[str, ...] = ()
    #: class that an entry has once it is released, and the form in which staff write down the permission
    released: str | None = None
    permission: str | None = None
    #: form of tasks whose records sign the version before them
    signatures: str | None = None
    criteria: tuple[Criterion, ...] = ()
    balance: Weighing | None = None
    tells: tuple[EntryMessage, ...] = ()
    fills: Filling | None = None
    hears: Hearing | None = None
    #: fact of the case -> FEEL that works out a number or a date from `entries`, the answers of each
    tally: Mapping[str, str] = field(default_factory=dict)
    #: entries are written on a closed case too
    afterwards: bool = False


@dataclass(frozen=True, slots=True)
class Pack:
    """All of a pack.toml. Mappings keep the order of the file."""

    key: str
    title: str
    #: where form files are, relative to pack.toml
    forms: str
    language: str
    #: the calendar that expressions call `calendar`: a key of `calendars`, or "plain"
    calendar: str
    case: CaseRules
    roles: Mapping[str, Role]
    #: lane name -> role key
    lanes: Mapping[str, str]
    exclusions: tuple[Exclusion, ...]
    variables: Mapping[str, VariableRule]
    settings: Mapping[str, SettingRule]
    notices: Mapping[str, NoticeText]
    #: code -> label, in order
    milestones: Mapping[str, str]
    #: confidentiality class or sub-class → what its badge says
    classes: Mapping[str, str]
    deadline_rules: tuple[DeadlineRule, ...]
    messages: Mapping[str, MessageRule]
    panels: tuple[Panel, ...]
    policies: Policies
    #: class -> ISO 8601 duration after closure
    retention: Mapping[str, str]
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    #: what those who look after all cases watch, in order
    tiles: tuple[Tile, ...] = ()
    #: what is counted of its cases, in order
    measures: tuple[Measure, ...] = ()
    #: figures of fewer cases than this are withheld
    least_told: int = 10
    #: how much cases weigh; None: nobody asks
    caseload: Caseload | None = None
    #: short questions whose answers are counted and not kept
    surveys: tuple[Survey, ...] = ()
    #: what people can read up beside tasks
    guides: tuple[Guide, ...] = ()
    #: how people are told outside of the pages; empty: only in their inbox
    telling: Telling = field(default_factory=Telling)
    #: the languages it is kept in, besides `language`, which it is written in
    languages: tuple[str, ...] = ()
    #: language -> text as written -> the same in that language; also of texts in the diagrams
    translations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
