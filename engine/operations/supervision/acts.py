"""Stepping in, one act at a time: each with a reason, and with what it makes of the case.

A preview is the act itself, done in a unit of work that is not committed. Who looked at a case before somebody else
changed it is told what changed, and nothing is done.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from engine import access, clock, store
from engine.language import noted, say
from engine.model.access import Actor
from engine.model.cases import Case
from engine.model.errors import ChangedSince, FieldError, Invalid, NotFound
from engine.model.instances import Instance
from engine.model.interventions import ActKind, Effect, Offered, Wanted
from engine.model.packs import Act, Pack
from engine.model.states import InstanceState
from engine.model.views import TaskLine
from engine.operations import live, reasons, ties
from engine.operations.cases import case_pages
from engine.operations.people import task_access
from engine.operations.running import due_dates, instances, messages
from engine.operations.scope import within
from engine.operations.supervision import changes_since, effects, returning, stranding
from engine.operations.tasks import user_tasks
from engine.store import UnitOfWork

#: how far ahead a due date lies at most
_FARTHEST = timedelta(days=732)
LABELS: Mapping[ActKind, str] = noted({
    ActKind.ASSIGN: "Give it to somebody",
    ActKind.DUE: "Set another due date",
    ActKind.WAIVE: "Waive the deadline",
    ActKind.SUSPEND: "Suspend",
    ActKind.RESUME: "Resume",
    ActKind.RETRY: "Try again",
    ActKind.SEND: "Send a message",
    ActKind.BACK: "Go back to an earlier step",
    ActKind.UNDO_BACK: "Undo going back",
    ActKind.TERMINATE: "End it",
})
#: what is said once it is done
DONE: Mapping[ActKind, str] = noted({
    ActKind.ASSIGN: "Given. Whoever has it now is told.",
    ActKind.DUE: "The new due date counts from now on.",
    ActKind.WAIVE: "The deadline was waived.",
    ActKind.SUSPEND: "Suspended. Nothing of it goes on until it is resumed.",
    ActKind.RESUME: "Resumed. It goes on where it was.",
    ActKind.RETRY: "Tried again. The page shows what came of it.",
    ActKind.SEND: "The message was sent.",
    ActKind.BACK: "It went back. What was done since stays in the history.",
    ActKind.UNDO_BACK: "Going back was undone.",
    ActKind.TERMINATE: "It was ended.",
})
#: the acts whose outcome is the actor's own choice; what comes of trying again, or of a message, is the procedure's
_OF_ONE_S_OWN = (ActKind.ASSIGN, ActKind.BACK)


def edition(uow: UnitOfWork, actor: Actor, case_id: str) -> int:
    """How far the trail of a case is: what an act says that its actor looked at."""
    case = within(actor.program_id, store.cases.get(uow, case_id))
    head = store.audit.head(uow, case.program_id, case.id)
    return head.seq if head else 0


def number(uow: UnitOfWork, actor: Actor, case_id: str) -> str:
    """The number of a case of the actor's program."""
    return within(actor.program_id, store.cases.get(uow, case_id)).number


def act(uow: UnitOfWork, actor: Actor, wanted: Wanted, *, preview: bool = False) -> Effect:
    """Do one act and tell what came of it. A `preview` needs no reason and is not to be committed.

    Raises ChangedSince when somebody changed what the act is about after `wanted.seen`, Invalid without a reason (of a participant
    who sends a message none is asked, R31), Conflict, NotRunning or TaskNotOpen where it cannot be done or the case would be
    stuck, Excluded for a forbidden pair, NotFound, Forbidden.
    """
    case = within(actor.program_id, store.cases.get(uow, wanted.case_id))
    actor = replace(actor, lent=())
    if not wanted.reason.strip() and _owes_reason(uow, actor, case, wanted):
        if not preview:
            message = say("Write a reason; it is kept with the case.")
            raise Invalid(message, (FieldError("/reason", "missing", message),))
        wanted = replace(wanted, reason="-")
    _require_same(uow, actor, case, wanted)
    before = effects.look(uow, case)
    _VERBS[wanted.kind](uow, actor, case, wanted)
    after = effects.look(uow, case)
    if wanted.kind in _OF_ONE_S_OWN:
        stranding.refuse(uow, case, before, after)
    effects.write_down(uow, actor, wanted, before, after)
    return effects.compare(uow, actor, case, before, after)


