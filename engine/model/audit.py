"""What a link of the audit chain is made of and what checking a chain finds (engine/audit)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class AuditFacts:
    """One act or state change before it is linked. `details` (codes, ids, field names) may be erased later."""

    program_id: str
    #: the case's id, or the program's for acts outside a case
    chain: str
    #: place in the chain, from 1
    seq: int
    at: datetime
    event: str
    actor_id: str | None
    on_behalf_of: str | None
    via: str
    case_id: str | None = None
    instance_id: str | None = None
    definition_id: str | None = None
    process_key: str | None = None
    element_id: str | None = None
    task_id: str | None = None
    details: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class Linked:
    """The two digests that are stored with an entry, hexadecimal SHA-256."""

    hash: str
    details_digest: str


@dataclass(frozen=True, slots=True)
class Head:
    """The newest link of a chain."""

    seq: int
    hash: str


class BreakKind(StrEnum):
    """changed: a stored fact differs from its hash; details: so do its details; missing: places are left out; order:
    a place comes twice or too late; previous: it follows another entry than it says; lost: a known link is gone."""

    CHANGED = "changed"
    DETAILS = "details"
    MISSING = "missing"
    ORDER = "order"
    PREVIOUS = "previous"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Break:
    """One place where a chain does not hold."""

    seq: int
    kind: BreakKind
    message: str
