"""Lists of user tasks: the inbox, the REST list, counts; and one task's page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from engine import clock, store
from engine.model.access import Actor
from engine.model.errors import BadRequest
from engine.model.forms import Field, Form
from engine.model.instances import UserTask
from engine.model.lists import InboxFilter, Page
from engine.model.states import UserTaskState
from engine.model.views import TaskLine, TaskPage
from engine.operations import live, naming, records, task_access, user_tasks
from engine.operations.task_access import Seen
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
    if scope not in ("mine", "roles", "all"):
        raise BadRequest("scope is one of: mine, roles, all.")
    wanted = InboxFilter(mine=scope == "mine", unclaimed=scope == "roles")
    page = store.user_tasks.inbox(
        uow,
        actor.program_id,
        actor.person_id,
        actor.roles,
        filter=wanted,
        text=text,
        cursor=cursor,
        limit=limit,
    )
    return Page(tuple(line(uow, actor, row.task) for row in page.items), page.next)


def counts(uow: UnitOfWork, actor: Actor) -> dict[str, int]:
    """How much waits for the actor: mine, roles, notices."""
    mine, roles = store.user_tasks.inbox_counts(uow, actor.program_id, actor.person_id, actor.roles)
    return {
        "mine": mine,
        "roles": roles,
        "notices": store.notices.unread_count(uow, actor.program_id, actor.person_id),
    }


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
        cursor=cursor,
        limit=limit,
    )
    shown = tuple(one for task in page.items if (one := _if_seen(uow, actor, task)) is not None)
    return Page(shown, page.next)


def _if_seen(uow: UnitOfWork, actor: Actor, task: UserTask) -> TaskLine | None:
    found = task_access.load(uow, actor, task.id)
    return _line(uow, actor, found) if task_access.visible(actor, found) else None


def line(uow: UnitOfWork, actor: Actor, task: UserTask) -> TaskLine:
    """A task as a line of a list; the caller has made sure that the actor may see it."""
    return _line(uow, actor, task_access.load(uow, actor, task.id))


def _line(uow: UnitOfWork, actor: Actor, found: Seen) -> TaskLine:
    names = naming.Names(uow, actor, found.case, found.subject, found.pack)
    task, ways = found.task, task_access.modes(actor, found)
    is_open = task.state is UserTaskState.OPEN
    role = found.pack.roles.get(task.role or "") if found.pack else None
    return TaskLine(
        task=task,
        case_number=found.case.number,
        assignee=names.person(task.assignee_id),
        participant=names.participant(task.participant_id),
        role_label=role.label if role else task.role,
        overdue=is_open and task.due_at is not None and task.due_at < clock.now(),
        can_claim=is_open and bool(ways) and task.assignee_id is None,
        can_complete=is_open and bool(ways) and (task.assignee_id in (None, actor.person_id) or "on-behalf" in ways),
    )


def page(uow: UnitOfWork, actor: Actor, task_id: str) -> TaskPage:
    """One task with its form, the actor's draft and the records its form may show."""
    found = task_access.seen(uow, actor, task_id)
    definition = store.definitions.get(uow, found.task.definition_id)
    form = live.form(uow, definition, found.task.form)
    draft = store.drafts.get(uow, task_id, actor.person_id)
    described = live.element(definition, found.task.process_key, found.task.element_id)
    return TaskPage(
        line=_line(uow, actor, found),
        documentation=str(described.get("documentation", "")),
        form=form,
        draft=draft.body if draft and isinstance(draft.body, dict) else None,
        draft_version=draft.version if draft else 0,
        definition_version=definition.version,
        modes=tuple(str(way) for way in task_access.modes(actor, found)),
        writable=user_tasks.writable_classes(actor, found, form) if form else frozenset(),
        choices=_choices(uow, actor, found, form) if form else {},
        records=records.visible(uow, actor, found.case, found.subject, found.pack),
        audiences={cls: records.audience(found.pack, cls, found.task.participant_id) for cls in form.classes}
        if form and found.pack
        else {},
        class_labels={cls: records.class_label(found.pack, cls) for cls in form.classes} if form else {},
    )


def _choices(uow: UnitOfWork, actor: Actor, found: Seen, form: Form) -> Mapping[str, tuple[tuple[str, str], ...]]:
    """For fields that pick a person or a participant: the people who fit, by field name."""
    names = naming.Names(uow, actor, found.case, found.subject, found.pack)
    return {
        one.name: _fitting(uow, found, names, one) for one in _all_fields(form.fields) if one.widget.startswith(("person:", "participant:"))
    }


def _all_fields(fields: tuple[Field, ...]) -> tuple[Field, ...]:
    return tuple(one for outer in fields for one in (outer, *_all_fields(outer.fields)))


def _fitting(uow: UnitOfWork, found: Seen, names: naming.Names, one: Field) -> tuple[tuple[str, str], ...]:
    kind, _, role = one.widget.partition(":")
    if kind == "participant":
        current = store.participants.of_case(uow, found.case.id)
        return tuple((p.id, names.of(p).label) for p in current if p.role == role)
    holders = store.memberships.holders(uow, found.case.program_id, role, clock.now())
    return tuple((person.id, person.name) for person in holders)
