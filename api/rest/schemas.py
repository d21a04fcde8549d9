"""What answers about procedures hold: deployments, definitions, instances, tasks, drafts.

Each schema dumps a value or view of the engine; nothing here decides who may see what.
"""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, pre_dump

from engine.model.deployed_views import DefinitionLine
from engine.model.deployed_views import Deployed as DeployedView
from engine.model.views import TaskLine


def own(schema: type[Schema], value: object) -> dict[str, Any]:
    """The attributes of a value that a schema names."""
    return {name: getattr(value, name) for name in schema._declared_fields}


def added(schema: type[Schema], base: type[Schema], line: object) -> dict[str, Any]:
    """The attributes of a line in a list that its schema names beyond those of its base."""
    return {name: getattr(line, name) for name in schema._declared_fields if name not in base._declared_fields}


class Who(Schema):
    """Somebody, by name or by a neutral label."""

    person_id = fields.String(allow_none=True)
    label = fields.String()
    role = fields.String(allow_none=True)
    participant_id = fields.String(allow_none=True)
    named = fields.Boolean(metadata={"description": "false when the label stands in for a name"})


class DeployedVersion(Schema):
    """What became of one process of a deployment."""

    key = fields.String()
    version = fields.Integer()
    created = fields.Boolean(metadata={"description": "false: this content was deployed before"})


class Deployment(Schema):
    """A set of files deployed together."""

    id = fields.String()
    pack = fields.String(allow_none=True)
    state = fields.String(metadata={"description": "pending, active or rejected"})
    content_hash = fields.String()
    deployed_by = fields.String(allow_none=True)
    deployed_at = fields.AwareDateTime()
    decided_by = fields.String(allow_none=True)
    decided_at = fields.AwareDateTime(allow_none=True)
    decision_reason = fields.String(allow_none=True)


class Warned(Schema):
    """Something that was taken, but is probably not what was meant."""

    element_id = fields.String(allow_none=True)
    code = fields.String()
    message = fields.String()
    file = fields.String()


class Deployed(Deployment):
    """A deployment and the versions it made."""

    definitions = fields.List(fields.Nested(DeployedVersion))
    warnings = fields.List(fields.Nested(Warned))

    @pre_dump
    def flatten(self, deployed: DeployedView, **_: Any) -> dict[str, Any]:
        """Deployment and versions side by side."""
        versions = [{"key": key, "version": version, "created": created} for key, version, created in deployed.definitions]
        return {**own(Deployment, deployed.deployment), "definitions": versions, "warnings": deployed.warnings}


class DefinitionVersion(Schema):
    """One version of a process."""

    id = fields.String()
    key = fields.String()
    version = fields.Integer()
    name = fields.String()
    pack = fields.String(allow_none=True)
    file = fields.String()
    state = fields.String()
    deployment_id = fields.String()
    content_hash = fields.String()
    created_at = fields.AwareDateTime()


class SelfStart(Schema):
    """A start event that starts instances by itself; only the newest active version of a process has them."""

    element_id = fields.String()
    kind = fields.String(metadata={"description": "timer, signal, message or conditional"})
    name = fields.String(allow_none=True, metadata={"description": "of the signal or message"})
    rule = fields.String(allow_none=True, metadata={"description": "the timer or condition as written"})
    state = fields.String(metadata={"description": "waiting, or spent: it started as often as it says"})
    due_at = fields.AwareDateTime(allow_none=True, metadata={"description": "when a timer is due next"})
    remaining = fields.Integer(allow_none=True, metadata={"description": "occurrences left of a limited cycle"})
    last_at = fields.AwareDateTime(allow_none=True, metadata={"description": "when a timer or condition last started an instance"})
    problem = fields.String(allow_none=True, metadata={"description": "why the last attempt failed; it is made again by itself"})


class Definition(DefinitionVersion):
    """A version of a process, and how much of it runs."""

    running = fields.Integer()
    incidents = fields.Integer()
    versions = fields.Integer()
    running_by_version = fields.Dict(keys=fields.String(), values=fields.Integer())
    starts = fields.List(fields.Nested(SelfStart), metadata={"description": "how it starts by itself"})

    @pre_dump
    def flatten(self, line: DefinitionLine, **_: Any) -> dict[str, Any]:
        """Definition and counts side by side."""
        return {**own(DefinitionVersion, line.definition), **added(Definition, DefinitionVersion, line)}


