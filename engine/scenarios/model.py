"""A scenario as read: who does what with which data, time that passes, and what has to be true. Values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class StepKind(StrEnum):
    """What a step does before it looks."""

    TASK = "task"  #: somebody completes a task
    TIME = "time"  #: time passes
    MESSAGE = "message"  #: somebody sends a message of the pack
    JOB = "job"  #: outside work is answered
    LOOK = "look"  #: nothing; it only expects


@dataclass(frozen=True, slots=True)
class Expectation:
    """What has to be true after a step. Elements are named by title or id, "… for NAME" says whose a task is."""

    open: tuple[str, ...] = ()
    only_open: tuple[str, ...] | None = None  #: these and no others
    not_open: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()  #: "KEY to NAME", sent since it was last looked
    no_notices: tuple[str, ...] = ()
    token_at: tuple[str, ...] = ()
    passed: tuple[str, ...] = ()  #: completed at some time
    not_passed: tuple[str, ...] = ()
    facts: Mapping[str, object] = field(default_factory=dict)
    status: str | None = None  #: of the case
    ended: str | bool | None = None  #: the end event of the first procedure; True: any, False: it still runs


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `number` counts from 1 within its file."""

    number: int
    kind: StepKind
    who: str = ""
    does: str = ""  #: a task, a message, or the element of outside work
    of: str = ""  #: whose task, or for whom a message is
    data: Mapping[str, object] = field(default_factory=dict)
    passes: str = ""  #: ISO 8601 duration, or `=` FEEL over `settings`
    on_behalf: bool = False
    fails: str = ""  #: outside work answers with this error
    refused: bool = False  #: the act has to be refused
    expect: Expectation | None = None


@dataclass(frozen=True, slots=True)
class Opening:
    """How the case begins: by the pack's opening form, or with another process started directly."""

    by: str
    process: str = ""
    data: Mapping[str, object] = field(default_factory=dict)
    #: people who hold a role on this case from its opening on that is also held in the program
    joins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scenario:
    """One file. `continues` names the scenario whose end it goes on from; its people are known here too."""

    name: str
    file: str
    title: str
    about: str = ""
    continues: str = ""
    people: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  #: name → roles
    opening: Opening | None = None
    steps: tuple[Step, ...] = ()
    #: digest of this file and of those it continues
    digest: str = ""
