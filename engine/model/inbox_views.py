"""How somebody looks at their tasks: what is asked of the list, and such questions kept under a name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from engine.model.lists import InboxSort


class Scope(StrEnum):
    """Whose tasks are listed."""

    #: assigned to the person, or theirs as a participant
    MINE = "mine"
    #: theirs to claim
    ROLES = "roles"
    #: both
    ALL = "all"


class DueWithin(StrEnum):
    """Until when the listed tasks are due."""

    ANY = ""
    LATE = "late"
    #: until the end of the day
    TODAY = "today"
    #: until the end of the seventh day from today
    WEEK = "week"


@dataclass(frozen=True, slots=True)
class InboxQuestion:
    """What is asked of the list of one's tasks; all that is set has to hold."""

    scope: Scope = Scope.MINE
    sort: InboxSort = InboxSort.DUE
    #: in the title or in the number of the case
    text: str = ""
    due: DueWithin = DueWithin.ANY
    #: only what somebody wanted to look at again by now
    follow_up: bool = False
    #: only what has a high priority
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class SavedView:
    """A question under a name: its owner's alone, or shared with everybody who holds a role."""

    id: str
    program_id: str
    person_id: str
    name: str
    #: the program role that sees it too; None: the owner alone
    role: str | None
    #: the parts of the question that differ from its defaults, as texts of an address
    question: Mapping[str, object]
    #: the list that it is asked of; None: one's tasks
    place: str | None = None
