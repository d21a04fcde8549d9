"""Cases: opening them, who takes part, and what one reader may see of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from api.rest import asking, edge
from api.rest.asking import CaseQuery
from api.rest.fields import line, listing, plain_object
from api.rest.messages import Taken, taken
from api.rest.participants import NewParticipant, new_participants
from api.rest.schemas_people import Case, CaseInList, CasePage, Panel, Participant, ParticipantLine, TimelineEntry
from engine.model.states import CaseState
from engine.model.tiles import CaseQuestion, CaseSort
from engine.model.views import CasePage as CasePageValue
from engine.model.views import Page
from engine.operations.cases import case_pages, cases
from engine.operations.people.memberships import NewParticipant as NewParticipantValue
from engine.operations.running import messages
from engine.operations.supervision import exports, lists

blueprint = edge.blueprint("cases", "Cases; a case spans process instances")


class Filter(CaseQuery):
    """Which cases are listed."""

    state = fields.String(load_default=None, validate=validate.OneOf([state.value for state in CaseState]))
    text = line(load_default="", metadata={"description": "part of the number, or of a name where the caller may know it"})
    sort = fields.String(load_default="urgent", validate=validate.OneOf([one.value for one in CaseSort]))
    in_place_of = line(
        load_default="", metadata={"description": "id of a person who is away: only the cases that the caller sees in their place"}
    )


class Opening(Schema):
    """What a case is opened with."""

    pack = line(required=True, longest=100)
    participants = fields.List(fields.Nested(NewParticipant), load_default=list, validate=validate.Length(max=100))
    data = plain_object(load_default=dict, metadata={"description": "the opening form"})


class CaseMessage(Schema):
    """A message to a case."""

    name = line(required=True)
    participant_id = line(load_default=None, allow_none=True, metadata={"description": "for whom, when staff send it"})


def _stamp(page: CasePageValue) -> str:
    """What a case's ETag is made of: how far its procedures are, and who takes part."""
    steps = [(one.id, one.version, str(one.state)) for one in page.instances]
    taking_part = [(one.id, one.to_at) for one in page.participants]
    return f"{page.line.id}:{page.line.state}:{steps}:{taking_part}"


def _current(case_id: str) -> edge.Verb[CasePageValue]:
    return lambda uow, actor: case_pages.page(uow, actor, case_id)


@blueprint.post("/cases")
@blueprint.arguments(Opening)
@blueprint.response(201, Case)
def open_(args: dict[str, Any]) -> Response:
    """Open a case and start its procedure."""
    people = new_participants(args["participants"])
    return edge.write(Case, lambda uow, actor: cases.open_(uow, actor, args["pack"], people, args["data"]), status=201)


@blueprint.get("/cases")
@blueprint.arguments(Filter, location="query")
@blueprint.response(200, listing(CaseInList))
def list_(args: dict[str, Any]) -> Response:
    """Cases that the caller may see; what nobody can do comes first, then what is overdue."""
    wanted = _question(args)
    return edge.listed(CaseInList, lambda uow, actor: lists.answer(uow, actor, wanted, cursor=args["cursor"], limit=args["limit"]))


def _question(args: dict[str, Any]) -> CaseQuestion:
    found = asking.question(args)
    return replace(found, state=args["state"], text=args["text"], sort=CaseSort(args["sort"]), place=args["in_place_of"])


@blueprint.post("/cases/files")
@blueprint.arguments(Filter, location="query")
@blueprint.response(200, {"type": "string"}, content_type="text/csv")
def export(args: dict[str, Any]) -> Response:
    """The list as a CSV file, at most 10,000 lines; that it was taken out is written down."""
    wanted = _question(args)
    return edge.file("text/csv", lambda uow, actor: exports.cases(uow, actor, wanted))


@blueprint.get("/cases/<id:case_id>")
@blueprint.response(200, CasePage)
def get(case_id: str) -> Response:
    """All that the caller may see of a case."""
    return edge.read(CasePage, _current(case_id), stamp=_stamp)


@blueprint.get("/cases/<id:case_id>/timeline")
@blueprint.response(200, listing(TimelineEntry))
def timeline(case_id: str) -> Response:
    """What happened in the procedure, newest first."""
    return edge.listed(TimelineEntry, lambda uow, actor: Page(case_pages.page(uow, actor, case_id).timeline))


@blueprint.get("/cases/<id:case_id>/records")
@blueprint.response(200, listing(Panel))
def records(case_id: str) -> Response:
    """The records that the caller may read, by panel."""
    return edge.listed(Panel, lambda uow, actor: Page(case_pages.page(uow, actor, case_id).panels))


@blueprint.get("/cases/<id:case_id>/participants")
@blueprint.response(200, listing(ParticipantLine))
def participants(case_id: str) -> Response:
    """Who takes part, as the caller may see them."""
    return edge.listed(ParticipantLine, lambda uow, actor: Page(case_pages.page(uow, actor, case_id).participants))


@blueprint.post("/cases/<id:case_id>/participants")
@blueprint.arguments(NewParticipant)
@blueprint.response(201, Participant)
def add_participant(args: dict[str, Any], case_id: str) -> Response:
    """Give somebody a role on the case."""
    somebody = NewParticipantValue(**args)
    return edge.write(
        Participant,
        lambda uow, actor: cases.add_participant(uow, actor, case_id, somebody),
        status=201,
        current=_current(case_id),
        stamp=_stamp,
        tagged=False,
    )


@blueprint.delete("/cases/<id:case_id>/participants/<id:participant_id>")
@blueprint.response(204)
def end_participant(case_id: str, participant_id: str) -> Response:
    """End somebody's role on the case; that they held it stays known."""
    return edge.write(
        None,
        lambda uow, actor: cases.end_participant(uow, actor, case_id, participant_id),
        status=204,
        current=_current(case_id),
        stamp=_stamp,
        tagged=False,
    )


@blueprint.post("/cases/<id:case_id>/messages")
@blueprint.arguments(CaseMessage)
@blueprint.response(202, Taken)
def send(args: dict[str, Any], case_id: str) -> Response:
    """Send the case one of the messages that its page offers."""
    return taken(lambda uow, actor: messages.send_to_case(uow, actor, case_id, args["name"], args["participant_id"]))