class Instance(Schema):
    """One run of a process."""

    id = fields.String()
    case_id = fields.String()
    definition_id = fields.String()
    key = fields.String()
    definition_version = fields.Integer()
    business_key = fields.String(allow_none=True)
    state = fields.String(metadata={"description": "running, suspended, incident, completed or terminated"})
    version = fields.Integer(metadata={"description": "rises with every step"})
    started_at = fields.AwareDateTime()
    ended_at = fields.AwareDateTime(allow_none=True)
    suspended_at = fields.AwareDateTime(allow_none=True)
    end_event = fields.String(allow_none=True, metadata={"description": "the end event reached last"})


class Waiting(Schema):
    """One thing that is waited for."""

    kind = fields.String()
    element_id = fields.String()
    process_key = fields.String()
    name = fields.String()
    since = fields.AwareDateTime()
    who = fields.List(fields.Nested(Who), metadata={"description": "who can move it"})
    about = fields.Nested(Who, allow_none=True, metadata={"description": "the participant that somebody else's task is about"})
    due_at = fields.AwareDateTime(allow_none=True)
    task_id = fields.String(allow_none=True)
    nobody = fields.String(allow_none=True, metadata={"description": "why nobody can do it"})
    message = fields.String(allow_none=True)
    key = fields.String(allow_none=True, metadata={"description": "the correlation key that a message has to have"})
    item = fields.Integer(allow_none=True, metadata={"description": "which one, when the same is waited for several times"})
    items = fields.Integer(allow_none=True, metadata={"description": "of how many"})
    way_out_of = fields.String(allow_none=True, metadata={"description": "event gateway that this is a way out of"})
    sentence = fields.String(metadata={"description": "all of it in a sentence"})


class Also(Schema):
    """Something else that can happen meanwhile."""

    kind = fields.String(metadata={"description": "message, signal or condition"})
    element_id = fields.String()
    process_key = fields.String()
    name = fields.String()
    attached_to = fields.String(allow_none=True, metadata={"description": "the element whose boundary it is on"})
    interrupting = fields.Boolean(metadata={"description": "whether it ends what it is attached to"})
    message = fields.String(allow_none=True, metadata={"description": "name of the message or signal"})
    key = fields.String(allow_none=True)
    sentence = fields.String()


class Upcoming(Schema):
    """Something that will happen by itself."""

    at = fields.AwareDateTime()
    what = fields.String()
    element_id = fields.String(allow_none=True)


class Explanation(Schema):
    """What is waited for, since when, who can move it, what happens next and when."""

    state = fields.String()
    sentence = fields.String()
    since = fields.AwareDateTime(allow_none=True)
    waiting = fields.List(fields.Nested(Waiting))
    upcoming = fields.List(fields.Nested(Upcoming))
    also = fields.List(fields.Nested(Also), metadata={"description": "what else can happen meanwhile"})


class Task(Schema):
    """A user task."""

    id = fields.String()
    element_id = fields.String()
    process_key = fields.String()
    name = fields.String()
    state = fields.String(metadata={"description": "open, completed or cancelled"})
    instance_id = fields.String()
    case_id = fields.String()
    definition_id = fields.String()
    form = fields.String(allow_none=True)
    role = fields.String(allow_none=True)
    participant_id = fields.String(allow_none=True)
    assignee_id = fields.String(allow_none=True)
    priority = fields.Integer()
    created_at = fields.AwareDateTime()
    due_at = fields.AwareDateTime(allow_none=True)
    follow_up_at = fields.AwareDateTime(allow_none=True, metadata={"description": "when somebody wants to look at it again"})
    ended_at = fields.AwareDateTime(allow_none=True)
    completed_by = fields.String(allow_none=True)
    on_behalf_of = fields.String(allow_none=True)
    nobody = fields.String(allow_none=True, metadata={"description": "why nobody can do it now"})


class TaskInList(Task):
    """A user task as a list shows it."""

    case_number = fields.String()
    assignee = fields.Nested(Who, allow_none=True)
    participant = fields.Nested(Who, allow_none=True)
    role_label = fields.String(allow_none=True)
    overdue = fields.Boolean()
    can_claim = fields.Boolean()
    can_complete = fields.Boolean()
    suspended_at = fields.AwareDateTime(
        allow_none=True, metadata={"description": "since when its procedure is suspended: a draft can be kept, completing is refused"}
    )
    about = fields.String(metadata={"description": "the late task that it is about, of a task that a ladder began"})
    in_place_of = fields.Nested(Who, allow_none=True, metadata={"description": "who is away and in whose place the caller would do it"})

    @pre_dump
    def flatten(self, line: TaskLine, **_: Any) -> dict[str, Any]:
        """The task and what the list adds, side by side."""
        return {**own(Task, line.task), **added(TaskInList, Task, line)}


class Draft(Schema):
    """What was typed into a task's form and not sent yet."""

    data = fields.Dict(keys=fields.String(), attribute="body")
    version = fields.Integer()
    at = fields.AwareDateTime(allow_none=True)
