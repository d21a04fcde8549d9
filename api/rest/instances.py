"""Process instances: what runs, what it waits for, and stepping in."""

from __future__ import annotations

from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from api.rest import edge
from api.rest.fields import Query, line, listing, plain_object, text
from api.rest.schemas import Explanation, Instance
from engine.model import instances as model
from engine.model.states import InstanceState
from engine.operations.cases import explanations
from engine.operations.running import corrections, instances

blueprint = edge.blueprint("process-instances", "Running and ended processes")


class Filter(Query):
    """Which instances are listed."""

    state = fields.String(load_default=None, validate=validate.OneOf([state.value for state in InstanceState]))
    definition = line(load_default=None, metadata={"description": "key of a process definition"})


class Intervention(Schema):
    """Why somebody steps in."""

    reason = text(load_default="", metadata={"description": "kept in the trail; no names and nothing confidential"})


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
    """Instances, newest first."""
    return edge.listed(Instance, lambda uow, actor: instances.list_(uow, actor, **args))


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
    return _step_in(corrections.correct, instance_id, args)


@blueprint.get("/process-instances/<id:instance_id>/explanation")
@blueprint.response(200, Explanation)
def explanation(instance_id: str) -> Response:
    """What it waits for, since when, who can move it, what happens next and when."""
    return edge.read(Explanation, lambda uow, actor: explanations.explain(uow, actor, instance_id))


@blueprint.post("/process-instances/<id:instance_id>/suspension")
@blueprint.arguments(Intervention)
@blueprint.response(200, Instance)
def suspend(args: dict[str, Any], instance_id: str) -> Response:
    """Stop an instance for a while: it takes no acts and its timers stand still."""
    return _step_in(instances.suspend, instance_id, args)


@blueprint.post("/process-instances/<id:instance_id>/resumption")
@blueprint.arguments(Intervention)
@blueprint.response(200, Instance)
def resume(args: dict[str, Any], instance_id: str) -> Response:
    """Let a suspended instance go on."""
    return _step_in(instances.resume, instance_id, args)


@blueprint.post("/process-instances/<id:instance_id>/termination")
@blueprint.arguments(Intervention)
@blueprint.response(200, Instance)
def terminate(args: dict[str, Any], instance_id: str) -> Response:
    """End an instance before its end."""
    return _step_in(instances.terminate, instance_id, args)


@blueprint.post("/process-instances/<id:instance_id>/retry")
@blueprint.arguments(Intervention)
@blueprint.response(200, Instance)
def retry(args: dict[str, Any], instance_id: str) -> Response:
    """Try again what an incident stopped."""
    return _step_in(instances.retry, instance_id, args)


def _step_in(act: Any, instance_id: str, args: dict[str, Any]) -> Response:
    return edge.write(
        Instance,
        lambda uow, actor: act(uow, actor, instance_id, **args),
        current=lambda uow, actor: instances.get(uow, actor, instance_id),
        stamp=stamp,
    )
