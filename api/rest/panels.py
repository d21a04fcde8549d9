"""Panels of a case: what people add beside their tasks, its versions, and releases to others."""

from __future__ import annotations

from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from api.rest import edge
from api.rest.fields import line, listing, plain_object
from api.rest.schemas import Who
from api.rest.schemas_people import Record, TimelineEntry
from engine.model.access import Actor
from engine.model.lists import Page
from engine.model.panel_views import EntryView
from engine.operations.content import entries, panels
from engine.operations.content.entries import Asked
from engine.store import UnitOfWork

blueprint = edge.blueprint("case-panels", "Panels of a case: entries by class, with their versions")


class EntryVersion(Schema):
    """One version of an entry, as far as the caller may read it."""

    number = fields.Integer()
    at = fields.AwareDateTime()
    author = fields.Nested(Who, allow_none=True)
    released = fields.Boolean(metadata={"description": "this version opened to others what was said before"})
    records = fields.List(fields.Nested(Record))


class PanelEntry(Schema):
    """An entry with the versions that the caller may read, the newest first."""

    id = fields.String()
    form = fields.String()
    form_title = fields.String()
    participant = fields.Nested(Who, allow_none=True)
    versions = fields.List(fields.Nested(EntryVersion))
    on = fields.AwareDateTime(metadata={"description": "the date that it names, else when it was first written"})
    done = fields.Boolean()
    late = fields.Boolean()
    released = fields.Boolean()
    version = fields.Integer(metadata={"description": "what a change of it names; 0 when the caller may not change it"})
    may_change = fields.Boolean()
    may_release = fields.Boolean()
    state = fields.String(metadata={"description": "how far it is, in words; empty where the panel does not ask"})
    source = fields.String(metadata={"description": "what the procedure filled it from, in words; empty when somebody added it"})


class AddForm(Schema):
    """A form that the caller may add an entry with."""

    form = fields.String()
    title = fields.String()
    description = fields.String()
    participants = fields.Raw(metadata={"description": "pairs of participant id and label: whom it can be about"})
    first = fields.String(metadata={"description": "what has to be done before; empty when it can be added now"})


class PanelInList(Schema):
    """A panel that has something for the caller, or that they may add to."""

    key = fields.String()
    title = fields.String()
    kind = fields.String()
    number = fields.Integer(metadata={"description": "how much stands in it that the caller may read"})
    adds = fields.List(fields.Nested(AddForm))


class PanelPage(PanelInList):
    """A panel with all that the caller may read in it."""

    entries = fields.List(fields.Nested(PanelEntry))
    records = fields.List(fields.Nested(Record))
    automatic = fields.List(fields.Nested(TimelineEntry), metadata={"description": "what the procedure sent, newest first"})


class NewEntry(Schema):
    """An entry to be written."""

    form = line(required=True, longest=100)
    participant_id = line(load_default=None, allow_none=True, metadata={"description": "whom it is about, where the panel asks"})
    data = plain_object(required=True)


class EntryChange(Schema):
    """The next version of an entry."""

    data = plain_object(required=True)
    version = fields.Integer(
        required=True,
        validate=validate.Range(min=1, max=2**31 - 1),
        metadata={"description": "the entry's when it was read; another one since then answers 412"},
    )


class EntryPermission(Schema):
    """The participant's permission, in the panel's form; empty when participants release what is theirs."""

    data = plain_object(load_default=dict)


@blueprint.get("/cases/<id:case_id>/panels")
@blueprint.response(200, listing(PanelInList))
def list_(case_id: str) -> Response:
    """The panels of a case."""
    return edge.listed(PanelInList, lambda uow, actor: Page(panels.all_of(uow, actor, case_id)))


@blueprint.get("/cases/<id:case_id>/panels/<key:key>")
@blueprint.response(200, PanelPage)
def get(case_id: str, key: str) -> Response:
    """One panel with all that the caller may read in it."""
    return edge.read(PanelPage, lambda uow, actor: panels.page(uow, actor, case_id, key))


@blueprint.post("/cases/<id:case_id>/panels/<key:key>/entries")
@blueprint.arguments(NewEntry)
@blueprint.response(201, PanelEntry)
def add(args: dict[str, Any], case_id: str, key: str) -> Response:
    """Write an entry."""

    def act(uow: UnitOfWork, actor: Actor) -> EntryView:
        entry = entries.add(uow, actor, Asked(case_id, key, args["form"], args["participant_id"]), args["data"])
        return _entry(uow, actor, case_id, key, entry)

    return edge.write(PanelEntry, act, status=201)


@blueprint.put("/cases/<id:case_id>/panels/<key:key>/entries/<id:entry_id>")
@blueprint.arguments(EntryChange)
@blueprint.response(200, PanelEntry)
def change(args: dict[str, Any], case_id: str, key: str, entry_id: str) -> Response:
    """Write the next version of an entry; what stood before stays readable."""

    def act(uow: UnitOfWork, actor: Actor) -> EntryView:
        entries.change(uow, actor, case_id, key, entry_id, args["data"], version=args["version"])
        return _entry(uow, actor, case_id, key, entry_id)

    return edge.write(PanelEntry, act)


@blueprint.post("/cases/<id:case_id>/panels/<key:key>/entries/<id:entry_id>/release")
@blueprint.arguments(EntryPermission)
@blueprint.response(200, PanelEntry)
def release(args: dict[str, Any], case_id: str, key: str, entry_id: str) -> Response:
    """Open an entry to the others on the case."""

    def act(uow: UnitOfWork, actor: Actor) -> EntryView:
        entries.release(uow, actor, case_id, key, entry_id, args["data"])
        return _entry(uow, actor, case_id, key, entry_id)

    return edge.write(PanelEntry, act)


def _entry(uow: UnitOfWork, actor: Actor, case_id: str, key: str, entry: str) -> EntryView:
    return next(one for one in panels.page(uow, actor, case_id, key).entries if one.id == entry)
