"""The list of cases: asked by state, text, status, step, facts and tiles; what nobody can do stands on top."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, make_response, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from api.web import fields, page
from engine import clock
from engine.language import noted, say
from engine.model.access import Actor
from engine.model.errors import BadRequest, FieldError, Invalid
from engine.model.lists import Page
from engine.model.tiles import CaseQuestion, CaseSort, Operator
from engine.model.views import CaseLine
from engine.operations.people import absences
from engine.operations.supervision import exports, lists, tiles
from engine.operations.tasks import inbox_views
from engine.store import UnitOfWork

blueprint = Blueprint("all_cases", __name__)

#: lines of a page
_LINES = 50
_NONE: Page[CaseLine] = Page(())
_STATES = (("open", noted("Open")), ("late", noted("Overdue or stuck")), ("closed", noted("Closed")), ("all", noted("All")))
SORTS = noted({
    CaseSort.URGENT: "What nobody can do, then what is due first",
    CaseSort.DUE: "What is due first",
    CaseSort.OLDEST: "The oldest first",
    CaseSort.NEWEST: "The newest first",
    CaseSort.INTENSITY: "The highest intensity first",
})
OPERATORS = noted({
    Operator.IS: "is",
    Operator.IS_NOT: "is not",
    Operator.LESS: "is less than, or before",
    Operator.AT_MOST: "is at most, or until",
    Operator.AT_LEAST: "is at least, or from",
    Operator.MORE: "is more than, or after",
})


def _question(given: MultiDict[str, str]) -> CaseQuestion:
    """What is asked in an address or a form; a fact may also come as the three fields of the page."""
    facts = [one for one in given.getlist("fact") if one]
    if given.get("fact-key") and given.get("fact-value", "").strip():
        facts.append(":".join((given["fact-key"], given.get("fact-is", "is"), given["fact-value"])))
    return lists.question(given, list(dict.fromkeys(facts)))


@blueprint.get("/cases")
def show() -> page.Answer:
    """Cases as asked."""
    wanted = _question(request.args)
    with page.reading() as (uow, actor):
        wrong, lines = "", _NONE
        try:
            lists.check(request.args)
            lines = lists.answer(uow, actor, wanted, cursor=page.cursor(), limit=_LINES)
        except BadRequest as error:
            wrong = error.message
        values = {"lines": lines, "asked": wanted, "wrong": wrong, **_around(uow, actor, wanted)}
        return page.render("board/cases.html", uow, actor, here="cases", status=400 if wrong else 200, **values)


def _around(uow: UnitOfWork, actor: Actor, wanted: CaseQuestion) -> dict[str, Any]:
    """What stands above the list: choices, kept views, what is asked in words."""
    facts = lists.choices(uow, actor)
    named = {one.key: one.label for one in facts}
    watched = tiles.find(uow, actor, wanted.tile)[1] if wanted.tile else None
    return {
        "states": _STATES,
        "sorts": SORTS,
        "operators": OPERATORS,
        "facts": facts,
        "statuses": lists.statuses(uow, actor),
        "tile": watched,
        "views": _views(uow, actor),
        "address": lists.asked(wanted),
        "without": [(_told(fact, named), _without(wanted, place)) for place, fact in enumerate(wanted.facts)],
        "finds_people": bool(lists.findable(uow, actor)),
        "tabs": _tabs(uow, actor),
    }


def _tabs(uow: UnitOfWork, actor: Actor) -> tuple[tuple[str, str, str, None], ...]:
    """A list for each person whose place is taken; none for who takes nobody's."""
    others = tuple((id, say("For {name}", name=name), _address({"for": id}), None) for id, name in absences.standing_in_for(uow, actor))
    return (("", say("Cases"), url_for("all_cases.show"), None), *others) if others else ()


def _told(fact: tuple[str, Operator, str], labels: dict[str, str]) -> str:
    key, operator, value = fact
    return f"{labels.get(key, key)} {say(OPERATORS[operator])} {value}"


def _without(wanted: CaseQuestion, place: int) -> str:
    """The address of the same list without one of its facts."""
    asked = lists.asked(wanted)
    rest = [text for number, text in enumerate(asked.get("fact", [])) if number != place]
    return _address({**asked, "fact": rest})


def _address(asked: dict[str, Any]) -> str:
    return url_for("all_cases.show", **asked)


def _views(uow: UnitOfWork, actor: Actor) -> list[tuple[Any, str]]:
    return [(view, _address(lists.asked(lists.of_view(view)))) for view in lists.views(uow, actor)]


@blueprint.get("/cases/views")
def ask_view() -> page.Answer:
    """The views that one has, and the question of the address to be kept as another one."""
    with page.reading() as (uow, actor):
        return _view_page(uow, actor, ())


@blueprint.post("/cases/views")
def save_view() -> page.Answer:
    """Keep a question under a name."""
    wanted, name, role = _question(request.form), request.form.get("name", ""), request.form.get("role") or None
    try:
        page.act(lambda uow, actor: lists.save(uow, actor, name, wanted, role))
    except Invalid as error:
        with page.reading() as (uow, actor):
            return _view_page(uow, actor, error.errors)
    return page.go(_address(lists.asked(wanted)), say("Kept. You find it above the list."))


@blueprint.post("/cases/views/<view_id>/removal")
def remove_view(view_id: str) -> AnyResponse:
    """Forget a view of one's own."""
    gone = page.act(lambda uow, actor: inbox_views.remove(uow, actor, view_id))
    return page.go(url_for("all_cases.ask_view"), say("“{name}” was removed.", name=gone.name))


def _view_page(uow: UnitOfWork, actor: Actor, errors: tuple[FieldError, ...]) -> Response:
    wanted = _question(request.values)
    values: dict[str, Any] = {**_around(uow, actor, wanted), "asked": wanted, "roles": inbox_views.shareable(uow, actor)}
    values |= {"given": request.form, "wrong": fields.errors_by_path(errors)}
    values["errors"] = [(fields.field_id(one.path), one.message) for one in errors]
    return page.render("board/views.html", uow, actor, here="cases", status=422 if errors else 200, **values)


@blueprint.post("/cases/file")
def export() -> AnyResponse:
    """The list as a CSV file."""
    wanted = _question(request.form)
    text = page.act(lambda uow, actor: exports.cases(uow, actor, wanted))
    answer = make_response(f"\N{ZERO WIDTH NO-BREAK SPACE}{text}".encode())
    answer.mimetype = "text/csv"
    answer.headers["Content-Disposition"] = f"attachment; filename=cases-{clock.now():%Y-%m-%d}.csv"
    answer.headers["Cache-Control"] = "no-store"
    return answer
