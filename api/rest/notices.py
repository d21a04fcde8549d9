"""Notices: what the engine told the caller."""

from __future__ import annotations

from typing import Any

from flask import Response

from api.rest import edge
from api.rest.fields import Query, listing
from api.rest.schemas_people import Notice
from engine.operations.telling import notices

blueprint = edge.blueprint("notices", "The caller's notices")


@blueprint.get("/notices")
@blueprint.arguments(Query, location="query")
@blueprint.response(200, listing(Notice))
def list_(args: dict[str, Any]) -> Response:
    """The caller's notices, newest first."""
    return edge.listed(Notice(), lambda uow, actor: notices.list_(uow, actor, **args))


@blueprint.post("/notices/<id:notice_id>/read")
@blueprint.response(204)
def mark_read(notice_id: str) -> Response:
    """Mark a notice as read."""
    return edge.write(None, lambda uow, actor: notices.mark_read(uow, actor, notice_id), status=204)


@blueprint.post("/notices/<id:notice_id>/read-all")
@blueprint.response(204)
def mark_all_read(notice_id: str) -> Response:
    """Mark a notice, and all that came before it, as read."""
    return edge.write(None, lambda uow, actor: notices.mark_all_read(uow, actor, notice_id), status=204)
