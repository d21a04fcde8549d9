"""Process definitions: what can be started, in which versions, and starting it."""

from __future__ import annotations

from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from api.auth import current_actor
from api.rest import edge
from api.rest.fields import Query, line, listing, plain_object
from api.rest.instances import stamp
from api.rest.participants import NewParticipant, new_participants
from api.rest.schemas import Definition, Instance
from api.running import running
from engine.model.views import Page
from engine.operations.deploying import definitions
from engine.operations.running import instances

blueprint = edge.blueprint("process-definitions", "Processes that were deployed, by key and version")


class Version(Schema):
    """Which version is meant."""

    version = fields.Integer(
        load_default=None, validate=validate.Range(min=1, max=2**31 - 1), metadata={"description": "the newest when left out"}
    )


class Start(Schema):
    """What a process starts with."""

    variables = plain_object(load_default=dict)
    business_key = line(load_default=None, allow_none=True, metadata={"description": "the caller's own name for it"})
    case_id = line(load_default=None, allow_none=True, metadata={"description": "the case it belongs to; a new one when left out"})
    participants = fields.List(fields.Nested(NewParticipant), load_default=list, validate=validate.Length(max=100))


@blueprint.get("/process-definitions")
@blueprint.arguments(Query, location="query")
@blueprint.response(200, listing(Definition))
def list_(args: dict[str, Any]) -> Response:
    """The newest version of every process."""
    return edge.listed(Definition, lambda uow, actor: definitions.list_(uow, actor, **args))


@blueprint.get("/process-definitions/<key:key>")
@blueprint.arguments(Version, location="query")
@blueprint.response(200, Definition)
def get(args: dict[str, Any], key: str) -> Response:
    """One version of a process."""
    return edge.read(Definition, lambda uow, actor: definitions.get(uow, actor, key, args["version"]))


@blueprint.get("/process-definitions/<key:key>/versions")
@blueprint.response(200, listing(Definition))
def versions(key: str) -> Response:
    """All versions of a process, newest first."""
    return edge.listed(Definition, lambda uow, actor: Page(tuple(definitions.versions(uow, actor, key))))


@blueprint.get("/process-definitions/<key:key>/xml")
@blueprint.arguments(Version, location="query")
@blueprint.response(200, {"type": "string", "format": "binary"}, content_type="application/xml")
def xml(args: dict[str, Any], key: str) -> Response:
    """The diagram, byte for byte as its author sent it."""
    with running().reading() as uow:
        source = definitions.source(uow, current_actor(uow), key, args["version"])
    return Response(source, content_type="application/xml")


@blueprint.post("/process-definitions/<key:key>/instances")
@blueprint.arguments(Start)
@blueprint.response(201, Instance)
def start(args: dict[str, Any], key: str) -> Response:
    """Start the newest version; without a case it opens one."""
    people = new_participants(args.pop("participants"))
    return edge.write(Instance, lambda uow, actor: instances.start(uow, actor, key, participants=people, **args), status=201, stamp=stamp)
