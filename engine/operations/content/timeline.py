"""A case's process timeline: audit entries as sentences (class C1, so dates, elements, people as the reader may name)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine import store
from engine.language import noted, say
from engine.model.cases import Case
from engine.model.packs import Pack, RungAct
from engine.model.trail import AuditEntry
from engine.model.views import TimelineEntry
from engine.operations import naming, wording
from engine.operations.discretion import Discretion
from engine.store import UnitOfWork

#: event → sentence; {name} is the element's title, others come from the entry's details
_TEXTS = noted({
    "case_opened": "Case opened",
    "case_closed": "Case closed",
    "case_status_set": "Status changed",
    "participant_added": "{role} joined",
    "participant_ended": "{role} left",
    "instance_started": "Procedure started: {procedure}",
    "instance_completed": "Procedure completed: {procedure}",
    "instance_suspended": "Suspended",
    "instance_resumed": "Resumed",
    "instance_terminated": "Terminated",
    "instance_superseded": "No longer needed: {procedure}",
    "instance_migrated": "Went on by version {to} instead of {from}: {procedure}",
    "instance_migration_undone": "Back on version {to}: {procedure}",
    "instance_taken_back": "Taken back to an earlier step: {procedure}",
    "instance_return_undone": "Taking back was undone: {procedure}",
    "instance_retried": "Tried again after an incident",
    "variables_corrected": "Variables corrected: {keys}",
    "incident_opened": "Stopped by an incident",
    "user_task_claimed": "Task claimed: {task}",
    "user_task_released": "Task released: {task}",
    "user_task_assigned": "Task assigned: {task}",
    "user_task_follow_up_set": "To be looked at again: {task}",
    "user_task_priority_set": "Priority changed: {task}",
    "user_task_completed": "Task completed: {task}",
    "user_task_due_set": "Due date changed: {task}",
    "user_task_deadline_waived": "Deadline waived: {task}",
    "notice_sent": "Notice to {recipient}: {notice}",
    "notice_not_wanted": "{recipient} chose not to be told: {notice}",
    "mail_sent": "Mail to {recipient}: {notice}",
    "rung_fired": "Late, so somebody else is asked to look: {task}",
    "rung_passed_over": "A reminder was passed over: {task}",
    "rung_waived": "A step about a deadline was waived: {task}",
    "message_received": "Message received: {message}",
    "message_sent": "Message sent: {message}",
    "entries_filled": "Entered from what was written before",
})
#: elements of these types are worth a line of their own when they are done
_TOLD = {"boundaryEvent", "intermediateCatchEvent", "endEvent"}
_ELEMENT = "element_completed"


def called(event: str) -> str:
    """What an event of a trail is called, without what it was about."""
    return say(_TEXTS[event]).partition(":")[0] if event in _TEXTS else event


def of_case(uow: UnitOfWork, case: Case, names: naming.Names, pack: Pack | None, discretion: Discretion) -> tuple[TimelineEntry, ...]:
    """The whole timeline of a case, newest first."""
    return told(uow, case, names, pack, discretion, store.audit.chain(uow, case.id))


def told(
    uow: UnitOfWork, case: Case, names: naming.Names, pack: Pack | None, discretion: Discretion, chain: Sequence[AuditEntry]
) -> tuple[TimelineEntry, ...]:
    """Entries of a case's trail as lines, newest first; those that say nothing new to the reader are left out."""
    tasks = {task.id: task for task in store.user_tasks.of_case(uow, case.id)}
    titles = {id: wording.of_pack(pack, task.name) for id, task in tasks.items()}
    ids = {row.definition_id for row in store.instances.of_case(uow, case.id)}
    ids |= {entry.definition_id for entry in chain if entry.definition_id}
    procedures = {id: wording.of_pack(pack, store.definitions.get(uow, id).name) for id in ids}
    words = _Words(names, pack, titles, procedures)
    lines = (_line(entry, words) for entry in reversed(chain) if not discretion.hides_entry(entry, tasks.get(entry.task_id or "")))
    return tuple(line for line in lines if line is not None)


@dataclass(frozen=True, slots=True)
class _Words:
    """What entries are told with: people as the reader may see them, the pack's labels, titles by id."""

    names: naming.Names
    pack: Pack | None
    titles: Mapping[str, str]
    procedures: Mapping[str, str]

    def of(self, entry: AuditEntry, details: Mapping[str, object]) -> dict[str, str]:
        """The words that the sentences above ask for."""
        task = self.titles.get(entry.task_id or "", "")
        role = self.pack.roles.get(str(details.get("role"))) if self.pack else None
        notice = self.pack.notices.get(str(details.get("template"))) if self.pack else None
        message = self.pack.messages.get(str(details.get("name"))) if self.pack else None
        recipient = self.names.person(str(details["recipient"])) if "recipient" in details else None
        return {
            "task": task,
            "role": role.label if role else str(details.get("role", "")),
            "notice": notice.title.replace("{task}", task) if notice else str(details.get("template", "")),
            "message": message.label if message else str(details.get("name", "")),
            "keys": self._labels(details.get("keys")),
            "recipient": recipient.label if recipient else say("somebody"),
            "from": str(details.get("from", "")),
            "to": str(details.get("to", "")),
            "procedure": self.procedures.get(entry.definition_id or "", entry.process_key or ""),
        }

    def _labels(self, keys: object) -> str:
        known = self.pack.variables if self.pack else {}
        listed = keys if isinstance(keys, list) else []
        return ", ".join(known[key].label if key in known else str(key) for key in listed)


def _line(entry: AuditEntry, words: _Words) -> TimelineEntry | None:
    details = entry.details if isinstance(entry.details, dict) else {}
    text = _told(entry, details, words.pack)
    if not text:
        return None
    return TimelineEntry(
        at=entry.at,
        event=entry.event,
        text=text.format(**words.of(entry, details)) if entry.event in _TEXTS else text,
        actor=words.names.person(entry.actor_id),
        on_behalf_of=words.names.person(entry.on_behalf_of),
        element_id=entry.element_id,
        process_key=entry.process_key,
    )


def _told(entry: AuditEntry, details: Mapping[str, object], pack: Pack | None) -> str | None:
    """The sentence of an entry; None for what says nothing new to a reader."""
    if entry.event == "rung_fired" and details.get("act") != RungAct.START:
        return None  # its notice stands beside it
    if entry.event != _ELEMENT:
        return say(_TEXTS[entry.event]) if entry.event in _TEXTS else None
    milestone = str(details.get("milestone") or "")
    if milestone:
        return say("Milestone: {name}", name=pack.milestones.get(milestone, milestone) if pack else milestone)
    if details.get("doubt"):
        # Everyone should see why the way was taken; what exactly was missing stands in the trail, for who runs the system.
        asked = wording.of_pack(pack, str(details.get("name") or "")) or say("a choice")
        return say("“{name}”: a value that decides it was not there, so the usual way was taken.", name=asked)
    return wording.of_pack(pack, str(details.get("name") or "")) if details.get("type") in _TOLD else None
