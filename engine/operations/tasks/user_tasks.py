"""User tasks: claim, release, assign, complete. One task completed is DESIGN.md 4, hop by hop."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache

from engine import access, bpmn, clock, forms, packs, store
from engine.language import say
from engine.model.access import Actor
from engine.model.errors import BadRequest, Conflict, NotRunning
from engine.model.execution import Value
from engine.model.forms import Checked, Form, Mode
from engine.model.instances import UserTask
from engine.model.packs import Act
from engine.model.states import InstanceState, UserTaskState
from engine.model.views import Reading
from engine.operations import live, naming, offers, signing, ties, trail, values
from engine.operations.content import drafts, files, readings, records, reported
from engine.operations.people import memberships, task_access
from engine.operations.people.task_access import Seen
from engine.operations.running import superseding, tasks_of, turns
from engine.operations.tasks import choices, hearing
from engine.store import UnitOfWork
from engine.store.works import Work

get_draft = drafts.get
save_draft = drafts.save


def claim(uow: UnitOfWork, actor: Actor, task_id: str) -> UserTask:
    """Take an unassigned task; taking one's own again changes nothing. Raises Conflict when somebody has it."""
    found = task_access.to_work(uow, actor, task_id)
    actor = found.actor
    access.require(actor, Act.TASK_WORK, found.subject, found.pack)
    if found.task.assignee_id == actor.standing_for:
        return found.task
    if found.task.assignee_id is not None:
        raise Conflict(say("Somebody else has claimed this task."))
    return _assigned(uow, actor, found, actor.standing_for, "user_task_claimed")


def release(uow: UnitOfWork, actor: Actor, task_id: str) -> UserTask:
    """Give a claimed task back to everybody who could do it."""
    found = task_access.to_work(uow, actor, task_id)
    actor = found.actor
    access.require(actor, Act.TASK_WORK, found.subject, found.pack)
    if found.task.assignee_id != actor.standing_for:
        raise Conflict(say("You have not claimed this task."))
    return _assigned(uow, actor, found, None, "user_task_released")


def _assigned(uow: UnitOfWork, actor: Actor, found: Seen, person_id: str | None, event: str) -> UserTask:
    task = replace(found.task, assignee_id=person_id)
    store.user_tasks.update(uow, task)
    trail.note(uow, actor, event, **_place(task))
    return task


def assign(uow: UnitOfWork, actor: Actor, task_id: str, person_id: str | None, reason: str = "") -> UserTask:
    """Give a task to somebody whose role fits, or back to all (None). Forbidden pairs hold here too."""
    found = task_access.to_change(uow, replace(actor, lent=()), task_id)
    access.require(actor, Act.TASK_ASSIGN, found.subject, found.pack)
    return tasks_of.give(uow, actor, found.case, found.task, person_id, reason)


def assignable(uow: UnitOfWork, actor: Actor, task_id: str) -> tuple[tuple[str, str], ...]:
    """Whom a task can be given to: (person id, name), for who may assign it."""
    found = task_access.to_change(uow, replace(actor, lent=()), task_id)
    access.require(actor, Act.TASK_ASSIGN, found.subject, found.pack)
    names = naming.Names(uow, actor, found.case, found.subject, found.pack)
    people = offers.candidates(uow, found.case, found.pack, found.task)
    return naming.told_apart((p, who.label) for p in people if (who := names.person(p.id)) is not None)


def complete(
    uow: UnitOfWork, actor: Actor, task_id: str, data: Mapping[str, object], *, mode: str = Mode.SELF,
    signed: signing.Way = signing.USUAL, edition: str | None = None,
) -> UserTask:  # fmt: skip
    """Complete a task with its form's data. `signed` says how signatures in it were given.
    `edition` is what `TaskPage.edition` was when the form was read; None asks nothing, for callers that show no form.

    Class C1 answers become variables, everything above goes to records. Raises FormInvalid with a path for each
    mistake, FormChanged for another edition, Excluded for a forbidden pair, TaskNotOpen or NotRunning when the procedure moved on.
    """
    found = task_access.to_work(uow, actor, task_id)
    actor = found.actor
    way = _mode(mode)
    task_access.require_mode(found, way)
    if found.task.assignee_id not in (None, actor.standing_for) and way is Mode.SELF:
        raise Conflict(say("Somebody else has claimed this task; ask them to release it."))
    work = found.work
    assert work is not None, "a task is completed by who holds it"
    loaded = turns.Loaded(work.instance, store.definitions.get(uow, work.instance.definition_id), work.case, work.is_troubled)
    if loaded.instance.state not in (InstanceState.RUNNING, InstanceState.INCIDENT):
        raise NotRunning
    acting = replace(actor, on_behalf_of=_behalf(uow, found)) if way is Mode.ON_BEHALF else actor
    form = live.spoken_form(found.pack, actor, live.form(uow, loaded.definition, found.task.form))
    if way is Mode.ON_BEHALF:
        hearing.require(found, form, _writable(acting, found))
    checked = _checked(found, acting, form, data, way)
    if form is not None:
        choices.require(uow, actor, found, form, checked)
        reads = _read(uow, actor, found, form, edition)
        readings.require_signable(form, reads, checked, signed)
        checked = signing.sign(form, files.send(uow, actor, found, form, checked), way, signed, reads)
    done = _finish(uow, acting, found, work, _named(form, checked))
    if form is not None:
        records.write(uow, acting, found.case, form, checked, found.task)
        reported.write(uow, acting, found, form, checked)
    turns.act(uow, acting, loaded, _completion(done.token_id, checked.facts), ended=turns.Ended(done, work.has_timer))
    return done


