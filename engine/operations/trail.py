"""Writing and reading the audit trail: one hash chain a case, one for a program's acts outside cases."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeAlias

from engine import access, audit, clock, store
from engine.model.access import Actor, Subject
from engine.model.audit import AuditFacts
from engine.model.ids import new_id
from engine.model.lists import Page
from engine.model.packs import Act, Pack
from engine.model.trail import AuditEntry
from engine.operations import live, ties
from engine.operations.discretion import Discretion
from engine.operations.scope import within
from engine.store import UnitOfWork

_Hides: TypeAlias = Callable[[AuditEntry], bool]
_Readable: TypeAlias = Callable[[str, AuditEntry], bool]


@dataclass(frozen=True, slots=True)
class Happening:
    """Something to be written down: codes, ids and field names only, never a confidential value."""

    event: str
    case_id: str | None = None
    instance_id: str | None = None
    definition_id: str | None = None
    process_key: str | None = None
    element_id: str | None = None
    task_id: str | None = None
    details: Mapping[str, object] = field(default_factory=dict)
    at: datetime = field(default_factory=clock.now)


class _Unwritten:
    """What a unit of work has to write down, linked to the chains right before its commit.

    The end of a chain is a lock that all acts on a case share: taken last and in one order, it is held shortest and
    two acts never wait for each other.
    """

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow
        self._chains: dict[str, list[tuple[Actor, Happening]]] = {}

    def add(self, actor: Actor, happening: Happening) -> None:
        """Remember something that happened."""
        self._chains.setdefault(happening.case_id or actor.program_id, []).append((actor, happening))

    def listed(self) -> tuple[Happening, ...]:
        """All of it, by chain."""
        return tuple(happening for chain in self._chains.values() for _, happening in chain)

    def __call__(self) -> None:
        while not store.audit.append(self._uow, [entry for chain in sorted(self._chains) for entry in self._linked(chain)]):
            pass  # somebody was quicker; the heads are read again, when it is our turn

    def _linked(self, chain: str) -> list[AuditEntry]:
        listed = self._chains[chain]
        head = store.audit.head(self._uow, listed[0][0].program_id, chain)
        seq, previous = (head.seq, head.hash) if head else (0, None)
        entries = []
        for actor, happening in listed:
            seq += 1
            entry = _entry(actor, chain, seq, previous, happening)
            previous = entry.hash
            entries.append(entry)
        return entries


def unwritten(uow: UnitOfWork) -> tuple[Happening, ...]:
    """What a unit of work will write down with its commit."""
    return uow.at_the_end("trail", lambda: _Unwritten(uow)).listed()


def write(uow: UnitOfWork, actor: Actor, happenings: Iterable[Happening]) -> None:
    """Append to the chains of the cases concerned (the program's chain for acts outside a case), with the commit."""
    unwritten = uow.at_the_end("trail", lambda: _Unwritten(uow))
    for happening in happenings:
        unwritten.add(actor, happening)


def note(uow: UnitOfWork, actor: Actor, event: str, **about: object) -> None:
    """Write one happening; keywords are the fields of `Happening`, anything else goes into its details."""
    known = {key: about.pop(key) for key in tuple(about) if key in Happening.__dataclass_fields__}
    details = known.pop("details", None) or about
    write(uow, actor, [Happening(event, details=details, **known)])  # type: ignore[arg-type]


def _entry(actor: Actor, chain: str, seq: int, previous: str | None, happening: Happening) -> AuditEntry:
    at = happening.at
    salt = secrets.token_bytes(16)
    facts = AuditFacts(
        program_id=actor.program_id,
        chain=chain,
        seq=seq,
        at=at,
        event=happening.event,
        actor_id=actor.person_id or None,
        on_behalf_of=actor.on_behalf_of,
        via=actor.via,
        case_id=happening.case_id,
        instance_id=happening.instance_id,
        definition_id=happening.definition_id,
        process_key=happening.process_key,
        element_id=happening.element_id,
        task_id=happening.task_id,
        details=_details(actor, happening),
    )
    linked = audit.link(previous, facts, salt)
    return AuditEntry(
        id=new_id(at),
        program_id=facts.program_id,
        chain=chain,
        seq=seq,
        at=at,
        event=facts.event,
        actor_id=facts.actor_id,
        on_behalf_of=facts.on_behalf_of,
        via=facts.via,
        case_id=facts.case_id,
        instance_id=facts.instance_id,
        definition_id=facts.definition_id,
        process_key=facts.process_key,
        element_id=facts.element_id,
        task_id=facts.task_id,
        details=facts.details,
        salt=salt,
        details_digest=linked.details_digest,
        previous=previous,
        hash=linked.hash,
    )


def _details(actor: Actor, happening: Happening) -> dict[str, object]:
    """What is written of a happening, with whose place the actor took where the entry does not name them anyway."""
    place = actor.place
    beside = {"in_place_of": place.person_id} if place is not None and place.person_id != actor.on_behalf_of else {}
    return {**happening.details, **beside}


def entries(
    uow: UnitOfWork,
    actor: Actor,
    *,
    instance: str | None = None,
    case: str | None = None,
    event: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[AuditEntry]:
    """Audit entries of one instance or case, for who may see that case; of the whole program by `audit.view`."""
    if instance is not None:
        row = within(actor.program_id, store.instances.get(uow, instance))
        case = row.case_id if case is None else case
    if case is not None:
        found = within(actor.program_id, store.cases.get(uow, case))
        pack = live.pack(uow, actor.program_id, found.pack)
        subject = ties.to_case(uow, actor, found)
        access.require(actor, Act.CASE_VIEW, subject, pack)
        hides: _Hides = _hidden(uow, Discretion(uow, actor, found, subject, pack))
        readable: _Readable = _by_class(uow, actor, subject, pack)
    else:
        live.require_program_act(uow, actor, Act.AUDIT_VIEW)
        hides, readable = _nothing, _everything
    page = store.audit.list_(
        uow, actor.program_id, instance_id=instance, case_id=case, event=event, unseen_by=actor.person_id, cursor=cursor, limit=limit
    )
    told = (one for one in page.items if not hides(one))
    return Page(tuple(_without(one, readable) for one in told), page.next)


def _without(entry: AuditEntry, readable: _Readable) -> AuditEntry:
    """An entry without the names of fields whose class the reader may not read: that something was asked says too much."""
    details = entry.details
    if not isinstance(details, dict) or not isinstance(details.get("fields"), dict):
        return entry
    kept = {cls: names for cls, names in details["fields"].items() if readable(cls, entry)}
    return replace(entry, details={**details, "fields": kept})


def _by_class(uow: UnitOfWork, actor: Actor, subject: Subject, pack: Pack | None) -> _Readable:
    """By the class matrix, as for the record that the fields went into; who views the whole audit reads all names."""
    if live.program_may(uow, actor, Act.AUDIT_VIEW):
        return _everything

    def reads(cls: str, entry: AuditEntry) -> bool:
        task = store.user_tasks.find(uow, entry.task_id) if entry.task_id else None
        record = ties.to_record(subject, cls, task.participant_id if task else None, entry.actor_id)
        return access.can_read(actor, record, pack)

    return reads


def _everything(_cls: str, _entry: AuditEntry) -> bool:
    """Who may view the whole audit reads every field's name."""
    return True


def _hidden(uow: UnitOfWork, discretion: Discretion) -> _Hides:
    """Whether an entry is not to be told to a reader of a case."""
    return lambda entry: discretion.hides_entry(entry, store.user_tasks.find(uow, entry.task_id) if entry.task_id else None)


def _nothing(_entry: AuditEntry) -> bool:
    """Who may view the whole audit is told of every element."""
    return False
