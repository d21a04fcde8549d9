"""Errors as pages, in plain words: what happened, what was kept, what to do."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, make_response, redirect, render_template, request, url_for

from api.errors import CrossSite
from api.web import page, unsent
from engine.language import noted
from engine.model.errors import NotFound, NotSignedIn, ParleyError


@dataclass(frozen=True, slots=True)
class Words:
    """A page about one kind of error. `what` is said when the error brings no sentence of its own."""

    title: str
    what: str
    kept: str
    do: str


_UNCHANGED = noted("Nothing was changed.")
_OWN_SIDE = noted(Words(
    "Something went wrong on our side",
    "The page could not be made. It is not your fault.",
    "What was confirmed before is kept; what you just sent was not stored.",
    "Try again in a minute. If it stays, tell the people who run this system, with the time it happened.",
))
_NOTHING_HERE = noted(Words(
    "There is nothing here",
    "There is nothing at this address that you may see. It may have ended, or the link may be mistyped.",
    _UNCHANGED,
    "Look for it in your inbox.",
))
_UNREADABLE = noted(Words("That could not be read", "", _UNCHANGED, "Go back, reload the page and try again."))
_PAGES = noted({
    403: Words("You may not do that", "", _UNCHANGED, "If it has to be done, ask somebody whose role it is."),
    404: _NOTHING_HERE,
    405: Words("That does not work this way", "", _UNCHANGED, "Use the buttons on the page."),
    409: Words("Somebody was faster", "", "What you sent was not stored; nothing broke.", "Look at it as it is now, then decide again."),
    412: Words("This changed in the meantime", "", _UNCHANGED, "Reload the page and look again."),
    413: Words(
        "That is too large", "",
        "None of it was stored. A draft that was kept before is still there.",
        "Go back to the page you came from: choose a smaller file there, such as a picture taken in a lower quality, "
        "or send several one by one.",
    ),
    415: Words("That kind of file does not work here", "", _UNCHANGED, "Use the form on the page."),
    422: Words("Some of it cannot be accepted", "", _UNCHANGED, "Go back, correct it and send it again."),
    429: Words("Too many attempts", "", _UNCHANGED, "Wait a few minutes, then try again."),
})


def error_page(error: ParleyError, status: int) -> Response:
    """The page for an error; whoever is not signed in is sent to sign in and back."""
    if isinstance(error, NotSignedIn | CrossSite) and (kept := unsent.rescue()) is not None:
        return kept
    if isinstance(error, NotSignedIn):
        return _to_sign_in()
    words = _OWN_SIDE if status >= 500 else _PAGES.get(status, _UNREADABLE)
    message = words.what if status >= 500 or isinstance(error, NotFound) else error.message
    values = {"words": words, "message": message, "details": _details(error), "number": status}
    if status >= 500:
        # Whatever failed may fail again: no second look at the store.
        return make_response(render_template("errors/error.html", **values), status)
    return page.render_for_anybody("errors/error.html", status=status, **values)


def _details(error: ParleyError) -> tuple[str, ...]:
    found = getattr(error, "errors", ())
    return tuple(dict.fromkeys(one.message for one in found if one.message != error.message))


def _to_sign_in() -> Response:
    if request.headers.get("HX-Request"):
        return Response(status=401, headers={"HX-Redirect": url_for("session.sign_in")})
    target = request.full_path.rstrip("?") if request.method == "GET" and request.path != "/" else None
    answer = make_response(redirect(url_for("session.sign_in", next=target), 303))
    answer.headers["Cache-Control"] = "no-store"
    return answer
