"""The inbox: what waits for the person, what waits for their roles, all of it case by case, and their notices."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import Blueprint, Response, make_response, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from api.web import fields, page
from engine.language import noted, say
from engine.model.access import Actor
from engine.model.errors import FieldError, Invalid
from engine.model.inbox_views import DueWithin, InboxQuestion, SavedView, Scope
from engine.model.lists import InboxSort, Page
from engine.model.views import TaskLine
from engine.operations.deploying import definitions
from engine.operations.people import absences
from engine.operations.releasing import migration, publishing
from engine.operations.tasks import inbox_views, task_lists
from engine.operations.telling import notices, surveys
from engine.store import UnitOfWork

blueprint = Blueprint("inbox", __name__)

#: begins the tab of a person whose place is taken; their id follows
_FOR = "for-"
#: lines of a page of the list
_LINES = 50
#: what the choices above the list are called
SORTS = noted({
    InboxSort.DUE: "What is due first",
    InboxSort.PRIORITY: "High priority first",
    InboxSort.AGE: "What waits longest",
    InboxSort.CASE: "Case by case",
})
DUES = noted({
    DueWithin.ANY: "At any time",
    DueWithin.LATE: "Late",
    DueWithin.TODAY: "Today or late",
    DueWithin.WEEK: "Within 7 days or late",
})


@blueprint.get("/inbox")
def show() -> page.Answer:
    """Open tasks as asked. Tabs: mine, roles, all of it by case, and one for each person whose place is taken."""
    tab, asked = _asked()
    with page.reading() as (uow, actor):
        counts = task_lists.counts(uow, actor)
        lines = _lines(uow, actor, tab, asked)
        is_first = tab == Scope.MINE
        changes = publishing.waiting_for(uow, actor) if is_first else ()
        values: dict[str, Any] = {"tab": tab, "tabs": _tabs(uow, actor, counts), "lines": lines, "text": asked.text, "changes": changes}
        values["migrations"] = migration.waiting_for(uow, actor) if is_first else ()
        values["titles"] = definitions.titles(uow, actor) if values["migrations"] else {}
        values |= {"asked": asked, "sorts": SORTS, "dues": DUES, "mark": _mark(lines, counts), "views": _views(uow, actor)}
        values["surveys"] = surveys.open_to(uow, actor) if is_first and counts["surveys"] else ()
        values["beginning"] = _beginning() if page.cursor() else None
        values["narrowed"] = {key for key in inbox_views.asked(asked) if key not in ("tab", "sort")}
        return page.render("inbox/tasks.html", uow, actor, here="inbox", **values)


@blueprint.get("/inbox/mark")
def mark() -> AnyResponse:
    """A mark of the list that `show` gives for the same question: another one when it changed; 304 while it did not."""
    tab, asked = _asked()
    with page.reading() as (uow, actor):
        counts = task_lists.counts(uow, actor)
        answer = make_response(_mark(_lines(uow, actor, tab, asked), counts))
    answer.mimetype = "text/plain"
    answer.set_etag(answer.get_data(as_text=True))
    answer.headers["Cache-Control"] = "no-cache, private"
    return answer.make_conditional(request)


@blueprint.get("/inbox/views")
def ask_view() -> page.Answer:
    """The views that one has, and the question of the address to be kept as another one."""
    with page.reading() as (uow, actor):
        return _view_page(uow, actor, ())


@blueprint.post("/inbox/views")
def save_view() -> page.Answer:
    """Keep a question under a name."""
    name, role = request.form.get("name", ""), request.form.get("role") or None
    asked = inbox_views.question(request.form)
    try:
        page.act(lambda uow, actor: inbox_views.save(uow, actor, name, asked, role))
    except Invalid as error:
        with page.reading() as (uow, actor):
            return _view_page(uow, actor, error.errors)
    return page.go(_address(asked), say("Kept. You find it above your tasks."))


@blueprint.post("/inbox/views/<view_id>/removal")
def remove_view(view_id: str) -> AnyResponse:
    """Forget a view of one's own."""
    gone = page.act(lambda uow, actor: inbox_views.remove(uow, actor, view_id))
    return page.go(url_for("inbox.ask_view"), say("“{name}” was removed.", name=gone.name))


