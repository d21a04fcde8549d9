"""What lists give: pages of values, and the rows of the lists that people work from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar

from engine.model.cases import Case
from engine.model.instances import Incident, Subscription, Timer, UserTask
from engine.model.outside import OutsideWait
from engine.model.states import InstanceState

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a keyset-paged list; `next` is an opaque cursor, None at the end."""

    items: tuple[T, ...]
    next: str | None = None


class InboxSort(StrEnum):
    """What stands first in a list of tasks."""

    #: the soonest due, then the higher priority
    DUE = "due"
    #: the higher priority, then the soonest due
    PRIORITY = "priority"
    #: what waits longest
    AGE = "age"
    #: case by case, the older case first; in each the soonest due
    CASE = "case"


@dataclass(frozen=True, slots=True)
class InboxFilter:
    """Which of a person's open tasks are asked for; the fields that are set all have to hold."""

    #: assigned to the person, or bound to them and assigned to nobody
    mine: bool = False
    #: assigned to nobody, theirs to claim
    unclaimed: bool = False
    case_id: str | None = None
    process_key: str | None = None
    role: str | None = None
    due_before: datetime | None = None
    #: somebody wanted to look at it again by now
    follow_up_before: datetime | None = None
    least_priority: int | None = None


@dataclass(frozen=True, slots=True)
class InboxRow:
    """An open task as its list shows it."""

    task: UserTask
    case_number: str


@dataclass(frozen=True, slots=True)
class InstanceSummary:
    """A running or suspended instance of a case, without its state."""

    id: str
    key: str
    state: InstanceState
    started_at: datetime
    suspended_at: datetime | None
    definition_id: str
    #: the task that a deadline rule started it about: its role, and whether it is discreet
    about: tuple[str | None, bool] | None = None
    #: something in it waits for what can never come
    dead: bool = False


@dataclass(frozen=True, slots=True)
class CaseOverview:
    """A case and all it waits for, as the list of all cases shows it. `timers`: of the diagram and of deadline rules, soonest first."""

    case: Case
    tasks: tuple[UserTask, ...] = ()
    timers: tuple[Timer, ...] = ()
    subscriptions: tuple[Subscription, ...] = ()
    incidents: tuple[Incident, ...] = ()
    instances: tuple[InstanceSummary, ...] = ()
    #: names of the assignees, by person id
    names: dict[str, str] = field(default_factory=dict)
    jobs: tuple[OutsideWait, ...] = ()
    #: facts that were asked for, each FEEL's lossless JSON
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LentCases:
    """The cases of somebody who is away that a list may tell to who stands in for them."""

    person_id: str
    #: (pack, case role): the cases in which they hold that role now
    held: frozenset[tuple[str, str]] = frozenset()
    #: the packs of which they list every case
    packs: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Answer:
    """What an idempotency key was answered with. `fingerprint` tells another request under the same key."""

    fingerprint: str
    status: int
    body: object
    at: datetime
