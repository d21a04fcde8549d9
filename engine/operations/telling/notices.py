"""Neutral notices in people's inboxes: a text of the pack, a case number, a stored title; never content (R32)."""

from __future__ import annotations

from engine import clock, store
from engine.model.access import Actor
from engine.model.cases import Case
from engine.model.content import Notice
from engine.model.errors import NotFound
from engine.model.ids import new_id
from engine.model.instances import UserTask
from engine.model.lists import Page
from engine.model.states import UserTaskState
from engine.model.telling import Way
from engine.model.views import NoticeLine
from engine.operations import live, trail
from engine.operations.people import concern
from engine.operations.telling import telling
from engine.store import UnitOfWork


def send(
    uow: UnitOfWork,
    actor: Actor,
    case: Case,
    person_id: str,
    template: str,
    *,
    task: UserTask | None = None,
    instance_id: str | None = None,
) -> None:
    """Put a notice into a person's inbox, a mail on its way where they want one, and a row into the case's timeline.

    Of somebody who is away those are told too who stand in for them.
    """
    _send(uow, actor, case, person_id, template, task=task, instance_id=instance_id)
    for stand_in in concern.stand_ins(uow, case, person_id, task):
        _send(uow, actor, case, stand_in, template, task=task, instance_id=instance_id, for_id=person_id)


def _send(
    uow: UnitOfWork,
    actor: Actor,
    case: Case,
    person_id: str,
    template: str,
    *,
    task: UserTask | None,
    instance_id: str | None,
    for_id: str | None = None,
) -> None:
    now = clock.now()
    told = telling.promise(uow, case, person_id, template)
    notice = Notice(
        id=new_id(now),
        program_id=case.program_id,
        case_id=case.id,
        recipient_id=person_id,
        template=template,
        task_id=task.id if task else None,
        element_id=task.element_id if task else None,
        at=now,
        mail_id=told.mail_id,
        for_id=for_id,
    )
    if told.way is not Way.NONE:
        store.notices.insert(uow, notice)
    trail.note(
        uow,
        actor,
        "notice_not_wanted" if told.way is Way.NONE else "notice_sent",
        case_id=case.id,
        instance_id=task.instance_id if task else instance_id,
        process_key=task.process_key if task else None,
        element_id=task.element_id if task else None,
        task_id=task.id if task else None,
        details={"template": template, "recipient": person_id} | ({"for": for_id} if for_id else {}),
    )


def call_instead(uow: UnitOfWork, actor: Actor, case: Case, *, unless_to: str) -> None:
    """Ask those whom the pack names to call somebody on the case, whose mail was kept back; who it is and why is not said.

    Who has not read such a notice yet gets no second one. `unless_to`: whose mail it was, who calls nobody.
    """
    pack = live.pack(uow, case.program_id, case.pack)
    rule = pack.telling.contact if pack else None
    if rule is None or not rule.instead:
        return
    found = next((ids for to in rule.to if (ids := [one for one in recipients(uow, case, to) if one != unless_to])), [])
    unread = {one.recipient_id for one in store.notices.of_case(uow, case.id) if one.template == rule.instead and one.read_at is None}
    for person_id in found:
        if person_id not in unread:
            send(uow, actor, case, person_id, rule.instead)


def recipients(uow: UnitOfWork, case: Case, to: str) -> tuple[str, ...]:
    """Person ids behind a participant id, a person id, `role:KEY` (the program's) or `case-role:KEY`; each once.

    Nobody who is walled off from the case is told of it.
    """
    return tuple(person_id for person_id in dict.fromkeys(_meant(uow, case, to)) if not store.walls.is_walled(uow, case.id, person_id))


def _meant(uow: UnitOfWork, case: Case, to: str) -> tuple[str, ...]:
    current = store.participants.of_case(uow, case.id)
    kind, _, key = to.partition(":")
    if kind == "role":
        return tuple(p.id for p in store.memberships.holders(uow, case.program_id, key, clock.now()))
    if kind == "case-role":
        return tuple(p.person_id for p in current if p.role == key)
    bound = next((p for p in current if p.id == to), None)
    return (bound.person_id,) if bound else (to,)


def list_(uow: UnitOfWork, actor: Actor, *, cursor: str | None = None, limit: int = 50) -> Page[NoticeLine]:
    """The actor's own notices, newest first."""
    page = store.notices.of_person(uow, actor.program_id, actor.person_id, cursor=cursor, limit=limit)
    store.cases.get_many(uow, {notice.case_id for notice in page.items})
    store.user_tasks.get_many(uow, {notice.task_id for notice in page.items if notice.task_id is not None})
    return Page(tuple(_line(uow, actor, notice) for notice in page.items), page.next)


def _line(uow: UnitOfWork, actor: Actor, notice: Notice) -> NoticeLine:
    case = store.cases.get(uow, notice.case_id)
    task = store.user_tasks.get(uow, notice.task_id) if notice.task_id else None
    pack = live.spoken(uow, actor, case.pack)
    text = pack.notices.get(notice.template) if pack else None
    words = {"{case}": case.number, "{task}": live.words(pack, actor, task.name) if task else ""}
    return NoticeLine(
        id=notice.id,
        case_id=case.id,
        case_number=case.number,
        title=_filled(text.title if text else notice.template, words),
        text=_filled(text.text if text else "", words),
        task_id=notice.task_id,
        at=notice.at,
        read=notice.read_at is not None,
        over=task is not None and task.state is not UserTaskState.OPEN,
        in_place_of=store.persons.get(uow, notice.for_id).name if notice.for_id else None,
    )


def _filled(text: str, words: dict[str, str]) -> str:
    for mark, word in words.items():
        text = text.replace(mark, word)
    return text


def mark_read(uow: UnitOfWork, actor: Actor, notice_id: str) -> None:
    """Mark one of the actor's own notices as read; raises NotFound for anybody else's."""
    if not store.notices.mark_read(uow, actor.person_id, notice_id, clock.now()):
        raise NotFound


def mark_all_read(uow: UnitOfWork, actor: Actor, until: str) -> None:
    """Mark one of the actor's own notices and all before it as read; what came since stays new. Raises NotFound like `mark_read`."""
    if not store.notices.mark_all_read(uow, actor.program_id, actor.person_id, until, clock.now()):
        raise NotFound
