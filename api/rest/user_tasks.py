"""User tasks: listing, claiming, filling in and completing them."""

from __future__ import annotations

from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from api.rest import edge
from api.rest.fields import MAX_REASON, Query, line, listing, plain_object, text
from api.rest.schemas import Draft, Task, TaskInList
from api.rest.task_page import TaskOnItsOwn
from engine.model import instances as model
from engine.model.access import Actor
from engine.model.content import Draft as DraftValue
from engine.model.errors import NotFound
from engine.model.forms import Mode
from engine.model.states import UserTaskState
from engine.operations import signing
from engine.operations.content import drafts
from engine.operations.tasks import handing_over, task_lists, user_tasks
from engine.store import UnitOfWork

blueprint = edge.blueprint("user-tasks", "Tasks for people")


class Filter(Query):
    """Which tasks are listed."""

    instance = line(load_default=None, metadata={"description": "id of a process instance"})
    state = fields.String(load_default="open", validate=validate.OneOf([state.value for state in UserTaskState]))
    role = line(load_default=None)
    assignee = line(load_default=None, metadata={"description": "id of a person"})
    due_before = fields.AwareDateTime(load_default=None)
    in_place_of = line(
        load_default=None,
        metadata={"description": "id of a person who is away: what the caller may do in their place, the most urgent first"},
    )


class Completion(Schema):
    """What was filled in."""

    data = plain_object(load_default=dict)
    mode = fields.String(
        load_default=Mode.SELF.value,
        validate=validate.OneOf([mode.value for mode in Mode]),
        metadata={"description": "on-behalf: staff enter what a participant told them"},
    )
    edition = line(
        load_default=None,
        allow_none=True,
        metadata={
            "description": "the task's edition as it was read; 409 form-changed when the form, or what is read first, changed since. "
            "Needed where something is read first"
        },
    )
    paper_code = line(
        load_default=None,
        allow_none=True,
        metadata={"description": "for a signature on paper whose text the caller may not read: the code that stands on the paper"},
    )


class HandingOver(Schema):
    """Who is to do it, and what they should know."""

    person_id = line(required=True)
    note = text(load_default="", longest=MAX_REASON, metadata={"description": "read by who can work the task, until it is done"})


class FollowUp(Schema):
    """When it is to be looked at again."""

    at = fields.AwareDateTime(required=True, allow_none=True, metadata={"description": "null: no more"})


class Priority(Schema):
    """How urgent it is."""

    priority = fields.Integer(required=True, strict=True, validate=validate.Range(min=0, max=100))


class DraftBody(Schema):
    """What was typed so far."""

    data = plain_object(required=True)
    version = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(min=0, max=2**31 - 1))


def stamp(task: model.UserTask) -> str:
    """What a task's ETag is made of."""
    return f"{task.id}:{task.state}:{task.assignee_id}:{task.due_at}:{task.ended_at}:{task.follow_up_at}:{task.priority}"


def _draft_stamp(draft: DraftValue) -> str:
    return f"{draft.task_id}:{draft.person_id}:{draft.version}"


def _task(uow: UnitOfWork, actor: Actor, task_id: str) -> model.UserTask:
    return task_lists.page(uow, actor, task_id).line.task


@blueprint.get("/user-tasks")
@blueprint.arguments(Filter, location="query")
@blueprint.response(200, listing(TaskInList))
def list_(args: dict[str, Any]) -> Response:
    """Tasks that the caller may see."""
    other = args.pop("in_place_of")
    if other is not None:
        return edge.listed(
            TaskInList, lambda uow, actor: task_lists.inbox_for(uow, actor, other, cursor=args["cursor"], limit=args["limit"])
        )
    return edge.listed(TaskInList, lambda uow, actor: task_lists.list_(uow, actor, **args))


