"""Links and codes with which participants without an account come to their own tasks; made and ended by staff."""

from __future__ import annotations

from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from api.rest import edge
from api.rest.fields import listing
from engine.model.access import Actor
from engine.model.portal import KeyKind
from engine.model.views import Page
from engine.operations.people import portal_keys
from engine.store import UnitOfWork

blueprint = edge.blueprint("portal-keys", "Links and codes for participants without an account")


class NewKey(Schema):
    """How the participant comes in."""

    kind = fields.String(
        required=True,
        validate=validate.OneOf(list(KeyKind)),
        metadata={"description": "link: goes out by mail and is in no answer; code: to be read out"},
    )


class PortalKey(Schema):
    """A link or code. What opens it is stored nowhere."""

    id = fields.String()
    participant_id = fields.String()
    kind = fields.String()
    by = fields.String(allow_none=True, metadata={"description": "who made it"})
    created_at = fields.AwareDateTime()
    expires_at = fields.AwareDateTime()
    used_at = fields.AwareDateTime(allow_none=True)
    state = fields.String(metadata={"description": "waiting, visiting, used, expired, ended"})


class MadeKey(PortalKey):
    """A new link or code."""

    code = fields.String(allow_none=True, metadata={"description": "told in this answer only; null for a link"})


@blueprint.get("/cases/<id:case_id>/portal-keys")
@blueprint.response(200, listing(PortalKey))
def list_(case_id: str) -> Response:
    """Links and codes of a case, newest first, never what opens them."""
    return edge.listed(PortalKey(), lambda uow, actor: Page(portal_keys.list_(uow, actor, case_id)))


@blueprint.post("/cases/<id:case_id>/participants/<id:participant_id>/portal-keys")
@blueprint.arguments(NewKey)
@blueprint.response(201, MadeKey)
def make(args: dict[str, Any], case_id: str, participant_id: str) -> Response:
    """Send a link by mail, or make a code. What the participant did not use before ends. A code is told once, also when repeated."""

    def act(uow: UnitOfWork, actor: Actor) -> dict[str, object]:
        made = portal_keys.make(uow, actor, case_id, participant_id, KeyKind(args["kind"]))
        return {name: getattr(made.line, name) for name in PortalKey().fields} | {"code": made.code}

    return edge.write(MadeKey(), act, status=201, secret="code")  # noqa: S106 - the name of a field


@blueprint.delete("/cases/<id:case_id>/participants/<id:participant_id>/portal-keys")
@blueprint.response(204)
def revoke(case_id: str, participant_id: str) -> Response:
    """End all links and codes of a participant, and their visits, at once."""
    return edge.write(None, lambda uow, actor: portal_keys.revoke(uow, actor, case_id, participant_id), status=204)
