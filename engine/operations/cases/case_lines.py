"""A case as a line of a list, from rows alone: what it waits for, in a sentence, with few statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from engine import clock, feel
from engine.language import say
from engine.model.instances import Timer, UserTask
from engine.model.lists import CaseOverview
from engine.model.packs import Pack
from engine.model.states import CaseState, InstanceState
from engine.model.views import CaseLine, Next, Waiting, Who
from engine.operations import nobody, wording
from engine.operations.cases import outside_words, told_waits
from engine.operations.discretion import Discretion
from engine.operations.words import due_words, wait_words


def without(row: CaseOverview, discretion: Discretion) -> CaseOverview:
    """A case without the tasks, timers and instances that its reader is not to be told of."""
    tasks = tuple(task for task in row.tasks if not discretion.hides_task(task))
    told = {task.id for task in tasks}
    timers = tuple(
        timer
        for timer in row.timers
        if not discretion.hides(timer.instance_id, timer.process_key, timer.element_id) and timer.task_id in {None, *told}
    )
    jobs = tuple(one for one in row.jobs if not discretion.hides(one.instance_id, one.process_key, one.element_id))
    instances = tuple(one for one in row.instances if not discretion.hides_whole(one.id))
    if row.tasks and not tasks:
        # What is left beside somebody else's step would tell what it is.
        return replace(row, tasks=(), timers=(), subscriptions=(), jobs=(), instances=instances)
    return replace(row, tasks=tasks, timers=timers, jobs=jobs, instances=instances)


def from_overview(row: CaseOverview, pack: Pack | None, zone: str) -> CaseLine:
    """One line, without facts. People outside the program are never named here, staff are."""
    now = clock.now()
    waiting = waits(row, pack)
    timers = sorted(row.timers, key=lambda timer: timer.due_at)
    upcoming = [Next(timer.due_at, wording.of_timer(pack, timer.name), timer.element_id) for timer in timers]
    dues = [task.due_at for task in row.tasks if task.due_at]
    intensity = _intensity(row, pack)
    soonest = min((task for task in row.tasks if task.due_at), key=lambda task: task.due_at or now, default=None)
    return CaseLine(
        id=row.case.id,
        number=row.case.number,
        state=str(row.case.state),
        status=row.case.status,
        outcome=row.case.outcome,
        opened_at=row.case.opened_at,
        closed_at=row.case.closed_at,
        sentence=_sentence(row, waiting, upcoming, zone),
        overdue=sum(due < now for due in dues),
        nobody=nobody.told(next((task.nobody for task in row.tasks if task.nobody), None), pack) or _dead(row),
        next_due_at=soonest.due_at if soonest else None,
        facts={},
        calendar=due_words.calendar_of(pack, soonest.due_calendar) if soonest else None,
        intensity=intensity[0],
        is_intense=intensity[1],
    )


def _dead(row: CaseOverview) -> str | None:
    return say(told_waits.DEAD[False]) if any(one.dead for one in row.instances) else None


def _intensity(row: CaseOverview, pack: Pack | None) -> tuple[str | None, bool]:
    """How closely a case is looked at in the pack's words, and whether that is more than the least."""
    key = pack.case.intensity if pack is not None else None
    if pack is None or key is None or key not in row.facts:
        return None, False
    found = feel.from_json(row.facts[key])
    if found is None:
        return None, False
    words = pack.variables[key].values if key in pack.variables else {}
    told = words.get(feel.text(found), feel.text(found))
    return told, bool(words) and told != next(iter(words.values()))


def _sentence(row: CaseOverview, waiting: Sequence[Waiting], upcoming: Sequence[Next], zone: str) -> str:
    states = {one.state for one in row.instances}
    if row.incidents:
        return say("Stopped by an incident: {why}", why=say(row.incidents[0].message))
    if row.case.state is CaseState.CLOSED and not waiting:
        return say("Closed; nothing is waited for.")
    if states == {InstanceState.SUSPENDED}:
        return wait_words.sentence("suspended", waiting, upcoming, zone)
    if not states:
        return wait_words.sentence("completed", waiting, upcoming, zone)
    return wait_words.sentence("running", waiting, upcoming, zone, partly=InstanceState.SUSPENDED in states)


def waits(row: CaseOverview, pack: Pack | None) -> list[Waiting]:
    """What a case of a list waits for, tasks before anything else."""
    found = [_task(row, task, pack) for task in row.tasks]
    if not found:
        found = [outside_words.listed(one) for one in row.jobs] + _events(row, pack)
    return found


def _events(row: CaseOverview, pack: Pack | None) -> list[Waiting]:
    """Dates when there are any: a list does not know which messages are waited for, and which can just come at any time."""
    dates = [
        Waiting("timer", one.element_id, one.process_key, "", one.anchor_at, due_at=one.due_at, what=_date(one, pack))
        for one in sorted(row.timers, key=lambda one: (one.anchor_at, one.id))
    ]
    return dates or [
        Waiting("message", one.element_id, one.process_key, _title(one.name, pack), one.since, message=one.name)
        for one in row.subscriptions
    ]


def _date(timer: Timer, pack: Pack | None) -> str:
    name = wording.of_pack(pack, timer.name or "")
    return say("the date “{name}”", name=name) if name else say("a date")


def _title(message: str, pack: Pack | None) -> str:
    return wait_words.title(pack, None, message)


def _task(row: CaseOverview, task: UserTask, pack: Pack | None) -> Waiting:
    role = pack.roles.get(task.role or "") if pack else None
    name = row.names.get(task.assignee_id or "")
    label = role.label if role else say("an administrator")
    named = name is not None and (role is None or role.staff)
    whoever = label.lower() if role and not role.staff else say("anyone in the role {role}", role=label)
    outside = task.participant_id if role is not None and not role.staff else None
    who = Who(None, name if named and name else whoever, participant_id=outside, named=named)
    return Waiting(
        "user_task",
        task.element_id,
        task.process_key,
        wording.of_pack(pack, task.name),
        task.created_at,
        who=(who,),
        due_at=task.due_at,
        task_id=task.id,
        nobody=nobody.told(task.nobody, pack),
        instance_id=task.instance_id,
        calendar=due_words.calendar_of(pack, task.due_calendar),
    )
