"""All tables, by what they hold."""

from __future__ import annotations

from engine.store.tables.cases import case_serials, cases, duties, facts, milestones, participants, person_walls, walls
from engine.store.tables.columns import metadata
from engine.store.tables.content import drafts, entries, inbox_messages, notices, records
from engine.store.tables.deployments import changes, definitions, deployments, editors, models, resources, starts, trials
from engine.store.tables.files import file_parts, files, opening_file_parts, opening_files
from engine.store.tables.instances import incidents, instances, jobs, rungs, snapshots, subscriptions, timers
from engine.store.tables.migrations import migration_rows, migrations
from engine.store.tables.outside import hosts, outside_jobs
from engine.store.tables.people import absences, accounts, failed_attempts, memberships, persons, programs, stand_ins, tokens
from engine.store.tables.portal import openings, portal_keys
from engine.store.tables.surveys import invitations, tallies
from engine.store.tables.telling import calendar_feeds, mails, telling_choices
from engine.store.tables.trail import audit_entries, idempotency_keys, meta, seals
from engine.store.tables.user_tasks import saved_views, user_tasks

__all__ = [
    "absences",
    "accounts",
    "audit_entries",
    "calendar_feeds",
    "case_serials",
    "cases",
    "changes",
    "definitions",
    "deployments",
    "drafts",
    "duties",
    "editors",
    "entries",
    "facts",
    "failed_attempts",
    "file_parts",
    "files",
    "hosts",
    "idempotency_keys",
    "inbox_messages",
    "incidents",
    "instances",
    "invitations",
    "jobs",
    "mails",
    "memberships",
    "meta",
    "metadata",
    "migration_rows",
    "migrations",
    "milestones",
    "models",
    "notices",
    "opening_file_parts",
    "opening_files",
    "openings",
    "outside_jobs",
    "participants",
    "person_walls",
    "persons",
    "portal_keys",
    "programs",
    "records",
    "resources",
    "rungs",
    "saved_views",
    "seals",
    "snapshots",
    "stand_ins",
    "starts",
    "subscriptions",
    "tallies",
    "telling_choices",
    "timers",
    "tokens",
    "trials",
    "user_tasks",
    "walls",
]