@blueprint.get("/user-tasks/<id:task_id>")
@blueprint.response(200, TaskOnItsOwn)
def get(task_id: str) -> Response:
    """One task, with its form as the caller may fill it in."""
    return edge.read(TaskOnItsOwn, lambda uow, actor: task_lists.page(uow, actor, task_id), stamp=lambda page: stamp(page.line.task))


@blueprint.post("/user-tasks/<id:task_id>/claim")
@blueprint.response(200, Task)
def claim(task_id: str) -> Response:
    """Take a task that is offered to one of the caller's roles."""
    return _act(task_id, lambda uow, actor: user_tasks.claim(uow, actor, task_id))


@blueprint.post("/user-tasks/<id:task_id>/release")
@blueprint.response(200, Task)
def release(task_id: str) -> Response:
    """Put a claimed task back."""
    return _act(task_id, lambda uow, actor: user_tasks.release(uow, actor, task_id))


@blueprint.post("/user-tasks/<id:task_id>/hand-over")
@blueprint.arguments(HandingOver)
@blueprint.response(200, Task)
def hand_over(args: dict[str, Any], task_id: str) -> Response:
    """Give a task of one's own, or one that may be assigned, to somebody else who may do it."""
    return _act(task_id, lambda uow, actor: handing_over.hand_over(uow, actor, task_id, args["person_id"], args["note"]))


@blueprint.post("/user-tasks/<id:task_id>/follow-up")
@blueprint.arguments(FollowUp)
@blueprint.response(200, Task)
def follow_up(args: dict[str, Any], task_id: str) -> Response:
    """Set when a task is to be looked at again; its due date stays."""
    return _act(task_id, lambda uow, actor: handing_over.follow_up(uow, actor, task_id, args["at"]))


@blueprint.post("/user-tasks/<id:task_id>/priority")
@blueprint.arguments(Priority)
@blueprint.response(200, Task)
def prioritise(args: dict[str, Any], task_id: str) -> Response:
    """Set how urgent a task is, instead of what its diagram says."""
    return _act(task_id, lambda uow, actor: handing_over.prioritise(uow, actor, task_id, args["priority"]))


@blueprint.post("/user-tasks/<id:task_id>/completion")
@blueprint.arguments(Completion)
@blueprint.response(200, Task)
def complete(args: dict[str, Any], task_id: str) -> Response:
    """Complete a task with the data of its form."""
    return _act(task_id, lambda uow, actor: _complete(uow, actor, task_id, args))


def _complete(uow: UnitOfWork, actor: Actor, task_id: str, args: dict[str, Any]) -> model.UserTask:
    way = signing.Way(code=args["paper_code"] or "")
    return user_tasks.complete(uow, actor, task_id, args["data"], mode=args["mode"], signed=way, edition=args["edition"] or "")


@blueprint.get("/user-tasks/<id:task_id>/draft")
@blueprint.response(200, Draft)
def get_draft(task_id: str) -> Response:
    """What the caller typed and did not send yet; 404 when there is nothing."""
    return edge.read(Draft, lambda uow, actor: _draft(uow, actor, task_id), stamp=_draft_stamp)


@blueprint.put("/user-tasks/<id:task_id>/draft")
@blueprint.arguments(DraftBody)
@blueprint.response(200, Draft)
def put_draft(args: dict[str, Any], task_id: str) -> Response:
    """Keep what was typed. It is the caller's alone and is not checked yet."""
    return edge.write(
        Draft,
        lambda uow, actor: drafts.save(uow, actor, task_id, args["data"], expected_version=args["version"]),
        current=lambda uow, actor: _draft(uow, actor, task_id),
        stamp=_draft_stamp,
    )


def _draft(uow: UnitOfWork, actor: Actor, task_id: str) -> DraftValue:
    found = drafts.get(uow, actor, task_id)
    if found is None:
        raise NotFound("There is no draft of this task.")
    return found


def _act(task_id: str, act: edge.Verb[model.UserTask]) -> Response:
    return edge.write(Task, act, current=lambda uow, actor: _task(uow, actor, task_id), stamp=stamp)
