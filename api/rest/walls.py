"""Walls: who is kept from a case, or from every case of somebody, whatever their roles allow."""

from __future__ import annotations

from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from api.rest import edge
from api.rest.fields import Query, line, listing
from engine.model.views import Page
from engine.operations.cases import wall_acts

blueprint = edge.blueprint("walls", "Walls: who is kept from a case")


class Filter(Query):
    """Which walls are listed."""

    person = line(load_default=None, longest=32, metadata={"description": "id of who is kept away"})
    case = line(load_default=None, longest=32, metadata={"description": "id of the case"})


class NewWall(Schema):
    """Who is kept away, and from what: one of `case`, `participant_id`, `other_id`."""

    person_id = line(required=True, longest=32)
    case = line(load_default=None, allow_none=True, longest=100, metadata={"description": "number or id of one case"})
    participant_id = line(load_default=None, allow_none=True, longest=32, metadata={"description": "all cases of whoever takes part there"})
    other_id = line(load_default=None, allow_none=True, longest=32, metadata={"description": "all cases of a person"})
    reason = fields.String(required=True, validate=validate.OneOf(list(wall_acts.REASONS)))
    since = fields.AwareDateTime(load_default=None, allow_none=True, metadata={"description": "begins then; without it now"})
    until = fields.AwareDateTime(load_default=None, allow_none=True, metadata={"description": "comes down by itself then"})


class Wall(Schema):
    """A wall. It stands until two people agree to take it down, or until the end it was given."""

    id = fields.String()
    person_id = fields.String()
    person = fields.String()
    case_id = fields.String(allow_none=True)
    case_number = fields.String(allow_none=True)
    other = fields.String(allow_none=True, metadata={"description": "whose cases are all hidden; null for a wall around one case"})
    reason = fields.String()
    at = fields.AwareDateTime()
    until = fields.AwareDateTime(allow_none=True)
    standing = fields.Boolean(metadata={"description": "not come down; `at` may lie ahead"})
    by = fields.String(metadata={"description": "who put it up"})
    clearing_by = fields.String(allow_none=True, metadata={"description": "who asked to take it down"})
    tries = fields.Integer(metadata={"description": "how often the person tried to reach the case"})
    last_try_at = fields.AwareDateTime(allow_none=True)


@blueprint.get("/walls")
@blueprint.arguments(Filter, location="query")
@blueprint.response(200, listing(Wall))
def list_(args: dict[str, Any]) -> Response:
    """Walls around single cases, newest first, with how often somebody ran into them."""
    return edge.listed(Wall(), lambda uow, actor: wall_acts.list_(uow, actor, **args))


@blueprint.get("/person-walls")
@blueprint.response(200, listing(Wall))
def between() -> Response:
    """Walls between people, newest first: each keeps somebody from all cases of somebody else, those to come too."""
    return edge.listed(Wall(), lambda uow, actor: Page(wall_acts.between(uow, actor)))


@blueprint.post("/walls")
@blueprint.arguments(NewWall)
@blueprint.response(201, Wall)
def add(args: dict[str, Any]) -> Response:
    """Keep somebody away; what they held on the case ends when the wall begins, at once without `since`."""
    return edge.write(Wall(), lambda uow, actor: wall_acts.add(uow, actor, **args), status=201)


@blueprint.post("/walls/<id:wall_id>/clearing")
@blueprint.response(200, Wall)
def ask_clearing(wall_id: str) -> Response:
    """Ask to take a wall down; it stands until somebody else agrees."""
    return edge.write(Wall(), lambda uow, actor: wall_acts.ask_clearing(uow, actor, wall_id))


@blueprint.delete("/walls/<id:wall_id>/clearing")
@blueprint.response(200, Wall)
def keep(wall_id: str) -> Response:
    """Let a wall stand that somebody asked to take down."""
    return edge.write(Wall(), lambda uow, actor: wall_acts.keep(uow, actor, wall_id))


@blueprint.post("/walls/<id:wall_id>/clearance")
@blueprint.response(200, Wall)
def clear(wall_id: str) -> Response:
    """Agree, as a second person, that a wall comes down."""
    return edge.write(Wall(), lambda uow, actor: wall_acts.clear(uow, actor, wall_id))
