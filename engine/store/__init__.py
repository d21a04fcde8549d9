"""The only door to SQLAlchemy and Alembic: a unit of work, and queries by noun.

`open(url)` gives a Store; `store.unit_of_work()` writes, `store.reading()` reads. Query modules
(`engine.store.cases`, `engine.store.user_tasks`, …) are functions that take the unit of work first. Their common ways:
`get` raises NotFound, `find` and `…by_…` give None; `insert` takes one value, `insert_many` a sequence; `list_…` gives a
Page and goes on by its cursor; writes raise Conflict when a constraint is broken.
"""

from __future__ import annotations

from engine.store import (
    accounts,
    audit,
    case_ties,
    cases,
    changes,
    definitions,
    deployments,
    drafts,
    duties,
    facts,
    figures,
    foresight,
    hosts,
    idempotency,
    inbox_messages,
    incidents,
    instances,
    jobs,
    memberships,
    meta,
    milestones,
    models,
    notices,
    outside_jobs,
    participants,
    persons,
    programs,
    records,
    resources,
    rungs,
    seals,
    snapshots,
    standings,
    starts,
    subscriptions,
    timers,
    tokens,
    user_tasks,
    walls,
    works,
)
from engine.store.counting import Statements, count_statements
from engine.store.database import Store, open, private
from engine.store.unit_of_work import UnitOfWork

#: short in signatures
Uow = UnitOfWork

__all__ = [
    "Statements",
    "Store",
    "UnitOfWork",
    "Uow",
    "accounts",
    "audit",
    "case_ties",
    "cases",
    "changes",
    "count_statements",
    "definitions",
    "deployments",
    "drafts",
    "duties",
    "facts",
    "figures",
    "foresight",
    "hosts",
    "idempotency",
    "inbox_messages",
    "incidents",
    "instances",
    "jobs",
    "memberships",
    "meta",
    "milestones",
    "models",
    "notices",
    "open",
    "outside_jobs",
    "participants",
    "persons",
    "private",
    "programs",
    "records",
    "resources",
    "rungs",
    "seals",
    "snapshots",
    "standings",
    "starts",
    "subscriptions",
    "timers",
    "tokens",
    "user_tasks",
    "walls",
    "works",
]
