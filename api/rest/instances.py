"""Process instances: what runs, what it waits for, and correcting its variables. Other acts: `interventions`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from api.rest import asking, edge
from api.rest.asking import CaseQuery
from api.rest.fields import line, listing, plain_object, text
from api.rest.schemas import Explanation, Instance
from engine.model import instances as model
from engine.model.states import InstanceState
from engine.operations.cases import explanations
from engine.operations.running import corrections, instances
from engine.operations.supervision import lists

blueprint = edge.blueprint("process-instances", "Running and ended processes")


class Filter(CaseQuery):
    """Which instances are listed."""

    state = fields.String(load_default=None, validate=validate.OneOf([state.value for state in InstanceState]))
    definition = line(load_default=None, metadata={"description": "key of a process definition"})
    late = fields.Boolean(load_default=False, metadata={"description": "only of cases where something is overdue, failed or stuck"})


class Correction(Schema):
    """Variables with their new values, and why."""

    variables = plain_object(required=True, metadata={"description": "of a pack only what it declares; null takes a value away"})
    reason = text(required=True, metadata={"description": "kept sealed with the case; no names and nothing confidential"})


def stamp(instance: model.Instance) -> str:
    """What an instance's ETag is made of."""
    return f"{instance.id}:{instance.version}:{instance.state}"


@blueprint.get("/process-instances")
@blueprint.arguments(Filter, location="query")
@blueprint.response(200, listing(Instance))
def list_(args: dict[str, Any]) -> Response:
    """Instances, newest first, by what they are and by what their cases are like."""
    wanted = replace(asking.question(args), late=args["late"])
    own = {key: args[key] for key in ("state", "definition", "cursor", "limit")}
    return edge.listed(Instance, lambda uow, actor: instances.list_(uow, actor, asked=lists.narrowing(uow, actor, wanted), **own))


@blueprint.get("/process-instances/<id:instance_id>")
@blueprint.response(200, Instance)
def get(instance_id: str) -> Response:
    """One instance."""
    return edge.read(Instance, lambda uow, actor: instances.get(uow, actor, instance_id), stamp=stamp)


@blueprint.get("/process-instances/<id:instance_id>/variables")
@blueprint.response(200, {"type": "object"})
def variables(instance_id: str) -> Response:
    """The variables of an instance. They hold class C1 only: ids, codes, dates and numbers."""
    return edge.plain(lambda uow, actor: instances.variables(uow, actor, instance_id))


@blueprint.patch("/process-instances/<id:instance_id>/variables")
@blueprint.arguments(Correction)
@blueprint.response(200, Instance)
def correct(args: dict[str, Any], instance_id: str) -> Response:
    """Correct variables of a running instance; a step that failed can then be tried again."""
    return edge.write(
        Instance,
        lambda uow, actor: corrections.correct(uow, actor, instance_id, **args),
        current=lambda uow, actor: instances.get(uow, actor, instance_id),
        stamp=stamp,
    )


@blueprint.get("/process-instances/<id:instance_id>/explanation")
@blueprint.response(200, Explanation)
def explanation(instance_id: str) -> Response:
    """What it waits for, since when, who can move it, what happens next and when."""
    return edge.read(Explanation, lambda uow, actor: explanations.explain(uow, actor, instance_id))
