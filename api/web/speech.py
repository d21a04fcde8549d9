"""The language of a page, and the functions with which templates speak it.

A page is in the language that the signed-in person chose, else in the first that the browser asks for and we speak;
before anybody is signed in a language can be chosen for the visit, which then stands before the others.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from flask import Flask, Response, request, session
from markupsafe import Markup, escape

from api import auth
from api.web.browser_words import IN_BROWSER, in_room
from api.web.words import LANGUAGES
from engine import language
from engine.language import say, say_many
from engine.model.access import Actor
from engine.operations.people import languages
from engine.store import UnitOfWork

#: where the session keeps the language chosen for a visit
_CHOSEN = "language"


def begin(app: Flask) -> None:
    """Every page is in a language, and so is what refuses to make one."""
    language.add_texts(Path(__file__).parent / "languages")
    app.before_request(_begin)
    app.after_request(_name)
    app.teardown_request(_end)


def init_app(app: Flask) -> None:
    """Every template can speak the language of its page."""
    app.jinja_env.finalize = _told
    app.jinja_env.filters["told"] = _told
    app.jinja_env.globals.update(_=_said, _n=_said_of_many, noted=language.noted, spoken=language.current, direction=language.direction)
    app.jinja_env.globals.update(browser_words=browser_words, room_words=room_words)


def browser_words() -> dict[str, str]:
    """What browser modules say, in the page's language, by the English text; nothing in English."""
    return {} if language.current() == language.SOURCE else {text: say(text) for text in IN_BROWSER}


def room_words(room: str) -> dict[str, str]:
    """What the scripts of a room of the studio say besides, as `browser_words` gives it."""
    return {} if language.current() == language.SOURCE else {text: say(text) for text in in_room(room)}


def choose(tag: str) -> None:
    """Keep a language for this visit, whoever signs in; what is no language of ours is left alone."""
    if tag in language.names():
        session[_CHOSEN] = tag
        language.use(tag)


def readable(uow: UnitOfWork, actor: Actor) -> dict[str, str]:
    """The languages that somebody can read pages or texts of the program in: tag to what it calls itself.

    Which languages somebody speaks is another question, and asked in forms.
    """
    return {tag: (LANGUAGES | language.names()).get(tag, tag) for tag in languages.offered(uow, actor)}


def forget() -> None:
    """The visit's language no longer stands before what the person chose for good."""
    session.pop(_CHOSEN, None)


def chosen() -> tuple[str, ...]:
    """The language chosen for this visit, if any."""
    tag = session.get(_CHOSEN)
    return (tag,) if isinstance(tag, str) else ()


def of_actor(actor: Actor) -> Actor:
    """From here on the page is in the actor's language; gives the actor with the language of this visit before the others."""
    reads = replace(actor, languages=(*chosen(), *actor.languages))
    language.use(language.fitting(reads.languages))
    return reads


def _begin() -> None:
    """Each request begins in a language of its own: a program's in what it accepts, English where it says nothing."""
    asked = list(request.accept_languages.values())[:10]
    program = request.path.startswith(auth.API_PREFIX)
    language.use(language.fitting(asked if program else (*chosen(), *asked)))


def _name(answer: Response) -> Response:
    """An answer to a program says which language its sentences are in, and that others may be asked for."""
    if request.path.startswith(auth.API_PREFIX):
        answer.headers["Content-Language"] = language.current()
        answer.vary.add("Accept-Language")
    return answer


def _end(_failure: BaseException | None) -> None:
    """Nothing of a request's language is left in its thread."""
    language.use(language.SOURCE)


def _told(value: object) -> object:
    """Whatever a template writes: a sentence that was kept is told in the page's language."""
    return language.told(value) if isinstance(value, language.Kept) else value


def _said(text: str, /, **values: object) -> Markup:
    """A sentence as HTML; values that are no markup are escaped, so that what somebody typed stays text."""
    return escape(say(text)).format(**{name: _told(value) for name, value in values.items()}) if values else escape(say(text))


def _said_of_many(one: str, many: str, number: int, /, **values: object) -> Markup:
    """The sentence that goes with a number as HTML; values are escaped as those of `_said` are."""
    return escape(say_many(one, many, number, **{name: f"{{{name}}}" for name in values})).format(**values)
