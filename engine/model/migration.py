"""Bringing running instances to another version: what happens to each token, and what is kept of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from engine.model.execution import Fault, OpenJob, OpenTask, WaitingEvent, WaitingTimer


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