def _owes_reason(uow: UnitOfWork, actor: Actor, case: Case, wanted: Wanted) -> bool:
    pack = live.pack(uow, case.program_id, case.pack)
    return wanted.kind is not ActKind.SEND or pack is None or access.is_staff_on(actor, ties.to_case(uow, actor, case), pack)


def _require_same(uow: UnitOfWork, actor: Actor, case: Case, wanted: Wanted) -> None:
    if wanted.seen is not None:
        changed = changes_since.told(uow, actor, case, wanted)
        if changed:
            raise ChangedSince(say("Meanwhile: {changes} Nothing was changed by you. Look again, then decide.", changes=changed))


def _instance(wanted: Wanted) -> str:
    if wanted.instance_id is None:
        raise NotFound
    return wanted.instance_id


def _of_case(uow: UnitOfWork, wanted: Wanted) -> str:
    """The procedure that is meant; of another case is none."""
    found = store.instances.find(uow, _instance(wanted))
    if found is None or found.case_id != wanted.case_id:
        raise NotFound
    return found.id


def _task(uow: UnitOfWork, actor: Actor, wanted: Wanted) -> task_access.Seen:
    """The open task that is meant, for who may step in."""
    found = task_access.to_change(uow, actor, wanted.task_id or "")
    if found.task.case_id != wanted.case_id:
        raise NotFound
    access.require(actor, Act.INSTANCE_CONTROL, found.subject, found.pack)
    return found


def _assign(uow: UnitOfWork, actor: Actor, _case: Case, wanted: Wanted) -> None:
    task = store.user_tasks.get(uow, wanted.task_id or "")
    if task.case_id != wanted.case_id:
        raise NotFound
    if task.assignee_id == wanted.person_id:
        message = say("Choose somebody else; nothing would change.")
        raise Invalid(message, (FieldError("/person", "has-it", message),))
    user_tasks.assign(uow, actor, task.id, wanted.person_id, wanted.reason)


def _due(uow: UnitOfWork, actor: Actor, _case: Case, wanted: Wanted) -> None:
    found = _task(uow, actor, wanted)
    if wanted.due_at is not None and wanted.due_at > clock.now() + _FARTHEST:
        message = say("Choose a day from tomorrow on, at most two years ahead.")
        raise Invalid(message, (FieldError("/due", "out-of-range", message),))
    due_dates.move(uow, actor, found.case, found.task, wanted.due_at, _kept(uow, actor, found, wanted, "user_task_due_set"))


def _waive(uow: UnitOfWork, actor: Actor, _case: Case, wanted: Wanted) -> None:
    found = _task(uow, actor, wanted)
    if found.task.due_at is None:
        message = say("This task has no due date.")
        raise Invalid(message, (FieldError("", "no-due-date", message),))
    due_dates.waive(uow, actor, found.case, found.task, _kept(uow, actor, found, wanted, "user_task_deadline_waived"))


def _kept(uow: UnitOfWork, actor: Actor, found: task_access.Seen, wanted: Wanted, event: str) -> Mapping[str, object]:
    return reasons.keep(uow, actor, found.case.id, found.task.instance_id, event, wanted.reason)


def _send(uow: UnitOfWork, actor: Actor, case: Case, wanted: Wanted) -> None:
    messages.step_in(uow, actor, case.id, wanted.message or "", wanted.participant_id, wanted.reason)


def _back(uow: UnitOfWork, actor: Actor, _case: Case, wanted: Wanted) -> None:
    if not wanted.step:
        message = say("Choose the step to go back to.")
        raise Invalid(message, (FieldError("/step", "missing", message),))
    returning.go_back(uow, actor, _of_case(uow, wanted), wanted.step, reason=wanted.reason)


