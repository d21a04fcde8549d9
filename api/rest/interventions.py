"""Stepping in over REST: what can be done to a case, what an act would make of it, and doing it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from api.rest import edge
from api.rest.fields import line, listing, text
from engine.model.interventions import ActKind, Wanted
from engine.model.lists import Page
from engine.operations.supervision import acts, returning

blueprint = edge.blueprint("interventions", "Stepping in: each act with a reason, and what it makes of the case")


class Worth(fields.Field[Any]):
    """Words, a moment, or null."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return value.isoformat() if isinstance(value, datetime) else value


class EffectLine(Schema):
    """One thing that is otherwise afterwards."""

    kind = fields.String(metadata={"description": "case, procedure, closed, opened, assignee, due, draft, timer or notice"})
    name = fields.String()
    before = Worth()
    after = Worth()


class Effect(Schema):
    """What an act makes of a case."""

    case_id = fields.String()
    lines = fields.List(fields.Nested(EffectLine))


class OfferedAct(Schema):
    """An act that the caller may do now."""

    kind = fields.String()
    label = fields.String()
    name = fields.String(metadata={"description": "of the procedure or task"})
    instance_id = fields.String()
    task_id = fields.String()
    message = fields.String()


class OfferedActs(Schema):
    """What can be done to a case."""

    edition = fields.Integer(metadata={"description": "to be sent as `seen`: an act is refused when what it is about changed since"})
    items = fields.List(fields.Nested(OfferedAct))


class TokenPlace(Schema):
    """A step where a token stands."""

    element_id = fields.String()


class EarlierStep(Schema):
    """An earlier step of a procedure."""

    key = fields.String(metadata={"description": "as `step` takes it"})
    process_key = fields.String()
    element_id = fields.String()
    name = fields.String()
    leaves = fields.List(fields.Pluck(TokenPlace, "element_id"), metadata={"description": "where something ends"})
    why = fields.String(metadata={"description": "why it cannot be done: blocked, closed, event, moving; null when it can"})


class WantedAct(Schema):
    """One act."""

    act = fields.String(required=True, validate=validate.OneOf([kind.value for kind in ActKind]))
    instance_id = line(load_default=None, allow_none=True)
    task_id = line(load_default=None, allow_none=True)
    person_id = line(load_default=None, allow_none=True, metadata={"description": "assign: who gets it; null: everybody in its role"})
    due_at = fields.AwareDateTime(load_default=None, allow_none=True)
    step = line(load_default=None, allow_none=True, metadata={"description": "back: key of an earlier step"})
    message = line(load_default=None, allow_none=True)
    participant_id = line(load_default=None, allow_none=True, metadata={"description": "send: for whom"})
    reason = text(load_default="", metadata={"description": "kept sealed with the case; no names and nothing confidential"})
    seen = fields.Integer(load_default=None, allow_none=True, metadata={"description": "the edition that the caller looked at"})


@blueprint.get("/cases/<id:case_id>/interventions")
@blueprint.response(200, OfferedActs)
def offers(case_id: str) -> Response:
    """Every act that the caller may do now."""
    return edge.read(
        OfferedActs, lambda uow, actor: {"edition": acts.edition(uow, actor, case_id), "items": acts.offered(uow, actor, case_id)}
    )


@blueprint.get("/process-instances/<id:instance_id>/earlier-steps")
@blueprint.response(200, listing(EarlierStep))
def earlier(instance_id: str) -> Response:
    """The steps that a procedure came past, and why it cannot be taken back to some."""
    return edge.listed(EarlierStep, lambda uow, actor: Page(returning.earlier(uow, actor, instance_id)))


@blueprint.post("/cases/<id:case_id>/interventions")
@blueprint.arguments(WantedAct)
@blueprint.response(200, Effect)
def act(args: dict[str, Any], case_id: str) -> Response:
    """Do one act; 409 `changed-since` says who changed what since `seen`."""
    wanted = _wanted(args, case_id)
    return edge.write(Effect, lambda uow, actor: acts.act(uow, actor, wanted))


@blueprint.post("/cases/<id:case_id>/interventions/preview")
@blueprint.arguments(WantedAct)
@blueprint.response(200, Effect)
def preview(args: dict[str, Any], case_id: str) -> Response:
    """What an act would make of the case; it needs no reason and nothing is kept."""
    wanted = _wanted(args, case_id)
    return edge.rehearsed(Effect, lambda uow, actor: acts.act(uow, actor, wanted, preview=True))


def _wanted(args: dict[str, Any], case_id: str) -> Wanted:
    return Wanted(ActKind(args.pop("act")), case_id, **args)
