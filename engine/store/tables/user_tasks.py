"""User tasks, and saved questions to the list of them.

The partial indexes hold open tasks only, each in the order of the lists that read it.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, Table
from sqlalchemy import text as sql

from engine.model.states import UserTaskState
from engine.store.tables.columns import flag, identity, instant, json, metadata, number, text, to
from engine.store.types import State

_UNCLAIMED = "state = 'open' AND assignee_id IS NULL"
_ASSIGNED = "state = 'open' AND assignee_id IS NOT NULL"
_BOUND = "state = 'open' AND participant_id IS NOT NULL"
_OPEN = "state = 'open'"
_FOLLOWED = "state = 'open' AND follow_up_at IS NOT NULL"
_STUCK = "state = 'open' AND nobody IS NOT NULL"


def _partial(name: str, *columns: str, where: str) -> Index:
    """An index over the rows that fulfil a condition; queries must say it literally to use it."""
    return Index(name, *columns, sqlite_where=sql(where), postgresql_where=sql(where))


user_tasks = Table(
    "user_tasks",
    metadata,
    identity(),
    text("program_id"),
    to("case_id", "cases"),
    to("instance_id", "instances"),
    text("definition_id"),
    text("token_id"),
    text("process_key"),
    text("element_id"),
    text("name"),
    text("form", null=True),
    text("role", null=True),
    text("duty", null=True),
    text("participant_id", null=True),
    text("assignee_id", null=True),
    number("priority"),
    Column("state", State(UserTaskState), nullable=False),
    instant("created_at"),
    instant("due_at", null=True),
    instant("follow_up_at", null=True),
    instant("ended_at", null=True),
    text("completed_by", null=True),
    text("on_behalf_of", null=True),
    text("nobody", null=True),
    instant("due_since", null=True),
    text("shows"),
    flag("discreet"),
    text("due_rule", null=True),
    text("due_calendar", null=True),
    instant("due_anchor_at", null=True),
    #: due_at, or the far future: lists put tasks without a due date last
    instant("due_key"),
    #: the priority, negative: lists put the higher one first
    number("urgency"),
    Index("ix_user_tasks_instance", "instance_id", "state"),
    Index("ix_user_tasks_case", "case_id", "state"),
    Index("ix_user_tasks_ended", "process_key", "program_id", "ended_at"),
    _partial("ix_user_tasks_role", "program_id", "role", "due_key", "urgency", "id", where=_UNCLAIMED),
    _partial("ix_user_tasks_role_urgency", "program_id", "role", "urgency", "due_key", "id", where=_UNCLAIMED),
    _partial("ix_user_tasks_role_age", "program_id", "role", "id", "due_key", "urgency", where=_UNCLAIMED),
    _partial("ix_user_tasks_role_name", "program_id", "role", "name", "case_id", "participant_id", where=_UNCLAIMED),
    _partial("ix_user_tasks_role_case", "program_id", "role", "case_id", "due_key", "urgency", "id", where=_UNCLAIMED),
    _partial("ix_user_tasks_follow_up", "program_id", "follow_up_at", where=_FOLLOWED),
    _partial("ix_user_tasks_assignee", "assignee_id", "due_key", "urgency", "id", "case_id", where=_ASSIGNED),
    _partial("ix_user_tasks_participant", "participant_id", "due_key", "urgency", "id", where=_BOUND),
    _partial("ix_user_tasks_due", "program_id", "due_key", "urgency", "id", where=_OPEN),
    _partial("ix_user_tasks_stuck", "program_id", "case_id", where=_STUCK),
)

saved_views = Table(
    "saved_views",
    metadata,
    identity(),
    text("program_id"),
    to("person_id", "persons"),
    text("name"),
    text("role", null=True),
    json("question"),
    #: the list that it is about; None: the list of one's tasks
    text("place", null=True),
    Index("ix_saved_views_person", "person_id"),
    Index("ix_saved_views_program", "program_id", "role"),
)
