"""One case: its explanation first, then its diagrams, tasks, milestones, timeline, people and records."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from api.web import page
from engine.language import say
from engine.model.access import Actor
from engine.model.errors import Invalid, NotFound
from engine.model.interventions import ActKind
from engine.model.packs import PanelKind
from engine.model.views import CasePage, DiagramView
from engine.operations.cases import case_pages, cases, moves
from engine.operations.content import panels
from engine.operations.people import people
from engine.operations.people.memberships import NewParticipant
from engine.operations.running import hand_starts, messages
from engine.operations.supervision import acts, rungs
from engine.store import UnitOfWork

blueprint = Blueprint("case", __name__)

_TABS = ("overview", "tasks", "milestones", "timeline", "people", "records")
#: what a person may do to a running procedure, on pages of their own
_CONTROLS = {str(kind): acts.LABELS[kind] for kind in (ActKind.SUSPEND, ActKind.RESUME, ActKind.TERMINATE, ActKind.RETRY)}


@blueprint.get("/cases/<case_id>")
def show(case_id: str) -> page.Answer:
    """The case. `tab` chooses what is shown below the explanation, `diagram` one of its diagrams."""
    tab = request.args.get("tab", "overview")
    with page.reading() as (uow, actor):
        found = case_pages.page(uow, actor, case_id)
        page.opens(uow, actor, case_id)
        return _render(uow, actor, found, tab if tab in _TABS else "overview")


@blueprint.get("/cases/<case_id>/messages/<name>")
def ask_message(case_id: str, name: str) -> page.Answer:
    """Ask before a message is sent to the case."""
    with page.reading() as (uow, actor):
        found = case_pages.page(uow, actor, case_id)
        chosen = next((one for one in found.acts if one.name == name), None)
        if chosen is None:
            raise NotFound
        return page.render("case/message.html", uow, actor, here="cases", page=found, message=chosen)


@blueprint.post("/cases/<case_id>/messages/<name>")
def send_message(case_id: str, name: str) -> AnyResponse:
    """Send a message to the case."""
    participant = request.form.get("participant") or None
    page.act(lambda uow, actor: messages.send_to_case(uow, actor, case_id, name, participant))
    if _still_seen(case_id):
        return page.go(url_for("case.show", case_id=case_id), say("Sent. The case has moved on."))
    return page.go(url_for("inbox.show"), say("Sent. You can find what comes next in your inbox."))


@blueprint.get("/cases/<case_id>/start")
def ask_start(case_id: str) -> page.Answer:
    """Choose a procedure that nothing else begins."""
    with page.reading() as (uow, actor):
        return _start_page(uow, actor, case_id)


@blueprint.post("/cases/<case_id>/start")
def start(case_id: str) -> page.Answer:
    """Start a procedure on the case."""
    key = request.form.get("process", "")
    if not key:
        with page.reading() as (uow, actor):
            return _start_page(uow, actor, case_id, say("Choose a procedure."))
    page.act(lambda uow, actor: hand_starts.start(uow, actor, case_id, key))
    return page.go(url_for("case.show", case_id=case_id), say("Started. The case goes through this procedure too."))


@blueprint.get("/cases/<case_id>/participants/new")
def ask_participant(case_id: str) -> page.Answer:
    """Choose who joins the case, and in which role."""
    with page.reading() as (uow, actor):
        return _participant_page(uow, actor, case_id)


@blueprint.post("/cases/<case_id>/participants")
def add_participant(case_id: str) -> page.Answer:
    """Give a person a role on the case."""
    role, person_id = request.form.get("role", ""), request.form.get("person", "")
    if not role or not person_id:
        with page.reading() as (uow, actor):
            return _participant_page(uow, actor, case_id, say("Choose a person and a role."))
    try:
        page.act(lambda uow, actor: cases.add_participant(uow, actor, case_id, NewParticipant(role=role, person_id=person_id)))
    except Invalid as error:
        with page.reading() as (uow, actor):
            return _participant_page(uow, actor, case_id, error.message)
    return page.go(url_for("case.show", case_id=case_id, tab="people"), "Added to the case.")


@blueprint.post("/cases/<case_id>/participants/<participant_id>/end")
def end_participant(case_id: str, participant_id: str) -> AnyResponse:
    """End a person's role on the case; what they did stays on record."""
    page.act(lambda uow, actor: cases.end_participant(uow, actor, case_id, participant_id))
    href = url_for("case.show", case_id=case_id, tab="people") if _still_seen(case_id) else url_for("inbox.show")
    return page.go(href, say("The role on this case has ended."))


