"""Lists of user tasks: the inbox, the REST list, counts; and one task's page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from engine import clock, forms, store
from engine.model.access import Actor
from engine.model.errors import BadRequest, NotFound
from engine.model.inbox_views import InboxQuestion, Scope
from engine.model.instances import UserTask
from engine.model.lists import Page
from engine.model.states import UserTaskState
from engine.model.views import TaskLine, TaskPage
from engine.operations import facts, live, naming, nobody
from engine.operations.content import balances, files, readings, records
from engine.operations.people import task_access
from engine.operations.people.task_access import Seen
from engine.operations.tasks import choices, guides, handing_over, hearing, inbox_views, searching, suspensions, user_tasks
from engine.operations.words import due_words, outcomes
from engine.store import UnitOfWork


def inbox(
    uow: UnitOfWork,
    actor: Actor,
    *,
    scope: str = "all",
    text: str = "",
    cursor: str | None = None,
    limit: int = 50,
) -> Page[TaskLine]:
    """Open tasks for the actor, most urgent first. `scope`: mine (assigned), roles (to claim), all."""
    if scope not in tuple(Scope):
        raise BadRequest("scope is one of: mine, roles, all.")
    return answer(uow, actor, InboxQuestion(Scope(scope), text=text), cursor=cursor, limit=limit)


def answer(uow: UnitOfWork, actor: Actor, asked: InboxQuestion, *, cursor: str | None = None, limit: int = 50) -> Page[TaskLine]:
    """The actor's open tasks as asked. Raises BadRequest for a cursor of another order."""
    page = store.user_tasks.inbox(
        uow,
        actor.program_id,
        actor.person_id,
        actor.roles,
        filter=inbox_views.filter_of(uow, actor, asked),
        sort=asked.sort,
        text=asked.text,
        titles=searching.titles(uow, actor, asked.text),
        cursor=cursor,
        limit=limit,
    )
    tasks = [row.task for row in page.items]
    _look_up(uow, actor, tasks)
    return Page(lines(uow, actor, tasks), page.next)


def inbox_for(
    uow: UnitOfWork, actor: Actor, person_id: str, *, text: str = "", cursor: str | None = None, limit: int = 50
) -> Page[TaskLine]:
    """Open tasks that the actor may do in the place of somebody who is away, most urgent first. Raises NotFound for anybody else."""
    lent = [one for one in actor.lent if one.person_id == person_id]
    if not lent:
        raise NotFound
    roles = frozenset(role for one in lent for role in one.roles)
    page = store.user_tasks.inbox(
        uow,
        actor.program_id,
        person_id,
        roles,
        text=text,
        titles=searching.titles(uow, actor, text),
        unseen_by=actor.person_id,
        cursor=cursor,
        limit=limit,
    )
    tasks = [row.task for row in page.items]
    _look_up(uow, actor, tasks)
    store.foresight.foresee(uow, frozenset(task.case_id for task in tasks), person_id, people={person_id})
    found = (task_access.of(uow, replace(actor, lent=tuple(lent)), task) for task in tasks)
    more = _more(uow, actor, tasks)
    return Page(tuple(_line(uow, one, more) for one in found if one.actor.place is not None and task_access.modes(one)), page.next)


def counts(uow: UnitOfWork, actor: Actor) -> dict[str, int]:
    """How much waits for the actor: mine, roles, notices, and surveys that they may answer."""
    found = store.user_tasks.waiting(uow, actor.program_id, actor.person_id, actor.roles)
    return {"mine": found.mine, "roles": found.claimable, "notices": found.unread, "surveys": found.surveys}


