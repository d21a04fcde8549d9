"""What people wrote, by confidentiality class; all of it passes the sealing door of the store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Record:
    """Fields of one class from one completed form. `participant_id`: whom it is bound to, None: nobody alone."""

    id: str
    program_id: str
    case_id: str
    instance_id: str | None
    task_id: str | None
    form: str
    cls: str
    participant_id: str | None
    author_id: str | None
    on_behalf_of: str | None
    body: object
    at: datetime
    #: the version of a panel's entry that it is a part of; None: it was written in a task
    entry_id: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One version of an entry of a panel; what was written stands in its records, one for each class."""

    id: str
    #: the entry, whatever its version
    entry: str
    #: from 1; a version is never changed, a change is the next one
    version: int
    program_id: str
    case_id: str
    panel: str
    form: str
    #: whom it is about; None: nobody alone
    participant_id: str | None
    author_id: str | None
    at: datetime
    #: this version opened to others what the one before it said
    released: bool = False
    #: the record of a task that the procedure filled the entry from; None: somebody added it
    source_id: str | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """What a person typed into a task's form and did not send yet; theirs alone."""

    task_id: str
    program_id: str
    case_id: str
    person_id: str
    body: object
    at: datetime
    #: rises with each save
    version: int = 1


@dataclass(frozen=True, slots=True)
class Notice:
    """A neutral notice in a person's inbox; `template` names a text of the pack, never content."""

    id: str
    program_id: str
    case_id: str
    recipient_id: str
    template: str
    task_id: str | None
    element_id: str | None
    at: datetime
    read_at: datetime | None = None
    #: the mail that tells of it; None: it is in the inbox only
    mail_id: str | None = None
    #: who is away and would have been told; None: it is the recipient's own
    for_id: str | None = None


@dataclass(frozen=True, slots=True)
class InboxMessage:
    """A message nobody waited for yet, kept until its time to live ends; delivered once."""

    id: str
    program_id: str
    name: str
    correlation: str
    #: the sender's own id; the same id is taken once
    message_id: str | None
    payload: object
    received_at: datetime
    expires_at: datetime
    delivered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a message or signal: all that is not delivered, starts nothing and is not kept was taken before."""

    #: how many waiting receivers it goes to
    delivered: int = 0
    #: how many processes it starts
    started: int = 0
    #: nobody waits yet, so it lies ready until its time to live ends
    kept: bool = False
