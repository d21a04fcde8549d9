"""What is otherwise in a case after an act: two looks at its rows, one before and one after, compared.

So the words before an act and the trail behind it come from what the act does, never from a description of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from engine import store
from engine.language import noted, say
from engine.model.access import Actor
from engine.model.cases import Case
from engine.model.instances import Instance, Timer, UserTask
from engine.model.interventions import ActKind, Effect, EffectKind, EffectLine, Wanted
from engine.model.states import InstanceState
from engine.operations import live, naming, ties, trail, wording
from engine.operations.discretion import Discretion
from engine.store import UnitOfWork

_STATES: Mapping[str, str] = noted({
    InstanceState.RUNNING: "running",
    InstanceState.SUSPENDED: "suspended",
    InstanceState.INCIDENT: "stopped by an incident",
    InstanceState.COMPLETED: "completed",
    InstanceState.TERMINATED: "ended",
})
_ORDER = tuple(EffectKind)
_NOTICES = ("notice_sent", "notice_not_wanted")


@dataclass(frozen=True, slots=True)
class Look:
    """The rows of a case that an act may change, as they are at one moment."""

    case: Case
    tasks: Mapping[str, UserTask]
    instances: Mapping[str, Instance]
    timers: Mapping[str, Timer]
    drafts: frozenset[str]


def look(uow: UnitOfWork, case: Case) -> Look:
    """The rows as they are now, within this unit of work."""
    tasks = {task.id: task for task in store.user_tasks.open_of_case(uow, case.id)}
    return Look(
        store.cases.get(uow, case.id),
        tasks,
        {one.id: one for one in store.instances.of_case(uow, case.id)},
        {_named(timer): timer for timer in store.timers.of_case(uow, case.id)},
        frozenset(draft.task_id for draft in store.drafts.of_tasks(uow, tasks)),
    )


def _named(timer: Timer) -> str:
    """What a timer is, whatever its row: a rung is made anew when it moves."""
    return f"{timer.task_id}/{timer.rule}" if timer.task_id else f"{timer.instance_id}/{timer.token_id}"


def compare(uow: UnitOfWork, actor: Actor, case: Case, before: Look, after: Look) -> Effect:
    """What is otherwise, as far as the actor may be told of it."""
    pack, subject = live.spoken(uow, actor, case.pack), ties.to_case(uow, actor, case)
    told = Discretion(uow, actor, case, subject, pack)
    words = _Words(uow, naming.Names(uow, actor, case, subject, pack), case, actor)
    kept = _without(before, told), _without(after, told)
    lines = [*words.case(*kept), *words.procedures(*kept), *words.tasks(*kept), *words.timers(*kept), *words.notices()]
    return Effect(case.id, tuple(sorted(lines, key=lambda line: _ORDER.index(line.kind))))


def _without(found: Look, told: Discretion) -> Look:
    tasks = {id: task for id, task in found.tasks.items() if not told.hides_task(task)}
    instances = {id: one for id, one in found.instances.items() if not told.hides_whole(id)}
    timers = {
        key: one
        for key, one in found.timers.items()
        if one.instance_id in instances and not told.hides(one.instance_id, one.process_key, one.element_id)
    }
    return Look(found.case, tasks, instances, timers, found.drafts & tasks.keys())


class _Words:
    """The lines of an effect, for one reader."""

    def __init__(self, uow: UnitOfWork, names: naming.Names, case: Case, actor: Actor) -> None:
        self._uow, self._names, self._case = uow, names, case
        self._pack = live.spoken(uow, actor, case.pack)

    def _title(self, text: str) -> str:
        return wording.of_pack(self._pack, text)

    def case(self, before: Look, after: Look) -> Iterator[EffectLine]:
        if before.case.state != after.case.state:
            yield EffectLine(EffectKind.CASE, after.case.number, say("open"), say("closed"))

    def procedures(self, before: Look, after: Look) -> Iterator[EffectLine]:
        for id, now in after.instances.items():
            was = before.instances.get(id)
            if was is None or was.state != now.state:
                name = self._title(store.definitions.get(self._uow, now.definition_id).name)
                yield EffectLine(EffectKind.PROCEDURE, name, say(_STATES[was.state]) if was else None, say(_STATES[now.state]))

    def tasks(self, before: Look, after: Look) -> Iterator[EffectLine]:
        for id, was in before.tasks.items():
            now = after.tasks.get(id)
            if now is None:
                yield EffectLine(EffectKind.CLOSED, self._title(was.name), self._holder(was))
                if id in before.drafts:
                    kept = store.drafts.of_tasks(self._uow, [id])
                    said = say("kept for who typed it") if kept else say("goes away")
                    yield EffectLine(EffectKind.DRAFT, self._title(was.name), say("typed and not sent"), said)
                continue
            if was.assignee_id != now.assignee_id:
                yield EffectLine(EffectKind.ASSIGNEE, self._title(now.name), self._holder(was), self._holder(now))
            if not _alike(was.due_at, now.due_at):
                yield EffectLine(EffectKind.DUE, self._title(now.name), was.due_at, now.due_at)
        for id, now in after.tasks.items():
            if id not in before.tasks:
                yield EffectLine(EffectKind.OPENED, self._title(now.name), None, self._holder(now))

    def _holder(self, task: UserTask) -> str:
        who = self._names.person(task.assignee_id)
        if who is not None:
            return who.label
        role = self._pack.roles.get(task.role or "") if self._pack else None
        return say("anyone in the role {role}", role=role.label) if role else say("nobody yet")

    def timers(self, before: Look, after: Look) -> Iterator[EffectLine]:
        for key in {**before.timers, **after.timers}:
            was, now = before.timers.get(key), after.timers.get(key)
            task_id = (was or now).task_id  # type: ignore[union-attr]  # the key is one of theirs
            if task_id is not None and not (task_id in before.tasks and task_id in after.tasks):
                continue  # that the task ends or opens says it
            if not _alike(was.due_at if was else None, now.due_at if now else None):
                one = now or was
                assert one is not None
                yield EffectLine(EffectKind.TIMER, self._title(one.name), was.due_at if was else None, now.due_at if now else None)

    def notices(self) -> Iterator[EffectLine]:
        """What is sent by it."""
        for one in trail.unwritten(self._uow):
            if one.event in _NOTICES and one.case_id == self._case.id:
                notice = self._pack.notices.get(str(one.details.get("template"))) if self._pack else None
                who = self._names.person(str(one.details.get("recipient")))
                title = notice.title.replace("{task}", "…") if notice else str(one.details.get("template", ""))
                yield EffectLine(EffectKind.NOTICE, title, None, who.label if who else say("somebody"))


def _alike(was: datetime | None, now: datetime | None) -> bool:
    """Whether two moments read alike: to the minute, which a short suspension does not move them by."""
    if was is None or now is None:
        return was is now
    return was.replace(second=0, microsecond=0) == now.replace(second=0, microsecond=0)


def write_down(uow: UnitOfWork, actor: Actor, wanted: Wanted, before: Look, after: Look) -> None:
    """How each task and procedure was and is, in codes, for the trail: an entry each, told to whoever may know of it."""
    for id, now in after.instances.items():
        was = before.instances.get(id)
        if was is not None and was.state != now.state:
            states = {"before": {"state": str(was.state)}, "after": {"state": str(now.state)}}
            trail.note(
                uow,
                actor,
                "intervention_effect",
                case_id=now.case_id,
                instance_id=id,
                process_key=now.key,
                details={"act": str(wanted.kind), **states},
            )
    for id in {**before.tasks, **after.tasks}:
        codes = _codes(before.tasks.get(id)), _codes(after.tasks.get(id))
        if codes[0] != codes[1]:
            _write_task(uow, actor, wanted.kind, before.tasks.get(id) or after.tasks[id], codes)


def _write_task(uow: UnitOfWork, actor: Actor, kind: ActKind, task: UserTask, codes: tuple[object, object]) -> None:
    trail.note(
        uow,
        actor,
        "intervention_effect",
        case_id=task.case_id,
        instance_id=task.instance_id,
        process_key=task.process_key,
        element_id=task.element_id,
        task_id=task.id,
        details={"act": str(kind), "before": codes[0], "after": codes[1]},
    )


def _codes(task: UserTask | None) -> dict[str, object] | None:
    if task is None:
        return None
    return {"state": str(task.state), "assignee": task.assignee_id, "due": task.due_at.isoformat() if task.due_at else None}