def list_(
    uow: UnitOfWork,
    actor: Actor,
    *,
    instance: str | None = None,
    state: str = "open",
    role: str | None = None,
    assignee: str | None = None,
    due_before: datetime | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[TaskLine]:
    """User tasks the actor may see: those to work on, and those of cases they may see."""
    try:
        wanted = UserTaskState(state)
    except ValueError as wrong:
        raise BadRequest(f"state is one of: {', '.join(UserTaskState)}.") from wrong
    page = store.user_tasks.list_(
        uow,
        actor.program_id,
        instance_id=instance,
        state=wanted,
        role=role,
        assignee_id=assignee,
        due_before=due_before,
        unseen_by=actor.person_id,
        cursor=cursor,
        limit=limit,
    )
    _look_up(uow, actor, page.items)
    found = [task_access.of(uow, actor, task) for task in page.items]
    more = _more(uow, actor, page.items)
    return Page(tuple(_line(uow, one, more) for one in found if task_access.visible(one)), page.next)


def lines(uow: UnitOfWork, actor: Actor, tasks: Sequence[UserTask]) -> tuple[TaskLine, ...]:
    """Tasks as lines of a list; the caller has made sure that the actor may see them."""
    more = _more(uow, actor, tasks)
    return tuple(_line(uow, task_access.of(uow, actor, task), more) for task in tasks)


def _look_up(uow: UnitOfWork, actor: Actor, tasks: Sequence[UserTask]) -> None:
    """Read all that the lines of a page need in one statement, however many tasks and cases there are."""
    given = {task.assignee_id for task in tasks if task.assignee_id not in (None, actor.person_id)}
    known_to = {task.case_id for task in tasks if task.participant_id is not None or task.assignee_id in given}
    people = {actor.person_id} | {one for one in given if one is not None}
    store.foresight.foresee(uow, frozenset(task.case_id for task in tasks), actor.person_id, known_to=known_to, people=people)


@dataclass(frozen=True, slots=True)
class _More:
    """What lines say of the procedures around tasks, by instance."""

    suspended: Mapping[str, datetime]
    about: Mapping[str, str]


def _more(uow: UnitOfWork, actor: Actor, tasks: Sequence[UserTask]) -> _More:
    """Two statements at most, however many tasks there are; one, and only where a task is about another, after `_look_up`."""
    around = {task.instance_id for task in tasks if task.state is UserTaskState.OPEN}
    ahead = store.foresight.remarkable(uow, {task.case_id for task in tasks})
    found = store.instances.remarkable(uow, around) if ahead is None else {id: one for id, one in ahead.items() if id in around}
    subjects = {id: task_id for id, (_, task_id) in found.items() if task_id is not None}
    late = store.user_tasks.get_many(uow, set(subjects.values())) if subjects else {}
    seen = {id: task_access.of(uow, actor, one) for id, one in late.items()}
    about = {id: _called(uow, seen[task_id]) for id, task_id in subjects.items() if task_id in seen and task_access.visible(seen[task_id])}
    return _More({id: at for id, (at, _) in found.items() if at is not None}, about)


def _called(uow: UnitOfWork, found: Seen) -> str:
    """A task by its name and whose it is."""
    names = naming.Names(uow, found.actor, found.case, found.subject, found.pack)
    who = names.participant(found.task.participant_id)
    return ", ".join([live.words(found.pack, found.actor, found.task.name), *([who.label] if who else [])])


def _line(uow: UnitOfWork, found: Seen, more: _More) -> TaskLine:
    actor = found.actor
    names = naming.Names(uow, actor, found.case, found.subject, found.pack)
    task, ways = found.task, task_access.modes(found)
    is_open = task.state is UserTaskState.OPEN
    role = found.pack.roles.get(task.role or "") if found.pack else None
    return TaskLine(
        task=replace(task, name=live.words(found.pack, actor, task.name), nobody=nobody.told(task.nobody, found.pack)),
        case_number=found.case.number,
        assignee=names.person(task.assignee_id),
        participant=names.participant(task.participant_id),
        role_label=role.label if role else task.role,
        overdue=is_open and task.due_at is not None and task.due_at < clock.now(),
        can_claim=is_open and bool(ways) and task.assignee_id is None,
        in_place_of=names.person(actor.place.person_id) if actor.place else None,
        calendar=due_words.calendar_of(found.pack, task.due_calendar),
        suspended_at=more.suspended.get(task.instance_id) if is_open else None,
        about=more.about.get(task.instance_id, "") if is_open else "",
        can_complete=is_open and bool(ways) and (task.assignee_id in (None, actor.standing_for) or "on-behalf" in ways),
    )


def page(uow: UnitOfWork, actor: Actor, task_id: str) -> TaskPage:
    """One task with its form, the actor's draft and the records its form may show."""
    found = task_access.seen(uow, actor, task_id)
    actor = found.actor
    definition = store.definitions.get(uow, found.task.definition_id)
    form = live.spoken_form(found.pack, actor, live.form(uow, definition, found.task.form))
    draft = store.drafts.nearest(uow, found.task, actor.person_id)
    rows = records.readable(uow, actor, found.case, found.subject, found.pack)
    reads = readings.of(uow, found, form, rows)
    first = {one.record.id for one in reads if one.record}
    writable = user_tasks.writable_classes(actor, found, form) if form else frozenset()
    described = live.element(definition, found.task.process_key, found.task.element_id)
    line = _line(uow, found, _more(uow, actor, [found.task]))
    offered = choices.of(uow, actor, found, form) if form else {}
    ways = hearing.modes(found, form, writable.__contains__)
    return TaskPage(
        line=line,
        documentation=live.words(found.pack, actor, str(described.get("documentation", ""))),
        form=form,
        begins=forms.entries.begin(form, offered, writable) if form else {},
        draft=draft.body if draft and isinstance(draft.body, dict) else None,
        draft_version=draft.version if draft and draft.task_id == task_id else 0,
        draft_at=draft.at if draft else None,
        files=files.beside(uow, actor, task_id, form),
        outcomes=outcomes.told(actor, definition, found.pack, found.task, form) if found.task.state is UserTaskState.OPEN else (),
        definition_version=definition.version,
        modes=tuple(str(way) for way in ways),
        instead=hearing.instead(found, form, writable.__contains__),
        writable=writable,
        choices=offered,
        records=tuple(shown for record, shown in rows if record.entry_id is None and record.id not in first),
        reads=reads,
        # Only who answers is held to what was read: to everybody else it would say when that was written anew.
        edition=readings.edition(form, reads) if form and ways else "",
        audiences={cls: records.audience(found.pack, cls, found.task.participant_id) for cls in form.classes}
        if form and found.pack
        else {},
        class_labels={cls: records.class_label(found.pack, cls) for cls in form.classes} if form else {},
        facts=facts.told(uow, actor, found.case, found.subject, found.pack),
        guides=guides.told(uow, actor, found.task, found.case, found.subject, found.pack),
        balances=balances.of_case(uow, actor, found.case, found.subject, found.pack, form=found.task.form or ""),
        about=_about(uow, actor, found),
        note=handing_over.note(uow, found),
        suspension=suspensions.told(uow, found) if line.suspended_at else None,
    )


def _about(uow: UnitOfWork, actor: Actor, found: Seen) -> TaskLine | None:
    """The late task that a ladder's task is to be judged by, when the actor may see it."""
    instance = store.instances.get(uow, found.task.instance_id)
    late = store.user_tasks.find(uow, instance.subject_task_id) if instance.subject_task_id else None
    if late is None:
        return None
    seen = task_access.load(uow, actor, late.id)
    return _line(uow, seen, _More({}, {})) if task_access.visible(seen) else None
