"""Bringing running instances to another version: what happens to each token, and what is kept of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from engine.model.execution import Fault, OpenJob, OpenTask, WaitingEvent, WaitingTimer
from engine.model.states import MigrationRowState, MigrationState


class Fate(StrEnum):
    """unchanged stays at its element; moved stands at another one; dropped: an event is no longer waited for; added: one
    is waited for from now on; stranded: it has no place in the other version, so that the instance stays where it is."""

    UNCHANGED = "unchanged"
    MOVED = "moved"
    DROPPED = "dropped"
    ADDED = "added"
    STRANDED = "stranded"


class Why(StrEnum):
    """Why a token has no place in the other version.

    gone: no such element; elsewhere: it lies in another sub-process; kind: it is of another type; event: it waits for
    another kind of event; repeats: it repeats in another way; called: it calls another process; work: another kind of
    outside work; branch: the flow it came by is gone; blocked: it would wait for ever; value: an expression gives
    nothing usable; moving: the instance is in the middle of a step.
    """

    GONE = "gone"
    ELSEWHERE = "elsewhere"
    KIND = "kind"
    EVENT = "event"
    REPEATS = "repeats"
    CALLED = "called"
    WORK = "work"
    BRANCH = "branch"
    BLOCKED = "blocked"
    VALUE = "value"
    MOVING = "moving"


@dataclass(frozen=True, slots=True)
class TokenFate:
    """What happens to one token. `name` is the author's name of the element, never a value of the case."""

    token_id: str
    process_key: str
    element_id: str
    name: str
    element_type: str
    fate: Fate
    to: str | None = None  #: element it stands at afterwards, when it is another one
    why: Why | None = None
    due_at: datetime | None = None  #: when its timer fires, which a migration does not change


@dataclass(frozen=True, slots=True)
class Waiting:
    """All that an instance waits for."""

    tasks: tuple[OpenTask, ...] = ()
    timers: tuple[WaitingTimer, ...] = ()
    subscriptions: tuple[WaitingEvent, ...] = ()
    jobs: tuple[OpenJob, ...] = ()
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a migration makes of one instance. `state` is None when a token is stranded: then nothing is changed."""

    fates: tuple[TokenFate, ...]
    state: bytes | None
    before: Waiting
    after: Waiting = field(default_factory=Waiting)
    goes_on: bool = False  #: something can move at once, so that a turn has to follow

    @property
    def fate(self) -> Fate:
        """The instance's as a whole: stranded, moved or unchanged."""
        fates = {one.fate for one in self.fates}
        return next((fate for fate in (Fate.STRANDED, Fate.MOVED) if fate in fates), Fate.UNCHANGED)


@dataclass(frozen=True, slots=True)
class Migration:
    """A proposal to bring all running instances of one version of a process to another, and what became of it.

    `mapping` says of elements whose id changed which one they are now: `process/element` → id.
    """

    id: str
    program_id: str
    key: str
    from_id: str
    to_id: str
    from_version: int
    to_version: int
    mapping: object
    why: str
    state: MigrationState
    proposed_by: str | None
    proposed_at: datetime
    decided_by: str | None = None
    decided_at: datetime | None = None
    #: why, in the words of who decided; about the procedure, never about a case
    decision_reason: str | None = None
    undone_by: str | None = None
    undone_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MigrationRow:
    """One instance of a migration. `result` is plain JSON: the fates of its tokens, and who had claimed which task."""

    id: str
    program_id: str
    migration_id: str
    instance_id: str
    case_id: str
    state: MigrationRowState
    at: datetime
    result: object
    #: the state before, to be brought back
    snapshot_id: str | None = None
    #: SHA-256 of the state that the migration left, which tells whether it moved on since
    left_hash: str | None = None


@dataclass(frozen=True, slots=True)
class FateLine:
    """What happens at one element, and in how many instances. Without a name it is one that few may know of."""

    process_key: str
    element_id: str
    name: str
    fate: Fate
    number: int
    to: str | None = None
    to_name: str | None = None
    why: Why | None = None
    #: the soonest of the timers that are kept
    soonest: datetime | None = None


@dataclass(frozen=True, slots=True)
class CaseFate:
    """What happens to one instance, for who may control it."""

    instance_id: str
    case_id: str
    number: str
    fate: Fate
    tokens: tuple[TokenFate, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """An element that the other version lacks, and which of its elements it may be now: (id, name)."""

    process_key: str
    element_id: str
    name: str
    options: tuple[tuple[str, str], ...]
    chosen: str | None


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What a migration would make of every running instance of a version. Nothing is changed by it.

    `cases` is None for who may not control cases. What a wall keeps from the reader is nowhere counted.
    """

    key: str
    from_version: int
    to_version: int
    mapping: dict[str, str]
    counts: dict[Fate, int]
    lines: tuple[FateLine, ...]
    choices: tuple[Choice, ...]
    drafts_kept: int
    drafts_other_form: int
    cases: tuple[CaseFate, ...] | None

    @property
    def total(self) -> int:
        """How many instances run on the version."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What became of one instance, for who may control it."""

    instance_id: str
    case_id: str
    number: str
    state: MigrationRowState
    #: what strands, by the author's names
    reasons: tuple[tuple[str, Why], ...] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """A migration as it stands. `cases` is None for who may not control cases."""

    migration: Migration
    proposed_by: str
    decided_by: str | None
    counts: dict[MigrationRowState, int]
    cases: tuple[CaseResult, ...] | None
    #: what the reader may do now
    may_decide: bool
    #: who is away and in whose place the reader decides; None: in nobody's
    in_place_of: str | None
    may_withdraw: bool
    may_undo: bool

    @property
    def total(self) -> int:
        """How many instances are concerned."""
        return sum(self.counts.values())

    @property
    def left(self) -> int:
        """How many wait for their turn."""
        return self.counts.get(MigrationRowState.WAITING, 0) + self.counts.get(MigrationRowState.LEAVING, 0)
