"""The audit trail: who did what, when."""

from __future__ import annotations

from typing import Any

from flask import Response

from api.rest import edge
from api.rest.fields import Query, line, listing
from api.rest.schemas_people import AuditEntry
from engine.operations import trail

blueprint = edge.blueprint("audit-entries", "Who did what, when; chained, so that nothing can be taken out unseen")


class Filter(Query):
    """Which entries are listed."""

    instance = line(load_default=None, metadata={"description": "id of a process instance"})
    case = line(load_default=None, metadata={"description": "id of a case"})
    event = line(load_default=None, metadata={"description": "for example element_completed"})


@blueprint.get("/audit-entries")
@blueprint.arguments(Filter, location="query")
@blueprint.response(200, listing(AuditEntry))
def list_(args: dict[str, Any]) -> Response:
    """Entries of one instance or case, in the order of what happened; element ids are the author's."""
    return edge.listed(AuditEntry(), lambda uow, actor: trail.entries(uow, actor, **args))
