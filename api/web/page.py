"""How every page is made: the unit of work and the actor it runs with, the frame around it, redirects and messages.

A view opens one unit of work (`reading` or `act`), asks operations, and answers with `render` or `go`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from flask import Response, after_this_request, flash, g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from api import auth
from api.running import running
from api.web import speech
from engine.language import say, told
from engine.model.access import Actor
from engine.model.errors import ParleyError, StaleVersion
from engine.operations import me
from engine.operations.cases import openings
from engine.operations.me import Me
from engine.operations.tasks import task_lists
from engine.store import UnitOfWork

_log = logging.getLogger(__name__)
T = TypeVar("T")
#: how often an act is tried that loses a race
_TRIES = 4
Answer = Response | AnyResponse | str


@dataclass(frozen=True, slots=True)
class Room:
    """One entry of the navigation. `number` is what waits there; 0 shows none."""

    key: str
    label: str
    href: str
    icon: str
    number: int = 0


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around the content of a page."""

    person: str
    program: str
    zone: str
    roles: tuple[str, ...]
    rooms: tuple[Room, ...]
    acts: frozenset[str]


@contextmanager
def reading() -> Iterator[tuple[UnitOfWork, Actor]]:
    """A unit of work that only reads, with the signed-in actor. Raises NotSignedIn."""
    with running().reading() as uow:
        yield uow, _actor(uow)


def _actor(uow: UnitOfWork) -> Actor:
    """The signed-in actor, in whose language everything is said from here on."""
    return speech.of_actor(auth.current_actor(uow))


def act(work: Callable[[UnitOfWork, Actor], T]) -> T:
    """Do something for the signed-in actor in one transaction.

    When somebody else was faster it is tried again from the start, so that an act that still makes sense succeeds.
    Raises StaleVersion when it lost every time, and whatever `work` raises.
    """
    for _ in range(_TRIES - 1):
        try:
            return _once(work)
        except StaleVersion:
            continue
    return _once(work)


def _once(work: Callable[[UnitOfWork, Actor], T]) -> T:
    with running().unit_of_work() as uow:
        done = work(uow, _actor(uow))
        uow.commit()
    return done


def opens(uow: UnitOfWork, actor: Actor, case_id: str) -> None:
    """Note that this page shows the actor something of a case, once it is made: its participants are told in which roles that was."""
    new = openings.roles_to_note(uow, actor, case_id)

    def note(answer: Response) -> Response:
        act(lambda uow, actor: openings.note(uow, actor, case_id, new))
        return answer

    if new:
        after_this_request(note)


def rehearse(work: Callable[[UnitOfWork, Actor], T]) -> T:
    """What `act` would give, without anything of it being kept."""
    with running().unit_of_work() as uow:
        return work(uow, _actor(uow))


def frame(uow: UnitOfWork, actor: Actor) -> Frame:
    """The frame for an actor: only rooms that they may use."""
    waiting = task_lists.counts(uow, actor)  # first: it brings what the rest asks for
    who = me.get(uow, actor)
    g.zone = ZoneInfo(who.timezone)
    return Frame(who.name, who.program, who.timezone, who.roles, _rooms(actor, who, waiting["mine"]), who.acts)


def _rooms(actor: Actor, who: Me, mine: int) -> tuple[Room, ...]:
    rooms = [Room("inbox", say("Inbox"), url_for("inbox.show"), "inbox", mine)]
    if "case.list" in who.acts:
        rooms.append(Room("board", say("Board"), url_for("board.show"), "board"))
    if who.reads_figures:
        rooms.append(Room("figures", say("Figures"), url_for("figure_pages.show"), "chart"))
    if who.sees_cases:
        rooms.append(Room("cases", say("Cases"), url_for("all_cases.show"), "case"))
    if actor.administrator or "person.manage" in who.acts:
        rooms.append(Room("people", say("People"), url_for("people.show"), "people"))
    if "wall.manage" in who.acts:
        rooms.append(Room("walls", say("Walls"), url_for("keeping.show"), "lock"))
    if actor.administrator or "definition.view" in who.acts:
        rooms.append(Room("studio", say("Procedures"), url_for("studio.show"), "flow"))
    return tuple(rooms)


def render(template: str, uow: UnitOfWork, actor: Actor, *, status: int = 200, here: str = "", **values: Any) -> Response:
    """A page for a signed-in actor. `here` is the key of the room it belongs to."""
    answer = make_response(render_template(template, frame=frame(uow, actor), here=here, actor=actor, **values), status)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def render_for_anybody(template: str, *, status: int = 200, **values: Any) -> Response:
    """A page that needs nobody to be signed in; with the frame when somebody is."""
    if auth.signed_in():
        try:
            with reading() as (uow, actor):
                return render(template, uow, actor, status=status, **values)
        except ParleyError as error:
            _log.info("a page is shown without its frame: %s", error.code)
    return make_response(render_template(template, **values), status)


def go(href: str, said: str | None = None, *, tone: str = "done") -> AnyResponse:
    """Answer a form post that went well: go to a page, which says once what happened. `tone` is done or wrong."""
    if said:
        flash(told(said), tone)
    return redirect(href, 303)


def inside(target: str, otherwise: str) -> str:
    """An address on this site; `otherwise` for anything else, so that no link leads away from here."""
    fits = target.startswith("/") and not target.startswith("//") and "\\" not in target and target.isprintable()
    return target if fits else otherwise


def here() -> str:
    """The address of the page shown now, for an act that leads back to it."""
    return request.full_path.rstrip("?")


def back(otherwise: str) -> str:
    """Where an act was begun, as its address or form carries it; `otherwise` when it does not say."""
    return inside(request.values.get("back", ""), otherwise)


def cursor() -> str | None:
    """Where the asked page of a list begins."""
    return request.args.get("cursor") or None


def more(next_cursor: str | None) -> str:
    """The address of the next page of the list shown now."""
    arguments: dict[str, Any] = {key: value for key, value in request.args.items() if key != "cursor"}
    arguments |= request.view_args or {}
    return url_for(request.endpoint or "", cursor=next_cursor, **arguments)
