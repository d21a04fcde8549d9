"""Maps of procedures, and how one case went."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response
from marshmallow import EXCLUDE, Schema, fields

from api.rest import edge
from api.rest.fields import listing
from engine import clock
from engine.model.access import Actor
from engine.model.errors import BadRequest
from engine.model.lists import Page
from engine.model.maps import CaseHistory
from engine.operations import me
from engine.operations.cases import case_history
from engine.operations.supervision import maps
from engine.store import UnitOfWork

blueprint = edge.blueprint("maps", "Procedures with what stands in them and how long steps take; how a case went")

#: days that are counted when no others are asked for
_USUAL = timedelta(days=90)


class MapLine(Schema):
    """A procedure in the list of maps."""

    key = fields.String()
    name = fields.String()
    standing = fields.Integer(metadata={"description": "tokens that stand in it now"})
    overdue = fields.Integer(metadata={"description": "open tasks past their due date"})


class Stays(Schema):
    """What many stays at one element have in common; lengths are in whole seconds, null where too few were counted."""

    number = fields.Integer()
    median = fields.TimeDelta(precision="seconds", allow_none=True)
    ninetieth = fields.TimeDelta(precision="seconds", allow_none=True)
    with_due = fields.Integer(metadata={"description": "stays that had a due date"})
    late = fields.Integer(metadata={"description": "of those, how many were left after it"})
    again = fields.Integer(metadata={"description": "stays at which an instance was there again"})


class MapStep(Schema):
    """One element of a map."""

    element_id = fields.String()
    name = fields.String()
    type = fields.String()
    standing = fields.Integer()
    overdue = fields.Integer()
    stays = fields.Nested(Stays)
    gone = fields.Boolean(metadata={"description": "only an older version has it"})


class Map(Schema):
    """One procedure."""

    key = fields.String()
    name = fields.String()
    version = fields.Integer(allow_none=True, metadata={"description": "null: all versions together"})
    versions = fields.List(fields.Integer())
    since = fields.AwareDateTime()
    until = fields.AwareDateTime()
    fewest = fields.Integer(metadata={"description": "with fewer stays no times are told"})
    steps = fields.List(fields.Nested(MapStep))


class Asked(Schema):
    """Which version, and which days in the program's time zone."""

    class Meta:
        """Parameters that are not known are passed over, as the web does."""

        unknown = EXCLUDE

    version = fields.Integer(load_default=None)
    since = fields.Date(load_default=None, data_key="from", metadata={"description": "first day; 90 days ago without it"})
    until = fields.Date(load_default=None, data_key="to", metadata={"description": "last day; today without it"})


class MapPlace(Schema):
    """Tokens at one element."""

    instance_id = fields.String()
    process_key = fields.String()
    element_id = fields.String()
    tokens = fields.Integer()


class Moment(Schema):
    """A case after something moved in it."""

    at = fields.AwareDateTime()
    told = fields.String()
    places = fields.List(fields.Nested(MapPlace), attribute="tokens")


@blueprint.get("/maps")
@blueprint.response(200, listing(MapLine))
def list_() -> Response:
    """Every procedure and how much stands in it, for who lists all cases."""
    return edge.listed(MapLine, lambda uow, actor: Page(maps.list_(uow, actor)))


@blueprint.get("/maps/<key:key>")
@blueprint.arguments(Asked, location="query")
@blueprint.response(200, Map)
def one(args: dict[str, Any], key: str) -> Response:
    """One procedure: its tokens now, and the stays that were left in the days asked for."""

    def asked(uow: UnitOfWork, actor: Actor) -> object:
        zone = ZoneInfo(me.get(uow, actor).timezone)
        last = args["until"] or clock.now().astimezone(zone).date()
        first = args["since"] or last - _USUAL
        if first > last:
            raise BadRequest("The first day comes after the last one.")
        begin, end = (datetime.combine(day, time(), zone) for day in (first, last + timedelta(days=1)))
        return maps.of_procedure(uow, actor, key, since=begin, until=end, version=args["version"])

    return edge.read(Map, asked)


@blueprint.get("/cases/<id:case_id>/history")
@blueprint.response(200, listing(Moment))
def history(case_id: str) -> Response:
    """Every moment at which tokens of a case moved, oldest first, with where they stood after it."""
    return edge.listed(Moment, lambda uow, actor: Page(tuple(_moments(case_history.of_case(uow, actor, case_id)))))


def _moments(found: CaseHistory) -> list[dict[str, object]]:
    return [
        {
            "at": moment.at,
            "told": moment.told,
            "tokens": [
                {"instance_id": instance, "process_key": process, "element_id": element, "tokens": number}
                for (instance, process), counts in moment.tokens.items()
                for element, number in counts.items()
            ],
        }
        for moment in found.moments
    ]
