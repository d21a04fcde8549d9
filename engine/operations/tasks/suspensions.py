"""Who suspended the procedure around a task, and why as far as the reader may read it."""

from __future__ import annotations

from engine import access, store
from engine.model.instances import Suspension
from engine.model.trail import AuditEntry
from engine.operations import naming, reasons, ties
from engine.operations.people.task_access import Seen
from engine.store import UnitOfWork


def last(uow: UnitOfWork, program_id: str, instance_id: str) -> AuditEntry | None:
    """What the trail says of the last time that an instance was suspended."""
    found = store.audit.list_(uow, program_id, instance_id=instance_id, event="instance_suspended", newest_first=True, limit=1)
    return found.items[0] if found.items else None


def told(uow: UnitOfWork, found: Seen) -> Suspension | None:
    """Who suspended the procedure of a task, and the reason where the reader may read its class; None when that is not known."""
    entry = last(uow, found.case.program_id, found.task.instance_id)
    if entry is None:
        return None
    who = naming.Names(uow, found.actor, found.case, found.subject, found.pack).person(entry.actor_id)
    return Suspension(who.label if who else "", _reason(uow, found, entry))


def _reason(uow: UnitOfWork, found: Seen, entry: AuditEntry) -> str:
    kept = entry.details.get("reason_record") if isinstance(entry.details, dict) else None
    given = store.records.of_case(uow, found.case.id, form=reasons.FORM) if kept else ()
    record = next((one for one in given if one.id == kept), None)
    if record is None or not isinstance(record.body, dict):
        return ""
    about = ties.to_record(found.subject, record.cls, record.participant_id, record.author_id)
    return str(record.body.get("reason", "")) if access.can_read(found.actor, about, found.pack) else ""
