"""Outside work: workers fetch jobs, hold them, and answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Response
from marshmallow import Schema, fields, pre_dump, validate

from api.rest import edge
from api.rest.fields import Query, flag, line, listing, plain_object, text
from api.rest.messages import Duration
from engine import clock
from engine.model.access import Actor
from engine.model.outside import OutsideJob
from engine.operations import values
from engine.operations.people import hosts
from engine.operations.running import outside_work
from engine.store import UnitOfWork

blueprint = edge.blueprint("jobs", "Outside work for workers, and the hosts that webhooks may call")

_ABOUT_HOLD = {"description": "how long this worker holds it from now, an ISO 8601 duration; the job's own timeout when left out"}


def code(description: str) -> fields.String:
    """A code without spaces."""
    plain = validate.Regexp(r"\S{1,100}\Z", error="A code has 1 to 100 characters and no spaces; it is shown, so it holds no content.")
    return fields.String(required=True, validate=plain, metadata={"description": description})


class Pause(Duration):
    """An ISO 8601 duration from nothing to 31 days."""

    default_error_messages = {"invalid": "Give a duration like PT30S, at most P31D."}  # noqa: RUF012 - as in the base class
    longest = outside_work.LONGEST

    def _deserialize(self, value: object, attr: str | None, data: object, **more: Any) -> timedelta:
        return timedelta(0) if value in ("PT0S", "P0D") else super()._deserialize(value, attr, data, **more)


class Hold(Duration):
    """An ISO 8601 duration of up to 31 days."""

    default_error_messages = {"invalid": "Give a duration like PT5M, at most P31D."}  # noqa: RUF012 - as in the base class
    longest = outside_work.LONGEST


class Work(Schema):
    """A job as lists show it. Its inputs are told to who takes it only."""

    id = fields.String()
    type = fields.String()
    state = fields.String(
        metadata={"description": "available, held (until locked_until), completed, errored, failed (an incident) or cancelled"}
    )
    instance_id = fields.String()
    case_id = fields.String()
    process_key = fields.String()
    element_id = fields.String()
    name = fields.String()
    attempts = fields.Integer(metadata={"description": "how often it was taken"})
    retries = fields.Integer(metadata={"description": "tries in all"})
    retries_left = fields.Integer()
    due_at = fields.AwareDateTime(metadata={"description": "when it can be taken (again)"})
    worker = fields.String(allow_none=True, metadata={"description": "who took it last"})
    locked_until = fields.AwareDateTime(allow_none=True)
    created_at = fields.AwareDateTime()
    ended_at = fields.AwareDateTime(allow_none=True)
    error_code = fields.String(allow_none=True)

    @pre_dump
    def flatten(self, job: OutsideJob, **_: Any) -> dict[str, Any]:
        """The job's fields, without a hold that ran out."""
        told = {name: getattr(job, name) for name in Work._declared_fields if name != "worker"}
        now = clock.now()
        until = job.locked_until if job.is_held(now) else None
        return {**told, "state": job.shown(now), "worker": job.lock_owner, "locked_until": until}


class WorkInFull(Work):
    """A job with what the last worker said, and what the server recorded instead of sending it (demo and sandbox)."""

    message = fields.String(allow_none=True)
    record = fields.Dict(allow_none=True)

    @pre_dump
    def flatten(self, job: OutsideJob, **_: Any) -> dict[str, Any]:
        """The job's fields and its sealed parts."""
        return {**Work().flatten(job), "message": job.body.get("note"), "record": job.body.get("record")}


class TakenJob(Work):
    """A job that was taken, with its inputs."""

    variables = fields.Dict(keys=fields.String(), metadata={"description": "what the diagram's input mapping gives"})

    @pre_dump
    def flatten(self, job: OutsideJob, **_: Any) -> dict[str, Any]:
        """The job's fields and its inputs as plain JSON."""
        return {**Work().flatten(job), "variables": values.plain(values.untagged(job.body.get("inputs")))}


class TakenJobs(Schema):
    """What a worker got."""

    items = fields.List(fields.Nested(TakenJob))


class Fetch(Schema):
    """What a worker wants to do."""

    worker = line(required=True, longest=100, metadata={"description": "the worker's own name; its answers have to carry it"})
    types = fields.List(line(longest=100), required=True, validate=validate.Length(min=1, max=50))
    limit = fields.Integer(load_default=10, validate=validate.Range(min=1, max=outside_work.MOST))
    hold = Hold(load_default=None, allow_none=True, metadata=_ABOUT_HOLD)


class Extension(Schema):
    """More time."""

    worker = line(required=True, longest=100)
    hold = Hold(required=True, metadata={"description": "from now, an ISO 8601 duration"})


class JobCompletion(Schema):
    """The answer."""

    worker = line(required=True, longest=100)
    variables = plain_object(load_default=dict, metadata={"description": "the diagram's output mapping says what of it is kept"})