def _terminate(uow: UnitOfWork, actor: Actor, case: Case, wanted: Wanted) -> None:
    ended = instances.terminate(uow, actor, _of_case(uow, wanted), reason=wanted.reason)
    stranding.close_left_behind(uow, actor, case, ended.id)


def _controlled(verb: Callable[..., Instance]) -> Callable[[UnitOfWork, Actor, Case, Wanted], None]:
    def done(uow: UnitOfWork, actor: Actor, _case: Case, wanted: Wanted) -> None:
        verb(uow, actor, _of_case(uow, wanted), reason=wanted.reason)

    return done


_VERBS: Mapping[ActKind, Callable[[UnitOfWork, Actor, Case, Wanted], None]] = {
    ActKind.ASSIGN: _assign,
    ActKind.DUE: _due,
    ActKind.WAIVE: _waive,
    ActKind.SEND: _send,
    ActKind.BACK: _back,
    ActKind.SUSPEND: _controlled(instances.suspend),
    ActKind.RESUME: _controlled(instances.resume),
    ActKind.RETRY: _controlled(instances.retry),
    ActKind.UNDO_BACK: _controlled(returning.undo),
    ActKind.TERMINATE: _terminate,
}


def offered(uow: UnitOfWork, actor: Actor, case_id: str) -> tuple[Offered, ...]:
    """Every act on a case that the actor may do now: of each procedure, of each open task, messages. Raises NotFound, Forbidden."""
    page = case_pages.page(uow, actor, case_id)
    found: list[Offered] = []
    for one in page.instances:
        name = next((view.name for view in page.diagrams if view.instance_id == one.id and view.process_key == one.key), one.key)
        found += [Offered(kind, say(LABELS[kind]), case_id, name, instance_id=one.id) for kind in _of_instance(uow, one, page.may)]
    case = store.cases.get(uow, case_id)
    pack = live.pack(uow, case.program_id, case.pack)
    for line in page.tasks:
        name = f"{line.task.name} ({line.participant.label})" if line.participant else line.task.name
        kinds = _of_task(line, page.may, pack)
        found += [Offered(kind, say(LABELS[kind]), case_id, name, task_id=line.task.id) for kind in kinds]
    found += [Offered(ActKind.SEND, one.label, case_id, "", message=one.name) for one in page.acts]
    return tuple(found)


def assignable(uow: UnitOfWork, actor: Actor, case_id: str) -> list[TaskLine]:
    """The open tasks of a case that the actor may give to somebody; what one participant is asked is nobody else's."""
    page = case_pages.page(uow, actor, case_id)
    pack = live.pack(uow, actor.program_id, store.cases.get(uow, case_id).pack)
    return [line for line in page.tasks if ActKind.ASSIGN in _of_task(line, page.may, pack)]


def _of_task(line: TaskLine, may: frozenset[str], pack: Pack | None) -> list[ActKind]:
    if line.task.state != "open":
        return []
    # what a participant is asked nobody else answers in their place
    asked = line.task.participant_id is not None and (pack is None or access.is_participants_own(line.task.role, pack))
    kinds = [ActKind.ASSIGN] if "assign" in may and not asked else []
    if {"suspend", "resume"} & may:
        kinds += [ActKind.DUE, *((ActKind.WAIVE,) if line.task.due_at else ())]
    return kinds


def _of_instance(uow: UnitOfWork, one: Instance, may: frozenset[str]) -> list[ActKind]:
    if not {"suspend", "resume"} & may or one.state in (InstanceState.COMPLETED, InstanceState.TERMINATED):
        return []
    if one.state is InstanceState.SUSPENDED:
        return [ActKind.RESUME, ActKind.TERMINATE]
    undo = [ActKind.UNDO_BACK] if returning.last(uow, one) is not None else []
    retry = [ActKind.RETRY] if one.state is InstanceState.INCIDENT else []
    return [*retry, *undo, ActKind.BACK, ActKind.SUSPEND, ActKind.TERMINATE]
