"""Stepping in: what can be done to a case, and a page for each act that says before what it does and asks why."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, request, url_for

from api.web import fields, page
from engine.language import noted, say
from engine.model.access import Actor
from engine.model.errors import Conflict, FieldError, Invalid, NotFound, ParleyError
from engine.model.interventions import ActKind, Effect, EffectKind, Offered, Wanted
from engine.model.returns import Return
from engine.operations import me
from engine.operations.cases import case_pages
from engine.operations.supervision import acts, returning
from engine.operations.tasks import user_tasks
from engine.store import UnitOfWork

blueprint = Blueprint("stepping_in", __name__, url_prefix="/cases/<case_id>/acts")

#: the hour, in the program's time zone, at which a day that is chosen ends
_EVENING = time(17)
_WHAT = noted({
    ActKind.ASSIGN: "Only people whose role fits, and whose other duties on this case do not stand against it, are offered.",
    ActKind.DUE: "The steps of its deadline rule move with the new date.",
    ActKind.WAIVE: "The task stays open without a date, and nobody is reminded any more.",
    ActKind.SEND: "The procedure takes it at once, and goes on as the drawing says.",
    ActKind.SUSPEND: "Nothing moves until somebody resumes it: no task can be completed and no date falls due.",
    ActKind.RESUME: "It goes on where it stood. Time that passed while it was suspended does not count.",
    ActKind.RETRY: "The step that failed runs again. If it fails again, it stops there again.",
    ActKind.BACK: "What is open after that step ends, and the step opens again. What was written stays; answers given so far keep steering "
    "the procedure until they are given anew.",
    ActKind.UNDO_BACK: "The procedure is as it was before it was taken back. What ran about its late tasks and ended then stays ended.",
    ActKind.TERMINATE: "All its open tasks go away and it does not come back. What was written stays.",
})
ABOUT = noted({
    EffectKind.CASE: "The case {name}",
    EffectKind.PROCEDURE: "The procedure {name}",
    EffectKind.CLOSED: "A task ends: {name}",
    EffectKind.OPENED: "A task opens: {name}",
    EffectKind.ASSIGNEE: "Who does {name}",
    EffectKind.DUE: "When {name} is due",
    EffectKind.DRAFT: "A draft for {name}",
    EffectKind.TIMER: "Happens by itself: {name}",
    EffectKind.NOTICE: "A notice: {name}",
})
#: the acts that wait for a choice, and what it is called in the address
_ASKS = {ActKind.ASSIGN: "person", ActKind.DUE: "due", ActKind.BACK: "step"}


@dataclass(frozen=True, slots=True)
class _Shown:
    """What stands on the page of an act."""

    errors: tuple[FieldError, ...] = ()
    #: what changed meanwhile, or why it cannot be done
    refused: str = ""
    status: int = 200


@blueprint.get("")
def show(case_id: str) -> page.Answer:
    """Everything that the reader can do so that the case goes on, or stops."""
    with page.reading() as (uow, actor):
        found = acts.offered(uow, actor, case_id)
        groups: dict[tuple[str | None, str], list[Offered]] = {}
        for one in found:
            if one.kind is not ActKind.SEND:
                groups.setdefault((one.instance_id or one.task_id, one.name), []).append(one)
        sent = [one for one in found if one.kind is ActKind.SEND]
        values: dict[str, Any] = {"case_id": case_id, "number": acts.number(uow, actor, case_id), "groups": groups, "messages": sent}
        return page.render("board/acts.html", uow, actor, here="cases", **values)


@blueprint.get("/<kind>")
def ask(case_id: str, kind: str) -> page.Answer:
    """What one act would do, and what it still needs to know."""
    return _page(case_id, _kind(kind), _Shown())


@blueprint.post("/<kind>")
def do(case_id: str, kind: str) -> page.Answer:
    """Do it, with a reason."""
    which = _kind(kind)
    try:
        wanted = _wanted(case_id, which, page.rehearse(_zone))
        page.act(lambda uow, actor: acts.act(uow, actor, wanted))
    except Invalid as error:
        return _page(case_id, which, _Shown(errors=error.errors or (FieldError("", "wrong", error.message),), status=422))
    except Conflict as error:
        return _page(case_id, which, _Shown(refused=error.message, status=409))
    case = url_for("case.show", case_id=case_id, tab="tasks" if wanted.task_id else None)
    return page.go(page.back(case), say(acts.DONE[which]))


def _kind(text: str) -> ActKind:
    found = next((one for one in _WHAT if one == text), None)
    if found is None:
        raise NotFound
    return found


def _zone(uow: UnitOfWork, actor: Actor) -> ZoneInfo:
    return ZoneInfo(me.get(uow, actor).timezone)


def _wanted(case_id: str, kind: ActKind, zone: ZoneInfo) -> Wanted:
    given = request.values
    seen = given.get("seen", "")
    return Wanted(
        kind,
        case_id,
        reason=given.get("reason", "").replace("\r\n", "\n"),
        instance_id=given.get("instance") or None,
        task_id=given.get("task") or None,
        person_id=given.get("person") or None,
        due_at=_evening(given.get("due", "").strip(), zone),
        message=given.get("message") or None,
        participant_id=given.get("participant") or None,
        step=given.get("step") or None,
        seen=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 12 else None,
    )


def _evening(text: str, zone: ZoneInfo) -> datetime | None:
    if not text:
        return None
    try:
        return datetime.combine(date.fromisoformat(text), _EVENING, zone).astimezone(UTC)
    except (ValueError, OverflowError) as wrong:
        message = say("Enter a date as year-month-day.")
        raise Invalid(message, (FieldError("/due", "date", message),)) from wrong


def _page(case_id: str, kind: ActKind, shown: _Shown) -> Response:
    effect: Effect | None = None
    asks = _ASKS.get(kind) or ("participant" if page.rehearse(lambda uow, actor: _addressees(uow, actor, case_id, kind)) else None)
    if not _open_choice(kind, asks):
        effect, shown = _tried(case_id, kind, shown)
    with page.reading() as (uow, actor):
        target = _target(acts.offered(uow, actor, case_id), kind, shown)
        values: dict[str, Any] = {"case_id": case_id, "number": acts.number(uow, actor, case_id), "kind": kind, "target": target}
        values |= {"label": acts.LABELS[kind], "what": _WHAT[kind], "effect": effect, "about": ABOUT, "given": request.values}
        values["back"] = page.back(url_for("case.show", case_id=case_id))
        values |= {"seen": acts.edition(uow, actor, case_id), "asks": asks, **_choices(uow, actor, kind, target)}
        values["addressees"] = _addressees(uow, actor, case_id, kind)
        values |= {"wrong": fields.errors_by_path(shown.errors), "refused": shown.refused}
        values["errors"] = [(fields.field_id(one.path) if one.path else None, one.message) for one in shown.errors]
        return page.render("board/act.html", uow, actor, here="cases", status=shown.status, **values)


def _addressees(uow: UnitOfWork, actor: Actor, case_id: str, kind: ActKind) -> tuple[tuple[str, str], ...]:
    """The participants one of whom a message is sent for; none for messages, and acts, that are about nobody."""
    if kind is not ActKind.SEND:
        return ()
    known = case_pages.page(uow, actor, case_id).acts
    return next((one.participants for one in known if one.name == request.values.get("message")), ())


def _open_choice(kind: ActKind, name: str | None) -> bool:
    """Whether the act still waits for a choice; giving a task back to all is one."""
    return name is not None and (name not in request.values or (kind is not ActKind.ASSIGN and not request.values.get(name)))


def _tried(case_id: str, kind: ActKind, shown: _Shown) -> tuple[Effect | None, _Shown]:
    """What it would do now; why it cannot be done is kept for the page."""
    try:
        wanted = replace(_wanted(case_id, kind, page.rehearse(_zone)), seen=None)
        return page.rehearse(lambda uow, actor: acts.act(uow, actor, wanted, preview=True)), shown
    except Invalid as error:
        return None, shown if shown.errors else replace(shown, errors=error.errors, status=422)
    except Conflict as error:
        return None, replace(shown, refused=shown.refused or error.message, status=409)


def _target(offered: tuple[Offered, ...], kind: ActKind, shown: _Shown) -> Offered | None:
    """What the act is done to; None when that is gone, which the page says."""
    about = tuple(request.values.get(name) for name in ("instance", "task", "message"))
    found = next((one for one in offered if one.kind is kind and (one.instance_id, one.task_id, one.message) == about), None)
    if found is None and not shown.refused:
        raise NotFound(say("This cannot be done now. Look at the case again."))
    return found


def _choices(uow: UnitOfWork, actor: Actor, kind: ActKind, target: Offered | None) -> dict[str, Any]:
    steps: tuple[tuple[Return, str], ...] = ()
    people: tuple[tuple[str, str], ...] = ()
    try:
        if kind is ActKind.BACK and target is not None:
            steps = tuple((one, returning.why(one)) for one in returning.earlier(uow, actor, target.instance_id or ""))
        if kind is ActKind.ASSIGN and target is not None:
            people = user_tasks.assignable(uow, actor, target.task_id or "")
    except ParleyError:
        return {"steps": (), "people": ()}  # the page says above why it cannot be done
    return {"steps": steps, "people": people}
