"""Surveys: short questions to those whom a case was about, whose answers are counted and never kept with who gave them.

Three things are kept apart so that nobody can put them together again: that somebody was invited (on the case), an
invitation that is still open (deleted when it is used), and how often each answer was given (no case, no person, no day).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.model.measures import PartRule

#: the question of tallies that count people, and what they count of them
PEOPLE, INVITED, ANSWERED = "", "invited", "answered"


@dataclass(frozen=True, slots=True)
class Survey:
    """A survey of a pack."""

    key: str
    title: str
    #: form with its questions, each of which can only be answered with a number, yes or no, or one of a list
    form: str
    #: the notice that invites: whoever gets it on a case is asked
    invitation: str
    #: the notice that reminds, and how long after the invitation; it goes to all who were invited, or it would tell who answered
    reminder: str | None
    remind_after: timedelta
    #: how long an invitation is open
    open_for: timedelta
    #: what answers are told apart by, as a heading
    split: str = ""
    #: how answers are told apart, by FEEL over the facts of the case when it is asked; each counts in the first that holds
    parts: tuple[PartRule, ...] = ()


@dataclass(frozen=True, slots=True)
class Invitation:
    """That somebody may answer a survey, as long as they have not."""

    id: str
    program_id: str
    case_id: str
    participant_id: str
    pack: str
    survey: str
    #: key of the part that the answers count in; "" without parts
    part: str
    #: the month of the invitation in the program's time zone, as 2026-03
    month: str
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Tally:
    """How often something was answered of those who were invited in a month."""

    month: str
    part: str
    #: field of the form, or PEOPLE
    question: str
    #: the answer as JSON
    value: str
    count: int
