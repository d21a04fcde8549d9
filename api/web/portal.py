"""The room of participants without an account: a link or a code, then their own tasks. Small pages that need no script.

A visit is a cookie with the id of the key that opened it, nothing else; no page outside of this room and no REST route
knows it. Everything that opens nothing (any more) answers with one and the same page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, g, make_response, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from api import auth
from api.errors import status_of
from api.running import running
from api.web import page, speech
from engine import language
from engine.language import say
from engine.model.errors import Invalid, LinkGone, ParleyError, StaleVersion, TooLarge, TooManyAttempts
from engine.operations.cases import portal
from engine.operations.cases.portal import Visit
from engine.operations.people import link_requests, portal_keys
from engine.store import UnitOfWork

blueprint = Blueprint("portal", __name__, url_prefix="/portal")
T = TypeVar("T")
_TRIES = 4
#: where the session keeps how a visit came to its end with the visitor's part in the case: sent, answered, ended
_ENDED = "ended"
#: what another link leads to, which is told of that link alone
_WITH_SECRET = frozenset({"portal.ask_to_enter", "portal.enter"})
#: characters of a mail address or a case's number that somebody types
_LONGEST = 200


@blueprint.get("")
def show() -> page.Answer:
    """What waits for the visitor and where the case stands; without a visit, where to type a code."""
    if auth.visited_key() is None:
        return render("portal/code.html", errors=(), ended=session.get(_ENDED, ""))
    with visiting() as (uow, visit):
        return render("portal/home.html", visit=visit, home=portal.home(uow, visit))


@blueprint.post("")
def type_code() -> page.Answer:
    """Open a visit with a code that was read out."""
    try:
        return _open(portal_keys.cleaned(request.form.get("code", "")))
    except LinkGone:
        message = say("This code does not work. Check it, or ask for a new one.")
        return render("portal/code.html", status=422, errors=(("code", message),), ended="")


@blueprint.get("/link")
def ask_for_link() -> Response:
    """Where to ask for a new link, without a working one."""
    return render("portal/link.html", email="", number="", errors=())


@blueprint.post("/link")
def send_link() -> page.Answer:
    """Ask for it. The answer tells nobody whether the address is known."""
    email, number = (request.form.get(name, "").strip()[:_LONGEST] for name in ("email", "number"))
    if "@" not in email:
        errors = (("email", say("Enter the mail address that the program has of you, such as name@example.org.")),)
        return render("portal/link.html", status=422, email=email, number=number, errors=errors)
    with running().unit_of_work() as uow:
        link_requests.ask(uow, email, number, request.remote_addr or "")
        uow.commit()
    return page.go(url_for("portal.link_asked"))


@blueprint.get("/link/asked")
def link_asked() -> Response:
    """What is told to everybody who asked."""
    return render("portal/asked.html")


@blueprint.get("/enter/<secret>")
def ask_to_enter(secret: str) -> page.Answer:
    """A link only shows a button: programs that look at mail follow links, and must not use them up."""
    auth.guessing()
    try:
        with running().reading() as uow:
            portal_keys.usable(uow, secret)
    except LinkGone:
        auth.guessed_wrong()
        raise
    return render("portal/enter.html", secret=secret)


@blueprint.post("/enter/<secret>")
def enter(secret: str) -> AnyResponse:
    """Open the visit. The same button pressed twice leads to the visit that the first press opened."""
    return _open(secret)


def _open(secret: str) -> AnyResponse:
    auth.guessing()
    spoken = speech.chosen()
    try:
        with running().unit_of_work() as uow:
            visit = portal.begin(uow, secret)
            uow.commit()
    except LinkGone:
        if _opened_before(secret):
            return page.go(url_for("portal.show"))
        auth.guessed_wrong()
        raise
    auth.begin_visit(visit.key.id)
    for tag in spoken or visit.actor.languages:  # what is refused before the visit is looked up speaks it too
        speech.choose(tag)
    return page.go(url_for("portal.show"))


def _opened_before(secret: str) -> bool:
    """Whether this browser's visit was opened with that secret."""
    key_id = auth.visited_key()
    if key_id is None:
        return False
    with running().reading() as uow:
        return portal.resume(uow, key_id).key.digest == portal_keys.digest(secret)


@blueprint.post("/language")
def choose_language() -> AnyResponse:
    """Read in another language, before and during a visit."""
    tag = request.form.get("language", "")
    speech.choose(tag)
    if auth.visited_key() is not None:
        with suppress(Invalid, LinkGone):  # what is no language of ours changes nothing
            act(lambda uow, visit: portal.choose_language(uow, visit, tag))
    return page.go(_inside(request.form.get("next", "")))


