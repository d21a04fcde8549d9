"""The room where a form of a change is built, field by field, without script and without JSON, with its live preview."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from api.web import page
from api.web.studio import form_asking, form_preview
from api.web.studio.changes import ROOMS
from engine.forms import editing, sniffing
from engine.language import say
from engine.model.access import Actor
from engine.model.errors import Invalid
from engine.model.packs import ValueType
from engine.model.states import ChangeState
from engine.operations.drafting import changes, form_changes, pack_changes
from engine.operations.drafting.form_changes import FormFile
from engine.store import UnitOfWork

blueprint = Blueprint("form_room", __name__, url_prefix="/procedures/changes/<change_id>")

ROOMS["form"] = ("form_room.show", "Build")


@blueprint.get("/form/<path:name>")
def show(change_id: str, name: str) -> page.Answer:
    """The form's fields in order, what it looks like, what is wrong with it, and where it is used."""
    with page.reading() as (uow, actor):
        return _form_page(uow, actor, change_id, name)


def _form_page(uow: UnitOfWork, actor: Actor, change_id: str, name: str, wrong: Invalid | None = None) -> Response:
    found = form_changes.get(uow, actor, change_id, name)
    values = {"sections": form_preview.sections(found.form), "rows": form_asking.rows(found.raw), "types": [str(one) for one in ValueType]}
    return _render(uow, actor, change_id, "form", found, wrong, **values)


def _render(
    uow: UnitOfWork, actor: Actor, change_id: str, template: str, found: FormFile, wrong: Invalid | None, **values: Any
) -> Response:
    change = changes.get(uow, actor, change_id)
    values |= {
        "change": change,
        "found": found,
        "name": found.file.name,
        "errors": _errors(wrong),
        "may_draw": change.state is ChangeState.DRAWING and changes.may_draw(uow, actor),
        "kinds": form_asking.KINDS,
        "classes": form_asking.classes(uow, actor, change_id),
    }
    return page.render(f"studio/{template}.html", uow, actor, here="studio", status=422 if wrong else 200, **values)


def _errors(wrong: Invalid | None) -> list[tuple[str | None, str]]:
    """(id of the input, sentence) of what cannot be accepted."""
    named: list[tuple[str | None, str]] = [(f"f-{one.path.lstrip('/')}", one.message) for one in wrong.errors] if wrong else []
    return named or ([(None, wrong.message)] if wrong else [])


@blueprint.get("/form-fields/<path:name>")
def field(change_id: str, name: str) -> page.Answer:
    """One field (`?field=`), or a new one (`?in=`, `?kind=`)."""
    with page.reading() as (uow, actor):
        return _field_page(uow, actor, change_id, name, request.args)


def _field_page(
    uow: UnitOfWork, actor: Actor, change_id: str, name: str, given: Mapping[str, str], wrong: Invalid | None = None
) -> Response:
    found = form_changes.get(uow, actor, change_id, name)
    path, outer = given.get("field", ""), given.get("in", "")
    entry = form_changes.part(found.raw, path) if path else None
    kind = editing.kind_of(entry) if isinstance(entry, Mapping) else given.get("kind", "text")
    now = form_asking.edit_from(given, kind, lenient=True) if wrong else editing.edit_of(found.raw, path) if path else _new(kind)
    values: dict[str, Any] = {
        "path": path,
        "outer": outer or path.rpartition(".")[0],
        "kind": kind,
        "edit": now,
        "was": given.get("was") or pack_changes.mark(entry),
        "new_name": given.get("name", ""),
        "choices": form_asking.as_lines(now),
        "earlier": form_asking.earlier(found.raw, path, outer),
        "editing": editing,
        "file_kinds": sniffing.KINDS,
    }
    return _render(uow, actor, change_id, "form_field", found, wrong, **values)


def _new(kind: str) -> editing.Edit:
    return editing.Edit("", cls=form_asking.class_of_new(kind))


