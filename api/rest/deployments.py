"""Deployments: files that are checked and stored together, and the second person who approves them."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_smorest.fields import Upload
from marshmallow import Schema, fields, validate

from api.auth import current_actor
from api.rest import edge
from api.rest.fields import Query, flag, listing, text
from api.rest.schemas import Deployed, Deployment
from api.rest.uploads import contents
from api.running import Mode, running
from engine.model import deployments as model
from engine.operations.deploying import deployments
from engine.operations.releasing import publishing
from engine.operations.scenarios import scenarios, trials

blueprint = edge.blueprint("deployments", "Files deployed together: diagrams, decision tables, forms and pack.toml")

MAX_FILES = 300


class Files(Schema):
    """An upload: .bpmn, .dmn, .json and pack.toml."""

    files = fields.List(Upload(), required=True, validate=validate.Length(min=1, max=MAX_FILES))


class Approval(Schema):
    """A second person's decision."""

    approve = flag(required=True)
    reason = text(load_default="")
    scenarios_seen = flag(
        load_default=False, metadata={"description": "that they looked at the scenarios which are taken out or changed; 422 without it"}
    )


def stamp(deployment: model.Deployment) -> str:
    """What a deployment's ETag is made of."""
    return f"{deployment.id}:{deployment.state}"


@blueprint.post("/deployments")
@blueprint.arguments(Files, location="files")
@blueprint.response(201, Deployed)
def deploy(args: dict[str, Any]) -> Response:
    """Deploy files. Outside a sandbox it waits for a second person where the pack asks for one."""
    files = contents(args["files"])
    sandbox = running().config.mode is Mode.SANDBOX
    with running().reading() as uow:
        found = publishing.to_try(uow, current_actor(uow), files, sandbox=sandbox)
        before = publishing.before(uow, current_actor(uow), found) if found else {}
    if found:
        # Remembered by content, so that nobody waits for them in the transaction.
        scenarios.run_files(found)
        trials.run_dropped(before, found)
    return edge.write(Deployed(), lambda uow, actor: publishing.upload(uow, actor, files, sandbox=sandbox), status=201)


@blueprint.get("/deployments")
@blueprint.arguments(Query, location="query")
@blueprint.response(200, listing(Deployment))
def list_(args: dict[str, Any]) -> Response:
    """Deployments, newest first."""
    return edge.listed(Deployment(), lambda uow, actor: deployments.list_(uow, actor, **args))


@blueprint.get("/deployments/<id:deployment_id>")
@blueprint.response(200, Deployment)
def get(deployment_id: str) -> Response:
    """One deployment."""
    return edge.read(Deployment(), lambda uow, actor: deployments.get(uow, actor, deployment_id), stamp=stamp)


@blueprint.post("/deployments/<id:deployment_id>/approval")
@blueprint.arguments(Approval)
@blueprint.response(200, Deployment)
def approve(args: dict[str, Any], deployment_id: str) -> Response:
    """Approve or reject a deployment that somebody else made."""
    return edge.write(
        Deployment(),
        lambda uow, actor: publishing.decide(uow, actor, deployment_id, **args),
        current=lambda uow, actor: deployments.get(uow, actor, deployment_id),
        stamp=stamp,
    )
