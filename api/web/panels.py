"""Panels of the case page: reading one, adding to it, changing an entry as a new version, releasing one to others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, request, url_for

from api import auth
from api.web import fields, page
from engine import clock, forms
from engine.language import say
from engine.model.access import Actor
from engine.model.errors import BadRequest, FieldError, FormInvalid, Invalid, PreconditionFailed
from engine.model.forms import Mode
from engine.model.ids import ID_LENGTH, new_id
from engine.model.panel_views import EntryForm
from engine.operations import labels, me
from engine.operations.content import entries, entry_drafts, panels
from engine.operations.content.entries import Asked
from engine.store import UnitOfWork

blueprint = Blueprint("panels", __name__)

_PATH = "/cases/<case_id>/panels/<key>"
Answers = Mapping[str, object]


@blueprint.get(_PATH)
def show(case_id: str, key: str) -> page.Answer:
    """One panel with all that the reader may read in it."""
    with page.reading() as (uow, actor):
        found = panels.page(uow, actor, case_id, key)
        page.opens(uow, actor, case_id)
        listed = [(one.key, one.title) for one in panels.all_of(uow, actor, case_id) if one.kind != "records"]
        return page.render("case/panel.html", uow, actor, here="cases", panel=found, listed=listed)


@blueprint.get(f"{_PATH}/new/<form>")
def ask(case_id: str, key: str, form: str) -> page.Answer:
    """The form for a new entry; `participant` in the address says whom it is about."""
    with page.reading() as (uow, actor):
        asked = Asked(case_id, key, form, request.args.get("participant"))
        found = entries.form_for_new(uow, actor, asked)
        return _form_page(uow, actor, found, _begun(uow, actor, found), once=new_id(clock.now()))


@blueprint.post(f"{_PATH}/new/<form>")
def add(case_id: str, key: str, form: str) -> page.Answer:
    """Write an entry. Sent twice, it is written once."""
    asked = Asked(case_id, key, form, request.form.get("_about") or None)
    once = _once()
    with page.reading() as (uow, actor):
        found = entries.form_for_new(uow, actor, asked)
        answers = _posted(found)
        if _page_asked():
            return _form_page(uow, actor, found, answers, once=once)
    try:
        page.act(lambda uow, actor: entries.add(uow, actor, asked, answers, once))
    except Invalid as error:
        with page.reading() as (uow, actor):
            return _form_page(uow, actor, found, answers, error=error, once=once)
    return page.go(url_for("panels.show", case_id=case_id, key=key), say("Kept: {what}", what=found.form.title))


@blueprint.get(f"{_PATH}/entries/<entry>/change")
def ask_change(case_id: str, key: str, entry: str) -> page.Answer:
    """An entry's form with what it says now."""
    with page.reading() as (uow, actor):
        found = entries.form_for_change(uow, actor, case_id, key, entry)
        return _form_page(uow, actor, found, _begun(uow, actor, found))


@blueprint.post(f"{_PATH}/entries/<entry>/change")
def change(case_id: str, key: str, entry: str) -> page.Answer:
    """Write the next version of an entry."""
    began = request.form.get("_entry", "")
    version = int(began) if began.isdecimal() and len(began) < 9 else 0
    with page.reading() as (uow, actor):
        found = entries.form_for_change(uow, actor, case_id, key, entry)
        answers = _posted(found)
        if _page_asked():
            return _form_page(uow, actor, found, answers)
    try:
        page.act(lambda uow, actor: entries.change(uow, actor, case_id, key, entry, answers, version=version))
    except (Invalid, PreconditionFailed) as error:
        with page.reading() as (uow, actor):
            return _form_page(uow, actor, found, answers, error=error)
    return page.go(url_for("panels.show", case_id=case_id, key=key), say("Kept as a new version. What stood before can still be read."))


@blueprint.get(f"{_PATH}/entries/<entry>/release")
def ask_release(case_id: str, key: str, entry: str) -> page.Answer:
    """Ask before an entry is opened to others: staff for the participant's permission, participants just once more."""
    with page.reading() as (uow, actor):
        found = entries.form_for_release(uow, actor, case_id, key, entry)
        if found is None:
            shown = panels.page(uow, actor, case_id, key)
            one = next(one for one in shown.entries if one.id == entry)
            return page.render("case/panel_release.html", uow, actor, here="cases", panel=shown, entry=one)
        return _form_page(uow, actor, found, _fresh(uow, actor, found), releasing=True)


