"""How participants without an account come to their own tasks: links and codes that open one visit each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class KeyKind(StrEnum):
    """link: goes out by mail, nobody here reads it; code: read out on the phone."""

    LINK = "link"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class PortalKey:
    """What opens one visit of one participant to one case, once. The secret itself is stored nowhere, only its digest."""

    id: str
    program_id: str
    case_id: str
    participant_id: str
    kind: KeyKind
    #: None: the link's mail has not gone out yet
    digest: str | None
    #: who made it
    by_id: str | None
    created_at: datetime
    #: it opens nothing from then on
    expires_at: datetime
    mail_id: str | None = None
    used_at: datetime | None = None
    #: end of the visit that it opened
    ends_at: datetime | None = None
    revoked_at: datetime | None = None
