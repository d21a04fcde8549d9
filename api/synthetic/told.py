"""One made-up case as far as it was told, and whom it is about."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from api.synthetic.draws import Names
from api.synthetic.people import Member
from engine.model.access import Actor


@dataclass(slots=True)
class Party:
    """Somebody whom a case is about."""

    number: int
    actor: Actor
    participant_id: str


@dataclass(slots=True)
class Told:
    """One case as far as it was told."""

    index: int
    rng: random.Random
    plan: Names
    opened: datetime
    id: str = ""
    parties: dict[str, Party] = field(default_factory=dict)
    #: who of the cast works on it, by role, and who was asked before
    chosen: dict[str, Member] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)
    freed: set[str] = field(default_factory=set)
    #: open tasks, and how often the task at an element was done
    open: set[str] = field(default_factory=set)
    times: dict[str, Decimal] = field(default_factory=dict)
    #: surveys that somebody was asked already whether they answer
    invited: set[str] = field(default_factory=set)
    #: the tasks that each participant has had at an element, in their order
    turns: dict[tuple[str, str | None], list[str]] = field(default_factory=dict)