@blueprint.get("/notices")
def show_notices() -> page.Answer:
    """Notices, newest first."""
    with page.reading() as (uow, actor):
        counts = task_lists.counts(uow, actor)
        lines = notices.list_(uow, actor, cursor=page.cursor(), limit=50)
        values: dict[str, Any] = {"tabs": _tabs(uow, actor, counts), "lines": lines}
        values["surveys"] = surveys.open_to(uow, actor) if counts["surveys"] else ()
        return page.render("inbox/notices.html", uow, actor, here="inbox", tab="notices", **values)


@blueprint.post("/notices/<notice_id>/read")
def mark_read(notice_id: str) -> AnyResponse:
    """Mark one notice as read."""
    page.act(lambda uow, actor: notices.mark_read(uow, actor, notice_id))
    return page.go(url_for("inbox.show_notices", cursor=page.cursor()), say("Marked as read."))


@blueprint.post("/notices/<notice_id>/read-all")
def mark_all_read(notice_id: str) -> AnyResponse:
    """Mark a notice and all before it as read: what came while the page was looked at stays new."""
    page.act(lambda uow, actor: notices.mark_all_read(uow, actor, notice_id))
    return page.go(url_for("inbox.show_notices"), say("All are marked as read."))


def _asked() -> tuple[str, InboxQuestion]:
    """The tab and the question of the address."""
    tab, asked = request.args.get("tab", ""), inbox_views.question(request.args)
    return (tab if tab.startswith(_FOR) else asked.scope.value), asked


def _lines(uow: UnitOfWork, actor: Actor, tab: str, asked: InboxQuestion) -> Page[TaskLine]:
    if tab.startswith(_FOR):
        return task_lists.inbox_for(uow, actor, tab.removeprefix(_FOR), text=asked.text, cursor=page.cursor(), limit=_LINES)
    return task_lists.answer(uow, actor, asked, cursor=page.cursor(), limit=_LINES)


def _mark(lines: Page[TaskLine], counts: dict[str, int]) -> str:
    """Another one as soon as anything differs that the list tells, times in words left out."""
    told = [(line.task, line.assignee, line.participant, line.can_claim, line.overdue) for line in lines.items]
    return hashlib.sha256(repr((told, sorted(counts.items()))).encode()).hexdigest()[:32]


def _tabs(uow: UnitOfWork, actor: Actor, counts: dict[str, int]) -> tuple[tuple[str, str, str, int | None], ...]:
    others = absences.standing_in_for(uow, actor)
    return (
        ("mine", say("Mine"), url_for("inbox.show"), counts["mine"]),
        ("roles", say("My roles"), url_for("inbox.show", tab="roles"), counts["roles"]),
        ("all", say("By case"), url_for("inbox.show", tab="all"), None),
        *((_FOR + id, say("For {name}", name=name), url_for("inbox.show", tab=_FOR + id), None) for id, name in others),
        ("notices", say("Notices"), url_for("inbox.show_notices"), counts["notices"]),
    )


def _views(uow: UnitOfWork, actor: Actor) -> tuple[tuple[SavedView, str], ...]:
    """Each view with the address of its list."""
    return tuple((view, _address(inbox_views.question(view.question))) for view in inbox_views.seen(uow, actor))


def _address(asked: InboxQuestion) -> str:
    texts: dict[str, Any] = dict(inbox_views.asked(asked))
    return url_for("inbox.show", **texts)


def _beginning() -> str:
    """The first page of the list that is asked for."""
    asked: dict[str, Any] = {key: text for key, text in request.args.items() if key != "cursor"}
    return url_for("inbox.show", **asked)


def _view_page(uow: UnitOfWork, actor: Actor, errors: tuple[FieldError, ...]) -> Response:
    asked = inbox_views.question(request.values)
    values: dict[str, Any] = {"views": _views(uow, actor), "asked": inbox_views.asked(asked), "question": asked}
    values |= {"sorts": SORTS, "dues": DUES, "roles": inbox_views.shareable(uow, actor), "given": request.form}
    values["wrong"] = fields.errors_by_path(errors)
    values["errors"] = [(fields.field_id(one.path), one.message) for one in errors]
    return page.render("inbox/views.html", uow, actor, here="inbox", status=422 if errors else 200, **values)
