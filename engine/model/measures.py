"""Measures: what a pack counts of its cases and tasks, and the figures that come of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class MeasureKind(StrEnum):
    """What a measure gives."""

    #: how many
    COUNT = "count"
    #: how many of those counted fit, in percent
    SHARE = "share"
    #: days from a moment to another: median, 90th percentile, share within the standard
    DURATION = "duration"
    #: a number of each: median and 90th percentile
    AMOUNT = "amount"
    #: asked for, but nothing says it yet; the note says why
    UNMEASURED = "unmeasured"


class Unit(StrEnum):
    """What is counted."""

    CASE = "case"
    TASK = "task"
    #: what was answered to a survey; its month is that of the invitation
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class PartRule:
    """One of the parts that a count is split into: those that a FEEL condition holds for and none before it."""

    key: str
    title: str
    where: str


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure of a pack. Expressions are FEEL over facts, `case`, `milestones`, `steps`, `apart`, `task` and `period`."""

    key: str
    title: str
    #: how it is counted, in a sentence
    definition: str
    kind: MeasureKind
    #: under which heading it stands
    heading: str = ""
    unit: Unit = Unit.CASE
    #: the moment that puts a case or task into a period: opened, closed, begin, end, a milestone; of a task: due, waived, begin, end
    when: str = "opened"
    #: "PROCESS/ELEMENT" of the tasks; empty: all
    of: tuple[str, ...] = ()
    #: which of them are counted at all; None: all
    where: str | None = None
    #: share: which of those counted fit
    fits: str | None = None
    #: share of what each case has several of: how many it counts as; `fits` then says how many of them fit. None: one
    times: str | None = None
    #: what those several are called, in the plural; empty: people
    called: str = ""
    #: duration: from and to
    start: str | None = None
    end: str | None = None
    #: amount: the number
    value: str | None = None
    #: ISO 8601 duration, or the key of a setting that holds one
    standard: str | None = None
    #: facts that it can be split by; of tasks also "role"
    by: tuple[str, ...] = ()
    parts: tuple[PartRule, ...] = ()
    #: of answers: the survey, and which question `fits` asks the `answer` of; without one: the share of those invited who answered
    survey: str = ""
    question: str = ""
    #: name -> "PROCESS/ELEMENT": user tasks that expressions ask for as steps.NAME (count, first, last)
    steps: Mapping[str, str] = field(default_factory=dict)
    #: fewer than this are not told; the pack's own limit counts too
    least: int = 0
    #: what the figure does not mean
    note: str = ""
    #: roles that see it; empty: everybody who reads figures
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Caseload:
    """How much work cases are to those who hold a case role, and how much of it one person takes on."""

    #: setting with the most that somebody takes on
    cap: str
    #: case role -> FEEL over the facts of a case: how much it weighs
    weights: Mapping[str, str]
    #: what it does not mean
    note: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """One participant whom a panel weighs against the others: while they take part, and when there was an entry about them."""

    since: datetime
    until: datetime | None
    entries: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseRow:
    """What measures read of one case."""

    id: str
    state: str
    outcome: str | None
    status: str | None
    opened_at: datetime
    closed_at: datetime | None
    #: FEEL values by key; under “settings” those of the pack
    facts: Mapping[str, object] = field(default_factory=dict)
    #: code -> when it was first reached
    milestones: Mapping[str, datetime] = field(default_factory=dict)
    #: "PROCESS/ELEMENT" -> how often people completed it, when first, when last
    steps: Mapping[str, tuple[int, datetime, datetime]] = field(default_factory=dict)
    #: from, to and code of each time its clock stood still
    pauses: tuple[tuple[datetime, datetime, str], ...] = ()
    #: panel -> all whom its balance weighs
    heard: Mapping[str, tuple[Heard, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TaskRow:
    """What measures read of one user task."""

    case_id: str
    place: str
    role: str | None
    state: str
    created_at: datetime
    due_at: datetime | None
    ended_at: datetime | None
    #: when somebody first waived its deadline
    waived_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """A calendar month or year of a program: its name ("2026-03", "2026") and its borders, the second one exclusive."""

    name: str
    begin: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Item:
    """One case or task that a measure counts in a period."""

    span: str
    #: dimension -> value
    groups: Mapping[str, str]
    #: share: whether it fits
    fits: bool = False
    #: duration: days; amount: the number; None: it has none (yet)
    value: float | None = None
    #: days of it that the clock stood still, by code
    paused: Mapping[str, float] = field(default_factory=dict)
    #: which of the cases or tasks it is, by their order; where a case counts as several, which of them
    place: int = 0


@dataclass(frozen=True, slots=True)
class Cell:
    """One number with what stands behind it. `hidden`: too few to tell; then all others are None."""

    #: the value of the dimension; "" for all together
    key: str
    label: str
    hidden: bool = False
    #: how many are counted
    n: int | None = None
    #: percent
    share: int | None = None
    median: float | None = None
    p90: float | None = None
    #: percent within the standard
    within: int | None = None
    #: how many have no value (yet); None: none, or too few to tell
    without: int | None = None
    #: the median when the clock's pauses are taken off; None: nothing paused
    net_median: float | None = None
    #: code and label -> days paused, where enough were
    paused: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Split:
    """A figure split by one dimension; as many withheld as `hidden` says."""

    key: str
    title: str
    cells: tuple[Cell, ...]
    hidden: int


@dataclass(frozen=True, slots=True)
class Figure:
    """A measure in one period, for one reader."""

    #: "PACK/KEY"
    key: str
    measure: Measure
    period: str
    period_label: str
    total: Cell
    splits: tuple[Split, ...]
    #: months of the year up to the period
    months: tuple[Cell, ...]
    #: the standard in days
    standard_days: float | None
    #: fewer than this are withheld
    least: int
    #: the period is not over yet
    running: bool = False


@dataclass(frozen=True, slots=True)
class Load:
    """How much one person carries now."""

    person_id: str
    person: str
    #: open cases on which they hold a role that weighs something
    cases: int
    weight: float
    cap: float
    #: until when they are away; None: they are there
    away_until: datetime | None
    #: from and to of the next absence ahead
    next_absence: tuple[datetime, datetime] | None

    @property
    def percent(self) -> int:
        """Of the cap."""
        return round(100 * self.weight / self.cap) if self.cap else 0


@dataclass(frozen=True, slots=True)
class Taker:
    """Whether somebody can take one more case, and why not."""

    who: Load
    #: sentences; empty: they can
    obstacles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Takers:
    """Who could take a case in a role."""

    case_id: str
    case_number: str
    role: str
    weight: float
    takers: tuple[Taker, ...]
