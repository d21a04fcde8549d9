"""Changes: what somebody proposes for a pack, file by file, until a second person approves it."""

from __future__ import annotations

from typing import Any

from flask import Response, request
from flask_smorest.fields import Upload
from marshmallow import Schema, fields, validate

from api.auth import current_actor
from api.rest import edge
from api.rest.fields import Empty, Query, flag, line, listing, plain_object, text
from api.rest.uploads import contents
from api.running import Mode, running
from engine.model import deployments as model
from engine.model.access import Actor
from engine.model.errors import BadRequest, Conflict
from engine.model.lists import Page
from engine.model.states import ChangeState
from engine.operations.drafting import change_files, changes, new_packs
from engine.operations.releasing import publishing
from engine.operations.scenarios import scenarios, trials
from engine.store import UnitOfWork

blueprint = edge.blueprint("procedure-changes", "Changes of procedures: drawn by one person, approved by another")

_ONE = "/changes/<id:change_id>"
_FILE = f"{_ONE}/files/<path:name>"


class ProcedureChange(Schema):
    """A change, without its files."""

    id = fields.String()
    pack = fields.String(allow_none=True)
    title = fields.String()
    why = fields.String()
    state = fields.String(metadata={"description": "drawing, asked, approved or withdrawn"})
    base_id = fields.String(allow_none=True, metadata={"description": "the deployment that it is based on"})
    deployment_id = fields.String(allow_none=True, metadata={"description": "the deployment that waits, once it was asked for"})
    created_by = fields.String(allow_none=True)
    created_at = fields.AwareDateTime()
    changed_at = fields.AwareDateTime()
    asked_by = fields.String(allow_none=True)
    asked_at = fields.AwareDateTime(allow_none=True)


class NewChange(Schema):
    """What is to change, and of which pack; without one it is for procedures that have none yet, or begins a pack of its own."""

    title = line(required=True)
    pack = line(load_default=None)
    why = text(load_default="")
    new_pack = line(
        load_default=None, metadata={"description": "name of a new procedure, which begins with a pack and a diagram of its own"}
    )
    roles = fields.List(line(), load_default=list, metadata={"description": "keys of live packs' roles that the new pack takes over"})
    new_roles = fields.List(line(), load_default=list, metadata={"description": "names of roles that the new pack begins with"})


class Words(Schema):
    """Another title or reason; what is left out stays."""

    title = line(load_default=None)
    why = text(load_default=None)


class States(Query):
    """Which changes are listed: those that are drawn or wait, or those of one state."""

    state = fields.Enum(ChangeState, by_value=True, load_default=None)


class ChangeFile(Schema):
    """One file as a change has it."""

    name = fields.String()
    kind = fields.String(metadata={"description": "bpmn, dmn, form, pack or scenario"})
    revision = fields.Integer(metadata={"description": "0 while the change does not touch it; repeat it in If-Match to save"})
    changed = fields.Boolean()
    changed_by = fields.String(allow_none=True)
    changed_at = fields.AwareDateTime(allow_none=True)


class Uploads(Schema):
    """Files to take into a change over those of the same names."""

    files = fields.List(Upload(), required=True, validate=validate.Length(min=1, max=change_files.MOST))


class Unsaved(Schema):
    """Files that are looked at as if they were saved."""

    files = plain_object(load_default=dict, values=fields.String())


class ChangeDecision(Schema):
    """A second person's decision."""

    approve = flag(required=True)
    reason = text(load_default="")
    scenarios_seen = flag(
        load_default=False, metadata={"description": "that they looked at the scenarios which are taken out or changed; 422 without it"}
    )


def stamp(change: model.Change) -> str:
    """What a change's ETag is made of."""
    return f"{change.id}:{change.state}:{change.changed_at.isoformat()}"


def _file_stamp(file: change_files.ChangeFile) -> str:
    return str(file.revision)


@blueprint.get("/changes")
@blueprint.arguments(States, location="query")
@blueprint.response(200, listing(ProcedureChange))
def list_(args: dict[str, Any]) -> Response:
    """Changes, the last touched first."""
    states = (args["state"],) if args["state"] is not None else changes.OPEN
    return edge.listed(ProcedureChange(), lambda uow, actor: changes.page(uow, actor, states, cursor=args["cursor"], limit=args["limit"]))


@blueprint.post("/changes")
@blueprint.arguments(NewChange)
@blueprint.response(201, ProcedureChange)
def begin(args: dict[str, Any]) -> Response:
    """Begin a change."""
    return edge.write(ProcedureChange(), lambda uow, actor: _begun(uow, actor, args), status=201, stamp=stamp)


def _begun(uow: UnitOfWork, actor: Actor, args: dict[str, Any]) -> model.Change:
    change = changes.start(uow, actor, args["title"], pack=args["pack"], why=args["why"])
    if args["new_pack"] is None:
        return change
    return new_packs.begin(uow, actor, change.id, args["new_pack"], taken=args["roles"], named=args["new_roles"])


@blueprint.get(_ONE)
@blueprint.response(200, ProcedureChange)
def get(change_id: str) -> Response:
    """One change."""
    return edge.read(ProcedureChange(), lambda uow, actor: changes.get(uow, actor, change_id), stamp=stamp)


@blueprint.patch(_ONE)
@blueprint.arguments(Words)
@blueprint.response(200, ProcedureChange)
def describe(args: dict[str, Any], change_id: str) -> Response:
    """Give it another title or reason."""
    return edge.write(
        ProcedureChange(),
        lambda uow, actor: changes.describe(uow, actor, change_id, **args),
        current=lambda uow, actor: changes.get(uow, actor, change_id),
        stamp=stamp,
    )


