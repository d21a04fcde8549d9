"""The inbox: what waits for the person, what waits for their roles, and their notices."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from api.web import page
from engine.language import say
from engine.model.access import Actor
from engine.operations import absences, definitions, migration, notices, publishing, task_lists
from engine.store import UnitOfWork

blueprint = Blueprint("inbox", __name__)

#: begins the tab of a person whose place is taken; their id follows
_FOR = "for-"


@blueprint.get("/inbox")
def show() -> page.Answer:
    """Open tasks by due date. Tabs: mine, roles, and one for each person whose place is taken."""
    asked = request.args.get("tab", "")
    tab = asked if asked == "roles" or asked.startswith(_FOR) else "mine"
    text = request.args.get("q", "").strip()
    with page.reading() as (uow, actor):
        counts = task_lists.counts(uow, actor)
        if tab.startswith(_FOR):
            lines = task_lists.inbox_for(uow, actor, tab.removeprefix(_FOR), text=text, cursor=page.cursor(), limit=50)
        else:
            lines = task_lists.inbox(uow, actor, scope=tab, text=text, cursor=page.cursor(), limit=50)
        changes = publishing.waiting(uow, actor) if tab == "mine" else ()
        values: dict[str, Any] = {"tab": tab, "tabs": _tabs(uow, actor, counts), "lines": lines, "text": text, "changes": changes}
        values["migrations"] = migration.waiting(uow, actor) if tab == "mine" else ()
        values["titles"] = definitions.titles(uow, actor) if values["migrations"] else {}
        return page.render("inbox/tasks.html", uow, actor, here="inbox", **values)


@blueprint.get("/notices")
def show_notices() -> page.Answer:
    """Notices, newest first."""
    with page.reading() as (uow, actor):
        counts = task_lists.counts(uow, actor)
        lines = notices.list_(uow, actor, cursor=page.cursor(), limit=50)
        return page.render("inbox/notices.html", uow, actor, here="inbox", tab="notices", tabs=_tabs(uow, actor, counts), lines=lines)


@blueprint.post("/notices/<notice_id>/read")
def mark_read(notice_id: str) -> AnyResponse:
    """Mark one notice as read."""
    page.act(lambda uow, actor: notices.mark_read(uow, actor, notice_id))
    return page.go(url_for("inbox.show_notices"), say("Marked as read."))


def _tabs(uow: UnitOfWork, actor: Actor, counts: dict[str, int]) -> tuple[tuple[str, str, str, int | None], ...]:
    others = absences.standing_in_for(uow, actor)
    return (
        ("mine", say("Mine"), url_for("inbox.show"), counts["mine"]),
        ("roles", say("My roles"), url_for("inbox.show", tab="roles"), counts["roles"]),
        *((_FOR + id, say("For {name}", name=name), url_for("inbox.show", tab=_FOR + id), None) for id, name in others),
        ("notices", say("Notices"), url_for("inbox.show_notices"), counts["notices"]),
    )