@blueprint.post(f"{_PATH}/entries/<entry>/release")
def release(case_id: str, key: str, entry: str) -> page.Answer:
    """Open an entry to others."""
    with page.reading() as (uow, actor):
        found = entries.form_for_release(uow, actor, case_id, key, entry)
        answers = _posted(found) if found is not None else {}
    try:
        page.act(lambda uow, actor: entries.release(uow, actor, case_id, key, entry, answers))
    except Invalid as error:
        assert found is not None, "who releases what is theirs fills in nothing"
        with page.reading() as (uow, actor):
            return _form_page(uow, actor, found, answers, error=error, releasing=True)
    return page.go(url_for("panels.show", case_id=case_id, key=key), say("Released. The others on the case can read it from now on."))


def _once() -> str | None:
    """The name of the act that the page was made with; a page without one cannot tell a second press from a second entry."""
    given = request.form.get("_once", "")
    if not given:
        return None
    if len(given) != ID_LENGTH or set(given) - set("0123456789abcdef"):
        raise BadRequest(say("This page is damaged. Reload it and try again."))
    return given


def _page_asked() -> bool:
    """Whether the page is wanted again and nothing kept: with other rows, or with what the browser had kept."""
    return any(name in request.form for name in ("_add", "_remove", "_restore"))


def _begun(uow: UnitOfWork, actor: Actor, found: EntryForm) -> Answers:
    """What the form begins with: what was typed and not sent, else what it says now."""
    draft = entry_drafts.get(uow, actor, found)
    if draft is not None and isinstance(draft.body, dict):
        return draft.body
    return found.answers if found.version else _fresh(uow, actor, found)


def _draft_address(found: EntryForm, entry: str) -> str:
    if entry:
        return url_for("entry_draft.save_change", case_id=found.case_id, key=found.panel, entry=entry)
    about = found.participant.participant_id if found.participant else "-"
    return url_for("entry_draft.save_new", case_id=found.case_id, key=found.panel, form=found.form.key, about=about or "-")


def _posted(found: EntryForm) -> dict[str, object]:
    return dict(forms.parse_html(found.form, request.form, Mode.SELF, found.writable.__contains__))


def _fresh(uow: UnitOfWork, actor: Actor, found: EntryForm) -> Answers:
    who = me.get(uow, actor)
    now = clock.now().astimezone(ZoneInfo(who.timezone))
    return forms.initial(found.form, now=now, actor=who.name, mode=Mode.SELF, writable=found.writable.__contains__)


def _with_rows(answers: Answers) -> tuple[Answers, dict[str, int]]:
    """The answers with one row more, or one less, of a repeat; for pages without script."""
    added, removed = request.form.get("_add"), request.form.get("_remove", "")
    if added:
        given = answers.get(added)
        return answers, {added: (len(given) if isinstance(given, list) else 0) + 1}
    name, _, number = removed.rpartition("-")
    rows = answers.get(name)
    if not isinstance(rows, list) or not number.isdecimal():
        return answers, {}
    return {**answers, name: [row for n, row in enumerate(rows) if n != int(number)]}, {}


def _form_page(
    uow: UnitOfWork,
    actor: Actor,
    found: EntryForm,
    answers: Answers,
    *,
    error: Invalid | PreconditionFailed | None = None,
    once: str | None = None,
    releasing: bool = False,
) -> Response:
    answers, least = _with_rows(answers)
    may_write = found.writable.__contains__
    errors, stale = _errors(error), isinstance(error, PreconditionFailed)
    draft = entry_drafts.get(uow, actor, found)
    offered = forms.offered_fields(found.form, Mode.SELF, may_write)
    filled = fields.Filled(
        values=answers,
        errors=fields.errors_by_path(errors),
        choices={},
        labels=dict(found.class_labels),
        applying=frozenset(one.name for one in forms.visible_fields(found.form, answers, Mode.SELF, may_write)),
        least_rows=least,
    )
    values: dict[str, Any] = {
        "asked": found,
        "sections": fields.sections(found.form, offered, filled),
        "errors": fields.summary(found.form, errors),
        "once": once,
        "releasing": releasing,
        "chosen": request.form.get("_about") or request.args.get("participant") or "",
        # Whoever was told of another version, and sends it again, means to.
        "version": found.version if stale else request.form.get("_entry") or found.version,
        "draft": "" if releasing else _draft_address(found, (request.view_args or {}).get("entry", "")),
        "draft_version": draft.version if draft else 0,
        "restored": "_restore" in request.form,
        "whose": auth.mark(request.path),
        "elsewhere": labels.labelled(found.form, found.answers) if stale else (),
    }
    status = 200 if error is None else 412 if stale else 422
    return page.render("case/panel_form.html", uow, actor, here="cases", status=status, **values)


def _errors(error: Invalid | PreconditionFailed | None) -> tuple[FieldError, ...]:
    if error is None:
        return ()
    if isinstance(error, FormInvalid):
        return error.errors
    return (FieldError("", error.code, error.message),)