class Failure(Schema):
    """It could not be done."""

    worker = line(required=True, longest=100)
    code = code("shown to people; no content")
    message = text(load_default="", metadata={"description": "for whoever looks into it; kept sealed with the job"})
    retries_left = fields.Integer(
        load_default=None, allow_none=True, validate=validate.Range(min=0, max=50), metadata={"description": "0: give up now"}
    )
    retry_after = Pause(load_default=None, allow_none=True, metadata={"description": "pause before the next try; or as the diagram says"})


class JobError(Schema):
    """An error that the diagram knows."""

    worker = line(required=True, longest=100)
    code = code("code of the BPMN error")


class JobFilter(Query):
    """Which jobs are listed."""

    state = fields.String(load_default=None, validate=validate.OneOf(outside_work.STATES))
    type = line(load_default=None, longest=100)
    instance = line(load_default=None)


@blueprint.post("/jobs/fetch")
@blueprint.arguments(Fetch)
@blueprint.response(200, TakenJobs)
def fetch(args: dict[str, Any]) -> Response:
    """Take jobs of some types, the longest due first; nobody else gets them until the hold ends."""

    def act(uow: UnitOfWork, actor: Actor) -> dict[str, Any]:
        found = outside_work.fetch(uow, actor, args["worker"], args["types"], most=args["limit"], hold=args["hold"])
        return {"items": found}

    return edge.write(TakenJobs(), act)


@blueprint.get("/jobs")
@blueprint.arguments(JobFilter, location="query")
@blueprint.response(200, listing(Work))
def list_(args: dict[str, Any]) -> Response:
    """Jobs, newest first."""
    return edge.listed(Work(), lambda uow, actor: outside_work.list_(uow, actor, **args))


@blueprint.get("/jobs/<id:job_id>")
@blueprint.response(200, WorkInFull)
def get(job_id: str) -> Response:
    """One job."""
    return edge.read(WorkInFull(), lambda uow, actor: outside_work.get(uow, actor, job_id))


@blueprint.post("/jobs/<id:job_id>/extension")
@blueprint.arguments(Extension)
@blueprint.response(200, Work)
def extend(args: dict[str, Any], job_id: str) -> Response:
    """Hold a job longer."""
    return _answer(lambda uow, actor: outside_work.extend(uow, actor, job_id, args["worker"], args["hold"]))


@blueprint.post("/jobs/<id:job_id>/completion")
@blueprint.arguments(JobCompletion)
@blueprint.response(200, Work)
def complete(args: dict[str, Any], job_id: str) -> Response:
    """The work is done. Saying so twice is harmless."""
    return _answer(lambda uow, actor: outside_work.complete(uow, actor, job_id, args["worker"], args["variables"]))


@blueprint.post("/jobs/<id:job_id>/failure")
@blueprint.arguments(Failure)
@blueprint.response(200, Work)
def fail(args: dict[str, Any], job_id: str) -> Response:
    """It could not be done: another try after a pause, or an incident when no tries are left."""
    more = {"code": args["code"], "message": args["message"], "retries_left": args["retries_left"], "pause": args["retry_after"]}
    return _answer(lambda uow, actor: outside_work.fail(uow, actor, job_id, args["worker"], **more))


@blueprint.post("/jobs/<id:job_id>/bpmn-error")
@blueprint.arguments(JobError)
@blueprint.response(200, Work)
def bpmn_error(args: dict[str, Any], job_id: str) -> Response:
    """The work met an error that the diagram catches."""
    return _answer(lambda uow, actor: outside_work.bpmn_error(uow, actor, job_id, args["worker"], args["code"]))


def _answer(act: Callable[[UnitOfWork, Actor], OutsideJob]) -> Response:
    return edge.write(Work(), act)


class AllowedHost(Schema):
    """A host that webhooks may call."""

    id = fields.String()
    name = fields.String()
    port = fields.Integer()
    private = fields.Boolean()
    added_at = fields.AwareDateTime()


class NewHost(Schema):
    """A host to allow."""

    name = line(required=True, longest=253, metadata={"description": "such as hooks.example.org"})
    port = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(min=1, max=65_535))
    private = flag(load_default=False, metadata={"description": "also where its address is private or loopback, and without TLS"})


class AllowedHosts(Schema):
    """All allowed hosts."""

    items = fields.List(fields.Nested(AllowedHost))


@blueprint.get("/hosts")
@blueprint.response(200, AllowedHosts)
def list_hosts() -> Response:
    """The hosts that webhooks may call; for administrators."""
    return edge.read(AllowedHosts(), lambda uow, actor: {"items": hosts.all(uow, actor)})


@blueprint.post("/hosts")
@blueprint.arguments(NewHost)
@blueprint.response(201, AllowedHost)
def allow_host(args: dict[str, Any]) -> Response:
    """Let webhooks call a host."""
    return edge.write(
        AllowedHost(), lambda uow, actor: hosts.allow(uow, actor, args["name"], args["port"], private=args["private"]), status=201
    )


@blueprint.delete("/hosts/<id:host_id>")
@blueprint.response(204)
def forbid_host(host_id: str) -> Response:
    """Let webhooks call a host no longer."""
    return edge.write(None, lambda uow, actor: hosts.forbid(uow, actor, host_id), status=204)
