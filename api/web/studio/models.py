"""Models as pages: files that are kept outside changes, in folders; imported, renamed, copied, and taken into a change."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from api.web import page
from api.web.studio import arriving
from api.web.studio.changes import KINDS, room
from engine.language import say, told
from engine.model.access import Actor
from engine.model.deployments import Model
from engine.model.errors import Invalid, ModelRefused
from engine.model.states import ChangeState
from engine.operations import bundles, naming
from engine.operations.drafting import changes, models
from engine.store import UnitOfWork

blueprint = Blueprint("model_folders", __name__, url_prefix="/procedures/models")


@blueprint.get("")
def show() -> page.Answer:
    """The models by folder; those of one folder where `folder` names it."""
    with page.reading() as (uow, actor):
        return _list_page(uow, actor)


def _list_page(uow: UnitOfWork, actor: Actor, wrong: Invalid | None = None) -> Response:
    folder = request.args.get("folder")
    found = models.list_(uow, actor, folder=folder, cursor=page.cursor())
    values: dict[str, Any] = {
        "folder": folder,
        "folders": models.folders(uow, actor),
        "suggested": _suggested(uow, actor),
        "lines": [(model, say(KINDS[bundles.kind(model.name)]), naming.of_person(uow, model.changed_by)) for model in found.items],
        "next": found.next,
        "errors": _errors(wrong),
        "may_draw": changes.may_draw(uow, actor),
    }
    return page.render("studio/models.html", uow, actor, here="studio", status=422 if wrong else 200, **values)


def _suggested(uow: UnitOfWork, actor: Actor) -> list[str]:
    """Folders that are there, and one for each pack."""
    there = [name for name, _ in models.folders(uow, actor) if name]
    return list(dict.fromkeys([*there, *(title for _, title in changes.packs(uow, actor))]))


def _errors(wrong: Invalid | None) -> list[tuple[str, str]]:
    if isinstance(wrong, ModelRefused):
        return [("files", f"{one.file}: {told(one.message)}") for one in wrong.problems]
    return [(error.path.lstrip("/"), error.message) for error in wrong.errors] if wrong else []


@blueprint.post("")
def import_() -> page.Answer:
    """Keep files, or what a .zip holds; all or none."""
    files, folder = arriving.unpacked(request.files.getlist("files")), request.form.get("folder", "")
    try:
        made = page.act(lambda uow, actor: models.import_many(uow, actor, files, folder=folder))
    except Invalid as wrong:
        with page.reading() as (uow, actor):
            return _list_page(uow, actor, wrong)
    said = say("Imported: {names}.", names=", ".join(model.name for model in made)) if made else say("Choose at least one file.")
    return page.go(url_for("model_folders.show", folder=made[0].folder if made else None), said)


@blueprint.get("/<model_id>")
def one(model_id: str) -> page.Answer:
    """One model, and what can be done with it."""
    with page.reading() as (uow, actor):
        return _model_page(uow, actor, model_id)


def _model_page(uow: UnitOfWork, actor: Actor, model_id: str, wrong: Invalid | None = None) -> Response:
    model = models.get(uow, actor, model_id)
    may_draw = changes.may_draw(uow, actor)
    drawn = changes.list_(uow, actor, (ChangeState.DRAWING,)) if may_draw else ()
    values: dict[str, Any] = {
        "model": model,
        "kind": say(KINDS[bundles.kind(model.name)]),
        "by": naming.of_person(uow, model.changed_by),
        "suggested": _suggested(uow, actor),
        "changes": drawn,
        "errors": _errors(wrong),
        "may_draw": may_draw,
    }
    return page.render("studio/model.html", uow, actor, here="studio", status=422 if wrong else 200, **values)


@blueprint.get("/<model_id>/file")
def download(model_id: str) -> Response:
    """The file, byte for byte as it was imported."""
    with page.reading() as (uow, actor):
        model = models.get(uow, actor, model_id)
    answer = Response(model.content, mimetype="application/octet-stream")
    answer.headers.set("Content-Disposition", "attachment", filename=model.name.rpartition("/")[2])
    answer.headers["Content-Security-Policy"] = "sandbox"
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.post("/<model_id>/description")
def describe(model_id: str) -> page.Answer:
    """Another name or folder."""
    name, folder = request.form.get("name", ""), request.form.get("folder", "")
    return _acted(model_id, lambda uow, actor: models.change(uow, actor, model_id, name=name, folder=folder), say("Saved."))


@blueprint.post("/<model_id>/copies")
def copy(model_id: str) -> page.Answer:
    """The model once more, under another name."""
    name = request.form.get("name", "")
    return _acted(model_id, lambda uow, actor: models.copy(uow, actor, model_id, name), say("{name} is a copy.", name=name.strip()))


def _acted(model_id: str, act: Any, said: str) -> page.Answer:
    try:
        model: Model = page.act(act)
    except Invalid as wrong:
        with page.reading() as (uow, actor):
            return _model_page(uow, actor, model_id, wrong)
    return page.go(url_for("model_folders.one", model_id=model.id), said)


@blueprint.post("/<model_id>/removal")
def delete(model_id: str) -> AnyResponse:
    """Drop the model."""
    page.act(lambda uow, actor: models.delete(uow, actor, model_id))
    return page.go(url_for("model_folders.show"), say("The model was deleted. What was taken into a change or deployed stays."))


@blueprint.post("/<model_id>/taking")
def take(model_id: str) -> AnyResponse:
    """Take the model into a change, and go on there."""
    change_id = request.form.get("change", "")
    name = page.act(lambda uow, actor: models.take(uow, actor, model_id, change_id))
    return page.go(room(change_id, name, bundles.kind(name)), say("{name} is part of this change now.", name=name))
