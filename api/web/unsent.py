"""What was sent from a page whose sign-in had run out: kept for whom the page was made for, and for nobody else.

Without script nothing else keeps what was typed. The page says for which sign-in it was made (`auth.mark`), which nobody
can make up; so the words of a task become that person's draft, sealed like every draft, and are there after they sign in.
What is typed beside tasks (an entry of a panel, a case to be opened) stays on the page, to be sent from there once they are
signed in again. Nothing is completed. It stands in no address, no cookie and no log, and whoever signs in instead does not
see it.
"""

from __future__ import annotations

from flask import Response, flash, make_response, redirect, render_template, request, url_for

from api import auth
from api.auth import Session
from api.web import drafting, task
from engine.language import say
from engine.model.errors import ParleyError, PreconditionFailed

#: the forms of tasks, and those that stay on the page
_TASKS = frozenset({"task.complete"})
_BESIDE = frozenset({"panels.add", "panels.change", "panels.release", "opening.send"})


def rescue() -> Response | None:
    """The answer to a form that came too late; None when nothing says whose it is, or it cannot be kept."""
    if request.endpoint in _BESIDE:
        return _beside()
    if request.endpoint not in _TASKS or request.view_args is None:
        return None
    task_id = str(request.view_args["task_id"])
    owner = auth.marked(task_id, request.form.get("_whose", ""))
    if owner is None:
        return None
    try:
        if auth.credentials() == owner:
            return task.offer_again(task_id)
        return _kept(owner, task_id)
    except PreconditionFailed:
        return _shown_again()
    except ParleyError:
        return None  # it may not be kept: whoever asks is told what is told to everybody


def _kept(owner: Session, task_id: str) -> Response:
    drafting.keep_of(owner.account_id, owner.epoch, task_id)
    files = any(given.filename for given in request.files.values())
    if auth.signed_in():
        flash(say("The page was opened by somebody else, who signed out. What was typed there is kept for them."), "wrong")
        target = url_for("inbox.show")
    else:
        told = say("Your sign-in had run out. What you typed is kept, but was not sent: sign in to go on.")
        flash(f"{told} {say('Files have to be chosen again.')}" if files else told, "wrong")
        target = url_for("session.sign_in", next=url_for("task.show", task_id=task_id, mode=request.form.get("_mode") or None))
    return _unstored(make_response(redirect(target, 303)))


def _beside() -> Response | None:
    owner, now = auth.marked(request.path, request.form.get("_whose", "")), auth.credentials()
    if owner is None:
        return None
    if now is not None and now != owner:
        flash(say("Somebody else opened that page, so nothing was sent. What was typed is there when they go back to it."), "wrong")
        return _unstored(make_response(redirect(url_for("inbox.show"), 303)))
    return _shown_again(beside=True, ready=now is not None)


def _shown_again(*, beside: bool = False, ready: bool = False) -> Response:
    """The words stay on the page, to be sent again: `ready` when somebody is signed in again, else after signing in beside it."""
    typed = [(name, value) for name, value in request.form.items(multi=True) if name != auth.FIELD]
    files = any(given.filename for given in request.files.values())
    values = {"typed": typed, "beside": beside, "ready": ready, "files": files}
    return _unstored(make_response(render_template("session/again.html", **values), 409))


def _unstored(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "no-store"
    return answer
