"""Models: diagrams that are kept as they were drawn, executable or not."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_smorest.fields import Upload
from marshmallow import Schema, fields, validate

from api.auth import current_actor
from api.rest import edge
from api.rest.uploads import contents
from api.running import running
from engine.operations import models

blueprint = edge.blueprint("models", "Diagrams as their authors keep them; deploying makes them run")


class OneFile(Schema):
    """One .bpmn file."""

    files = fields.List(Upload(), required=True, validate=validate.Length(equal=1, error="Send one diagram for one model."))


class Model(Schema):
    """A model, without its diagram."""

    id = fields.String()
    name = fields.String()
    content_hash = fields.String()
    created_by = fields.String(allow_none=True)
    created_at = fields.AwareDateTime()


@blueprint.post("/models")
@blueprint.arguments(OneFile, location="files")
@blueprint.response(201, Model)
def import_(args: dict[str, Any]) -> Response:
    """Import a diagram: any well-formed BPMN, whether it can be run or not."""
    ((name, content),) = contents(args["files"]).items()
    return edge.write(Model(), lambda uow, actor: models.import_(uow, actor, name, content), status=201)


@blueprint.get("/models/<id:model_id>")
@blueprint.response(200, Model)
def get(model_id: str) -> Response:
    """One model."""
    return edge.read(Model(), lambda uow, actor: models.get(uow, actor, model_id), stamp=lambda model: model.content_hash)


@blueprint.get("/models/<id:model_id>/xml")
@blueprint.response(200, {"type": "string", "format": "binary"}, content_type="application/xml")
def xml(model_id: str) -> Response:
    """The diagram, byte for byte as it was imported."""
    with running().reading() as uow:
        content = models.get(uow, current_actor(uow), model_id).content
    return Response(content, content_type="application/xml")
