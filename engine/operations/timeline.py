"""A case's process timeline: audit entries as sentences (class C1, so dates, elements, people as the reader may name)."""

from __future__ import annotations

from engine import store
from engine.model.cases import Case
from engine.model.packs import Pack
from engine.model.trail import AuditEntry
from engine.model.views import TimelineEntry
from engine.operations import naming
from engine.store import UnitOfWork

#: event → sentence; {name} is the element's title, others come from the entry's details
_TEXTS = {
    "case_opened": "Case opened",
    "case_closed": "Case closed",
    "case_status_set": "Status changed",
    "participant_added": "{role} joined",
    "participant_ended": "{role} left",
    "instance_started": "Procedure started",
    "instance_completed": "Procedure completed",
    "instance_suspended": "Suspended",
    "instance_resumed": "Resumed",
    "instance_terminated": "Terminated",
    "instance_retried": "Tried again after an incident",
    "incident_opened": "Stopped by an incident",
    "user_task_claimed": "Task claimed: {task}",
    "user_task_released": "Task released: {task}",
    "user_task_assigned": "Task assigned: {task}",
    "user_task_completed": "Task completed: {task}",
    "user_task_due_set": "Due date changed: {task}",
    "user_task_deadline_waived": "Deadline waived: {task}",
    "notice_sent": "Notice sent: {notice}",
    "rung_fired": "Deadline rule acted: {task}",
    "rung_passed_over": "Deadline rule passed over: {task}",
    "message_received": "Message received: {message}",
    "message_sent": "Message sent: {message}",
}
#: elements of these types are worth a line of their own when they are done
_TOLD = {"boundaryEvent", "intermediateCatchEvent", "endEvent"}
_ELEMENT = "element_completed"


def of_case(uow: UnitOfWork, case: Case, names: naming.Names, pack: Pack | None) -> tuple[TimelineEntry, ...]:
    """The whole timeline of a case, newest first."""
    titles = {task.id: task.name for task in store.user_tasks.of_case(uow, case.id)}
    entries = store.audit.chain(uow, case.id)
    told = (_line(entry, names, pack, titles) for entry in reversed(entries))
    return tuple(line for line in told if line is not None)


def _line(entry: AuditEntry, names: naming.Names, pack: Pack | None, titles: dict[str, str]) -> TimelineEntry | None:
    details = entry.details if isinstance(entry.details, dict) else {}
    text = _TEXTS.get(entry.event)
    if entry.event == _ELEMENT and (details.get("type") in _TOLD or details.get("milestone")):
        text = str(details.get("name") or "") or None
    if not text:
        return None
    return TimelineEntry(
        at=entry.at,
        event=entry.event,
        text=text.format(**_words(details, pack, titles.get(entry.task_id or "", ""))) if "{" in text else text,
        actor=names.person(entry.actor_id),
        on_behalf_of=names.person(entry.on_behalf_of),
        element_id=entry.element_id,
        process_key=entry.process_key,
    )


def _words(details: dict[str, object], pack: Pack | None, task: str) -> dict[str, str]:
    role = pack.roles.get(str(details.get("role"))) if pack else None
    notice = pack.notices.get(str(details.get("template"))) if pack else None
    message = pack.messages.get(str(details.get("name"))) if pack else None
    return {
        "task": task,
        "role": role.label if role else str(details.get("role", "")),
        "notice": notice.title.replace("{task}", task) if notice else str(details.get("template", "")),
        "message": message.label if message else str(details.get("name", "")),
    }
