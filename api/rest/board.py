"""The board of those who look after all cases, and ladders of deadlines at work."""

from __future__ import annotations

from typing import Any

from flask import Response
from marshmallow import Schema, fields

from api.rest import edge
from api.rest.fields import Query, line, listing, text
from engine.model.lists import Page
from engine.operations.supervision import rungs, tiles

blueprint = edge.blueprint("supervision", "What those who look after all cases watch")


class Group(Schema):
    """Cases of a tile that are late alike."""

    bucket = fields.Integer(metadata={"description": "as GET /cases takes it beside the tile"})
    label = fields.String()
    count = fields.Integer()


class Tile(Schema):
    """A number that a pack declares."""

    key = fields.String(metadata={"description": "PACK/KEY; GET /cases?tile= gives the cases behind it"})
    title = fields.String()
    count = fields.Integer(metadata={"description": "cases; each counts once"})
    groups = fields.List(fields.Nested(Group))
    counted = fields.String(metadata={"description": "how it is counted"})
    note = fields.String(metadata={"description": "what it does not mean"})


class Step(Schema):
    """One step of a ladder."""

    number = fields.Integer()
    label = fields.String()
    whom = fields.String()
    state = fields.String(metadata={"description": "fired, passed_over, waived, next or ahead"})
    at = fields.AwareDateTime()


class Ladder(Schema):
    """What the deadline rule of one open task did, and does next."""

    case_id = fields.String()
    case_number = fields.String()
    task_id = fields.String()
    task = fields.String()
    rule = fields.String()
    due_at = fields.AwareDateTime()
    paused = fields.Boolean()
    may_waive = fields.Boolean()
    steps = fields.List(fields.Nested(Step))


class Rule(Schema):
    """A deadline rule."""

    key = fields.String(metadata={"description": "PACK/KEY"})
    label = fields.String()


class Standing(Query):
    """Which ladders are listed."""

    rule = line(required=True, metadata={"description": "PACK/KEY of a deadline rule"})


class Waiver(Schema):
    """Which step is waived, and why."""

    step = fields.Integer(required=True, metadata={"description": "the number of a step that is next or ahead"})
    reason = text(required=True, metadata={"description": "kept sealed with the case; no names and nothing confidential"})


@blueprint.get("/board")
@blueprint.response(200, listing(Tile))
def board() -> Response:
    """The tiles that the caller sees, counted now."""
    return edge.listed(Tile, lambda uow, actor: Page(tiles.board(uow, actor)))


@blueprint.get("/deadline-rules")
@blueprint.response(200, listing(Rule))
def rules() -> Response:
    """The deadline rules of all packs."""
    return edge.listed(Rule, lambda uow, actor: Page(rungs.rules(uow, actor)))


@blueprint.get("/ladders")
@blueprint.arguments(Standing, location="query")
@blueprint.response(200, listing(Ladder))
def ladders(args: dict[str, Any]) -> Response:
    """Open tasks on whose ladder a rule stands, the soonest due first."""
    return edge.listed(Ladder, lambda uow, actor: rungs.standing(uow, actor, args["rule"], cursor=args["cursor"], limit=args["limit"]))


@blueprint.get("/user-tasks/<id:task_id>/ladder")
@blueprint.response(200, Ladder)
def ladder(task_id: str) -> Response:
    """The ladder of one open task."""
    return edge.read(Ladder, lambda uow, actor: rungs.of_task(uow, actor, task_id))


@blueprint.post("/user-tasks/<id:task_id>/ladder/waivers")
@blueprint.arguments(Waiver)
@blueprint.response(200, Ladder)
def waive(args: dict[str, Any], task_id: str) -> Response:
    """Let a coming step pass without its act; the others come at their own times."""
    return edge.write(Ladder, lambda uow, actor: rungs.waive(uow, actor, task_id, args["step"], args["reason"]))
