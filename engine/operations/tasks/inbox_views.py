"""Questions to one's list of tasks: read from what somebody chose, kept under a name, shared with a role."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo

from engine import clock, store
from engine.language import say
from engine.model.access import Actor
from engine.model.errors import Conflict, FieldError, Invalid, NotFound
from engine.model.ids import new_id
from engine.model.inbox_views import DueWithin, InboxQuestion, SavedView, Scope
from engine.model.lists import InboxFilter, InboxSort
from engine.model.packs import Act, Pack, Role, RoleKind
from engine.operations import live, trail
from engine.operations.scope import within
from engine.store import UnitOfWork

#: from this priority on a task is urgent
URGENT = 75
#: from this priority downwards it can wait
CAN_WAIT = 25
#: most characters of a name, and of what is searched for
LONGEST_NAME, LONGEST_TEXT = 60, 200
#: most views that one person keeps
MOST = 30
_T = TypeVar("_T", bound=StrEnum)


def question(given: Mapping[str, object]) -> InboxQuestion:
    """What is asked, from the texts of an address or of a kept view. What is unknown asks for nothing."""
    scope = _one_of(Scope, given.get("tab"), Scope.MINE)
    return InboxQuestion(
        scope=scope,
        sort=_one_of(InboxSort, given.get("sort"), _usual(scope)),
        text=clean(given.get("q"))[:LONGEST_TEXT],
        due=_one_of(DueWithin, given.get("due"), DueWithin.ANY),
        follow_up=bool(given.get("follow_up")),
        urgent=bool(given.get("urgent")),
    )


def asked(question: InboxQuestion) -> dict[str, str]:
    """A question as the texts of an address; `question` reads it again."""
    texts = {"tab": question.scope.value, "sort": question.sort.value, "q": question.text, "due": question.due.value}
    flags = {"follow_up": "1" if question.follow_up else "", "urgent": "1" if question.urgent else ""}
    usual = {"tab": Scope.MINE.value, "sort": _usual(question.scope).value}
    return {key: text for key, text in (texts | flags).items() if text and text != usual.get(key)}


def _usual(scope: Scope) -> InboxSort:
    """The order when none is asked for: everything together is read case by case."""
    return InboxSort.CASE if scope is Scope.ALL else InboxSort.DUE


def filter_of(uow: UnitOfWork, actor: Actor, question: InboxQuestion) -> InboxFilter:
    """What the store is asked for, now."""
    return InboxFilter(
        mine=question.scope is Scope.MINE,
        unclaimed=question.scope is Scope.ROLES,
        due_before=_until(uow, actor, question.due),
        follow_up_before=clock.now() if question.follow_up else None,
        least_priority=URGENT if question.urgent else None,
    )


def _until(uow: UnitOfWork, actor: Actor, due: DueWithin) -> datetime | None:
    now = clock.now()
    if due is DueWithin.ANY or due is DueWithin.LATE:
        return now if due is DueWithin.LATE else None
    zone = ZoneInfo(store.programs.get(uow, actor.program_id).timezone)
    days = 1 if due is DueWithin.TODAY else 8
    return datetime.combine(now.astimezone(zone).date() + timedelta(days=days), time(), zone)


def seen(uow: UnitOfWork, actor: Actor, place: str | None = None) -> tuple[SavedView, ...]:
    """The actor's own views of a list and those shared with a role that they hold, by name; None: the list of tasks."""
    if place is not None:
        return store.inbox_views.of_place(uow, actor.program_id, actor.person_id, actor.roles, place)
    return store.inbox_views.of_person(uow, actor.program_id, actor.person_id, actor.roles)


def shareable(uow: UnitOfWork, actor: Actor) -> tuple[tuple[str, str], ...]:
    """The roles that the actor can share a view with: (key, label). Their own; and who gives out tasks, all of the program."""
    packs = [pack for found in live.all_packs(uow, actor.program_id) if (pack := live.spoken(uow, actor, found.key))]
    known = {key: role.label for pack in packs for key, role in pack.roles.items() if key in actor.roles or _gives_out(actor, pack, role)}
    return tuple(sorted(known.items(), key=lambda one: one[1]))


def _gives_out(actor: Actor, pack: Pack, role: Role) -> bool:
    """Whether the actor gives out tasks in a pack, and a role is held in the program and not on single cases."""
    return role.kind is not RoleKind.CASE and any(Act.TASK_ASSIGN in pack.roles[key].may for key in actor.roles if key in pack.roles)


def save(uow: UnitOfWork, actor: Actor, name: str, question: InboxQuestion, role: str | None = None) -> SavedView:
    """Keep a question under a name, over an own one of the same name. `role`: everybody who holds it sees the view too.

    Raises Invalid with a path for each mistake, Conflict when the actor keeps too many.
    """
    return keep(uow, actor, name, asked(question), role)


def keep(
    uow: UnitOfWork, actor: Actor, name: str, question: Mapping[str, object], role: str | None = None, place: str | None = None
) -> SavedView:
    """As `save`, of a question to any list, as the texts of its address."""
    called = clean(name)
    errors = [*_wrong_name(called), *_wrong_role(uow, actor, role)]
    if errors:
        raise Invalid(say("The view cannot be kept like this."), tuple(errors))
    own = [view for view in seen(uow, actor, place) if view.person_id == actor.person_id]
    same = next((view for view in own if view.name.casefold() == called.casefold()), None)
    if same is not None:
        store.inbox_views.delete(uow, same.id)
    elif len(own) >= MOST:
        raise Conflict(say("You keep {most} views; remove one first.", most=MOST))
    view = SavedView(new_id(clock.now()), actor.program_id, actor.person_id, called, role, question, place)
    store.inbox_views.insert(uow, view)
    if role is not None:
        trail.note(uow, actor, "view_shared", view=view.id, role=role)
    return view


def remove(uow: UnitOfWork, actor: Actor, view_id: str) -> SavedView:
    """Forget an own view; it is gone for those it was shared with too. Raises NotFound for anybody else's."""
    found = within(actor.program_id, store.inbox_views.get(uow, view_id))
    if found.person_id != actor.person_id:
        raise NotFound
    store.inbox_views.delete(uow, found.id)
    if found.role is not None:
        trail.note(uow, actor, "view_unshared", view=found.id, role=found.role)
    return found


def _wrong_name(name: str) -> list[FieldError]:
    if not name:
        return [FieldError("/name", "required", say("Give the view a name."))]
    if len(name) > LONGEST_NAME:
        return [FieldError("/name", "too-long", say("Use at most {most} characters.", most=LONGEST_NAME))]
    return []


def _wrong_role(uow: UnitOfWork, actor: Actor, role: str | None) -> list[FieldError]:
    if role is None or role in dict(shareable(uow, actor)):
        return []
    return [FieldError("/role", "not-held", say("Share it with a role that you hold, or to which you give out tasks."))]


def clean(text: object) -> str:
    """A text in one line, without control characters: they stand between views where these are read."""
    shown = "".join(" " if unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") else sign for sign in str(text or ""))
    return " ".join(shown.split())


def _one_of(kind: type[_T], text: object, usual: _T) -> _T:
    return kind(str(text)) if text in {one.value for one in kind} else usual
