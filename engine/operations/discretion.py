"""Elements that not everybody on a case may know of: what they are about says too much (R62, SC-36).

A diagram marks them `discreet="true"`. Who can neither work them nor lists all cases sees no task, token, wait, timeline
line or audit entry of them. A procedure started about a discreet task is discreet as a whole.
"""

from __future__ import annotations

from engine import access, store
from engine.model.access import Actor, Subject
from engine.model.cases import Case
from engine.model.deployments import Definition
from engine.model.instances import Instance, UserTask
from engine.model.packs import Pack
from engine.model.trail import AuditEntry
from engine.operations import live
from engine.store import UnitOfWork

#: Elements whose role, or lane, says who works them.
_WORKED = frozenset({"userTask", "manualTask", "task"})


class Discretion:
    """What of one case's elements one reader must not learn of."""

    def __init__(self, uow: UnitOfWork, actor: Actor, case: Case, subject: Subject, pack: Pack | None) -> None:
        self._held = actor.roles | subject.case_roles
        self._lanes = pack.lanes if pack else {}
        self._all = access.knows_all(actor, pack)
        self._instances: dict[str, tuple[Instance, Definition]] = {}
        self._hidden: set[str] = set()
        self._own = subject.participant_ids
        self._person = actor.person_id
        #: takes part from outside: is told nothing of what others are asked or do
        self.outside = pack is not None and not self._all and not access.is_staff_on(actor, subject, pack)
        if not self._all:
            for row in store.instances.of_case(uow, case.id):
                self._instances[row.id] = (row, store.definitions.get(uow, row.definition_id))
                if row.subject_task_id and self._about_hidden(uow, row.subject_task_id):
                    self._hidden.add(row.id)

    def _about_hidden(self, uow: UnitOfWork, task_id: str) -> bool:
        task = store.user_tasks.get(uow, task_id)
        return task.discreet and (task.role or "") not in self._held

    def hides_whole(self, instance_id: str) -> bool:
        """Whether a procedure is not to be told of at all, because it is about a task that is not."""
        return instance_id in self._hidden

    def hides(self, instance_id: str | None, process_key: str | None, element_id: str | None) -> bool:
        """Whether an element of an instance is not to be told."""
        if self._all or instance_id not in self._instances:
            return False
        if self.hides_whole(instance_id):
            return True
        definition = self._instances[instance_id][1]
        if live.attribute(definition, process_key or "", element_id or "", "discreet") != "true":
            return False
        described = live.element(definition, process_key or "", element_id or "")
        if described.get("type") not in _WORKED:
            return True  # nobody works an event or a script, so its lane lets nobody know of it
        role = live.attribute(definition, process_key or "", element_id or "", "role") or self._lanes.get(str(described.get("lane")))
        return role not in self._held

    def hides_task(self, task: UserTask) -> bool:
        """Whether a task is not to be told: a discreet one, or to an outside participant one about somebody else."""
        if self.outside and access.is_about_another(task.participant_id, self._own):
            return True
        return self.hides(task.instance_id, task.process_key, task.element_id)

    def hides_entry(self, entry: AuditEntry, task: UserTask | None) -> bool:
        """Whether an entry of the trail is not to be told. Outside participants are told of what is theirs, of people
        who join or leave, of milestones and of how the case as a whole goes on."""
        if self.hides(entry.instance_id, entry.process_key, entry.element_id):
            return True
        if not self.outside:
            return False
        details = entry.details if isinstance(entry.details, dict) else {}
        if details.get("recipient") not in (None, self._person):
            return True
        if task is not None:
            return self.hides_task(task)
        return entry.event.startswith("element_") and not details.get("milestone")