def _inside(target: str) -> str:
    """An address of this room; anything else becomes its first page."""
    inside = target.startswith("/portal") and "\\" not in target and "//" not in target and target.isprintable()
    return target if inside else url_for("portal.show")


@blueprint.get("/send/<name>")
def ask_to_send(name: str) -> page.Answer:
    """Ask once before something is sent that cannot be taken back, such as withdrawing. No reason is asked."""
    with visiting() as (uow, visit):
        return render("portal/send.html", visit=visit, message=portal.act(uow, visit, name))


@blueprint.post("/send/<name>")
def send(name: str) -> AnyResponse:
    """Send it. It may end the visitor's part in the case, and so this visit; pressing twice changes nothing."""
    if auth.visited_key() is None and session.get(_ENDED):
        return page.go(url_for("portal.sent"))
    act(lambda uow, visit: portal.send(uow, visit, name))
    return onward(url_for("portal.show"), "sent", say("Done. It holds from now on."))


def onward(target: str, how: str, said: str = "") -> AnyResponse:
    """Where a visitor goes after what they did; when it ended their part, to the page that says that it arrived. `how` they ended it."""
    try:
        with visiting():
            return page.go(target, said) if said else page.go(target)
    except LinkGone:
        auth.end_visit()
        session[_ENDED] = how
        return page.go(url_for("portal.sent"))


@blueprint.get("/sent")
def sent() -> Response:
    """Said when what was sent ended the visit."""
    return render("portal/left.html", how=session.get(_ENDED, "sent"))


@blueprint.post("/leave")
def leave() -> page.Answer:
    """End the visit in this browser and for good."""
    with suppress(LinkGone):
        act(portal.end)
    auth.end_visit()
    return render("portal/left.html", how="left")


@blueprint.errorhandler(ParleyError)
def wrong(error: ParleyError) -> Response:
    """Errors in this room, in its own plain words; what opens nothing says so the same way for every reason."""
    status = status_of(error)
    if isinstance(error, LinkGone):
        if _part_ended():
            return render("portal/left.html", status=410, how=session[_ENDED])
        auth.end_visit()
        return render("portal/gone.html", status=404)
    if isinstance(error, TooManyAttempts):
        return render("portal/gone.html", status=429, wait=True)
    if isinstance(error, TooLarge):
        return _too_large(error)
    return render("portal/wrong.html", status=status, message=error.message if status < 500 else "")


def _too_large(error: TooLarge) -> Response:
    """What a file that is too large leads to; the visit and its draft are as they were, and the way back is shown."""
    task_id = (request.view_args or {}).get("task_id")
    return render("portal/large.html", status=413, message=error.message, task_id=task_id if auth.visited_key() else None)


def _part_ended() -> bool:
    """Whether this browser's visit is over because its visitor no longer takes part; from then on the session says so."""
    key_id = auth.visited_key()
    if key_id is None:
        return bool(session.get(_ENDED)) and request.endpoint not in _WITH_SECRET
    with running().reading() as uow:
        ended = portal.part_ended(uow, key_id)
    if ended and request.endpoint not in _WITH_SECRET:
        auth.end_visit()
        session[_ENDED] = "ended"
        return True
    return False


@contextmanager
def visiting() -> Iterator[tuple[UnitOfWork, Visit]]:
    """A unit of work that only reads, with the visit. Raises LinkGone when there is none that holds."""
    with running().reading() as uow:
        yield uow, _visit(uow)


def act(work: Callable[[UnitOfWork, Visit], T]) -> T:
    """Do something in one transaction; when somebody else was faster it is tried again from the start."""
    for attempt in range(1, _TRIES + 1):
        try:
            with running().unit_of_work() as uow:
                done = work(uow, _visit(uow))
                uow.commit()
            return done
        except StaleVersion:
            if attempt == _TRIES:
                raise
    raise AssertionError("unreachable")


def _visit(uow: UnitOfWork) -> Visit:
    key_id = auth.visited_key()
    if key_id is None:
        raise LinkGone
    found = portal.resume(uow, key_id)
    g.zone = ZoneInfo(found.timezone)
    return portal.read_in(found, speech.of_actor(found.actor).languages)


def render(template: str, *, status: int = 200, **values: Any) -> Response:
    """A page of this room; nothing of it is kept in the browser."""
    here = request.path if request.method == "GET" and status == 200 else url_for("portal.show")
    answer = make_response(render_template(template, languages=language.names(), here=here, **values), status)
    answer.headers["Cache-Control"] = "no-store"
    return answer
