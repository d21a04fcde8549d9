"""Audit entries: who did what, when; one hash chain a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One act or state change. `details` holds codes, ids and field names, never confidential values.

    `seq` counts per chain (`chain` is the case's id, or the program's for acts outside a case) from 1;
    `hash` links to `previous` (engine/audit.py).
    """

    id: str
    program_id: str
    chain: str
    seq: int
    at: datetime
    event: str
    actor_id: str | None
    on_behalf_of: str | None
    via: str
    case_id: str | None
    instance_id: str | None
    definition_id: str | None
    process_key: str | None
    element_id: str | None
    task_id: str | None
    details: object
    salt: bytes
    details_digest: str
    previous: str | None
    hash: str


@dataclass(frozen=True, slots=True)
class Seal:
    """The heads of a program's case chains, sealed into the program's chain."""

    id: str
    program_id: str
    seq: int
    at: datetime
    heads: object
    previous: str | None
    hash: str
