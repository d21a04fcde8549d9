"""The audit chain: each entry of a case carries the hash of the one before, so that no change goes unseen. Pure.

Format 1. Text is UTF-8 JSON with sorted keys and no white space; digests are SHA-256 in lower-case hexadecimal.

- details digest = SHA-256(salt + JSON(details)). The salt is random, at least 16 bytes, and kept beside the details: once
  both are erased, the digest tells nothing about them and the chain still holds.
- hash = SHA-256(JSON of every field of `AuditFacts` but `details`, plus `details_digest`, `format` and `previous`).
  `at` is UTC, ISO 8601 with microseconds and "+00:00". `previous` is null in the first link of a chain.
- seal = SHA-256(JSON of `format`, `previous` seal, `at` and `heads`: chain -> [seq, hash]).

A chain alone cannot show that its end was cut off; the head kept with the case, and seals that hold heads, do.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from datetime import UTC, datetime

import orjson

from engine.model.audit import AuditFacts, Break, BreakKind, Head, Linked
from engine.model.trail import AuditEntry

FORMAT = 1
#: Shortest salt in bytes; shorter ones could be guessed for small details.
MIN_SALT = 16
#: every field of an entry but its details
_HASHED = tuple(field.name for field in fields(AuditFacts) if field.name != "details")


def link(previous_hash: str | None, entry: AuditFacts, salt: bytes) -> Linked:
    """The digests to store with an entry that follows `previous_hash` (None: the chain begins).

    Raises ValueError for a salt that is too short or a time that is not aware.
    """
    if len(salt) < MIN_SALT:
        raise ValueError(f"A salt has at least {MIN_SALT} bytes.")
    digest = details_digest(entry.details, salt)
    return Linked(_hash(entry, digest, previous_hash), digest)


def details_digest(details: object, salt: bytes) -> str:
    """The salted digest of an entry's details."""
    return hashlib.sha256(salt + _canonical(details)).hexdigest()


def verify(entries: Iterable[AuditEntry], known: Head | None = None) -> tuple[Break, ...]:
    """Every place where one chain, in stored order from its beginning, does not hold; none means that it does.

    Entries whose details were erased (no salt) are checked by their digest. `known` is a link that the chain is known to
    have had, from its head or a seal.
    """
    return tuple(_breaks(entries, known))


def seal(previous: str | None, at: datetime, heads: Mapping[str, Head]) -> str:
    """The hash that seals the heads of a program's chains into its chain of seals."""
    body = {chain: [place.seq, place.hash] for chain, place in heads.items()}
    return _digest({"format": FORMAT, "previous": previous, "at": _instant(at), "heads": body})


def _breaks(entries: Iterable[AuditEntry], known: Head | None) -> Iterator[Break]:
    previous: str | None = None
    seq = 0
    is_there = known is None
    for entry in entries:
        yield from _order_break(entry.seq, seq + 1)
        if entry.previous != previous:
            yield Break(entry.seq, BreakKind.PREVIOUS, f"Entry {entry.seq} does not follow the entry before it.")
        if entry.salt and details_digest(entry.details, entry.salt) != entry.details_digest:
            yield Break(entry.seq, BreakKind.DETAILS, f"The details of entry {entry.seq} were changed.")
        if _hash(_facts(entry), entry.details_digest, entry.previous) != entry.hash:
            yield Break(entry.seq, BreakKind.CHANGED, f"Entry {entry.seq} was changed.")
        previous, seq = entry.hash, max(seq, entry.seq)
        is_there = is_there or (known is not None and (entry.seq, entry.hash) == (known.seq, known.hash))
    if known is not None and not is_there:
        # Either the end is gone, or everything from some place on was written anew.
        yield Break(known.seq, BreakKind.LOST, f"Entry {known.seq} as it was known is no longer there.")


def _order_break(found: int, expected: int) -> Iterator[Break]:
    if found > expected:
        yield Break(expected, BreakKind.MISSING, f"Entries {expected} to {found - 1} are missing.")
    elif found < expected:
        yield Break(found, BreakKind.ORDER, f"Entry {found} stands in the wrong place or twice.")


def _facts(entry: AuditEntry) -> AuditFacts:
    return AuditFacts(
        program_id=entry.program_id,
        chain=entry.chain,
        seq=entry.seq,
        at=entry.at,
        event=entry.event,
        actor_id=entry.actor_id,
        on_behalf_of=entry.on_behalf_of,
        via=entry.via,
        case_id=entry.case_id,
        instance_id=entry.instance_id,
        definition_id=entry.definition_id,
        process_key=entry.process_key,
        element_id=entry.element_id,
        task_id=entry.task_id,
    )


def _hash(entry: AuditFacts, digest: str, previous: str | None) -> str:
    body = {name: getattr(entry, name) for name in _HASHED}
    return _digest({**body, "at": _instant(entry.at), "details_digest": digest, "format": FORMAT, "previous": previous})


def _instant(at: datetime) -> str:
    if at.tzinfo is None:
        raise ValueError("An audit entry needs an aware time.")
    return (at if at.tzinfo is UTC else at.astimezone(UTC)).isoformat(timespec="microseconds")


def _digest(body: object) -> str:
    return hashlib.sha256(_canonical(body)).hexdigest()


def _canonical(body: object) -> bytes:
    return orjson.dumps(body, option=orjson.OPT_SORT_KEYS)
