"""What is typed into the form of a panel's entry before it is sent: saved and sealed as what is typed into tasks is."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, request

from api.web import drafting, page
from engine import forms
from engine.model.access import Actor
from engine.model.errors import PreconditionFailed
from engine.model.forms import Mode
from engine.model.panel_views import EntryForm
from engine.operations import me
from engine.operations.content import entries, entry_drafts
from engine.operations.content.entries import Asked
from engine.store import UnitOfWork

blueprint = Blueprint("entry_draft", __name__)

#: a new entry of a form; about a participant, or `-`
_NEW = "/cases/<case_id>/panels/<key>/drafts/<form>/<about>"
_CHANGE = "/cases/<case_id>/panels/<key>/entries/<entry>/draft"
_Ask = Callable[[UnitOfWork, Actor], EntryForm]


@blueprint.put(_NEW)
def save_new(case_id: str, key: str, form: str, about: str) -> Response:
    """Keep what was typed so far into a new entry."""
    return _save(_new(case_id, key, form, about))


@blueprint.get(f"{_NEW}/key")
def key_new(case_id: str, key: str, form: str, about: str) -> Response:
    """What seals typed words in this browser, given out while such an entry may be added."""
    return _key(_new(case_id, key, form, about))


@blueprint.put(_CHANGE)
def save_change(case_id: str, key: str, entry: str) -> Response:
    """Keep what was typed so far into the next version of an entry."""
    return _save(lambda uow, actor: entries.form_for_change(uow, actor, case_id, key, entry))


@blueprint.get(f"{_CHANGE}/key")
def key_change(case_id: str, key: str, entry: str) -> Response:
    """What seals typed words in this browser, given out while the entry may be changed."""
    return _key(lambda uow, actor: entries.form_for_change(uow, actor, case_id, key, entry))


def _new(case_id: str, key: str, form: str, about: str) -> _Ask:
    asked = Asked(case_id, key, form, None if about == "-" else about)
    return lambda uow, actor: entries.form_for_new(uow, actor, asked)


def _save(ask: _Ask) -> Response:
    with page.reading() as (uow, actor):
        found, zone = ask(uow, actor), ZoneInfo(me.get(uow, actor).timezone)
        before = entry_drafts.get(uow, actor, found)
        answers = dict(forms.parse_html(found.form, request.form, Mode.SELF, found.writable.__contains__))
    try:
        draft = page.act(
            lambda uow, actor: entry_drafts.save(uow, actor, ask(uow, actor), answers, expected_version=drafting.began())
        )
    except PreconditionFailed:
        return drafting.elsewhere(before.at if before else None, before.version if before else 0, zone)
    return drafting.saved(draft.version, zone)


def _key(ask: _Ask) -> Response:
    with page.reading() as (uow, actor):
        return drafting.grant(ask(uow, actor).place)