@blueprint.get(f"{_ONE}/files")
@blueprint.response(200, listing(ChangeFile))
def files(change_id: str) -> Response:
    """Every file of the pack as it will be."""
    return edge.listed(ChangeFile(), lambda uow, actor: Page(change_files.list_(uow, actor, change_id)))


@blueprint.post(f"{_ONE}/files")
@blueprint.arguments(Uploads, location="files")
@blueprint.response(200, listing(ChangeFile))
def put_many(args: dict[str, Any], change_id: str) -> Response:
    """Take files in, whether they can be run or not."""
    sent = contents(args["files"])

    def act(uow: UnitOfWork, actor: Actor) -> Page[change_files.ChangeFile]:
        names = change_files.put_many(uow, actor, change_id, sent)
        return Page(tuple(change_files.get(uow, actor, change_id, name) for name in names))

    return edge.write(listing(ChangeFile), act)


@blueprint.get(_FILE)
@blueprint.response(200, {"type": "string", "format": "binary"}, content_type="application/octet-stream")
def file(change_id: str, name: str) -> Response:
    """One file, byte for byte; its ETag is its revision."""
    with running().reading() as uow:
        found = change_files.get(uow, current_actor(uow), change_id, name)
    answer = Response(found.content, content_type="application/octet-stream")
    answer.set_etag(_file_stamp(found))
    return answer


@blueprint.put(_FILE)
@blueprint.response(200, ChangeFile)
def save(change_id: str, name: str) -> Response:
    """Save one file: its bytes as the body, its revision in If-Match; 409 `stale-draft` when somebody saved it meanwhile."""
    tags = request.if_match.as_set()
    if len(tags) != 1 or not (tag := next(iter(tags))).isdigit():
        raise BadRequest('Say in If-Match which revision you read, as "3"; "0" for a file that the change does not have yet.')
    content = request.get_data()
    return edge.write(ChangeFile(), lambda uow, actor: change_files.save(uow, actor, change_id, name, content, int(tag)))


@blueprint.delete(_FILE)
@blueprint.response(204)
def remove(change_id: str, name: str) -> Response:
    """Take a file out of the pack with this change."""
    return edge.write(None, lambda uow, actor: change_files.remove(uow, actor, change_id, name), status=204)


@blueprint.post(f"{_ONE}/check")
@blueprint.arguments(Unsaved)
@blueprint.response(200, {"type": "object", "properties": {"problems": {"type": "array", "items": {"type": "object"}}}})
def check(args: dict[str, Any], change_id: str) -> Response:
    """Everything that stands against it; files that are sent along count as saved."""
    unsaved = {name: str(content).encode("utf-8", "replace") for name, content in args["files"].items()}

    def query(uow: UnitOfWork, actor: Actor) -> object:
        found = change_files.check(uow, actor, change_id, with_=unsaved)
        names = ("file", "element_id", "code", "message", "also")
        return {"problems": [{**{name: getattr(one, name) for name in names}, "level": one.level.value} for one in found]}

    return edge.plain(query)


def _asking(uow: UnitOfWork, actor: Actor, change_id: str) -> model.Change:
    return publishing.ask(uow, actor, change_id, sandbox=running().config.mode is Mode.SANDBOX)


@blueprint.post(f"{_ONE}/request")
@blueprint.arguments(Empty)
@blueprint.response(200, ProcedureChange)
def ask(_args: dict[str, Any], change_id: str) -> Response:
    """Send it to a second person; live at once where its pack asks for none. 422 with every problem, or when it says no reason."""
    with running().reading() as uow:
        found = scenarios.files(uow, current_actor(uow), change_id)
        before = publishing.base_of(uow, current_actor(uow), change_id)
    # Remembered by content, so that nobody waits for them in the transaction.
    scenarios.run_files(found)
    trials.run_dropped(before, found)
    return edge.write(ProcedureChange(), lambda uow, actor: _asking(uow, actor, change_id), stamp=stamp)


@blueprint.post(f"{_ONE}/taking-back")
@blueprint.arguments(Empty)
@blueprint.response(200, ProcedureChange)
def take_back(_args: dict[str, Any], change_id: str) -> Response:
    """Take it back to go on drawing."""
    return edge.write(ProcedureChange(), lambda uow, actor: publishing.take_back(uow, actor, change_id), stamp=stamp)


@blueprint.post(f"{_ONE}/withdrawal")
@blueprint.arguments(Empty)
@blueprint.response(200, ProcedureChange)
def withdraw(_args: dict[str, Any], change_id: str) -> Response:
    """Give it up."""
    return edge.write(ProcedureChange(), lambda uow, actor: changes.withdraw(uow, actor, change_id), stamp=stamp)


@blueprint.post(f"{_ONE}/decision")
@blueprint.arguments(ChangeDecision)
@blueprint.response(200, ProcedureChange)
def decide(args: dict[str, Any], change_id: str) -> Response:
    """Approve or reject what somebody else worked on and sent."""

    def act(uow: UnitOfWork, actor: Actor) -> model.Change:
        change = changes.get(uow, actor, change_id)
        if change.deployment_id is None:
            raise Conflict("This change does not wait for anybody; it has to be sent first.")
        publishing.decide(uow, actor, change.deployment_id, **args)
        return changes.get(uow, actor, change_id)

    return edge.write(ProcedureChange(), act, current=lambda uow, actor: changes.get(uow, actor, change_id), stamp=stamp)
