"""Ladders at work: for each deadline rule what it did and will do next, task by task; a coming step can be waived with a reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from engine import access, clock, packs, store
from engine.language import noted, say
from engine.model.access import Actor, Subject
from engine.model.cases import Case
from engine.model.errors import Conflict, FieldError, Invalid, NotFound
from engine.model.instances import Rung as RungRow
from engine.model.instances import Timer, UserTask
from engine.model.ladder_views import Ladder, Rule, Step
from engine.model.lists import Page
from engine.model.packs import Act, DeadlineRule, Pack, Rung, RungAct
from engine.model.states import InstanceState, RungState
from engine.model.tiles import Counting, Watched
from engine.operations import live, reasons, ties, trail, wording
from engine.operations.people import task_access
from engine.operations.running import ladders
from engine.operations.scope import within
from engine.operations.supervision import tiles
from engine.operations.words import due_words
from engine.store import UnitOfWork

_Row = TypeVar("_Row", RungRow, Timer)
_ACTS = noted({RungAct.REMIND: "Reminder", RungAct.NOTIFY: "Notice", RungAct.START: "Follow-up"})


@dataclass(frozen=True, slots=True)
class _Known:
    """What several tasks are told with."""

    rungs: Mapping[str, Sequence[RungRow]]
    timers: Mapping[str, Sequence[Timer]]
    suspended: frozenset[str]


def rules(uow: UnitOfWork, actor: Actor) -> tuple[Rule, ...]:
    """The deadline rules of the packs whose cases the actor all knows of. Raises Forbidden where there are none."""
    live.require_program_act(uow, actor, Act.CASE_LIST)
    spoken = (live.spoken(uow, actor, pack.key) for pack in live.all_packs(uow, actor.program_id))
    known = [pack for pack in spoken if pack is not None and access.knows_all(actor, pack)]
    pairs = ((pack, rule) for pack in known for rule in pack.deadline_rules)
    return tuple(Rule(f"{pack.key}/{rule.key}", _called(uow, actor.program_id, pack, rule)) for pack, rule in pairs)


def _called(uow: UnitOfWork, program_id: str, pack: Pack, rule: DeadlineRule) -> str:
    """A rule as people call it; by the tasks that it is for when it has no name of its own."""
    if rule.label:
        return rule.label
    if "*" in rule.applies_to:
        return say("Every other task")
    return wording.listed([_task(uow, program_id, pack, *place.split("/", 1)) for place in rule.applies_to], most=2)


def _task(uow: UnitOfWork, program_id: str, pack: Pack, process: str, element: str) -> str:
    definition = store.definitions.latest(uow, program_id, process)
    name = str(live.element(definition, process, element).get("name") or "") if definition else ""
    return wording.of_pack(pack, name) or say("a task")


def standing(uow: UnitOfWork, actor: Actor, key: str, *, cursor: str | None = None, limit: int = 50) -> Page[Ladder]:
    """The open tasks on whose ladder a rule "PACK/KEY" stands, the soonest due first. Raises NotFound for no such rule."""
    if key not in {rule.key for rule in rules(uow, actor)}:
        raise NotFound(say("There is no such deadline rule; it may have been taken out."))
    pack = live.spoken(uow, actor, key.partition("/")[0])
    assert pack is not None
    places, elsewhere = tiles.ladder_places(pack, key.partition("/")[2])
    if not places and not elsewhere:
        return Page(())
    where = Watched(pack.key, Counting.OPEN, places, elsewhere)
    page = store.tiles.laddered(uow, actor.program_id, where, unseen_by=actor.person_id, cursor=cursor, limit=limit)
    return Page(_told(uow, actor, pack, page.items), page.next)


def of_case(uow: UnitOfWork, actor: Actor, case_id: str) -> tuple[Ladder, ...]:
    """The ladders of a case's open tasks, for who knows all cases; none for others."""
    case = within(actor.program_id, store.cases.get(uow, case_id))
    pack = live.spoken(uow, actor, case.pack)
    if pack is None or not access.knows_all(actor, pack):
        return ()
    access.require(actor, Act.CASE_VIEW, ties.to_case(uow, actor, case), pack)
    tasks = [task for task in store.user_tasks.of_case(uow, case.id) if task.state == "open" and task.due_at is not None]
    return _told(uow, actor, pack, [(task, case) for task in tasks])


def of_task(uow: UnitOfWork, actor: Actor, task_id: str) -> Ladder:
    """The ladder of one open task, for who knows all cases. Raises NotFound where none stands."""
    task = within(actor.program_id, store.user_tasks.get(uow, task_id))
    found = next((one for one in of_case(uow, actor, task.case_id) if one.task_id == task.id), None)
    if found is None:
        raise NotFound  # in the same words as for what one may not see
    return found


def _told(uow: UnitOfWork, actor: Actor, pack: Pack, pairs: Sequence[tuple[UserTask, Case]]) -> tuple[Ladder, ...]:
    ids = [task.id for task, _ in pairs]
    waits = store.waits.of_cases(uow, {case.id for _, case in pairs}) if pairs else {}
    suspended = (one.id for wait in waits.values() for one in wait.instances if one.state is InstanceState.SUSPENDED)
    known = _Known(_by_task(store.rungs.of_tasks(uow, ids)), _by_task(store.timers.of_tasks(uow, ids)), frozenset(suspended))
    found = []
    for task, case in pairs:
        rule = packs.deadline_rule(pack, task.process_key, task.element_id)
        if rule is not None and task.due_at is not None:
            found.append(_ladder(uow, actor, pack, rule, task, case, known))
    return tuple(found)


