"""Models: diagrams that are kept as they were drawn, executable or not."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_smorest.fields import Upload
from marshmallow import Schema, fields, validate

from api.auth import current_actor
from api.rest import edge
from api.rest.fields import Query, line, listing, text
from api.rest.uploads import contents
from api.running import running
from engine.model import deployments as values
from engine.operations import bundles
from engine.operations.drafting import models

blueprint = edge.blueprint("models", "Diagrams as their authors keep them; deploying makes them run")

_TYPES = {"bpmn": "application/xml", "dmn": "application/xml", "form": "application/json"}


class OneFile(Schema):
    """One .bpmn file, or another file of a pack."""

    files = fields.List(Upload(), required=True, validate=validate.Length(equal=1, error="Send one diagram for one model."))


class Model(Schema):
    """A model, without its diagram."""

    id = fields.String()
    name = fields.String()
    folder = fields.String(metadata={"description": "empty when it is in none"})
    content_hash = fields.String()
    revision = fields.Integer()
    created_by = fields.String(allow_none=True)
    created_at = fields.AwareDateTime()
    changed_by = fields.String(allow_none=True)
    changed_at = fields.AwareDateTime()


class Folder(Query):
    """Which models are listed."""

    folder = text(load_default=None, metadata={"description": "of this folder only; empty for those in none"})


class ModelChange(Schema):
    """Another name or folder; what is left out stays."""

    name = line(load_default=None)
    folder = text(load_default=None)


def stamp(model: values.Model) -> str:
    """What a model's ETag is made of."""
    return f"{model.id}:{model.revision}"


@blueprint.post("/models")
@blueprint.arguments(OneFile, location="files")
@blueprint.response(201, Model)
def import_(args: dict[str, Any]) -> Response:
    """Import a diagram: any well-formed BPMN, whether it can be run or not."""
    ((name, content),) = contents(args["files"]).items()
    return edge.write(Model(), lambda uow, actor: models.import_(uow, actor, name, content), status=201)


@blueprint.get("/models")
@blueprint.arguments(Folder, location="query")
@blueprint.response(200, listing(Model))
def list_(args: dict[str, Any]) -> Response:
    """Models by folder and name."""
    return edge.listed(Model(), lambda uow, actor: models.list_(uow, actor, **args))


@blueprint.patch("/models/<id:model_id>")
@blueprint.arguments(ModelChange)
@blueprint.response(200, Model)
def change(args: dict[str, Any], model_id: str) -> Response:
    """Rename a model or move it to another folder."""
    return edge.write(
        Model(),
        lambda uow, actor: models.change(uow, actor, model_id, **args),
        current=lambda uow, actor: models.get(uow, actor, model_id),
        stamp=stamp,
    )


@blueprint.delete("/models/<id:model_id>")
@blueprint.response(204)
def delete(model_id: str) -> Response:
    """Drop a model; what was deployed or taken into a change stays."""
    return edge.write(
        None,
        lambda uow, actor: models.delete(uow, actor, model_id),
        status=204,
        current=lambda uow, actor: models.get(uow, actor, model_id),
        stamp=stamp,
        tagged=False,
    )


@blueprint.get("/models/<id:model_id>")
@blueprint.response(200, Model)
def get(model_id: str) -> Response:
    """One model."""
    return edge.read(Model(), lambda uow, actor: models.get(uow, actor, model_id), stamp=stamp)


@blueprint.get("/models/<id:model_id>/xml")
@blueprint.response(200, {"type": "string", "format": "binary"}, content_type="application/xml")
def xml(model_id: str) -> Response:
    """The diagram, byte for byte as it was imported."""
    with running().reading() as uow:
        model = models.get(uow, current_actor(uow), model_id)
    return Response(model.content, content_type=_TYPES.get(bundles.kind(model.name), "text/plain"))
