"""How people are told: kinds of notices and the ways they come by, what each person chose, mail on its way, calendar links."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Way(StrEnum):
    """mail: in the inbox, and a mail at once; digest: in the inbox, and in one mail a day; inbox: there only; none: not at all."""

    MAIL = "mail"
    DIGEST = "digest"
    INBOX = "inbox"
    NONE = "none"


class MailState(StrEnum):
    """waiting: to be sent when it is due, or tried again; sent: the server took it; dropped: it had become needless or
    nobody may write there; failed: given up, somebody may try again."""

    WAITING = "waiting"
    SENT = "sent"
    DROPPED = "dropped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Letter:
    """Words of a mail as the pack has them: neutral, the same for everybody (class C0)."""

    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Kind:
    """Notices that people choose about together, and the one mail that stands for each of them."""

    key: str
    label: str
    #: keys of the pack's notices
    notices: tuple[str, ...]
    letter: Letter
    #: the way unless somebody chose another
    way: Way
    #: the ways that may be chosen
    ways: tuple[Way, ...]
    #: who is asked about it: whoever holds one of these roles; empty: everybody
    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Appointment:
    """A fact of a case (a date and time) that stands in the calendars of those who take part in it."""

    variable: str
    #: what the entry is called, neutral
    title: str
    minutes: int
    #: the form whose newest record says where it is; shown beside it to those who may read that record
    form: str = ""


@dataclass(frozen=True, slots=True)
class ContactRule:
    """A field of a form, filled in about one participant, that says by which ways they can be reached safely."""

    form: str
    field: str
    #: the choice that stands for mail; a record without it keeps all mail back
    mail: str
    #: the notice to those who have to call when a mail was kept back, as notices are addressed; the first who are there get it
    instead: str = ""
    to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Telling:
    """What a pack says about telling people outside of the pages. Times are minutes after midnight in the program's zone."""

    kinds: tuple[Kind, ...] = ()
    #: of the daily mail; its text may hold {count}
    digest: Letter | None = None
    digest_at: int = 8 * 60
    #: from and until; equal: no quiet hours
    quiet: tuple[int, int] = (0, 0)
    #: what an entry for a due task is called in calendars, neutral
    due_title: str | None = None
    appointments: tuple[Appointment, ...] = ()
    contact: ContactRule | None = None

    def kind_of(self, notice: str) -> Kind | None:
        """The kind that a notice belongs to; None: it is in the inbox only."""
        return next((kind for kind in self.kinds if notice in kind.notices), None)


@dataclass(frozen=True, slots=True)
class TellingChoices:
    """What one person chose; None and what is missing: as the pack has it. `id` is the person's."""

    id: str
    program_id: str
    #: kind -> way
    ways: Mapping[str, str] = field(default_factory=dict)
    #: minutes after midnight in the program's zone
    digest_at: int | None = None
    quiet_from: int | None = None
    quiet_until: int | None = None


@dataclass(frozen=True, slots=True)
class OutgoingMail:
    """A mail to one person that was promised in the same transaction as what it tells. Its id is the Message-ID, also when tried again.

    `record` passes the sealing door: where mail is not sent but kept (demo, sandbox), what would have gone out.
    """

    id: str
    program_id: str
    #: None for a digest, which is about several
    case_id: str | None
    person_id: str
    pack: str
    #: key of the kind; "" for a digest
    kind: str
    state: MailState
    due_at: datetime
    created_at: datetime
    attempts: int = 0
    ended_at: datetime | None = None
    #: why it was dropped or not sent
    error_code: str | None = None
    record: object = None


@dataclass(frozen=True, slots=True)
class CalendarFeed:
    """A secret link under which a calendar reads one person's dates; only the secret's SHA-256 is stored."""

    id: str
    program_id: str
    account_id: str
    digest: str
    created_at: datetime
    revoked_at: datetime | None = None
