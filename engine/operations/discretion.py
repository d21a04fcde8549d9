"""Elements that not everybody on a case may know of: what they are about says too much (R62, SC-36).

A diagram marks them `discreet="true"`. Who can neither work them nor lists all cases sees no task, token, wait, timeline
line or audit entry of them. A procedure started about a discreet task is discreet as a whole; one of which every start
is discreet is so for participants from outside.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine import access, store
from engine.model.access import Actor, Subject
from engine.model.cases import Case
from engine.model.deployments import Definition
from engine.model.instances import UserTask
from engine.model.lists import InstanceSummary
from engine.model.packs import Pack
from engine.model.trail import AuditEntry
from engine.operations import live
from engine.store import UnitOfWork

#: Elements whose role, or lane, says who works them.
_WORKED = frozenset({"userTask", "manualTask", "task"})


def _all_of(uow: UnitOfWork, case: Case) -> Iterator[InstanceSummary]:
    """Every instance that ever ran on a case."""
    for row in store.instances.of_case(uow, case.id):
        task = store.user_tasks.get(uow, row.subject_task_id) if row.subject_task_id else None
        about = (task.role, task.discreet) if task else None
        yield InstanceSummary(row.id, row.key, row.state, row.started_at, row.suspended_at, row.definition_id, about)


def _begins_discreetly(definition: Definition, process_key: str) -> bool:
    """Whether nobody from outside is told that a procedure began, whichever way it did."""
    elements = live.manifest(definition)["elements"].get(process_key, {})
    assert isinstance(elements, dict)
    starts = [id for id, one in elements.items() if one.get("type") == "startEvent"]
    return bool(starts) and all(live.attribute(definition, process_key, id, "discreet") == "true" for id in starts)


class Discretion:
    """What of one case's elements one reader must not learn of."""

    def __init__(
        self,
        uow: UnitOfWork,
        actor: Actor,
        case: Case,
        subject: Subject,
        pack: Pack | None,
        running: Iterable[InstanceSummary] | None = None,
    ) -> None:
        """Of all that ever ran on the case, or of what runs now when it was read before (`running`)."""
        self._held = actor.roles | subject.case_roles
        self._lanes = pack.lanes if pack else {}
        self._all = access.knows_all(actor, pack)
        #: by instance
        self._definitions: dict[str, Definition] = {}
        self._hidden: set[str] = set()
        self._own = subject.participant_ids
        self._person = actor.person_id
        #: takes part from outside: is told nothing of what others are asked or do
        self.outside = pack is not None and not self._all and not access.is_staff_on(actor, subject, pack)
        if not self._all:
            for one in _all_of(uow, case) if running is None else running:
                self._definitions[one.id] = store.definitions.get(uow, one.definition_id)
                role, discreet = one.about or (None, False)
                hidden = self.outside and _begins_discreetly(self._definitions[one.id], one.key)
                if hidden or (discreet and (role or "") not in self._held):
                    self._hidden.add(one.id)

    def hides_whole(self, instance_id: str) -> bool:
        """Whether a procedure is not to be told of at all, because it is about a task that is not."""
        return instance_id in self._hidden

    def hides(self, instance_id: str | None, process_key: str | None, element_id: str | None) -> bool:
        """Whether an element of an instance is not to be told."""
        if self._all or instance_id not in self._definitions:
            return False
        if self.hides_whole(instance_id):
            return True
        definition = self._definitions[instance_id]
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
        if entry.event.startswith("wall_") and not self._all:
            return True  # who is kept from a case, and who tried, is for those who look after all cases
        if not self.outside:
            return False
        if entry.event.startswith(("entry_", "message_")) and entry.actor_id != self._person:
            return True  # that somebody wrote or sent something can say as much as what it says
        details = entry.details if isinstance(entry.details, dict) else {}
        if details.get("recipient") not in (None, self._person):
            return True
        if task is not None:
            return self.hides_task(task)
        return entry.event.startswith("element_") and not details.get("milestone")
