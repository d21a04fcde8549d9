"""What several cases wait for beside their tasks: timers, subscriptions, open incidents and instances, in one statement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import orjson
from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    bindparam,
    case,
    cast,
    literal,
    literal_column,
    null,
    select,
    type_coerce,
    union_all,
)

from engine.model.instances import Incident, Subscription, Timer
from engine.model.lists import InstanceSummary
from engine.model.outside import OutsideWait
from engine.model.states import IncidentState, InstanceState, TimerKind
from engine.store import tables
from engine.store.types import Instant
from engine.store.unit_of_work import UnitOfWork

_ENDED = (InstanceState.COMPLETED, InstanceState.TERMINATED)
_NO_TEXT = cast(null(), tables.subscriptions.c.correlation.type)
_NO_NUMBER = cast(null(), Integer())
_NO_TIME = cast(null(), Instant())
_TEXTS = ("id", "program_id", "case_id", "instance_id", "token_id", "element_id", "process_key", "kind", "name", "key", "rule", "calendar")


@dataclass(frozen=True, slots=True)
class Waits:
    """What one case waits for."""

    timers: list[Timer] = field(default_factory=list)
    subscriptions: list[Subscription] = field(default_factory=list)
    incidents: list[Incident] = field(default_factory=list)
    instances: list[InstanceSummary] = field(default_factory=list)
    jobs: list[OutsideWait] = field(default_factory=list)
    facts: dict[str, object] = field(default_factory=dict)


def of_cases(uow: UnitOfWork, case_ids: Collection[str], facts: Collection[str] = ()) -> dict[str, Waits]:
    """By case; timers soonest first, the other kinds oldest first. `facts` are keys of facts that are brought along."""
    found: defaultdict[str, Waits] = defaultdict(Waits)
    rows = uow.execute(_statement(), {"case_ids": sorted(case_ids), "fact_keys": sorted(facts)}).all()
    for row in sorted(rows, key=lambda row: (row.at, row.id or "")):
        waits = found[row.case_id]
        match row.what:
            case "timer":
                waits.timers.append(_timer(row))
            case "subscription":
                waits.subscriptions.append(Subscription(*(*row[1:11], row.at)))
            case "incident":
                waits.incidents.append(_incident(row))
            case "job":
                job = OutsideWait(row.id, row.instance_id, row.process_key, row.element_id, row.name, row.kind, row.at)
                waits.jobs.append(job)
            case "fact":
                waits.facts[row.key] = orjson.loads(row.name)
            case _:
                waits.instances.append(_instance(row))
    return found


def _timer(row: Any) -> Timer:
    return Timer(
        row.id,
        row.program_id,
        row.case_id,
        row.instance_id,
        TimerKind(row.kind),
        row.token_id,
        row.key,
        row.element_id,
        row.process_key,
        row.rule,
        row.calendar,
        row.since,
        row.at,
        row.number,
        row.name,
    )


def _incident(row: Any) -> Incident:
    return Incident(
        row.id,
        row.program_id,
        row.case_id,
        row.instance_id,
        row.process_key,
        row.element_id,
        row.kind,
        row.name,
        IncidentState.OPEN,
        row.at,
    )


def _instance(row: Any) -> InstanceSummary:
    about = None if row.number is None else (row.calendar, bool(row.number))
    return InstanceSummary(row.id, row.process_key, InstanceState(row.kind), row.at, row.since, row.rule, about, row.key is not None)


@cache
def _statement() -> CompoundSelect[Any]:
    return union_all(_timers(), _subscriptions(), _incidents(), _jobs(), _instances(), _facts())


def _row(what: str, case_id: ColumnElement[str], **columns: Any) -> Select[Any]:
    """One kind of row; what a kind does not have is null."""
    empty = {**dict.fromkeys(_TEXTS, _NO_TEXT), "number": _NO_NUMBER, "at": _NO_TIME, "since": _NO_TIME}
    given = {**columns, "case_id": case_id}
    row = select(literal(what).label("what"), *(given.get(name, default).label(name) for name, default in empty.items()))
    return row.where(case_id.in_(bindparam("case_ids", expanding=True)))


def _named(columns: Any, *names: str) -> dict[str, Any]:
    return {name: columns[name] for name in names}


def _timers() -> Select[Any]:
    t = tables.timers.c
    same = _named(t, "id", "program_id", "instance_id", "token_id", "element_id", "process_key", "name", "rule", "calendar")
    more = {"kind": cast(t.kind, _NO_TEXT.type), "key": t.task_id, "number": t.attempts, "at": t.due_at, "since": t.anchor_at}
    return _row("timer", t.case_id, **same, **more)


def _subscriptions() -> Select[Any]:
    t = tables.subscriptions.c
    same = _named(t, "id", "program_id", "instance_id", "token_id", "element_id", "process_key", "kind", "name")
    return _row("subscription", t.case_id, **same, key=t.correlation, at=t.since)


def _incidents() -> Select[Any]:
    t = tables.incidents.c
    same = _named(t, "id", "program_id", "instance_id", "element_id", "process_key", "at")
    return _row("incident", t.case_id, **same, kind=t.code, name=t.message).where(t.state == literal_column("'open'"))


def _jobs() -> Select[Any]:
    t = tables.outside_jobs.c
    same = _named(t, "id", "program_id", "instance_id", "token_id", "element_id", "process_key", "name")
    row = _row("job", t.case_id, **same, kind=t.type, at=t.created_at)
    return row.where(t.state == literal_column("'available'"))


def _facts() -> Select[Any]:
    t = tables.facts.c
    row = _row("fact", t.case_id, key=t.key, name=type_coerce(t.value, _NO_TEXT.type), at=t.at)
    return row.where(t.key.in_(bindparam("fact_keys", expanding=True)))


def _instances() -> Select[Any]:
    """Each with what it is about: the role and the discretion of a late task, where a deadline rule started it."""
    t, about = tables.instances.c, tables.user_tasks.alias("about")
    subject = {"calendar": about.c.role, "number": cast(about.c.discreet, Integer())}
    row = _row(
        "instance",
        t.case_id,
        id=t.id,
        program_id=t.program_id,
        process_key=t.key,
        kind=cast(t.state, _NO_TEXT.type),
        rule=t.definition_id,
        key=case((t.dead_at.is_not(None), literal("dead"))),
        at=t.started_at,
        since=t.suspended_at,
        **subject,
    )
    return row.outerjoin_from(tables.instances, about, about.c.id == t.subject_task_id).where(t.state.not_in(_ENDED))
