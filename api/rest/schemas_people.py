"""What answers about cases and people hold. Each schema dumps a view that the engine filtered for its reader."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from marshmallow import Schema, fields, pre_dump

from api.rest.schemas import Explanation, Instance, TaskInList, Who


class Participant(Schema):
    """A person in a case role on a case."""

    id = fields.String()
    case_id = fields.String()
    person_id = fields.String()
    role = fields.String()
    position = fields.Integer()
    from_at = fields.AwareDateTime()
    to_at = fields.AwareDateTime(allow_none=True)


class ParticipantLine(Schema):
    """A participant as the reader may see them."""

    id = fields.String()
    who = fields.Nested(Who)
    role = fields.String()
    role_label = fields.String()
    from_at = fields.AwareDateTime()
    to_at = fields.AwareDateTime(allow_none=True)
    email = fields.String(allow_none=True)
    phone = fields.String(allow_none=True)


class Case(Schema):
    """A case that was opened."""

    id = fields.String()
    number = fields.String()
    pack = fields.String(allow_none=True)
    state = fields.String()
    status = fields.String(allow_none=True)
    outcome = fields.String(allow_none=True)
    opened_at = fields.AwareDateTime()
    closed_at = fields.AwareDateTime(allow_none=True)


class CaseInList(Schema):
    """A case as a list shows it."""

    id = fields.String()
    number = fields.String()
    state = fields.String()
    status = fields.String(allow_none=True)
    outcome = fields.String(allow_none=True)
    opened_at = fields.AwareDateTime()
    closed_at = fields.AwareDateTime(allow_none=True)
    sentence = fields.String(metadata={"description": "what it waits for, since when, who can move it"})
    overdue = fields.Integer()
    nobody = fields.String(allow_none=True)
    next_due_at = fields.AwareDateTime(allow_none=True)
    facts = fields.Dict(keys=fields.String())
    intensity = fields.String(allow_none=True, metadata={"description": "how closely it is looked at, in the pack's words"})
    in_place_of = fields.Nested(Who, allow_none=True, metadata={"description": "who is away and in whose place the caller sees it"})


class TimelineEntry(Schema):
    """One line of a case's timeline."""

    at = fields.AwareDateTime()
    event = fields.String()
    text = fields.String()
    actor = fields.Nested(Who, allow_none=True)
    on_behalf_of = fields.Nested(Who, allow_none=True)
    element_id = fields.String(allow_none=True)
    process_key = fields.String(allow_none=True)


class Record(Schema):
    """A record that the reader may read."""

    id = fields.String()
    form = fields.String()
    form_title = fields.String()
    cls = fields.String(data_key="class", metadata={"description": "confidentiality class, C0 to C8"})
    cls_label = fields.String(data_key="class_label")
    audience = fields.String(metadata={"description": "who else can read it"})
    participant = fields.Nested(Who, allow_none=True)
    author = fields.Nested(Who, allow_none=True)
    at = fields.AwareDateTime()
    fields_ = fields.Raw(data_key="fields", attribute="fields", metadata={"description": "pairs of label and value"})


class Panel(Schema):
    """Records shown together."""

    key = fields.String()
    title = fields.String()
    records = fields.List(fields.Nested(Record))


class MessageAct(Schema):
    """A message that the reader may send to the case now."""

    name = fields.String()
    label = fields.String()
    confirm = fields.String()
    participants = fields.Raw(metadata={"description": "pairs of participant id and label"})


class Milestone(Schema):
    """Something that a case reaches on its way."""

    code = fields.String()
    label = fields.String()
    at = fields.AwareDateTime(allow_none=True, metadata={"description": "null while it is not reached"})

    @pre_dump
    def named(self, milestone: tuple[str, str, datetime | None], **_: Any) -> dict[str, Any]:
        """The view's three parts by name."""
        return dict(zip(("code", "label", "at"), milestone, strict=True))


class CasePage(Schema):
    """All that one reader may see of a case."""

    line = fields.Nested(CaseInList, data_key="case")
    explanation = fields.Nested(Explanation)
    participants = fields.List(fields.Nested(ParticipantLine))
    tasks = fields.List(fields.Nested(TaskInList))
    timeline = fields.List(fields.Nested(TimelineEntry))
    milestones = fields.List(fields.Nested(Milestone))
    panels = fields.List(fields.Nested(Panel))
    acts = fields.List(fields.Nested(MessageAct))
    instances = fields.List(fields.Nested(Instance))
    may = fields.Function(lambda page: sorted(page.may), metadata={"description": "what the reader may do here"})


class Person(Schema):
    """A person in the list of people and roles."""

    id = fields.String()
    name = fields.String()
    email = fields.String(allow_none=True)
    phone = fields.String(allow_none=True)
    staff = fields.Boolean()
    login = fields.String(allow_none=True)
    administrator = fields.Boolean()
    roles = fields.List(fields.String())
    active = fields.Boolean()


class Made(Schema):
    """The id of what was made."""

    id = fields.String()


class Account(Schema):
    """What a person signs in with."""

    id = fields.String()
    person_id = fields.String()
    login = fields.String()
    administrator = fields.Boolean()


class Token(Schema):
    """A personal API token. Its secret is told once, when it is made."""

    id = fields.String()
    label = fields.String()
    secret = fields.String()


class Notice(Schema):
    """A notice in the caller's inbox."""

    id = fields.String()
    case_id = fields.String()
    case_number = fields.String()
    title = fields.String()
    text = fields.String()
    task_id = fields.String(allow_none=True)
    at = fields.AwareDateTime()
    read = fields.Boolean()
    in_place_of = fields.String(allow_none=True, metadata={"description": "whose place the caller is told in; null: it is their own"})
    over = fields.Boolean(metadata={"description": "its task is done, or no longer needed"})


class AuditEntry(Schema):
    """Who did what, when. Ids and codes only, never what was written."""

    id = fields.String()
    seq = fields.Integer()
    at = fields.AwareDateTime()
    event = fields.String()
    actor = fields.String(attribute="actor_id", allow_none=True)
    on_behalf_of = fields.String(allow_none=True)
    via = fields.String()
    case_id = fields.String(allow_none=True)
    instance_id = fields.String(allow_none=True)
    definition_id = fields.String(allow_none=True)
    process_key = fields.String(allow_none=True)
    element_id = fields.String(allow_none=True)
    task_id = fields.String(allow_none=True)
    details = fields.Raw()
    hash = fields.String()
