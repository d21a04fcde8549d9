"""Mail that a demonstration would have sent, for everybody at this machine; a real system's mail, for its administrators."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, url_for
from werkzeug.wrappers import Response as AnyResponse

from api.running import running
from api.web import page
from engine.language import noted, say
from engine.model.telling import MailState
from engine.operations.mail import outgoing

blueprint = Blueprint("outgoing", __name__)

STATES = {
    MailState.WAITING: noted("Waits"),
    MailState.SENT: noted("Sent"),
    MailState.DROPPED: noted("Not needed any more"),
    MailState.FAILED: noted("Could not be sent"),
}
#: what keeps mail from being sent, by the code of engine.jobs
REASONS = {
    "mail-server": noted("The mail server could not be reached or broke off."),
    "mail-tls": noted("The mail server offers no safe connection."),
    "mail-sign-in": noted("The mail server refused the sign-in."),
    "mail-refused": noted("The mail server refused the address."),
    "too-late": noted("It could not be sent in time."),
    "no-place": noted("This system does not know under which address people reach it."),
    "no-address": noted("The address is no mail address."),
}


@blueprint.get("/outgoing-mail")
def show() -> page.Answer:
    """Mail, newest first."""
    values: dict[str, Any] = {"states": STATES, "reasons": REASONS}
    if running().config.local:
        with running().reading() as uow:
            lines = outgoing.kept(uow, cursor=page.cursor())
        return page.render_for_anybody("telling/outgoing.html", lines=lines, local=True, **values)
    with page.reading() as (uow, actor):
        lines = outgoing.list_(uow, actor, cursor=page.cursor())
        waits = running().config.mail is None
        return page.render("telling/outgoing.html", uow, actor, here="people", lines=lines, local=False, waits=waits, **values)


@blueprint.post("/outgoing-mail/<mail_id>/retry")
def retry(mail_id: str) -> AnyResponse:
    """Send a mail that was given up once more."""
    page.act(lambda uow, actor: outgoing.retry(uow, actor, mail_id))
    return page.go(url_for("outgoing.show"), say("It is sent once more."))