def _read(uow: UnitOfWork, actor: Actor, found: Seen, form: Form, edition: str | None) -> tuple[Reading, ...]:
    """What lay open before the questions. Raises FormChanged when a page showed anything else."""
    rows = records.readable(uow, actor, found.case, found.subject, found.pack) if form.reads else ()
    reads = readings.of(uow, found, form, rows)
    if edition is not None:
        readings.require_same(form, reads, edition)
    return reads


def _completion(token_id: str, facts: Mapping[str, Value]) -> Callable[[bpmn.Execution], None]:
    def change(execution: bpmn.Execution) -> None:
        execution.complete(token_id, facts)

    return change


def _mode(text: str) -> Mode:
    try:
        return Mode(text)
    except ValueError as wrong:
        raise BadRequest(f"mode is one of: {', '.join(Mode)}.") from wrong


def _behalf(uow: UnitOfWork, found: Seen) -> str:
    assert found.task.participant_id is not None
    return store.participants.get(uow, found.task.participant_id).person_id


def _checked(found: Seen, actor: Actor, form: Form | None, data: Mapping[str, object], mode: Mode) -> Checked:
    """The data checked and split by class. Without a form only declared variables are taken."""
    if form is not None:
        return forms.check(form, data, mode=mode, writable=_writable(actor, found))
    given = packs.typed_variables(found.pack, data) if found.pack else values.from_plain(data)
    return Checked(given, (), tuple(sorted(given)))


def _writable(actor: Actor, found: Seen) -> Callable[[str], bool]:
    @cache  # a form asks for each of its fields, of which many share a class
    def may_write(cls: str) -> bool:
        if found.pack is None:
            return True
        subject = ties.to_record(found.subject, cls, found.task.participant_id, None)
        return access.can_write(actor, subject, found.pack)

    return may_write


def _named(form: Form | None, checked: Checked) -> dict[str, list[str]]:
    """The names of the answered fields by class: which fields were asked for can say as much as an answer."""
    classes = form.class_of if form else {}
    named: dict[str, list[str]] = {}
    for name in checked.field_names:
        named.setdefault(classes.get(name, "C1"), []).append(name)
    return named


def _finish(uow: UnitOfWork, actor: Actor, found: Seen, work: Work, fields: dict[str, list[str]]) -> UserTask:
    """The task as it ends, stored with the turn; what was about it is cleared away, the duty remembered, all written down."""
    now = clock.now()
    done = replace(
        found.task,
        state=UserTaskState.COMPLETED,
        ended_at=now,
        completed_by=actor.person_id or None,
        assignee_id=found.task.assignee_id or actor.standing_for or None,
        on_behalf_of=actor.on_behalf_of,
        nobody=None,
    )
    if work.has_draft:
        store.drafts.delete(uow, done.id)
    if work.has_followers:
        superseding.because_done(uow, actor, [done.id], but=done.instance_id)
    if done.duty and actor.person_id:
        for person_id in {actor.person_id, actor.standing_for}:
            memberships.perform_duty(uow, found.case, person_id, done.duty)
    trail.note(uow, actor, "user_task_completed", fields=fields, **_place(done))
    return done


def _place(task: UserTask) -> dict[str, str]:
    return {
        "case_id": task.case_id,
        "instance_id": task.instance_id,
        "definition_id": task.definition_id,
        "process_key": task.process_key,
        "element_id": task.element_id,
        "task_id": task.id,
    }


def writable_classes(actor: Actor, found: Seen, form: Form) -> frozenset[str]:
    """The classes of a form that the actor may write on this task."""
    may_write = _writable(actor, found)
    return frozenset(cls for cls in form.classes if may_write(cls))


def open_ids(uow: UnitOfWork, case_id: str, element_id: str, participant_id: str | None = None) -> tuple[str, ...]:
    """The open tasks at an element of a case, of one participant when named; for scripts that play a case."""
    tasks = store.user_tasks.open_of_case(uow, case_id)
    return tuple(t.id for t in tasks if t.element_id == element_id and participant_id in (None, t.participant_id))