def _by_task(rows: Iterable[_Row]) -> dict[str, list[_Row]]:
    found: dict[str, list[_Row]] = {}
    for row in rows:
        found.setdefault(row.task_id or "", []).append(row)
    return found


def _ladder(uow: UnitOfWork, actor: Actor, pack: Pack, rule: DeadlineRule, task: UserTask, case: Case, known: _Known) -> Ladder:
    assert task.due_at is not None
    done = known.rungs.get(task.id, ())
    anchored = ladders.anchor(task, known.timers.get(task.id, ()))
    left = ladders.ahead(rule, task, ladders.done_of(task, done), anchored)
    by_number = {rung.number: rung for rung in rule.rungs}
    told = [(row, _step(uow, pack, case, by_number.get(row.position), row)) for row in done]
    coming = [
        Step(rung.number, _label(rung), _whom(uow, pack, case, rung), "ahead" if place else "next", moment)
        for place, (moment, rung) in enumerate(left)
    ]
    coming += [replace(step, at=row.due_at) for row, step in told if _is_ahead(row)]
    return Ladder(
        case_id=case.id,
        case_number=case.number,
        task_id=task.id,
        task=wording.of_pack(pack, task.name),
        rule=_called(uow, case.program_id, pack, rule),
        due_at=task.due_at,
        steps=(*(step for row, step in told if not _is_ahead(row)), *sorted(coming, key=lambda step: step.at)),
        paused=task.instance_id in known.suspended or ladders.is_paused(pack, task, case.status),
        may_waive=bool(left) and _may_waive(actor, pack, case),
        calendar=due_words.calendar_of(pack, task.due_calendar),
    )


def _is_ahead(row: RungRow) -> bool:
    """Whether a step was waived before its time came, so that it stands among those to come."""
    return row.state is RungState.STEP_WAIVED and row.due_at > clock.now()


def _step(uow: UnitOfWork, pack: Pack, case: Case, rung: Rung | None, row: RungRow) -> Step:
    """What was done, told by the rung as it is now; by its act alone when the ladder lost it since."""
    state = RungState.WAIVED if row.state is RungState.STEP_WAIVED else row.state
    if rung is None:
        return Step(row.position, say(_ACTS[RungAct(row.act)]), "", state.value, row.at)
    return Step(row.position, _label(rung), _whom(uow, pack, case, rung), state.value, row.at)


def _label(rung: Rung) -> str:
    return rung.label or say(_ACTS[rung.act])


def _whom(uow: UnitOfWork, pack: Pack, case: Case, rung: Rung) -> str:
    if rung.act is RungAct.START:
        definition = store.definitions.latest(uow, case.program_id, rung.process or "")
        return wording.quoted(wording.of_pack(pack, definition.name)) if definition else ""
    if rung.to in (None, "assignee"):
        return say("whoever has the task")
    role = pack.roles.get((rung.to or "").partition(":")[2])
    return role.label if role else ""


def _may_waive(actor: Actor, pack: Pack | None, case: Case) -> bool:
    return access.may(actor, Act.INSTANCE_CONTROL, Subject("case", case.program_id, case_id=case.id), pack).allowed


def waive(uow: UnitOfWork, actor: Actor, task_id: str, number: int, reason: str) -> Ladder:
    """Let a coming step of a task's ladder, the next one or a later one, pass without its act; the others come at their times.

    Raises Invalid without a reason, Conflict when the step does not come any more, Forbidden, TaskNotOpen.
    """
    if not reason.strip():
        message = say("Write a reason; it is kept with the case.")
        raise Invalid(message, (FieldError("/reason", "missing", message),))
    found = task_access.to_change(uow, replace(actor, lent=()), task_id)
    access.require(actor, Act.INSTANCE_CONTROL, found.subject, found.pack)
    task, pack = found.task, found.pack
    rule = packs.deadline_rule(pack, task.process_key, task.element_id) if pack is not None else None
    if pack is None or rule is None or task.due_at is None:
        raise NotFound(say("No deadline rule is at work on this task."))
    anchored = ladders.anchor(task, store.timers.of_task(uow, task.id))
    left = ladders.ahead(rule, task, ladders.done(uow, task), anchored)
    rung = next((rung for _, rung in left if rung.number == number), None)
    if rung is None:
        raise Conflict(say("This step does not come any more. Look at the ladder again before you waive one."))
    store.rungs.insert_many(uow, [ladders.record(task, rule, rung, RungState.STEP_WAIVED, anchored)])
    kept = reasons.keep(uow, actor, task.case_id, task.instance_id, "rung_waived", reason)
    trail.note(
        uow,
        actor,
        "rung_waived",
        case_id=task.case_id,
        instance_id=task.instance_id,
        process_key=task.process_key,
        element_id=task.element_id,
        task_id=task.id,
        details={"rule": rule.key, "rung": rung.number, "act": str(rung.act), **kept},
    )
    ladders.rearm(uow, found.case, task)
    return of_task(uow, actor, task.id)