def _still_seen(case_id: str) -> bool:
    """Whether the actor may look at the case now; an act can end their own part in it."""
    with page.reading() as (uow, actor):
        try:
            case_pages.page(uow, actor, case_id)
        except NotFound:
            return False
    return True


def _render(uow: UnitOfWork, actor: Actor, found: CasePage, tab: str) -> Response:
    mine = {line.task.id for line in found.tasks}
    values: dict[str, Any] = {"page": found, "tab": tab, "tabs": _tabs(found), "diagram": _chosen(found), "upcoming": _upcoming(found)}
    if tab == "records":
        apart = [one for one in panels.all_of(uow, actor, found.line.id) if one.kind is not PanelKind.RECORDS]
        values |= {"apart": apart, "apart_keys": {one.key for one in apart}}
    if tab == "overview":
        values |= {"waits": moves.of_page(found), "resuming": moves.resuming(found), "ladders": rungs.of_case(uow, actor, found.line.id)}
    values["startable"] = hand_starts.choices(uow, actor, found.line.id)
    return page.render("case/page.html", uow, actor, here="cases", controls=_CONTROLS, task_ids=mine, **values)


def _tabs(found: CasePage) -> list[tuple[str, str, str, int | None]]:
    def href(tab: str) -> str:
        return url_for("case.show", case_id=found.line.id, tab=tab)

    open_tasks = sum(line.task.state == "open" for line in found.tasks)
    records = sum(len(panel.records) for panel in found.panels)
    tabs: list[tuple[str, str, str, int | None]] = [
        ("overview", say("Overview"), url_for("case.show", case_id=found.line.id), None),
        ("tasks", say("Tasks"), href("tasks"), open_tasks),
    ]
    if found.milestones:
        tabs.append(("milestones", say("Milestones"), href("milestones"), None))
    tabs += [("timeline", say("Timeline"), href("timeline"), None), ("people", say("People"), href("people"), None)]
    if found.panels:
        tabs.append(("records", say("Records"), href("records"), records))
    return tabs


def _upcoming(found: CasePage) -> list[tuple[datetime, str, int]]:
    """What happens by itself: when, what, how often at the same time (two people reminded at once)."""
    counted = Counter((step.at.replace(second=0, microsecond=0), step.what) for step in found.explanation.upcoming)
    return [(at, what, times) for (at, what), times in counted.items()]


def _chosen(found: CasePage) -> DiagramView | None:
    """The diagram asked for, else the one where most calls for attention: stopped or late, then open tasks, then tokens."""
    asked = request.args.get("diagram", "")
    chosen = next((one for one in found.diagrams if one.process_key == asked), None)
    return chosen or max(found.diagrams, key=_urgency, default=None)


def _urgency(view: DiagramView) -> tuple[int, int, int]:
    late = sum(mark != "waiting" for mark in view.marks.values())
    return late, len(view.marks), sum(view.tokens.values())


def _start_page(uow: UnitOfWork, actor: Actor, case_id: str, wrong: str | None = None) -> Response:
    found, choices = case_pages.page(uow, actor, case_id), hand_starts.choices(uow, actor, case_id)
    if not choices:
        raise NotFound
    values: dict[str, Any] = {"page": found, "choices": choices, "wrong": wrong}
    return page.render("case/start.html", uow, actor, here="cases", status=422 if wrong else 200, **values)


def _participant_page(uow: UnitOfWork, actor: Actor, case_id: str, wrong: str | None = None) -> Response:
    found = case_pages.page(uow, actor, case_id)
    if "participants" not in found.may:
        raise NotFound
    text = request.values.get("q", "").strip()
    matches = people.search(uow, actor, text) if text else ()
    values: dict[str, Any] = {"page": found, "text": text, "matches": matches, "roles": cases.roles(uow, actor, case_id), "wrong": wrong}
    return page.render("case/participant.html", uow, actor, here="cases", status=422 if wrong else 200, **values)
