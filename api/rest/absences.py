"""Absences: who is away from when to when, and who stands in."""

from __future__ import annotations

from typing import Any

from flask import Response
from marshmallow import EXCLUDE, Schema, fields, validate

from api.rest import edge
from api.rest.fields import line, listing
from engine.model.views import Page
from engine.operations.people import absences
from engine.operations.people.absences import NewStandIn as NewStandInValue

blueprint = edge.blueprint("absences", "Absences, and who stands in for whom")


class NewStandIn(Schema):
    """Somebody who stands in: in one role or all, for the procedures of one pack or all."""

    person_id = line(required=True, longest=32)
    role = line(load_default=None, allow_none=True, longest=100)
    pack = line(load_default=None, allow_none=True, longest=100)


class NewAbsence(Schema):
    """When somebody is away; `to_at` is the first moment back."""

    from_at = fields.AwareDateTime(required=True)
    to_at = fields.AwareDateTime(required=True)
    stand_ins = fields.List(fields.Nested(NewStandIn), required=True, validate=validate.Length(max=absences.MOST))


class Of(Schema):
    """Whose absences are listed."""

    class Meta:
        """Parameters that are not known are passed over, as the web does."""

        unknown = EXCLUDE

    person = line(load_default=None, longest=32, metadata={"description": "id of a person; without it everybody's"})


class StandIn(Schema):
    """Who stands in."""

    person_id = fields.String()
    person = fields.String()
    role = fields.String(allow_none=True)
    pack = fields.String(allow_none=True)


class Absence(Schema):
    """An absence of now or to come."""

    id = fields.String()
    person_id = fields.String()
    person = fields.String()
    from_at = fields.AwareDateTime()
    to_at = fields.AwareDateTime()
    ended_at = fields.AwareDateTime(allow_none=True, metadata={"description": "called off, or ended sooner"})
    is_now = fields.Boolean()
    stand_ins = fields.List(fields.Nested(StandIn))


@blueprint.get("/absences")
@blueprint.arguments(Of, location="query")
@blueprint.response(200, listing(Absence))
def list_(args: dict[str, Any]) -> Response:
    """Absences of now and to come, soonest first: one's own, or for who manages people anybody's."""
    return edge.listed(Absence(), lambda uow, actor: Page(absences.list_(uow, actor, args["person"])))


@blueprint.post("/persons/<id:person_id>/absences")
@blueprint.arguments(NewAbsence)
@blueprint.response(201, Absence)
def away(args: dict[str, Any], person_id: str) -> Response:
    """Say that a person is away, and who stands in; circles are refused."""
    stand_ins = tuple(NewStandInValue(**one) for one in args.pop("stand_ins"))
    return edge.write(Absence(), lambda uow, actor: absences.away(uow, actor, person_id, stand_ins=stand_ins, **args), status=201)


@blueprint.post("/absences/<id:absence_id>/end")
@blueprint.response(200, Absence)
def end(absence_id: str) -> Response:
    """Call an absence off, or end it now."""
    return edge.write(Absence(), lambda uow, actor: absences.end(uow, actor, absence_id))