def _added(data: bytes, given: Mapping[str, str], kind: str, edit: editing.Edit) -> bytes:
    outer = given.get("in", "")
    name = given.get("name", "").strip() or form_asking.name_of(edit.title, editing.raw(data), outer)
    return editing.add(data, outer, kind, name, edit)


@blueprint.post("/form-fields/<path:name>")
def save_field(change_id: str, name: str) -> page.Answer:
    """Save one field, or add it."""
    given = request.form
    path, kind = given.get("field", ""), given.get("kind", "text")
    try:
        edit = form_asking.edit_from(given, kind)
        if path:
            _edited(change_id, name, path, lambda data: editing.change(data, path, edit))
        else:
            _edited(change_id, name, "", lambda data: _added(data, given, kind, edit))
    except Invalid as wrong:
        with page.reading() as (uow, actor):
            return _field_page(uow, actor, change_id, name, given, wrong)
    return page.go(url_for("form_room.show", change_id=change_id, name=name), say("Saved."))


@blueprint.post("/form-order/<path:name>")
def order(change_id: str, name: str) -> AnyResponse:
    """Move a field (`act` up or down) or drop it (`remove`)."""
    path, act = request.form.get("field", ""), request.form.get("act", "")
    works: dict[str, Callable[[bytes], bytes]] = {
        "up": lambda data: editing.move(data, path, -1),
        "down": lambda data: editing.move(data, path, 1),
        "remove": lambda data: editing.remove(data, path),
    }
    if act in works:
        _edited(change_id, name, path, works[act])
    said = {"remove": say("The field was dropped.")}.get(act)
    return page.go(url_for("form_room.show", change_id=change_id, name=name, _anchor=f"field-{path}"), said)


@blueprint.post("/form-words/<path:name>")
def describe(change_id: str, name: str) -> page.Answer:
    """Another title and introduction, a derived fact (`derived`), or what is read first (`reading`)."""
    given = request.form
    try:
        if "derived" in given:
            kind, text = given.get("type", "string"), given.get("expression", "")
            _edited(change_id, name, "", lambda data: editing.derive(data, given.get("derived", "").strip(), kind, text))
        elif "reading" in given:
            _edited(change_id, name, "", lambda data: editing.read_first(data, given.getlist("reads")))
        else:
            _edited(change_id, name, "", lambda data: editing.describe(data, given.get("title", ""), given.get("description", "")))
    except Invalid as wrong:
        with page.reading() as (uow, actor):
            return _form_page(uow, actor, change_id, name, wrong)
    return page.go(url_for("form_room.show", change_id=change_id, name=name), say("Saved."))


@blueprint.get("/forms/new")
def ask_new(change_id: str) -> page.Answer:
    """Name a new form."""
    with page.reading() as (uow, actor):
        return _new_page(uow, actor, change_id)


def _new_page(uow: UnitOfWork, actor: Actor, change_id: str, wrong: Invalid | None = None) -> Response:
    change = changes.get(uow, actor, change_id)
    values: dict[str, Any] = {
        "change": change,
        "errors": _errors(wrong),
        "title": request.form.get("title", request.args.get("title", "")),
        "key": request.form.get("key", ""),
        "may_draw": change.state is ChangeState.DRAWING and changes.may_draw(uow, actor),
    }
    return page.render("studio/form_new.html", uow, actor, here="studio", status=422 if wrong else 200, **values)


@blueprint.post("/forms/new")
def create(change_id: str) -> page.Answer:
    """A new form; a key is made from its title unless one is given."""
    title = request.form.get("title", "")
    key = request.form.get("key", "").strip() or form_asking.key_of(title)
    try:
        saved = page.act(lambda uow, actor: form_changes.create(uow, actor, change_id, key, title))
    except Invalid as wrong:
        with page.reading() as (uow, actor):
            return _new_page(uow, actor, change_id, wrong)
    return page.go(url_for("form_room.show", change_id=change_id, name=saved.name))


def _edited(change_id: str, name: str, path: str, work: Callable[[bytes], bytes]) -> None:
    was = request.form.get("was", "") if path else ""
    page.act(lambda uow, actor: form_changes.edit(uow, actor, change_id, name, was, path, work))
